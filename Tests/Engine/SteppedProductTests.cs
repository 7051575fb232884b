using CsCheck;
using EmotionXai.Engine.Autodiff;
using EmotionXai.Engine.Backends;
using EmotionXai.Engine.Backends.Cpu;
using EmotionXai.Engine.Backends.Profiling;
using EmotionXai.Engine.Layers;
using EmotionXai.Engine.Ops;
using EmotionXai.Engine.Tensors;
using EmotionXai.Engine.Training;
using Xunit;

namespace EmotionXai.Tests.Engine;

/// <summary>Where no norm is asked for, Adam steps along the gradients of dense layers as they are worked out.</summary>
public sealed class SteppedProductTests
{
    private const int Clips = 60, Features = 400, Epochs = 3, Batches = 4;

    private static readonly TrainingOptions s_unclipped = new() { Epochs = Epochs, BatchSize = 16, ClipNorm = 0, LearningRate = 0.01 };

    [Fact]
    public void A_step_along_a_product_has_the_bits_of_the_product_and_the_step() =>
        Gen.Select(Gen.Int[1, 700], Gen.Int[2, 150], Gen.Int[1, 70], Gen.Bool, Gen.Bool, Gen.Int[1, 3]).Sample((m, n, k, transposeA, transposeB, threads) =>
        {
            using CpuBackend cpu = new(threads);
            using TensorScope scope = new(cpu);
            MatrixProduct product = new(m, n, k, transposeA, transposeB, false);
            AdamStep step = new(0.01, 0.9, 0.999, 1e-8, 0.1, true, 1, 3);
            Slice a = Waves(m * k, 1), b = Waves(k * n, 2), gradient = Waves(m * n, 0);
            Slice[] apart = [.. State()], along = [.. State()];
            cpu.Multiply(product, a, b, null, gradient);
            cpu.Adam(step, apart[0], gradient, apart[1], apart[2]);
            ((IStepsProducts)cpu).Adam(step, product, a, b, along[0], along[1], along[2]);
            for (int i = 0; i < apart.Length; i++) Assert.Equal(Numbers(apart[i]), Numbers(along[i]));

            // The second moment is no less than zero.
            IEnumerable<Slice> State() => [Waves(m * n, 3), Waves(m * n, 4), Waves(m * n, 5, least: 0)];
            Slice Waves(int length, int seed, double least = -1) =>
                scope.From(new Shape(length), (ReadOnlySpan<float>)[.. Enumerable.Range(0, length).Select(i => (float)Math.Max(least, Math.Sin((i * 1.7) + seed)))]).Data;
            float[] Numbers(Slice slice)
            {
                float[] numbers = new float[slice.Length];
                cpu.Read(slice, numbers);
                return numbers;
            }
        }, iter: 40);

    // Under a bound that no norm reaches, all gradients are written down, and are the same.
    [Theory]
    [InlineData(ModelKind.Dense, 1)]
    [InlineData(ModelKind.Dense, 3)]
    [InlineData(ModelKind.Lstm, 2)]
    public void A_training_has_the_bits_of_one_that_writes_all_gradients(ModelKind kind, int threads) =>
        Assert.Equal(Trained(kind, threads, s_unclipped with { ClipNorm = 1e30 }), Trained(kind, threads, s_unclipped));

    [Theory]
    [InlineData(0, 1)]
    [InlineData(1, 0)]
    public void The_profile_names_such_steps_and_a_bound_on_the_norm_takes_none(double clipNorm, int steps)
    {
        Profile profile = new(MachineLimits.Measure(1));
        using (IBackend backend = profile.Watch(new CpuBackend(1), 1)) Train(backend, ModelKind.Dense, s_unclipped with { ClipNorm = clipNorm }).Dispose();

        // The first walk of either size of batch finds out that the weights' gradient has one part.
        Assert.Equal(steps * ((Epochs * Batches) - 2), profile.Kinds().Where(k => k.Name == "Multiply + Adam").Sum(k => k.Calls));
    }

    // A weight that is read twice has a gradient of two parts, and one that is read as a constant is needed after its part is there.
    [Theory]
    [InlineData(false, 0)]
    [InlineData(true, 0)]
    [InlineData(null, 1)]
    public void Only_weights_that_nobody_else_reads_are_stepped_on_the_way(bool? asConstant, int steps)
    {
        using CpuBackend cpu = new(1);
        using Parameter weight = new(cpu, "weight", new Shape(8, 8));
        cpu.Fill(weight.Value.Data, 0.5);
        using Tape tape = new(cpu, training: true);
        Tensor w = tape.Use(weight), y = tape.MatrixMultiply(tape.Input(new Shape(4, 8)), w);
        if (asConstant is { } constant) y = tape.MatrixMultiply(y, constant ? tape.Detach(w) : w);
        Taker taker = new();
        tape.Stepper = taker;
        for (int walk = 0; walk < 2; walk++) tape.Backward(y);
        Assert.Equal(steps, taker.Taken);
        Assert.Equal(steps == 0, weight.HasGradient);
    }

    [Fact]
    public void Nothing_is_stepped_along_a_loss_that_is_no_number()
    {
        using CpuBackend cpu = new(1);
        using Classifier network = Of(ModelKind.Dense).Build(cpu, 1, Features, 1);
        ClipData good = Data(ModelKind.Dense);
        float[] values = [.. good.Clips.Whole!];
        using Trainer trainer = new(network, new ClipData(1, Features, values, good.Targets), s_unclipped with { BatchSize = Clips }, 1);
        trainer.Epoch();
        trainer.Epoch();
        float[][] before = [.. network.Parameters.Select(p => p.Value.ToArray())];
        values[500] = float.PositiveInfinity;
        Assert.Throws<ArithmeticException>(() => trainer.Epoch());
        Assert.Equal(before, network.Parameters.Select(p => p.Value.ToArray()));
    }

    private static ClassifierOptions Of(ModelKind kind) => new() { Kind = kind, Hidden = [64, 48], Dropout = 0.2 };

    private static float[][] Trained(ModelKind kind, int threads, TrainingOptions options)
    {
        using CpuBackend cpu = new(threads);
        using Classifier network = Train(cpu, kind, options);
        return [.. network.Parameters.Select(p => p.Value.ToArray())];
    }

    private static Classifier Train(IBackend backend, ModelKind kind, TrainingOptions options)
    {
        ClipData data = Data(kind);
        Classifier network = Of(kind).Build(backend, data.Time, data.Features, 1);
        Trainer.Train(network, data, options, 2);
        return network;
    }

    private static ClipData Data(ModelKind kind)
    {
        int time = kind == ModelKind.Dense ? 1 : 5;
        float[] values = [.. Enumerable.Range(0, Clips * Features).Select(i => MathF.Sin(i * 0.7f) * MathF.Cos(i * 0.013f))];
        return new ClipData(time, Features / time, values, [.. Enumerable.Range(0, Clips).Select(i => i % 3 == 0 ? 1f : 0f)]);
    }

    private sealed class Taker : IStepsAlong
    {
        public int Taken { get; private set; }

        public bool StepAlong(Parameter parameter, in MatrixProduct product, Slice a, Slice b)
        {
            Taken++;
            return true;
        }
    }
}
