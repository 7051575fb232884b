using EmotionXai.Engine.Backends;
using EmotionXai.Engine.Layers;
using EmotionXai.Engine.Training;
using Xunit;

namespace EmotionXai.Tests.Engine;

/// <summary>Small classifiers and data that tests share.</summary>
internal static class Models
{
    public const int Time = 4, Features = 6;

    /// <summary>Every kind of network, on every backend.</summary>
    public static TheoryData<string, ModelKind> Kinds => OnBackends(Enum.GetValues<ModelKind>());

    /// <summary>Those that gradients train.</summary>
    public static TheoryData<string, ModelKind> TrainedKinds => OnBackends(Enum.GetValues<ModelKind>().Where(k => !k.IsRandom()));

    /// <summary>Those whose hidden layers stay random.</summary>
    public static TheoryData<string, ModelKind> RandomKinds => OnBackends(Enum.GetValues<ModelKind>().Where(k => k.IsRandom()));

    /// <summary>A small network; random layers are drawn small enough for path integrals that converge in a few steps.</summary>
    public static Classifier Small(IBackend backend, ModelKind kind, ulong seed = 1, bool normalize = false, Pooling pooling = Pooling.Mean, Activation activation = Activation.Gelu) =>
        new ClassifierOptions { Kind = kind, Hidden = [5, 3], Dropout = 0, Normalize = normalize, Pooling = pooling, Activation = activation, Random = new() { InputScale = 0.5 } }.Build(backend, Time, Features, seed);

    /// <summary>Clips whose class is told by the sign of the first feature's mean, with noise in all.</summary>
    public static ClipData Separable(int count, int seed)
    {
        float[] values = Numbers.Singles(seed, count * Time * Features, -0.5, 0.5), targets = new float[count];
        for (int clip = 0; clip < count; clip++)
        {
            targets[clip] = clip % 3 == 0 ? 1 : 0;
            for (int t = 0; t < Time; t++) values[((clip * Time) + t) * Features] += targets[clip] > 0 ? 1 : -1;
        }

        return new ClipData(Time, Features, values, targets);
    }

    private static TheoryData<string, ModelKind> OnBackends(IEnumerable<ModelKind> kinds)
    {
        TheoryData<string, ModelKind> data = [];
        foreach (ITheoryDataRow backend in TestBackends.Names)
            foreach (ModelKind kind in kinds) data.Add((string)backend.GetData()[0]!, kind);
        return data;
    }

    public static TrainingReport Train(Classifier classifier, ClipData data, TrainingOptions options, ulong seed, ClipData? validation = null) =>
        Trainer.Train(classifier, data, options, seed, validation, cancellation: TestContext.Current.CancellationToken);

    public static double[][] ParameterValues(Classifier classifier) => [.. classifier.Parameters.Select(p => p.Value.ToDoubleArray())];
}
