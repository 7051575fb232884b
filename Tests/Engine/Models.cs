using EmotionXai.Engine.Backends;
using EmotionXai.Engine.Layers;
using EmotionXai.Engine.Training;
using Xunit;

namespace EmotionXai.Tests.Engine;

/// <summary>Small classifiers and data that tests share.</summary>
internal static class Models
{
    public const int Time = 4, Features = 6;

    public static TheoryData<string, ModelKind> Kinds
    {
        get
        {
            TheoryData<string, ModelKind> data = [];
            foreach (ITheoryDataRow backend in TestBackends.Names)
                foreach (ModelKind kind in Enum.GetValues<ModelKind>()) data.Add((string)backend.GetData()[0]!, kind);
            return data;
        }
    }

    public static Classifier Small(IBackend backend, ModelKind kind, ulong seed = 1, bool normalize = false, Pooling pooling = Pooling.Mean, Activation activation = Activation.Gelu) =>
        new ClassifierOptions { Kind = kind, Hidden = [5, 3], Dropout = 0, Normalize = normalize, Pooling = pooling, Activation = activation }.Build(backend, Time, Features, seed);

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

    public static TrainingReport Train(Classifier classifier, ClipData data, TrainingOptions options, ulong seed, ClipData? validation = null) =>
        Trainer.Train(classifier, data, options, seed, validation, cancellation: TestContext.Current.CancellationToken);

    public static double[][] ParameterValues(Classifier classifier) => [.. classifier.Parameters.Select(p => p.Value.ToDoubleArray())];
}
