using EmotionXai.Engine.Backends;
using EmotionXai.Engine.Backends.Cpu;
using EmotionXai.Engine.Layers;
using EmotionXai.Engine.Tensors;
using EmotionXai.Engine.Training;
using EmotionXai.Explain;
using Xunit;

namespace EmotionXai.Tests.Engine;

/// <summary>Clips that are read when they are asked for give the bits that an array of them gives.</summary>
public sealed class ClipRowsTests
{
    public static TheoryData<string, ModelKind> TrainedKinds => Models.TrainedKinds;

    public static TheoryData<string, ModelKind> RandomKinds => Models.RandomKinds;

    [Theory]
    [MemberData(nameof(TrainedKinds))]
    public void A_training_is_the_same(string backendName, ModelKind kind)
    {
        ClipData data = Models.Separable(37, 1), unseen = Models.Separable(20, 2);
        TrainingOptions options = new() { Epochs = 3, BatchSize = 8, Patience = 2 };
        (double[][] parameters, double[] losses, double[] logits) = Run(data, unseen);
        ClipData read = Read(data, out OnDemand rows), readUnseen = Read(unseen, out OnDemand unseenRows);
        (double[][] same, double[] sameLosses, double[] sameLogits) = Run(read, readUnseen);
        Assert.Equal(parameters, same);
        Assert.Equal(losses, sameLosses);
        Assert.Equal(logits, sameLogits);


        // A device takes the clips once and keeps them, the host reads them in every epoch; the prediction reads its own once more.
        int epochs = backendName == "emulated" ? 1 : 3;
        Assert.Equal(epochs * 37, rows.Reads);
        Assert.Equal((epochs + 1) * 20, unseenRows.Reads);

        (double[][], double[], double[]) Run(ClipData clips, ClipData validation)
        {
            using IBackend backend = TestBackends.Create(backendName);
            using Classifier classifier = Models.Small(backend, kind);
            TrainingReport report = Models.Train(classifier, clips, options, 5, validation);
            return (Models.ParameterValues(classifier), [.. report.Losses, .. report.ValidationLosses], Predictor.Logits(classifier, validation.Clips));
        }
    }

    // 70 clips are more than the features of a read-out of 24 direct links, 20 are fewer: both forms of the regression.
    [Theory]
    [MemberData(nameof(RandomKinds))]
    public void A_read_out_is_the_same(string backendName, ModelKind kind)
    {
        foreach (int count in new[] { 70, 20 })
        {
            ClipData data = Models.Separable(count, 1);
            int[] people = [.. Enumerable.Range(0, count).Select(i => i % 5)];
            Assert.Equal(Fit(data), Fit(Read(data, out _)));

            double[][] Fit(ClipData clips)
            {
                using IBackend backend = TestBackends.Create(backendName);
                using Classifier classifier = Models.Small(backend, kind);
                new ReadoutTrainer(clips, new TrainingOptions(), people).Train(classifier);
                return Models.ParameterValues(classifier);
            }
        }
    }

    [Theory]
    [InlineData(ModelKind.Lstm)]
    [InlineData(ModelKind.Dense)]
    public void Integrated_Gradients_are_the_same(ModelKind kind)
    {
        ClipRows clips = Models.Separable(23, 3).Clips, read = new OnDemand(clips);
        using IBackend backend = new CpuBackend(2);
        using Classifier classifier = Models.Small(backend, kind);
        Baselines baselines = Baselines.Medoids(clips, Clustering.Cluster(clips, [.. Enumerable.Range(0, 23)], 3));
        List<double> whole = [], one = [], onDemand = [];
        new IntegratedGradients().Attribute(classifier, clips.ToArray(), baselines, new Sink(whole));
        new IntegratedGradients().Attribute(classifier, clips, baselines, new Sink(one));
        new IntegratedGradients().Attribute(classifier, read, baselines, new Sink(onDemand));
        Assert.Equal(23 * 3 * Models.Time * Models.Features, whole.Count);
        Assert.Equal(whole, one);
        Assert.Equal(whole, onDemand);
        Assert.Throws<ArgumentException>(() => new IntegratedGradients().Attribute(classifier, ClipRows.From(new float[10], 5), baselines, new Sink([])));
    }

    [Fact]
    public void Baselines_are_the_same()
    {
        ClipRows clips = Models.Separable(23, 3).Clips, read = new OnDemand(clips);
        int[] all = [.. Enumerable.Range(0, 23)];
        Assert.Equal(Clustering.Cluster(clips, all, 4), Clustering.Cluster(read, all, 4));
        Assert.Equal(Baselines.Mean(clips).Of(0, 0).ToArray(), Baselines.Mean(read).Of(0, 0).ToArray());
        for (int i = 0; i < 23; i++)
            Assert.Equal(Baselines.Onset(clips, Models.Time, Models.Features).Of(i, 0).ToArray(), Baselines.Onset(read, Models.Time, Models.Features).Of(i, 0).ToArray());
    }

    [Fact]
    public void Some_clips_are_those_that_were_named()
    {
        ClipRows clips = ClipRows.From([1, 2, 3, 4, 5, 6], 2), read = new OnDemand(clips);
        Assert.Equal([5, 6, 1, 2], clips.Some([2, 0]).ToArray());
        Assert.Equal([5, 6, 1, 2], read.Some([2, 0]).ToArray());
        Assert.Equal([3f, 4], read.Some([1]).Of(0, new float[2]).ToArray());
        float[] two = new float[4];
        read.CopyTo(1, two);
        Assert.Equal([3, 4, 5, 6], two);
        Assert.Throws<ArgumentException>(() => ClipRows.From([1, 2, 3], 2));
        Assert.Throws<ArgumentException>(() => new ClipData(1, 2, clips, [1, 0]));
        Assert.Throws<ArgumentException>(() => new ClipData(1, 3, clips, [1, 0, 1]));
    }

    private static ClipData Read(ClipData data, out OnDemand rows) => new(data.Time, data.Features, rows = new OnDemand(data.Clips), data.Targets);

    /// <summary>Counts what is read; room that was given holds nothing before.</summary>
    private sealed class OnDemand(ClipRows of) : ClipRows(of.Count, of.Length)
    {
        private readonly float[] _values = of.ToArray();

        public int Reads { get; private set; }

        public override ReadOnlySpan<float> Of(int clip, Span<float> room)
        {
            Reads++;
            room[..Length].Fill(float.NaN);
            _values.AsSpan(clip * Length, Length).CopyTo(room);
            return room[..Length];
        }
    }

    private sealed class Sink(List<double> all) : IAttributionSink
    {
        public void Add(in PairAttribution pair)
        {
            foreach (double value in pair.Values) all.Add(value);
        }
    }
}
