using BenchmarkDotNet.Attributes;
using EmotionXai.Engine.Backends;
using EmotionXai.Engine.Layers;
using EmotionXai.Engine.Training;
using EmotionXai.Explain;

namespace EmotionXai.Bench;

/// <summary>Whole steps of the networks of the peers' table; what they allocate is the memory diagnoser's.</summary>
public abstract class NetworkKernel : Kernel
{
    [Params("lstm 20x936", "lstm 60x136", "dense 20x936", "dense 1x936")]
    public string Network { get; set; } = "";

    protected Classifier Classifier { get; private set; } = null!;

    protected int Length => Classifier.Time * Classifier.Features;

    protected override void Prepare()
    {
        string[] words = Network.Split(' ', 'x');
        bool dense = words[0] == "dense";
        Classifier = new ClassifierOptions
        {
            Kind = dense ? ModelKind.Dense : ModelKind.Lstm,
            Hidden = dense ? [words[1] == "1" ? 128 : 256, 64] : [64],
            Activation = Activation.Relu,
            Pooling = Pooling.Last,
            Dropout = 0,
        }.Build(Backend, int.Parse(words[1]), int.Parse(words[2]), seed: 1);
    }

    protected override void Release() => Classifier.Dispose();

    protected float[] Clips(int count)
    {
        float[] values = new float[count * Length];
        Slice slice = Weights(values.Length);
        Backend.Read(slice, values);
        return values;
    }
}

/// <summary>A training step: an epoch of one batch of 32 clips.</summary>
public class TrainingStepKernel : NetworkKernel
{
    private const int Batch = 32;

    private Trainer _trainer = null!;

    protected override void Prepare()
    {
        base.Prepare();
        float[] targets = [.. Enumerable.Range(0, Batch).Select(i => i % 2f)];
        TrainingOptions options = new() { Epochs = 1_000_000, BatchSize = Batch, Optimizer = OptimizerKind.Adam, WeightDecay = 0, Schedule = ScheduleKind.Constant, ClipNorm = 0 };
        _trainer = new Trainer(Classifier, new ClipData(Classifier.Time, Classifier.Features, Clips(Batch), targets), options, seed: 1);
    }

    protected override void Call() => _trainer.Epoch();

    protected override void Release()
    {
        _trainer.Dispose();
        base.Release();
    }
}

/// <summary>Integrated Gradients of 32 clips, 50 steps each; what it allocates is for setting up, once a call.</summary>
public class AttributionKernel : NetworkKernel
{
    private const int Count = 32;

    private readonly IntegratedGradients _method = new(new PathOptions { Steps = 50 });
    private readonly Sink _sink = new();
    private Baselines _baselines = null!;
    private float[] _clips = [];

    protected override void Prepare()
    {
        base.Prepare();
        _clips = Clips(Count);
        _baselines = Baselines.Zero(Length);
    }

    protected override void Call() => _method.Attribute(Classifier, _clips, _baselines, _sink);

    private sealed class Sink : IAttributionSink
    {
        public double Sum { get; private set; }

        public void Add(in PairAttribution pair) => Sum += pair.Values[0];
    }
}
