using System.Globalization;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using EmotionXai.Landmarks.Sequences;

namespace EmotionXai.Landmarks.Datasets;

/// <summary>
/// What looks wrong in data that could be read, before work begins. Nothing here is left out or changed: each finding is a line that
/// names a clip, a person or a label and says what follows from it.
/// </summary>
public static class DataFindings
{
    // Bounds far from anything that trackers and people give; within them there is no finding.
    private const double OddLength = 8, FarAway = 10;
    private const int EnoughFrames = 8;

    /// <summary>All findings.</summary>
    public static IReadOnlyList<string> Of(LandmarkSet set)
    {
        List<string> found = [];
        if (set.Clips.Count == 0) return found;
        found.AddRange(RareLabels(set));
        found.AddRange(Lengths(set));
        found.AddRange(Duplicates(set));
        List<(LandmarkClip Clip, int Point)> frozen = [];
        List<LandmarkClip> still = [];
        List<(LandmarkClip Clip, int Frame, int Point)> far = [];
        foreach (LandmarkClip clip in set.Clips)
        {
            // What is found keeps the clip as it is given: loaded, all clips would come into memory.
            LandmarkClip loaded = clip.Loaded();
            if (Far(loaded) is { } place) far.Add((clip, place.Frame, place.Point));
            if (clip.Frames < EnoughFrames) continue;
            int[] points = Frozen(loaded);
            if (points.Length == clip.Points) still.Add(clip);
            else if (points.Length > 0) frozen.Add((clip, points[0]));
        }

        if (far.Count > 0) found.Add($"{Clips(far.Count, far[0].Clip)} a point far outside the face, first {set.Topology.Names[far[0].Point]} in frame {far[0].Frame + 1}: look at the tracker's output");
        if (still.Count > 0) found.Add($"{Clips(still.Count, still[0])} the same landmarks in every frame: a picture made into a clip shows no motion");
        if (frozen.Count > 0) found.Add($"{Clips(frozen.Count, frozen[0].Clip)} points that never move while others do, first {set.Topology.Names[frozen[0].Point]}: the tracker may have held them");
        return found;
    }

    /// <summary>Labels that cannot be tested on people not trained on: with one clip, or of one person.</summary>
    public static IReadOnlyDictionary<string, string> TooRare(IReadOnlyList<string> labels, IReadOnlyList<string> subjects)
    {
        Dictionary<string, string> rare = new(StringComparer.Ordinal);
        foreach (IGrouping<string, string> label in labels.Zip(subjects).GroupBy(p => p.First, p => p.Second, StringComparer.Ordinal))
        {
            string[] people = [.. label.Distinct()];
            if (people.Length == 1) rare[label.Key] = label.Count() == 1 ? $"one clip, of '{people[0]}'" : $"{label.Count()} clips, all of '{people[0]}'";
        }

        return rare;
    }

    private static IEnumerable<string> RareLabels(LandmarkSet set) => set.Labels.Count < 2
        ? []
        : TooRare([.. set.Clips.Select(c => c.Label)], [.. set.Clips.Select(c => c.Subject)])
            .Where(r => r.Key != DatasetOptions.Unlabelled).OrderBy(r => r.Key, StringComparer.Ordinal)
            .Select(r => $"label '{r.Key}' has {r.Value}: it cannot be tested on people not trained on");

    private static IEnumerable<string> Lengths(LandmarkSet set)
    {
        int[] sorted = [.. set.Clips.Select(c => c.Frames).Order()];
        if (sorted[^1] == 1) yield break;
        LandmarkClip[] pictures = [.. set.Clips.Where(c => c.Frames == 1)];
        if (pictures.Length > 0) yield return $"{Clips(pictures.Length, pictures[0])} one frame among clips of up to {sorted[^1]}: without motion, every displacement is zero";
        double median = sorted[sorted.Length / 2];
        LandmarkClip[] odd = [.. set.Clips.Where(c => c.Frames > 1 && (c.Frames > OddLength * median || c.Frames * OddLength < median))];
        if (odd.Length == 0) yield break;
        LandmarkClip oddest = odd.MaxBy(c => Math.Abs(Math.Log(c.Frames / median)))!;
        yield return string.Create(CultureInfo.InvariantCulture, $"{Clips(odd.Length, oddest)} {oddest.Frames} frames where the median is {median:0}: resampling makes one fast and the other slow");
    }

    private static IEnumerable<string> Duplicates(LandmarkSet set)
    {
        Dictionary<string, LandmarkClip> seen = [];
        List<(LandmarkClip First, LandmarkClip Second)> across = [], within = [];
        foreach (LandmarkClip clip in set.Clips)
        {
            float[] coordinates = clip.Coordinates;
            if (!coordinates.Any(float.IsFinite)) continue;
            string key = Convert.ToHexString(SHA256.HashData(MemoryMarshal.AsBytes(coordinates.AsSpan())));
            if (seen.TryGetValue(key, out LandmarkClip? first)) (first.Subject == clip.Subject ? within : across).Add((first, clip));
            else seen[key] = clip;
        }

        if (across.Count > 0)
        {
            (LandmarkClip first, LandmarkClip second) = across[0];
            yield return $"{across.Count} clip(s) are copies of another person's: '{second.Name}' of '{second.Subject}' is '{first.Name}' of '{first.Subject}'; what is trained on is tested on, and accuracy is too high";
        }

        if (within.Count > 0) yield return $"{within.Count} clip(s) are copies of another of the same person: '{within[0].Second.Name}' is '{within[0].First.Name}'";
    }

    // Points whose coordinates are the same in all frames that have them.
    private static int[] Frozen(LandmarkClip clip)
    {
        List<int> frozen = [];
        for (int p = 0; p < clip.Points; p++)
        {
            ReadOnlySpan<float> first = clip.Point(0, p);
            bool same = first.IndexOf(float.NaN) < 0;
            for (int t = 1; same && t < clip.Frames; t++) same = clip.Point(t, p).SequenceEqual(first);
            if (same) frozen.Add(p);
        }

        return [.. frozen];
    }

    // The first point that lies many times the face's size from its middle. Medians, so that one point cannot hide itself.
    private static (int Frame, int Point)? Far(LandmarkClip clip)
    {
        float[] x = new float[clip.Points], y = new float[clip.Points], distance = new float[clip.Points];
        for (int t = 0; t < clip.Frames; t++)
        {
            for (int p = 0; p < clip.Points; p++) (x[p], y[p]) = (clip.Point(t, p)[0], clip.Point(t, p)[1]);
            float middleX = Median(x), middleY = Median(y);
            for (int p = 0; p < clip.Points; p++) distance[p] = MathF.Max(MathF.Abs(x[p] - middleX), MathF.Abs(y[p] - middleY));
            float size = Median(distance);
            for (int p = 0; p < clip.Points; p++)
                if (distance[p] > FarAway * size && size > 0) return (t, p);
        }

        return null;
    }

    private static float Median(float[] values)
    {
        float[] sorted = [.. values.Where(float.IsFinite).Order()];
        return sorted.Length == 0 ? float.NaN : sorted[sorted.Length / 2];
    }

    private static string Clips(int count, LandmarkClip first) => count == 1 ? $"clip '{first.Name}' has" : $"{count} clips, first '{first.Name}', have";
}
