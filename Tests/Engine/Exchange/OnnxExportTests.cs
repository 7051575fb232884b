using EmotionXai.Engine.Autodiff;
using EmotionXai.Engine.Backends;
using EmotionXai.Engine.Backends.Cpu;
using EmotionXai.Engine.Exchange;
using EmotionXai.Engine.Layers;
using EmotionXai.Engine.Ops;
using EmotionXai.Engine.Tensors;
using EmotionXai.Engine.Training;
using Xunit;

namespace EmotionXai.Tests.Engine.Exchange;

/// <summary>ONNX Runtime gives what the model gives, of every kind of network, in batches and times of several sizes.</summary>
public sealed class OnnxExportTests : IDisposable
{
    private const double Bound = 1e-5;

    private readonly TemporaryFolder _folder = new();
    private readonly CpuBackend _backend = new();

    public static TheoryData<ModelKind, Pooling, Activation, bool> Networks
    {
        get
        {
            TheoryData<ModelKind, Pooling, Activation, bool> data = [];
            Pooling[] poolings = Enum.GetValues<Pooling>();
            int turn = 0;
            foreach (ModelKind kind in Enum.GetValues<ModelKind>())
                foreach (Pooling pooling in kind.IsDense() ? poolings.Take(1) : poolings) data.Add(kind, pooling, (Activation)(turn++ % 7), turn % 2 == 0);
            foreach (Activation activation in Enum.GetValues<Activation>()) data.Add(ModelKind.Dense, Pooling.Mean, activation, true);
            return data;
        }
    }

    public void Dispose()
    {
        _backend.Dispose();
        _folder.Dispose();
    }

    [Theory]
    [MemberData(nameof(Networks))]
    public void A_network_is_the_same_in_ONNX_Runtime(ModelKind kind, Pooling pooling, Activation activation, bool normalize)
    {
        using Classifier classifier = Models.Small(_backend, kind, normalize: normalize, pooling: pooling, activation: activation);
        Shift(classifier);
        Same(classifier, Models.Time);

        // Recurrent networks take clips of any length; here as in ONNX Runtime the same weights do.
        Assert.Equal(!kind.IsDense(), OnnxExport.TimeIsFree(classifier));
        if (kind.IsDense()) return;
        foreach (int time in (int[])[1, 9])
        {
            ClassifierOptions options = new() { Kind = kind, Hidden = [5, 3], Dropout = 0, Normalize = normalize, Pooling = pooling, Activation = activation };
            using Classifier longer = options.Build(_backend, time, Models.Features, 1);
            foreach ((Parameter to, Parameter from) in longer.Parameters.Zip(classifier.Parameters)) to.Value.CopyFrom(from.Value.ToDoubleArray());
            Near(longer, time);
        }
    }

    [Theory]
    [InlineData(1, 0)]
    [InlineData(2, 1)]
    public void Layers_of_a_model_of_several_outputs_are_the_same(int stride, int padding)
    {
        Initializer draw = new(_backend, seed: 2);
        using Model model = new(
            _backend,
            7,
            3,
            new Convolution(draw, "windows", 3, 5, width: 3, stride, padding, Activation.Relu),
            new LayerNorm(draw, "norm", 5),
            new Recurrent(draw, "one", RecurrentCell.Gru, 5, 4, bidirectional: true),
            new Recurrent(draw, "two", RecurrentCell.Elman, 8, 4),
            new Dropout(draw, 0.5),
            new PoolOverTime(Pooling.Max),
            new Dense(draw, "readout", 4, 3, Activation.Identity));
        Shift(model);
        Same(model, 7);
        using Classifier second = model.Output(1);
        Same(second, 7);
    }

    [Fact]
    public void A_layer_of_one_s_own_says_what_it_is_in_ONNX_or_is_refused()
    {
        Initializer draw = new(_backend, seed: 2);
        using Model told = new(_backend, 2, 3, new Dense(draw, "a", 6, 4, Activation.Identity), new Doubled());
        Same(told, 2);
        using Model untold = new(_backend, 2, 3, new Dense(draw, "a", 6, 4, Activation.Identity), new Untold());
        Exception refusal = Assert.Throws<NotSupportedException>(() => OnnxExport.Write(untold, _folder["untold.onnx"]));
        Assert.Contains("Untold has no ONNX form", refusal.Message, StringComparison.Ordinal);
        Assert.Empty(Directory.EnumerateFiles(_folder.Path, "untold*"));
    }

    [Fact]
    public void The_file_says_what_it_is()
    {
        using Classifier classifier = Models.Small(_backend, ModelKind.Lstm);
        string path = _folder["told.onnx"];
        OnnxExport.Write(classifier, path, new Dictionary<string, string> { ["emotion"] = "joy" });
        using OnnxRuntimeSession session = new(path);
        Assert.Equal("EmotionXai.Engine", session.Runtime.ModelMetadata.ProducerName);
        Assert.Equal("joy", session.Runtime.ModelMetadata.CustomMetadataMap["emotion"]);
        Assert.Equal([-1, -1, Models.Features], session.Runtime.InputMetadata[OnnxExport.InputName].Dimensions);
        Assert.Equal(["batch", "time", ""], session.Runtime.InputMetadata[OnnxExport.InputName].SymbolicDimensions);
        Assert.Equal([-1, 1], session.Runtime.OutputMetadata[OnnxExport.OutputName].Dimensions);
    }

    private void Same(Model model, int time)
    {
        OnnxExport.Write(model, _folder["model.onnx"]);
        Near(model, time);
    }

    private void Near(Model model, int time)
    {
        using OnnxRuntimeSession session = new(_folder["model.onnx"]);
        foreach (int count in (int[])[1, 2, 33])
        {
            // Features within 1 keep units apart: of a row that is nearly constant ONNX Runtime's normalisation loses digits (1.2e-5 from
            // float64 was seen, where this engine's was 1e-6), which is no matter of the export.
            float[] clips = Numbers.Singles(count, count * time * model.Features), theirs = session.Run(clips, [count, time, model.Features]);
            double[] ours = Predictor.Outputs(model, clips);
            Assert.Equal(ours.Length, theirs.Length);
            for (int i = 0; i < ours.Length; i++) Assert.True(Math.Abs(ours[i] - theirs[i]) < Bound, $"{count} clips of {time}: output {i} is {theirs[i]} in ONNX Runtime, {ours[i]} here.");
        }
    }

    // Biases start at zero, where a wrong place would not show.
    private static void Shift(Model model)
    {
        int seed = 100;
        foreach (Parameter parameter in model.Parameters.Where(p => p.Value.Shape.Rank == 1))
            parameter.Value.CopyFrom([.. parameter.Value.ToDoubleArray().Zip(Numbers.Random(seed++, parameter.Value.Shape.Length), (a, b) => a + b)]);
    }

    private sealed class Doubled : Layer, IOnnxLayer
    {
        public override Tensor Body(Tape tape, Tensor stem) => tape.Add(stem, stem);

        public override Shape OutputShape(Shape input) => input;

        public string ToOnnx(OnnxGraph graph, string input, Shape clip) => graph.Node("Add", [input, input]);
    }

    private sealed class Untold : Layer
    {
        public override Tensor Body(Tape tape, Tensor stem) => stem;

        public override Shape OutputShape(Shape input) => input;
    }
}
