using EmotionXai.Engine.Backends;
using EmotionXai.Engine.Layers;
using EmotionXai.Engine.Ops;
using EmotionXai.Engine.Tensors;
using EmotionXai.Explain;
using EmotionXai.Tests.Engine;
using Xunit;

namespace EmotionXai.Tests.Explain;

/// <summary>The stem runs at the ends of paths only, and nobody can tell from the attributions.</summary>
public sealed class HoistedStemTests
{
    private const int Length = Models.Time * Models.Features;

    public static TheoryData<string, ModelKind> Kinds => Models.Kinds;

    // Both compute the same sums in another order, so some dozen roundings apart. Normalising rows of three hidden values
    // divides by what may be a small difference, which float32 shows as some 1e-5, so there it is left out.
    [Theory]
    [MemberData(nameof(Kinds))]
    public void Attributions_are_those_of_the_plain_path(string backendName, ModelKind kind)
    {
        using IBackend backend = TestBackends.Create(backendName);
        using (Classifier classifier = Models.Small(backend, kind, 3, normalize: backend.UnitRoundoff < 1e-12))
        {
            int live = backend.LiveBuffers;
            float[] clips = Numbers.Singles(1, 3 * Length);
            foreach (Baselines baselines in (Baselines[])[Baselines.ForAll(Numbers.Singles(2, 2 * Length), Length), Baselines.Onset(ClipRows.From(clips, Length), Models.Time, Models.Features)])
            {
                foreach (QuadratureRule rule in Enum.GetValues<QuadratureRule>())
                {
                    Quadrature quadrature = Quadrature.Create(rule, 7);
                    List<Kept> hoisted = Attributions.Integrated(classifier, clips, baselines, new PathOptions { Rule = rule, Steps = 7 });
                    List<Kept> plain = [.. hoisted.Select(p => p with { Values = Attributions.Plain(classifier, clips.AsSpan(p.Clip * Length, Length), baselines.Of(p.Clip, p.Baseline), quadrature) })];
                    Attributions.Same(plain, hoisted, TestBackends.Bound(backend, 1e-12, 1e-5));
                }
            }

            Assert.Equal(live, backend.LiveBuffers);
        }

        Assert.Equal(0, backend.LiveBuffers);
    }

    // 35 = 5 x 7 features of a dense clip, 7 of a recurrent step: extents that no other product of these networks has.
    [Theory]
    [InlineData(ModelKind.Dense, 35)]
    [InlineData(ModelKind.Rnn, 7)]
    [InlineData(ModelKind.Gru, 7)]
    [InlineData(ModelKind.Lstm, 7)]
    [InlineData(ModelKind.BiLstm, 7)]
    public void Products_of_the_stem_do_not_grow_with_the_steps(ModelKind kind, int width)
    {
        const int Clips = 3, BaselineCount = 2;
        long Count(int steps, int budget, QuadratureRule rule)
        {
            using CountingBackend backend = new(TestBackends.Create("reference"), width);
            using Classifier classifier = new ClassifierOptions { Kind = kind, Hidden = [3, 2] }.Build(backend, 5, 7, 1);
            Baselines baselines = Baselines.ForAll(Numbers.Singles(2, BaselineCount * 35), 35);
            Attributions.Integrated(classifier, Numbers.Singles(1, Clips * 35), baselines, new PathOptions { Steps = steps, Budget = budget, Rule = rule });
            Assert.True(backend.OtherMultiplyAdds > 0);
            return backend.MultiplyAdds;
        }

        int columns = kind switch { ModelKind.Gru => 9, ModelKind.Lstm => 12, ModelKind.BiLstm => 24, _ => 3 };
        long once = (kind == ModelKind.Dense ? 1 : 5) * (long)width * columns;
        long few = Count(2, 1 << 18, QuadratureRule.GaussLegendre);
        Assert.True(few > 0);
        foreach (QuadratureRule rule in Enum.GetValues<QuadratureRule>())
            foreach (int steps in (int[])[3, 16, 200]) Assert.Equal(few, Count(steps, 1 << 18, rule));

        // A probe, the clips and the baselines, and forwards (once, when recorded) and backwards for each pair; clips once more when recorded.
        Assert.True(few <= once * (1 + (2 * Clips) + BaselineCount + (2 * Clips * BaselineCount)), $"{few} of {once}");

        // With no memory for more than a clip at once, the blocks change but the steps still cost nothing.
        Assert.Equal(Count(2, 1, QuadratureRule.Left), Count(64, 1, QuadratureRule.Left));
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Blocks_of_clips_and_steps_do_not_show(string backendName, ModelKind kind)
    {
        using IBackend backend = TestBackends.Create(backendName);
        using (Classifier classifier = Models.Small(backend, kind, 3))
        {
            int live = backend.LiveBuffers;
            float[] clips = Numbers.Singles(1, 7 * Length);
            foreach (Baselines baselines in (Baselines[])[Baselines.ForAll(Numbers.Singles(2, 2 * Length), Length), Baselines.Onset(ClipRows.From(clips, Length), Models.Time, Models.Features)])
            {
                List<Kept> whole = Attributions.Integrated(classifier, clips, baselines, new PathOptions { Steps = 12 });
                foreach (int budget in (int[])[1, 500, 2000, 5000, 20_000, int.MaxValue])
                    Attributions.Same(whole, Attributions.Integrated(classifier, clips, baselines, new PathOptions { Steps = 12, Budget = budget }), TestBackends.Bound(backend, 1e-13, 1e-5));
                for (int clip = 0; clip < 7; clip++)
                {
                    float[] alone = clips[(clip * Length)..((clip + 1) * Length)];
                    Baselines own = baselines.Shared ? baselines : Baselines.Onset(ClipRows.From(alone, Length), Models.Time, Models.Features);
                    List<Kept> one = [.. Attributions.Integrated(classifier, alone, own, new PathOptions { Steps = 12 })];
                    Attributions.Same(whole.FindAll(p => p.Clip == clip), one, TestBackends.Bound(backend, 1e-13, 1e-5));
                }
            }

            Assert.Equal(live, backend.LiveBuffers);
        }
    }

    [Fact]
    public void Many_steps_and_baselines_stay_within_the_budget()
    {
        // 2^16 steps x 4 baselines x 2^14 numbers behind the stem: a product of 2^32, which must not wrap around to "it all fits".
        // The body is recorded for the baselines first, then for the first block of clips; there the test has seen enough.
        const int Width = 1 << 14;
        List<int> rows = [];
        using IBackend backend = TestBackends.Create("reference");
        using Classifier classifier = Attributions.Custom(backend, 1, Width, (tape, x) =>
        {
            rows.Add(x.Shape[0]);
            if (rows.Count == 2) throw new OperationCanceledException();
            return tape.Slice(tape.Reshape(x, new Shape(x.Shape[0], Width)), 1, 0, 1);
        });
        PathOptions options = new() { Steps = 1 << 16, Budget = 1 << 16 };
        Assert.Throws<OperationCanceledException>(() => Attributions.Integrated(classifier, new float[8 * Width], Baselines.ForAll(new float[4 * Width], Width), options));
        Assert.Equal([4, 1], rows);
    }
}
