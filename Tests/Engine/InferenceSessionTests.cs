using EmotionXai.Engine.Backends.Cpu;
using EmotionXai.Engine.Layers;
using EmotionXai.Engine.Training;
using Xunit;

namespace EmotionXai.Tests.Engine;

/// <summary>A session gives what the model gave when it was made, from any thread, in any batch, without allocating.</summary>
public sealed class InferenceSessionTests
{
    private const int Length = Models.Time * Models.Features;

    public static TheoryData<ModelKind> Kinds => [.. Enum.GetValues<ModelKind>()];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Outputs_are_the_model_s_bit_by_bit_in_every_batch(ModelKind kind)
    {
        using CpuBackend backend = new();
        using Classifier classifier = Models.Small(backend, kind);
        float[] clips = Numbers.Singles(1, 150 * Length);
        float[] expected = [.. Predictor.Logits(classifier, clips).Select(v => (float)v)];
        using InferenceSession session = new(classifier);
        foreach (int count in (int[])[0, 1, 2, 3, 7, 64, 65, 150])
            Assert.Equal(expected.Take(count), session.Run(clips.AsSpan(0, count * Length)));

        // And one by one: a clip's outputs do not depend on its neighbours.
        for (int i = 0; i < 150; i++) Assert.Equal(expected[i], session.Run(clips.AsSpan(i * Length, Length))[0]);
    }

    // A matrix is packed when a batch has rows enough: the wide layer's, and a recurrent layer's two.
    [Theory]
    [InlineData(ModelKind.Dense, 600, 1)]
    [InlineData(ModelKind.Lstm, 70, 2)]
    [InlineData(ModelKind.Lstm, 32, 2)]
    [InlineData(ModelKind.BiLstm, 5, 3)]
    public void Weights_are_packed_once_at_every_width_and_nothing_else_changes(ModelKind kind, int hidden, int matrices)
    {
        foreach (int width in VectorWidths.Supported)
        {
            using CpuBackend backend = new(2, width);
            using Classifier classifier = new ClassifierOptions { Kind = kind, Hidden = [hidden, 3], Dropout = 0 }.Build(backend, Models.Time, Models.Features, 1);
            float[] clips = Numbers.Singles(1, 67 * Length), expected = [.. Predictor.Logits(classifier, clips).Select(v => (float)v)];
            Assert.Equal(0, backend.PackedWeights);
            int buffers = backend.LiveBuffers;
            InferenceSession session = new(classifier);
            Parallel.For(0, 4, _ => Assert.Equal(expected, session.Run(clips)));
            Assert.Equal(matrices, backend.PackedWeights);
            for (int i = 0; i < 8; i++) Assert.Equal(expected[i], session.Run(clips.AsSpan(i * Length, Length))[0]);
            Assert.Equal(matrices, backend.PackedWeights);
            session.Dispose();
            Assert.Equal((0, buffers), (backend.PackedWeights, backend.LiveBuffers));
        }
    }

    [Fact]
    public void What_happens_to_the_model_afterwards_does_not_show()
    {
        using CpuBackend backend = new();
        using Classifier classifier = Models.Small(backend, ModelKind.Lstm);
        float[] clips = Numbers.Singles(1, 5 * Length);
        using InferenceSession session = new(classifier);
        float[] before = session.Run(clips);
        Models.Train(classifier, Models.Separable(20, 1), new TrainingOptions { Epochs = 1 }, 1);
        Assert.NotEqual(before[0], (float)Predictor.Logits(classifier, clips)[0]);
        Assert.Equal(before, session.Run(clips));
    }

    [Theory]
    [InlineData(ModelKind.Dense)]
    [InlineData(ModelKind.Gru)]
    [InlineData(ModelKind.BiLstm)]
    [InlineData(ModelKind.RandomLstm)]
    public void A_steady_call_allocates_nothing(ModelKind kind)
    {
        using CpuBackend backend = new();
        using Classifier classifier = Models.Small(backend, kind);
        using InferenceSession session = new(classifier);
        float[] clips = Numbers.Singles(1, 67 * Length), outputs = new float[67];
        for (int i = 0; i < 3; i++) session.Run(clips, outputs);
        long before = GC.GetAllocatedBytesForCurrentThread();
        session.Run(clips, outputs);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    [Fact]
    public void Many_threads_get_what_one_gets()
    {
        using CpuBackend backend = new(2);
        using Classifier classifier = Models.Small(backend, ModelKind.Lstm);
        using InferenceSession session = new(classifier);
        float[] clips = Numbers.Singles(1, 40 * Length), expected = session.Run(clips);
        Parallel.For(0, 4, thread =>
        {
            float[] outputs = new float[40];
            for (int round = 0; round < 500; round++)
            {
                int first = (thread + round) % 8, count = 1 + ((round * 7) % 32);
                session.Run(clips.AsSpan(first * Length, count * Length), outputs.AsSpan(0, count));
                if (!outputs.AsSpan(0, count).SequenceEqual(expected.AsSpan(first, count))) Assert.Fail($"Thread {thread}, round {round}.");
            }
        });
    }

    [Fact]
    public void Mistakes_are_named()
    {
        using CpuBackend backend = new();
        using Classifier classifier = Models.Small(backend, ModelKind.Dense);
        InferenceSession session = new(classifier);
        Assert.Throws<ArgumentException>(() => session.Run(new float[Length + 1], new float[1]));
        Assert.Throws<ArgumentException>(() => session.Run(new float[Length], new float[2]));
        float[] bad = new float[2 * Length];
        bad[3] = float.NaN;
        float[] outputs = session.Run(bad);
        Assert.True(float.IsNaN(outputs[0]) && float.IsFinite(outputs[1]));
        session.Dispose();
        session.Dispose();
        Assert.Throws<ObjectDisposedException>(() => session.Run(new float[Length]));
    }
}
