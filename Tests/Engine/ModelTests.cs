using EmotionXai.Engine.Autodiff;
using EmotionXai.Engine.Backends;
using EmotionXai.Engine.Backends.Cpu;
using EmotionXai.Engine.Backends.Reference;
using EmotionXai.Engine.Layers;
using EmotionXai.Engine.Numerics;
using EmotionXai.Engine.Ops;
using EmotionXai.Engine.Tensors;
using EmotionXai.Engine.Training;
using EmotionXai.Explain;
using EmotionXai.Tests.Explain;
using Xunit;

namespace EmotionXai.Tests.Engine;

/// <summary>Models of any number of outputs on any loss, with ops and layers of a user's own.</summary>
public sealed class ModelTests : IDisposable
{
    private const int Time = 5, Features = 4, Classes = 3;
    private static readonly TrainingOptions s_options = new() { Epochs = 30, BatchSize = 16, LearningRate = 0.02, WeightDecay = 1e-3 };

    private readonly string _folder = Directory.CreateTempSubdirectory("emotionxai-model-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void An_LSTM_learns_three_classes_is_saved_loaded_and_explained()
    {
        using CpuBackend backend = new();
        using Model model = ThreeClasses(backend, 1), other = ThreeClasses(backend, 2);
        (float[] values, int[] classes) = Clips(120, 1);
        (float[] unseen, int[] truth) = Clips(60, 2);
        TrainingReport report = Trainer.Train(model, ClipData.OfClasses(Time, Features, values, classes, Classes), Losses.SoftmaxCrossEntropy, s_options, 3, cancellation: TestContext.Current.CancellationToken);
        Assert.True(report.Losses[0] < 2 && report.Losses[^1] < 0.2 * report.Losses[0], $"{report.Losses[0]} to {report.Losses[^1]}");
        double[] outputs = Predictor.Outputs(model, unseen);
        Assert.True(truth.Where((c, i) => Largest(outputs.AsSpan(i * Classes, Classes)) == c).Count() >= 57);

        string file = Path.Combine(_folder, "three.safetensors");
        model.Save(file, new Dictionary<string, string> { ["classes"] = "a,b,c" });
        Assert.Equal("a,b,c", other.Load(file)["classes"]);
        Assert.Equal(outputs, Predictor.Outputs(other, unseen));

        // Class k is told by feature k alone, so each class's attributions lie there.
        for (int k = 0; k < Classes; k++)
        {
            float[] shown = [.. Enumerable.Range(0, truth.Length).Where(i => truth[i] == k).SelectMany(i => unseen.AsSpan(i * Time * Features, Time * Features).ToArray())];
            GroupRelevance relevance = new(Time, [0, 1, 2, 3], Features);
            using Classifier one = model.Output(k);
            new IntegratedGradients().Attribute(one, shown, Baselines.Zero(Time * Features), relevance);
            Assert.Equal(k, Largest(relevance.Scores));
        }

        Assert.Equal(outputs, Predictor.Outputs(model, unseen));
    }

    [Fact]
    public void An_output_is_that_column_and_lives_on_the_model_s_parameters()
    {
        using ReferenceBackend backend = new();
        using Model model = ThreeClasses(backend, 1);
        (float[] values, _) = Clips(3, 1);
        double[] all = Predictor.Outputs(model, values);
        for (int k = 0; k < Classes; k++)
        {
            using Classifier one = model.Output(k);
            Assert.Equal(all.Where((_, i) => i % Classes == k), Predictor.Logits(one, values));
            Assert.Same(model.Parameters[0], one.Parameters[0]);
        }

        Assert.Throws<ArgumentOutOfRangeException>(() => model.Output(3));
        Assert.Equal(all, Predictor.Outputs(model, values));
        Assert.Contains("one logit", Assert.Throws<ArgumentException>(() => new Classifier(backend, Time, Features, new Dense(new Initializer(backend, 1), "d", Time * Features, 2, Activation.Identity))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_regression_finds_its_line_with_squared_and_with_Huber_s_loss()
    {
        // y = 2 x0 - x1 + 1 at every step of one; of 40 targets, 4 are far off. The squared loss is pulled by them, Huber's hardly.
        using ReferenceBackend backend = new();
        float[] x = Numbers.Singles(1, 80);
        float[] clean = [.. Enumerable.Range(0, 40).Select(i => (2 * x[2 * i]) - x[(2 * i) + 1] + 1)], spoilt = [.. clean.Select((y, i) => i % 10 == 3 ? y + 20 : y)];
        TrainingOptions options = new() { Epochs = 400, BatchSize = 40, LearningRate = 0.05, WeightDecay = 0, ClipNorm = 0 };
        Assert.Equal([2, -1, 1], Fit(clean, Losses.SquaredError), (a, b) => Math.Abs(a - b) < 0.01);
        Assert.Equal([2, -1, 1], Fit(spoilt, Losses.HuberError(0.1)), (a, b) => Math.Abs(a - b) < 0.1);
        Assert.True(Math.Abs(Fit(spoilt, Losses.SquaredError)[2] - 1) > 0.5);

        double[] Fit(float[] y, Loss loss)
        {
            using Model model = new(backend, 1, 2, new Dense(new Initializer(backend, 1), "line", 2, 1, Activation.Identity));
            Trainer.Train(model, new ClipData(1, 2, x, y), loss, options, 1, cancellation: TestContext.Current.CancellationToken);
            return [.. model.Parameters.SelectMany(p => p.Value.ToDoubleArray())];
        }
    }

    [Fact]
    public void A_convolution_learns_where_a_step_is_not_told()
    {
        using CpuBackend backend = new();
        Initializer initializer = new(backend, 1);
        using Model model = new(backend, 12, 1, new Convolution(initializer, "c", 1, 4, width: 3, padding: 1, activation: Activation.Gelu), new PoolOverTime(Pooling.Max), new Dense(initializer, "r", 4, 2, Activation.Identity));
        Random random = new(1);
        (float[] values, int[] classes) = Bumps(random, 200);
        Trainer.Train(model, ClipData.OfClasses(12, 1, values, classes, 2), Losses.SoftmaxCrossEntropy, s_options with { Epochs = 60 }, 1, cancellation: TestContext.Current.CancellationToken);
        (float[] unseen, int[] truth) = Bumps(random, 100);
        double[] outputs = Predictor.Outputs(model, unseen);
        Assert.True(truth.Where((c, i) => Largest(outputs.AsSpan(i * 2, 2)) == c).Count() >= 95);

        // Class 0 rises and falls somewhere, class 1 falls and rises.
        static (float[], int[]) Bumps(Random random, int count)
        {
            float[] values = new float[count * 12];
            int[] classes = new int[count];
            for (int i = 0; i < count; i++)
            {
                classes[i] = i % 2;
                int at = (i * 12) + random.Next(10);
                (values[at], values[at + 2]) = classes[i] == 0 ? (1, -1) : (-1, 1);
                for (int t = 0; t < 12; t++) values[(i * 12) + t] += (float)(0.1 * (random.NextDouble() - 0.5));
            }

            return (values, classes);
        }
    }

    [Fact]
    public void An_op_of_a_user_s_own_is_checked_and_trains()
    {
        GradientCheck.Check((t, x) => t.Unary(x[0], new SoftSign(), new SoftSignSlope()), 1e-7, CheckedInput.Random(new Shape(3, 4)));
        GradientCheck.Check((t, x) => Double(t, x[0]), 1e-7, CheckedInput.Random(new Shape(5)));

        // A wrong derivative is found, and so is one that is missing.
        ArithmeticException wrong = Assert.Throws<ArithmeticException>(() => GradientCheck.Check((t, x) => t.Unary(x[0], new SoftSign(), new Wrong()), 1e-7, CheckedInput.Random(new Shape(3, 4))));
        Assert.Contains("input 0", wrong.Message, StringComparison.Ordinal);
        Assert.InRange(GradientCheck.Distances((t, x) => t.Add(x[0], t.Detach(x[0])), CheckedInput.Random(new Shape(2)))[0], 0.49, 0.51);

        using CpuBackend backend = new();
        Initializer initializer = new(backend, 1);
        using Model model = new(backend, Time, Features, new Dense(initializer, "d", Time * Features, 8, Activation.Identity), new SoftSignLayer(), new Dense(initializer, "r", 8, Classes, Activation.Identity));
        (float[] values, int[] classes) = Clips(60, 1);
        TrainingReport report = Trainer.Train(
            model, ClipData.OfClasses(Time, Features, values, classes, Classes), (t, y, target) => t.Reshape(t.Mean(t.Reshape(t.Square(y - target), new Shape(y.Shape.Length)), 0), new Shape(1)), s_options, 1, cancellation: TestContext.Current.CancellationToken);
        Assert.True(report.Losses[^1] < 0.3 * report.Losses[0]);
    }

    [Fact]
    public void A_stem_that_is_not_affine_is_found_out()
    {
        using ReferenceBackend backend = new();
        Initializer initializer = new(backend, 1);
        using Model model = new(backend, Time, Features, new BentStem(new Dense(initializer, "d", Time * Features, 6, Activation.Identity)), new Dense(initializer, "r", 6, 1, Activation.Identity));
        using Classifier one = model.Output(0);
        (float[] clips, _) = Clips(2, 1);
        Baselines baselines = Baselines.Zero(Time * Features);
        PathOptions options = new() { Steps = 40 };
        foreach (Kept pair in Attributions.Integrated(one, clips, baselines, options))
        {
            Assert.Equal(0, pair.Gap, 1e-9);
            double[] plain = Attributions.Plain(one, clips.AsSpan(pair.Clip * Time * Features, Time * Features), baselines.Of(0, 0), Quadrature.Create(options.Rule, options.Steps));
            Numbers.Near(plain, pair.Values, 1e-12);
        }
    }

    [Fact]
    public void Files_of_other_layers_are_refused_and_change_nothing()
    {
        using ReferenceBackend backend = new();
        using Model model = ThreeClasses(backend, 1), two = new(backend, Time, Features, new Dense(new Initializer(backend, 1), "d", Time * Features, 2, Activation.Identity));
        using Model wider = new(backend, Time, Features, new Dense(new Initializer(backend, 1), "d", Time * Features, 3, Activation.Identity)), more = new(
            backend, Time, Features, new Dense(new Initializer(backend, 1), "d", Time * Features, 2, Activation.Identity), new LayerNorm(new Initializer(backend, 1), "n", 2));
        string file = Path.Combine(_folder, "two.safetensors"), larger = Path.Combine(_folder, "more.safetensors");
        two.Save(file);
        more.Save(larger);
        double[] before = model.Parameters[0].Value.ToDoubleArray();
        Assert.Contains("lacks the parameter", Assert.Throws<InvalidDataException>(() => model.Load(file)).Message, StringComparison.Ordinal);
        Assert.Contains("'d.weight' is [20, 2]", Assert.Throws<InvalidDataException>(() => wider.Load(file)).Message, StringComparison.Ordinal);
        Assert.Contains("'n.gain'", Assert.Throws<InvalidDataException>(() => two.Load(larger)).Message, StringComparison.Ordinal);
        Assert.Throws<FileNotFoundException>(() => model.Load(Path.Combine(_folder, "none.safetensors")));
        Assert.Equal(before, model.Parameters[0].Value.ToDoubleArray());
        Assert.Throws<ArgumentException>(() => ClipData.OfClasses(1, 1, [1, 2], [0, 3], 3));
    }

    private static Model ThreeClasses(IBackend backend, ulong seed)
    {
        Initializer initializer = new(backend, seed);
        return new Model(
            backend, Time, Features, new Recurrent(initializer, "lstm", RecurrentCell.Lstm, Features, 8), new PoolOverTime(Pooling.Mean), new Dense(initializer, "readout", 8, Classes, Activation.Identity));
    }

    // Of class k, feature k is raised at every step.
    private static (float[] Values, int[] Classes) Clips(int count, int seed)
    {
        float[] values = Numbers.Singles(seed, count * Time * Features, -0.5, 0.5);
        int[] classes = [.. Enumerable.Range(0, count).Select(i => i % Classes)];
        for (int i = 0; i < count; i++)
            for (int t = 0; t < Time; t++) values[(((i * Time) + t) * Features) + classes[i]] += 1;
        return (values, classes);
    }

    private static int Largest(ReadOnlySpan<double> values)
    {
        int best = 0;
        for (int i = 1; i < values.Length; i++)
            if (values[i] > values[best]) best = i;
        return best;
    }

    private static Tensor Double(Tape tape, Tensor x)
    {
        Tensor y = tape.Output(x.Shape, x.TracksGradient);
        tape.Record(new DoubleNode(tape, x, y));
        return y;
    }

    // y = x / (1 + |x|), dy/dx = 1 / (1 + |x|)^2.
    internal readonly struct SoftSign : IUnary
    {
        public T Apply<T>(T x)
            where T : struct, IReal<T> => x / (T.Constant(1) + T.Abs(x));
    }

    internal readonly struct SoftSignSlope : ITernary
    {
        public T Apply<T>(T x, T y, T dy)
            where T : struct, IReal<T>
        {
            T size = T.Constant(1) + T.Abs(x);
            return dy / (size * size);
        }
    }

    internal readonly struct Wrong : ITernary
    {
        public T Apply<T>(T x, T y, T dy)
            where T : struct, IReal<T> => dy / (T.Constant(1) + T.Abs(x));
    }

    private sealed class DoubleNode(Tape tape, Tensor x, Tensor y) : Node
    {
        public override void Forward() => tape.Backend.Map(default(BothTimes), x.Data, y.Data, accumulate: false);

        public override void Backward()
        {
            if (!x.TracksGradient || tape.IncomingGradient(y) is not { } dy) return;
            (Slice dx, bool accumulate) = tape.Contribute(x);
            tape.Backend.Map(default(BothTimes), dy, dx, accumulate);
        }
    }

    internal readonly struct BothTimes : IUnary
    {
        public T Apply<T>(T x)
            where T : struct, IReal<T> => x + x;
    }

    private sealed class SoftSignLayer : Layer
    {
        public override Tensor Body(Tape tape, Tensor stem) => tape.Unary(stem, new SoftSign(), new SoftSignSlope());

        public override Shape OutputShape(Shape input) => input;
    }

    /// <summary>A layer that wrongly puts its nonlinearity into the stem.</summary>
    private sealed class BentStem : Layer
    {
        private readonly Layer _inner;

        public BentStem(Layer inner)
        {
            _inner = inner;
            foreach (Parameter parameter in inner.Parameters) Add(parameter);
        }

        public override Tensor Stem(Tape tape, Tensor input) => tape.Tanh(_inner.Apply(tape, input));

        public override Tensor Body(Tape tape, Tensor stem) => stem;

        public override Shape OutputShape(Shape input) => _inner.OutputShape(input);
    }
}
