using EmotionXai.Engine.Autodiff;
using EmotionXai.Engine.Backends;
using EmotionXai.Engine.Backends.Cpu;
using EmotionXai.Engine.Layers;
using EmotionXai.Engine.Ops;
using EmotionXai.Engine.Tensors;
using EmotionXai.Engine.Training;
using Xunit;

namespace EmotionXai.Tests.Engine;

/// <summary>The fast backends do what Reference does, forwards and backwards, and allocate nothing doing it.</summary>
public sealed class AgreementTests
{
    public static TheoryData<string, string> Ops
    {
        get
        {
            TheoryData<string, string> data = [];
            foreach (string backend in TestBackends.Fast)
                foreach (OpCase row in OpTable.All) data.Add(backend, row.Name);
            return data;
        }
    }

    public static TheoryData<string, ModelKind> Kinds
    {
        get
        {
            TheoryData<string, ModelKind> data = [];
            foreach (string backend in TestBackends.Fast)
                foreach (ModelKind kind in Enum.GetValues<ModelKind>()) data.Add(backend, kind);
            return data;
        }
    }

    public static TheoryData<ModelKind> AllKinds => [.. Enum.GetValues<ModelKind>()];

    // Both are given the same float32 inputs. A fast backend rounds each result once or a few times (6e-8 each) over the few
    // dozen terms that the table's shapes have; the row says how much cancellation adds.
    [Theory(SkipTestWithoutData = true)]
    [MemberData(nameof(Ops))]
    public void Ops_agree_with_Reference(string backendName, string op)
    {
        OpCase row = OpTable.Find(op);
        using IBackend fast = TestBackends.Create(backendName), reference = TestBackends.Create("reference");
        using (OpTableTests.Recording expected = new(reference, row, seed: 1), actual = new(fast, row, seed: 1))
        {
            Numbers.Near(expected.Output.ToDoubleArray(), actual.Output.ToDoubleArray(), row.SingleTolerance, op);
            foreach ((double[] e, double[] a) in expected.Gradients().Zip(actual.Gradients())) Numbers.Near(e, a, 5 * row.SingleTolerance, $"{op}, gradient");
        }

        Assert.Equal(0, fast.LiveBuffers);
    }

    // The same weights in both, at a size whose rows go beyond a few vectors; errors of float32 grow with the square root of the terms.
    [Theory(SkipTestWithoutData = true)]
    [MemberData(nameof(Kinds))]
    public void Whole_models_agree_with_Reference(string backendName, ModelKind kind)
    {
        const int Time = 11, Features = 37, Clips = 5;
        using IBackend fast = TestBackends.Create(backendName), reference = TestBackends.Create("reference");
        (double Loss, double[][] Gradients) Run(IBackend backend)
        {
            using Classifier classifier = new ClassifierOptions { Kind = kind, Hidden = [19, 7], Normalize = true }.Build(backend, Time, Features, 3);
            using Tape tape = new(backend, training: true);
            Tensor clips = tape.Input(new Shape(Clips, Time, Features), Numbers.Random(1, Clips * Time * Features), tracksGradient: true);
            Tensor loss = tape.BinaryCrossEntropy(classifier.Logits(tape, clips), tape.Input(new Shape(Clips), [1.0, 0, 0, 1, 0]), 1.5);
            tape.Backward(loss);
            return (loss.ToDoubleArray()[0], [tape.GradientOf(clips).ToDoubleArray(), .. classifier.Parameters.Where(p => !p.Frozen).Select(p => p.Gradient.ToDoubleArray())]);
        }

        (double Loss, double[][] Gradients) expected = Run(reference), actual = Run(fast);
        Assert.Equal(expected.Loss, actual.Loss, 1e-5);
        for (int i = 0; i < expected.Gradients.Length; i++) Numbers.Near(expected.Gradients[i], actual.Gradients[i], 1e-4, $"{kind}, gradient {i}");
    }

    // Products large enough to be shared among the threads: 32 clips x 600 features x 96 units and more.
    [Theory]
    [InlineData(ModelKind.Dense)]
    [InlineData(ModelKind.Gru)]
    public void Threads_do_not_change_a_bit_of_training(ModelKind kind)
    {
        float[] values = Numbers.Singles(1, 40 * 600);
        ClipData data = new(10, 60, values, [.. Enumerable.Range(0, 40).Select(i => i % 2f)]);
        double[][] Run(int threads)
        {
            using CpuBackend backend = new(threads);
            using Classifier classifier = new ClassifierOptions { Kind = kind, Hidden = [96, 32], Dropout = 0.1 }.Build(backend, 10, 60, 1);
            Models.Train(classifier, data, new TrainingOptions { Epochs = 2 }, 1);
            return Models.ParameterValues(classifier);
        }

        double[][] alone = Run(1);
        foreach (int threads in (int[])[2, 3]) Assert.Equal(alone, Run(threads));
    }

    // Cpu alone: ILGPU's emulation makes an object for every launch.
    [Theory]
    [MemberData(nameof(AllKinds))]
    public void A_steady_epoch_allocates_nothing(ModelKind kind)
    {
        using CpuBackend backend = new();
        using Classifier classifier = new ClassifierOptions { Kind = kind, Hidden = [5, 3], Dropout = 0.2, Normalize = true }.Build(backend, Models.Time, Models.Features, 1);
        using Trainer trainer = new(classifier, Models.Separable(37, 1), new TrainingOptions { BatchSize = 16, ClipNorm = 0.1 }, 1);
        for (int i = 0; i < 3; i++) trainer.Epoch();
        long before = GC.GetAllocatedBytesForCurrentThread();
        trainer.Epoch();
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }
}
