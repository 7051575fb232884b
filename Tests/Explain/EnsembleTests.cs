using EmotionXai.Engine.Backends;
using EmotionXai.Engine.Layers;
using EmotionXai.Engine.Training;
using EmotionXai.Explain;
using EmotionXai.Tests.Engine;
using Xunit;

namespace EmotionXai.Tests.Explain;

/// <summary>The mean of networks is one network: its logits are their mean, and so are its attributions.</summary>
public sealed class EnsembleTests
{
    private const int Length = Models.Time * Models.Features;

    public static TheoryData<string, ModelKind> Kinds => Models.Kinds;

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Logits_and_attributions_are_the_mean_of_the_networks(string backendName, ModelKind kind)
    {
        using IBackend backend = TestBackends.Create(backendName);
        ClassifierOptions options = new() { Kind = kind, Hidden = [5, 3], Dropout = 0, Random = new() { InputScale = 0.5 } };
        using Classifier together = (options with { Networks = 3 }).Build(backend, Models.Time, Models.Features, seed: 4);
        Classifier[] alone = [.. Enumerable.Range(4, 3).Select(seed => options.Build(backend, Models.Time, Models.Features, (ulong)seed))];
        try
        {
            double bound = TestBackends.Bound(backend, 1e-12, 1e-5);
            float[] clips = Numbers.Singles(1, 3 * Length);
            double[][] logits = [.. alone.Select(c => Predictor.Logits(c, clips))];
            Assert.Equal([.. Enumerable.Range(0, 3).Select(i => logits.Average(l => l[i]))], Predictor.Logits(together, clips), (a, b) => Math.Abs(a - b) < bound);
            Assert.Equal(alone.Sum(c => c.MultiplyAdds), together.MultiplyAdds);
            Assert.Equal(alone.Sum(c => c.StoredCount), together.StoredCount);
            Assert.Equal(together.Parameters.Count, together.Parameters.Select(p => p.Name).Distinct().Count());

            Baselines baselines = Baselines.ForAll(Numbers.Singles(2, 2 * Length), Length);
            List<Kept> whole = Attributions.Integrated(together, clips, baselines);
            List<Kept>[] parts = [.. alone.Select(c => Attributions.Integrated(c, clips, baselines))];
            for (int p = 0; p < whole.Count; p++)
                Assert.Equal([.. Enumerable.Range(0, Length).Select(i => parts.Average(k => k[p].Values[i]))], whole[p].Values, (a, b) => Math.Abs(a - b) < bound);
        }
        finally
        {
            foreach (Classifier classifier in alone) classifier.Dispose();
        }
    }
}
