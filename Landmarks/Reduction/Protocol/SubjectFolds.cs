using System.Globalization;
using EmotionXai.Engine.Numerics;

namespace EmotionXai.Landmarks.Reduction;

/// <summary>One split of the clips.</summary>
/// <param name="Train">Clips to fit on.</param>
/// <param name="Test">Clips of other subjects.</param>
public sealed record Fold(IReadOnlyList<int> Train, IReadOnlyList<int> Test);

/// <summary>Subject-independent folds: no subject is in two.</summary>
public static class SubjectFolds
{
    /// <summary>Splits clips by subject; every clip is tested exactly once.</summary>
    /// <param name="subjects">[clip].</param>
    /// <param name="labels">[clip]: groups are balanced in these.</param>
    /// <param name="folds"><c>subject</c> leaves out one subject at a time; a number makes so many groups of subjects.</param>
    /// <param name="seed">Of the order in which subjects of equal size are dealt out.</param>
    /// <exception cref="ArgumentException">Neither, or more groups than subjects, or fewer than two.</exception>
    public static IReadOnlyList<Fold> Split(IReadOnlyList<string> subjects, IReadOnlyList<string> labels, string folds, ulong seed)
    {
        string[] names = [.. subjects.Distinct().Order(StringComparer.Ordinal)];
        int count = names.Length;
        if (folds != "subject" && !(int.TryParse(folds, NumberStyles.None, CultureInfo.InvariantCulture, out count) && count >= 2 && count <= names.Length))
            throw new ArgumentException($"--folds {folds}: give subject, or a number of groups from 2 to the {names.Length} subjects of the data.", nameof(folds));
        if (count < 2) throw new ArgumentException($"--folds {folds}: the data have {names.Length} subject(s), and a test needs another one.", nameof(folds));
        Dictionary<string, int> foldOf = folds == "subject"
            ? names.Select((name, i) => (name, i)).ToDictionary(p => p.name, p => p.i)
            : Deal(subjects, labels, names, count, seed);
        int[] clips = [.. Enumerable.Range(0, subjects.Count)];
        return [.. Enumerable.Range(0, count).Select(f => new Fold(
            [.. clips.Where(c => foldOf[subjects[c]] != f)], [.. clips.Where(c => foldOf[subjects[c]] == f)]))];
    }

    // The largest subjects first, each to the group where it least raises the sum over labels of squared counts: that keeps
    // both the sizes of the groups and their shares of every label alike.
    private static Dictionary<string, int> Deal(IReadOnlyList<string> subjects, IReadOnlyList<string> labels, string[] names, int groups, ulong seed)
    {
        string[] kinds = [.. labels.Distinct().Order(StringComparer.Ordinal)];
        Dictionary<string, int> kindOf = kinds.Select((k, i) => (k, i)).ToDictionary(p => p.k, p => p.i);
        double[] total = new double[kinds.Length];
        Dictionary<string, int[]> counts = names.ToDictionary(n => n, _ => new int[kinds.Length]);
        for (int i = 0; i < subjects.Count; i++)
        {
            counts[subjects[i]][kindOf[labels[i]]]++;
            total[kindOf[labels[i]]]++;
        }

        int[] order = [.. Enumerable.Range(0, names.Length)];
        RandomOrder.Shuffle(order, new RandomKey(seed, 0));
        double[,] load = new double[groups, kinds.Length];
        int[] members = new int[groups];
        Dictionary<string, int> foldOf = [];
        foreach (string name in order.Select(i => names[i]).OrderByDescending(n => counts[n].Sum()))
        {
            int best = 0;
            (double Cost, int Members) least = (double.PositiveInfinity, 0);
            for (int g = 0; g < groups; g++)
            {
                double cost = 0;
                for (int k = 0; k < kinds.Length; k++)
                {
                    double before = load[g, k] / total[k], after = (load[g, k] + counts[name][k]) / total[k];
                    cost += (after * after) - (before * before);
                }

                if (cost < least.Cost - 1e-12 || (cost < least.Cost + 1e-12 && members[g] < least.Members)) (best, least) = (g, (cost, members[g]));
            }

            foldOf[name] = best;
            members[best]++;
            for (int k = 0; k < kinds.Length; k++) load[best, k] += counts[name][k];
        }

        return foldOf;
    }
}
