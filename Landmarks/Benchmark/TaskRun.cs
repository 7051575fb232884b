using EmotionXai.Engine.Backends;
using EmotionXai.Engine.Training;
using EmotionXai.Landmarks.Reduction;
using EmotionXai.Landmarks.Statistics;

namespace EmotionXai.Landmarks.Benchmark;

/// <summary>Asks all rules one question: each chooses on the training clips of every fold, a network is trained anew on what it keeps, and new people judge it.</summary>
internal sealed class TaskRun(BenchmarkTask task, ReductionOptions options, IReadOnlyList<SelectionRow> rules, CancellationToken cancellation)
{
    /// <summary>All rules' outcomes, every number of landmarks.</summary>
    public IReadOnlyList<RuleOutcome> Run(IBackend backend)
    {
        // [rule, keep, draw]: logits of all tested clips, and what was kept fold by fold.
        Dictionary<(string Rule, int Keep, int Draw), (List<double> Logits, List<int[]> Kept)> found = [];
        foreach (Fold fold in task.Folds)
        {
            FoldData data = new(task.Features, task.Emotion, [.. fold.Train], [.. fold.Test]);
            RuleGround ground = new(data, task, options, backend, cancellation);
            Dictionary<string, double[]> known = [];
            foreach ((string rule, int keep, int draw, int[] landmarks) in Choices(ground))
            {
                cancellation.ThrowIfCancellationRequested();
                string set = string.Join(',', landmarks.Order());
                if (!known.TryGetValue(set, out double[]? logits)) known[set] = logits = ground.Logits(landmarks);
                if (!found.TryGetValue((rule, keep, draw), out var outcome)) found[(rule, keep, draw)] = outcome = ([], []);
                outcome.Logits.AddRange(logits);
                outcome.Kept.Add(landmarks);
            }
        }

        int[] clips = [.. task.Folds.SelectMany(f => f.Test)];
        float[] targets = [.. clips.Select(c => task.Features.Labels[c] == task.Emotion ? 1f : 0f)];
        PersonAuc people = new(targets, [.. clips.Select(c => task.Features.Subjects[c])], [.. task.Folds.SelectMany((f, i) => f.Test.Select(_ => i))]);
        return [.. found.GroupBy(f => (f.Key.Rule, f.Key.Keep)).Select(draws =>
        {
            double[][] auc = [.. draws.Select(d => people.Within(d.Value.Logits))];
            int[][] kept = [.. draws.SelectMany(d => d.Value.Kept)];
            return new RuleOutcome(
                task,
                draws.Key.Rule,
                draws.Key.Keep,
                [.. Enumerable.Range(0, auc[0].Length).Select(p => auc.Average(a => a[p]))],
                draws.Average(d => Metrics.Of([.. d.Value.Logits], targets).BalancedAccuracy),
                task.Truth is { Units.Count: > 0 } truth ? kept.Average(truth.Coverage) : double.NaN,
                task.Truth is { } known ? Share(kept, i => known.Evidence[i]) : double.NaN,
                task.Clean is { } clean ? Share(kept, i => clean[i]) : double.NaN);
        })];
    }

    private static double Share(int[][] kept, Func<int, bool> good) => kept.Average(k => k.Length == 0 ? double.NaN : k.Count(good) / (double)k.Length);

    private IEnumerable<(string Rule, int Keep, int Draw, int[] Landmarks)> Choices(RuleGround ground)
    {
        int[] all = ground.Data.All;
        foreach (int keep in task.Keep) yield return (BenchmarkRules.All, keep, 0, all);
        if (task.Clean is { } clean)
            foreach (int keep in task.Keep) yield return (BenchmarkRules.Clean, keep, 0, [.. all.Where(i => clean[i])]);
        if (task.Truth is { } truth)
            foreach (int keep in task.Keep) yield return (BenchmarkRules.Oracle, keep, 0, truth.Oracle(keep));

        foreach (SelectionRow row in rules)
        {
            int[] order = row.Order(ground);
            foreach (int keep in task.Keep) yield return (row.Name, keep, 0, order[..keep]);
        }

        int[] fisher = ground.ByFisher(), untrained = ground.ByUntrained();
        foreach (int keep in task.Keep)
        {
            yield return (BenchmarkRules.Fisher, keep, 0, fisher[..keep]);
            yield return (BenchmarkRules.Untrained, keep, 0, untrained[..keep]);
            for (int draw = 0; draw < BenchmarkRules.RandomDraws; draw++) yield return (BenchmarkRules.Random, keep, draw, ground.ByLot(draw)[..keep]);
        }
    }
}
