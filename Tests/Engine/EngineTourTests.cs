using System.Runtime.InteropServices;
using System.Text.RegularExpressions;
using EmotionXai.Engine.Autodiff;
using EmotionXai.Engine.Backends;
using EmotionXai.Engine.Backends.Cpu;
using EmotionXai.Engine.Backends.Profiling;
using EmotionXai.Engine.Exchange;
using EmotionXai.Engine.Layers;
using EmotionXai.Engine.Numerics;
using EmotionXai.Engine.Ops;
using EmotionXai.Engine.Serialization;
using EmotionXai.Engine.Tensors;
using EmotionXai.Engine.Training;
using EmotionXai.Explain;
using EmotionXai.Tests.Readme;
using Xunit;

// The lines are for a reader's program, which has no test to cancel.
#pragma warning disable xUnit1051

namespace EmotionXai.Tests.Engine;

/// <summary>The examples of docs/engine.md: the lines between the marks are its blocks, in order, compiled and run here.</summary>
public sealed partial class EngineTourTests : IDisposable
{
    private readonly string _before = Directory.GetCurrentDirectory();
    private readonly string _folder = Directory.CreateTempSubdirectory("emotionxai-tour-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Derivatives()
    {
        // <tour>
        using CpuBackend backend = new();
        using Tape tape = new(backend);
        Tensor x = tape.Input(new Shape(3), [1.0, 2, 3], tracksGradient: true);
        Tensor y = tape.Sum((x * x) - (2 * x), axis: 0);
        tape.Backward(y);
        double[] slopes = tape.GradientOf(x).ToDoubleArray(); // 2 x - 2
        x.CopyFrom([4.0, 5, 6]);
        tape.Replay(); // the same ops on new numbers: nothing is recorded, nothing allocated

        // </tour>
        Assert.Equal([0, 2, 4], slopes);
        Assert.Equal(77 - 30, y.ToDoubleArray()[0]);
    }

    [Fact]
    public void An_op_and_a_layer_of_one_s_own()
    {
        // <tour>
        GradientCheck.Check((tape, x) => tape.SoftSign(x[0]), tolerance: 1e-7, CheckedInput.Random(new Shape(3, 4)));

        // </tour>
        using CpuBackend backend = new();
        Initializer initializer = new(backend, 1);
        using Model model = new(backend, 8, 2, new Dense(initializer, "d", 16, 4, Activation.Identity), new SoftSign(), new Dense(initializer, "r", 4, 3, Activation.Identity));
        (float[] values, int[] classes) = Clips(30);
        TrainingReport report = Trainer.Train(model, ClipData.OfClasses(8, 2, values, classes, 3), Losses.SoftmaxCrossEntropy, new TrainingOptions { Epochs = 80, LearningRate = 0.02, WeightDecay = 0 }, 1);
        Assert.True(report.Losses[^1] < 0.5 * report.Losses[0]);
    }

    [Fact]
    public void Three_classes_saved_loaded_explained_profiled_and_asked_from_threads()
    {
        (float[] values, int[] classes) = Clips(90);
        string file = Path.Combine(_folder, "three.safetensors");

        // <tour>
        using CpuBackend backend = new(threads: 2);
        Initializer draw = new(backend, seed: 1);
        using Model model = new(
            backend,
            time: 8,
            features: 2,
            new Recurrent(draw, "lstm", RecurrentCell.Lstm, inputs: 2, hidden: 8),
            new PoolOverTime(Pooling.Mean),
            new Dense(draw, "readout", 8, 3, Activation.Identity));
        ClipData data = ClipData.OfClasses(time: 8, features: 2, values, classes, count: 3);
        TrainingOptions options = new() { Epochs = 40, LearningRate = 0.02, WeightDecay = 0.01 };
        Trainer.Train(model, data, Losses.SoftmaxCrossEntropy, options, seed: 1);
        double[] logits = Predictor.Outputs(model, values); // [clip, class]

        // </tour>
        for (int i = 0; i < 90; i++) File.WriteAllBytes(Path.Combine(_folder, $"{i}.raw"), MemoryMarshal.AsBytes(values.AsSpan(i * 16, 16)));
        Recordings.Folder = _folder;

        // <tour>
        ClipData onDisk = new(time: 8, features: 2, new Recordings(90), data.Targets, targetWidth: 3);
        double[] same = Predictor.Outputs(model, onDisk.Clips);

        // </tour>
        Assert.Equal(logits, same);
        Assert.Equal(3, onDisk.TargetWidth);
        Assert.True(classes.Where((c, i) => Enumerable.Range(0, 3).MaxBy(k => logits[(i * 3) + k]) == c).Count() > 80);

        // <tour>
        model.Save(file, new Dictionary<string, string> { ["classes"] = "still,left,right" });
        string names = model.Load(file)["classes"]; // into a model of the same layers

        // </tour>
        Assert.Equal("still,left,right", names);

        // <tour>
        using Classifier right = model.Output(2); // one output, on the same parameters
        GroupRelevance relevance = new(time: 8, groupOf: [0, 1], groups: 2);
        new IntegratedGradients().Attribute(right, values, Baselines.Zero(8 * 2), relevance);
        double[] shares = relevance.Scores; // which of the two features the network looks at

        // </tour>
        Assert.True(shares[0] > shares[1]);

        // <tour>
        using InferenceSession session = new(model); // a copy of the weights; safe from any number of threads
        float[] outputs = new float[90 * 3];
        Parallel.For(0, 90, clip => session.Run(values.AsSpan(clip * 16, 16), outputs.AsSpan(clip * 3, 3)));

        // </tour>
        Assert.Equal(logits.Select(v => (float)v), outputs);

        // <tour>
        Profile profile = new(MachineLimits.Measure(threads: 1));
        using IBackend watched = profile.Watch(new CpuBackend(), threads: 1);
        using Classifier network = new ClassifierOptions { Kind = ModelKind.Gru }.Build(watched, time: 8, features: 2, seed: 1);
        Predictor.Logits(network, values);
        foreach (OpKind kind in profile.Kinds().Take(3)) Console.Error.WriteLine($"{kind.Name} {kind.Shapes}: {kind.Calls} calls, {kind.Seconds} s");

        // </tour>
        Assert.Contains(profile.Kinds(), k => k.Name == "RecurrentForward");
    }

    [Fact]
    public void A_regression_with_a_loop_and_groups_of_one_s_own()
    {
        float[] inputs = Numbers.Singles(1, 64), targets = [.. Enumerable.Range(0, 32).Select(i => (3 * inputs[2 * i]) - inputs[(2 * i) + 1])];

        // <tour>
        using CpuBackend backend = new();
        using Model model = new(backend, 1, 2, new Dense(new Initializer(backend, seed: 1), "line", 2, 1, Activation.Identity));
        using Tape tape = new(backend, training: true) { Deferred = true };
        Tensor x = tape.Input(new Shape(16, 1, 2)), t = tape.Input(new Shape(16, 1));
        Tensor loss = tape.HuberError(model.Apply(tape, x), t, delta: 0.5);
        using Adam adam = new(backend, ParameterGroup.WeightsAndVectors(model.Parameters), decay: 1e-4, decoupled: true);
        for (int step = 0; step < 300; step++)
        {
            for (int half = 0; half < 2; half++)
            {
                x.CopyFrom(inputs.AsSpan(half * 32, 32));
                t.CopyFrom(targets.AsSpan(half * 16, 16));
                tape.Accumulates = half > 0; // the second half's gradients are added to the first's
                tape.Replay();
                tape.Backward(loss);
            }

            adam.Step(rate: 0.05, gradientScale: 0.5);
        }

        // </tour>
        Assert.Equal([3, -1], model.Parameters[0].Value.ToDoubleArray(), (a, b) => Math.Abs(a - b) < 0.05);
    }

    [Fact]
    public void A_network_trained_elsewhere_is_explained()
    {
        string onnx = Path.Combine(_folder, "network.onnx"), weights = Path.Combine(_folder, "weights.safetensors"), mine = Path.Combine(_folder, "mine.onnx");
        (float[] values, _) = Clips(9);
        OnnxGraph graph = new();
        string x = graph.Input("clips", "", OnnxAxis.Free("batch"), 8, 2);
        float[] w = [.. Enumerable.Range(0, 32).Select(i => i % 2 == 0 ? 1f : 0f)]; // only feature 0 counts
        graph.Output(graph.Node("Gemm", [graph.Node("Flatten", [x]), graph.Constant("w", [2, 16], w)], new OnnxAttribute("transB", 1)), "y", "", OnnxAxis.Free("batch"), 2);
        graph.Write(onnx, "");
        SafeTensors.Write(
            weights,
            [
                new("lstm.weight_ih_l0", [32, 2], Numbers.Singles(1, 64)), new("lstm.weight_hh_l0", [32, 8], Numbers.Singles(2, 256)),
                new("lstm.bias_ih_l0", [32], Numbers.Singles(3, 32)), new("lstm.bias_hh_l0", [32], Numbers.Singles(4, 32)),
                new("fc.weight", [3, 8], Numbers.Singles(5, 24)), new("fc.bias", [3], Numbers.Singles(6, 3)),
            ],
            new Dictionary<string, string>());

        // <tour>
        using CpuBackend backend = new();
        using Model network = OnnxImport.Read(onnx, backend); // refused, with the node and the reason, where it is no network of such layers
        using Classifier first = network.Output(0);
        GroupRelevance relevance = new(time: 8, groupOf: [0, 1], groups: 2);
        new IntegratedGradients().Attribute(first, values, Baselines.Zero(8 * 2), relevance);
        double[] shares = relevance.Scores;

        // </tour>
        Assert.Equal([1, 0], shares, (a, b) => Math.Abs(a - b) < 1e-6);

        // <tour>
        Initializer draw = new(backend, seed: 1);
        using Model model = new(
            backend, time: 8, features: 2, new Recurrent(draw, "lstm", RecurrentCell.Lstm, 2, 8), new PoolOverTime(Pooling.Last), new Dense(draw, "readout", 8, 3, Activation.Identity));
        TorchWeights.Load(model, weights, new Dictionary<string, string> { ["readout"] = "fc" }); // a state_dict of PyTorch, saved as safetensors
        OnnxExport.Write(model, mine); // and out again, for any runtime

        // </tour>
        using Model back = OnnxImport.Read(mine, backend, time: 8);
        Assert.Equal(Predictor.Outputs(model, values), Predictor.Outputs(back, values));
        Assert.NotEqual(0, Predictor.Outputs(model, values)[0]);
    }

    [Fact]
    public void The_page_shows_these_lines()
    {
        string root = ReadmeFile.Root();
        string[] shown = [.. Fence().Matches(File.ReadAllText(Path.Combine(root, "docs", "engine.md"))).Select(m => Trimmed(m.Groups[1].Value))];
        string[] run = [.. File.ReadAllText(Path.Combine(root, "Tests", "Engine", "EngineTourTests.cs")).Split("// <" + "tour>").Skip(1).Select(part => Trimmed(part.Split("// </" + "tour>")[0]))];
        Assert.Equal(run.Order(), shown.Order());
        Assert.Equal(_before, Directory.GetCurrentDirectory());

        static string Trimmed(string lines) => string.Join('\n', lines.Split('\n').Select(l => l.Trim()).Where(l => l.Length > 0));
    }

    [GeneratedRegex("```csharp\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex Fence();

    // Class 1 moves feature 0 down, class 2 up, class 0 leaves it; feature 1 is noise.
    private static (float[] Values, int[] Classes) Clips(int count)
    {
        float[] values = Numbers.Singles(1, count * 16, -0.3, 0.3);
        int[] classes = [.. Enumerable.Range(0, count).Select(i => i % 3)];
        for (int i = 0; i < count; i++)
            for (int t = 0; t < 8; t++) values[(i * 16) + (t * 2)] += classes[i] switch { 0 => 0, 1 => -1, _ => 1 };
        return (values, classes);
    }
}

// <tour>
public sealed class Recordings(int count) : ClipRows(count, length: 8 * 2)
{
    public static string Folder { get; set; } = "";

    public override ReadOnlySpan<float> Of(int clip, Span<float> room)
    {
        using FileStream file = File.OpenRead(Path.Combine(Folder, $"{clip}.raw"));
        file.ReadExactly(MemoryMarshal.AsBytes(room[..Length]));
        return room[..Length];
    }
}

// </tour>
// <tour>
// y = x / (1 + |x|); dy/dx = 1 / (1 + |x|)^2. One formula serves float64, float32 vectors of every width, and GPU threads.
public readonly struct SoftSignFormula : IUnary
{
    public T Apply<T>(T x)
        where T : struct, IReal<T> => x / (T.Constant(1) + T.Abs(x));
}

public readonly struct SoftSignSlope : ITernary
{
    public T Apply<T>(T x, T y, T dy)
        where T : struct, IReal<T>
    {
        T size = T.Constant(1) + T.Abs(x);
        return dy / (size * size);
    }
}

public static class SoftSignOp
{
    public static Tensor SoftSign(this Tape tape, Tensor x) => tape.Unary(x, new SoftSignFormula(), new SoftSignSlope());
}

// </tour>

// <tour>
public sealed class SoftSign : Layer
{
    public override Tensor Body(Tape tape, Tensor stem) => tape.SoftSign(stem);

    public override Shape OutputShape(Shape input) => input;
}

// </tour>
