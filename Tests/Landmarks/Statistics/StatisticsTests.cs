using CsCheck;
using EmotionXai.Engine.Training;
using EmotionXai.Landmarks.Statistics;
using Xunit;

namespace EmotionXai.Tests.Landmarks.Statistics;

/// <summary>Corrections, tests over people, intervals and bounds: known values, laws, and size and power where there is nothing and something to find.</summary>
public sealed class StatisticsTests
{
    private const string Seed = "0000000000000001";

    private static readonly Gen<double[]> s_differences = Gen.Int[-8, 8].Select(i => i / 8.0).Array[1, 12];

    [Fact]
    public void Holm_multiplies_by_the_hypotheses_that_are_left()
    {
        // Sorted: 0.01 x 4, 0.02 x 3, 0.03 x 2 stays at the largest so far, 0.6.
        Assert.Equal([0.06, 0.04, 0.6, 0.06], Holm.Correct([0.02, 0.01, 0.6, 0.03]), (a, b) => Math.Abs(a - b) < 1e-12);
        Assert.Equal([double.NaN, 0.5], Holm.Correct([double.NaN, 0.5]));
        Assert.Equal([1, 1], Holm.Correct([0.7, 0.9]));
    }

    [Fact]
    public void Signs_are_flipped_in_every_way()
    {
        // All of one sign: one pattern of 2^n reaches the sum, two its size. 1, 2, -3 add to 0: every pattern reaches that size.
        Assert.Equal(1 / 16.0, SignFlips.Above([1, 2, 3, 4], 1));
        Assert.Equal(2 / 16.0, SignFlips.TwoSided([1, 2, 3, 4], 1));
        Assert.Equal(1, SignFlips.TwoSided([1, 2, -3], 1));

        // 3 of 4, by hand: sums of +-1 +-1 +-1 are 3, 1 (three times), -1, -3; at least 1 in 4 of 8.
        Assert.Equal(0.5, SignFlips.Above([1, 1, -1], 1));
        Assert.Equal(1, SignFlips.TwoSided([0, 0], 1));
        Assert.Equal(double.NaN, SignFlips.TwoSided([], 1));

        // Nothing is lost: every person is a margin above it.
        Assert.Equal(1 / 1024.0, SignFlips.NotWorse(new double[10], 0.01, 1));
    }

    [Fact]
    public void Sign_flips_know_no_order_scale_or_side() => s_differences.Sample(
        d =>
        {
            double p = SignFlips.TwoSided(d, 1);
            Assert.Equal(p, SignFlips.TwoSided([.. d.Reverse()], 1));
            Assert.Equal(p, SignFlips.TwoSided([.. d.Select(x => -x / 3)], 1));
            Assert.Equal(p, SignFlips.TwoSided([.. d, 0], 1));
            Assert.InRange(p, Math.Pow(2, -d.Length), 1);

            // Both one-sided ones count the pattern itself.
            Assert.True(SignFlips.Above(d, 1) + SignFlips.Above([.. d.Select(x => -x)], 1) >= 1);
        },
        iter: 300,
        seed: Seed);

    [Fact]
    public void Drawn_patterns_come_near_all_patterns()
    {
        // 24 people are too many for all patterns; four of them differ by nothing, so that 20 are not.
        double[] twenty = [.. Enumerable.Range(0, 20).Select(i => Math.Sin(i * i) + 0.3)];
        double exact = SignFlips.TwoSided(twenty, 1), drawn = SignFlips.TwoSided([.. twenty, 1e-13], 1);
        Assert.InRange(exact, 0.01, 0.5);
        Assert.Equal(exact, drawn, 4 * Math.Sqrt(exact / SignFlips.Samples));
        Assert.Equal(1.0 / (SignFlips.Samples + 1), SignFlips.Above([.. Enumerable.Repeat(1.0, 100)], 1));
    }

    // People of unequal spread, none of them normal: a mixture, 11 people as in buhmap.
    [Fact]
    public void Sign_flips_reject_nothing_at_their_level_and_find_what_is_there()
    {
        const int Runs = 2000, People = 11;
        int falseAlarms = 0, found = 0, falseKept = 0, kept = 0, covered = 0;
        for (int run = 0; run < Runs; run++)
        {
            double[] noise = [.. Enumerable.Range(0, People).Select(p => Normal(run, p) * (p % 3 == 0 ? 3 : 1))], plain = [.. Enumerable.Range(0, People).Select(p => Normal(run, 100 + p))];
            if (SignFlips.TwoSided(noise, 1) <= 0.05) falseAlarms++;
            if (SignFlips.TwoSided([.. plain.Select(x => x + 1)], 1) <= 0.05) found++;
            if (SignFlips.NotWorse([.. noise.Select(x => x - 0.5)], 0.5, 1) <= 0.05) falseKept++;
            if (SignFlips.NotWorse([.. plain.Select(x => x / 2)], 0.5, 1) <= 0.05) kept++;
            double[] interval = Bootstrap.Mean(plain, 400, (ulong)run);
            if (interval[0] <= 0 && interval[1] >= 0) covered++;
        }

        // Three standard errors of a share of 2,000 runs at 0.05 are 0.015. An effect of one deviation: a t-test finds it in 0.85 of runs.
        string all = $"false alarms {falseAlarms}, found {found}, falsely kept {falseKept}, kept {kept}, covered {covered} of {Runs}";
        Assert.True(falseAlarms <= 0.065 * Runs && falseKept <= 0.065 * Runs, all);
        Assert.True(falseAlarms >= 0.035 * Runs && falseKept >= 0.035 * Runs, all);
        Assert.True(found >= 0.8 * Runs && kept >= 0.9 * Runs, all);
        Assert.True(covered >= 0.93 * Runs && covered <= 0.97 * Runs, all);
    }

    [Fact]
    public void Within_a_person_only_their_own_clips_count()
    {
        // The first person moves more than the second; within each, one of two pairs is right, then both. The third has one class.
        PersonAuc auc = new([1, 0, 0, 1, 0, 1], ["a", "a", "a", "b", "b", "c"], [0, 0, 0, 1, 1, 1]);
        double[] within = auc.Within([5, 4, 6, 0, -1, 9]);
        Assert.Equal(["a", "b", "c"], auc.People);
        Assert.Equal([0.5, 1, double.NaN], within);
        Assert.Equal([0.75, 0.5, double.NaN], auc.Within([5, 4, 5, 0, 0, 9]));
    }

    [Fact]
    public void Parts_of_people_add_up_to_the_auc_over_pairs_of_a_fold() => Gen.Select(Gen.Int[0, 3].Array[24], Gen.Int[0, 1].Array[24], Gen.Int[1, 5]).Sample(
        (logits, targets, people) =>
        {
            float[] t = [.. targets.Select((x, i) => i < 2 ? i : (float)x)];
            double[] l = [.. logits.Select(x => (double)x)];
            string[] who = [.. Enumerable.Range(0, 24).Select(i => $"p{i % people}")];
            PersonAuc one = new(t, who, new int[24]);
            Assert.Equal(Metrics.Of(l, t).Auc, one.Between(l).Average(), 1e-12);

            // Any rising function of the logits of one fold changes nothing, whatever the other fold's logits are.
            PersonAuc two = new(t, who, [.. Enumerable.Range(0, 24).Select(i => i % 2)]);
            Assert.Equal(two.Between(l), two.Between([.. l.Select((x, i) => i % 2 == 0 ? (3 * x) + 100 : x)]));
        },
        iter: 200,
        seed: Seed);

    [Fact]
    public void Halves_are_halves_and_bounds_are_those_of_the_papers()
    {
        string[] people = [.. Enumerable.Range(0, 11).Select(i => $"p{i}")];
        IReadOnlyList<(string[] First, string[] Second)> halves = StabilitySelection.Halves(people, 20, 1);
        Assert.All(halves, h => Assert.Equal(10, h.First.Concat(h.Second).Distinct().Count()));
        Assert.All(halves, h => Assert.Equal(5, h.First.Length));
        Assert.True(halves.Select(h => string.Join(' ', h.First)).Distinct().Count() > 15);
        Assert.Equal([1, 0.5, 0], StabilitySelection.Frequencies([[0], [0, 1]], 3));

        // q = 50 of p = 1000 at 0.9: 2500 / (0.8 * 1000). With B = 50 pairs: 4 (0.1 + 0.01) / 1.02 * 2.5; at 0.7: 2.5 / (2 (0.4 - 0.01)).
        Assert.Equal(3.125, StabilitySelection.ExchangeableBound(50, 1000, 0.9), 1e-12);
        Assert.Equal(4 * 0.11 / 1.02 * 2.5, StabilitySelection.UnimodalBound(50, 1000, 0.9, 50), 1e-12);
        Assert.Equal(2.5 / 0.78, StabilitySelection.UnimodalBound(50, 1000, 0.7, 50), 1e-12);
        Assert.True(double.IsPositiveInfinity(StabilitySelection.ExchangeableBound(50, 1000, 0.5)));
        Assert.Equal(double.NaN, StabilitySelection.UnimodalBound(700, 1000, 0.9, 50));
    }

    [Fact]
    public void No_more_noise_is_stable_than_the_bound_allows_and_what_is_there_is_stable()
    {
        // Every half chooses 8 of 68 scores: 4 that hold something, the others noise alike.
        const int Features = 68, Chosen = 8, True = 4, Pairs = 25, Runs = 200;
        const double Threshold = 0.75;
        double noise = 0, found = 0;
        for (int run = 0; run < Runs; run++)
        {
            int[][] selections = [.. Enumerable.Range(0, 2 * Pairs).Select(h => Enumerable.Range(0, Features)
                .OrderByDescending(f => Normal(run, (h * Features) + f) + (f < True ? 4 : 0) + (0.7 * Normal(run + Runs, f))).Take(Chosen).ToArray())];
            double[] share = StabilitySelection.Frequencies(selections, Features);
            noise += share.Skip(True).Count(s => s >= Threshold) / (double)Runs;
            found += share.Take(True).Count(s => s >= Threshold) / (double)Runs;
        }

        double bound = StabilitySelection.UnimodalBound(Chosen, Features, Threshold, Pairs);
        Assert.True(noise <= bound, $"{noise} noise features are stable; the bound is {bound}");
        Assert.True(found > 0.8 * True, $"{found} of {True}");
    }

    private static double Normal(int run, int index)
    {
        (uint a, uint b, _, _) = EmotionXai.Engine.Numerics.Philox.Block(new(97, (ulong)run), (ulong)index);
        return Math.Sqrt(-2 * Math.Log((a + 1.0) / 4294967297.0)) * Math.Cos(2 * Math.PI * b / 4294967296.0);
    }
}
