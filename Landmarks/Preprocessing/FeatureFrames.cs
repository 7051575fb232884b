namespace EmotionXai.Landmarks.Preprocessing;

/// <summary>
/// The frames of a clip that its features are made of: those next to a moment that clips are resampled to, and the first. What
/// happens in the others changes no feature.
/// </summary>
internal sealed class FeatureFrames
{
    private readonly int _clipFrames;

    /// <summary>The frames of a clip of so many, for so many moments.</summary>
    public FeatureFrames(int clipFrames, int moments)
    {
        (_clipFrames, Moments) = (clipFrames, moments);
        (int Before, int After, double Part)[] at = [.. Enumerable.Range(0, moments).Select(t => Resampling.At(t, moments, clipFrames))];
        int[] used = [.. at.SelectMany(a => a.Part > 0 ? new[] { a.Before, a.After } : [a.Before]).Append(0).Distinct().Order()];
        Used = used;
        Weights = new double[moments * used.Length];
        for (int t = 0; t < moments; t++)
        {
            Weights[(t * used.Length) + Array.IndexOf(used, at[t].Before)] += 1 - at[t].Part;
            if (at[t].Part > 0) Weights[(t * used.Length) + Array.IndexOf(used, at[t].After)] += at[t].Part;
        }
    }

    /// <summary>Moments that clips are resampled to.</summary>
    public int Moments { get; }

    /// <summary>The frames, ascending; the first is 0.</summary>
    public IReadOnlyList<int> Used { get; }

    /// <summary>[moment, used frame]: how much a moment takes of a frame; those of a moment sum to 1.</summary>
    public double[] Weights { get; }

    /// <summary>The used frames of some points, [used frame, point, coordinate].</summary>
    /// <param name="track">[frame, point, coordinate] of all points.</param>
    /// <param name="points">Which.</param>
    /// <param name="dimensions">Coordinates a point.</param>
    /// <param name="to">Where they go.</param>
    public void Pick(double[] track, IReadOnlyList<int> points, int dimensions, Span<float> to)
    {
        int width = track.Length / _clipFrames, at = 0;
        foreach (int frame in Used)
            foreach (int point in points)
                for (int d = 0; d < dimensions; d++) to[at++] = (float)track[(frame * width) + (point * dimensions) + d];
    }

    /// <summary>From [moment, column] to [used frame, column]: a clip that was resampled, at the frames of this one.</summary>
    public void Spread(ReadOnlySpan<float> moments, Span<float> to)
    {
        int width = moments.Length / Moments;
        for (int u = 0; u < Used.Count; u++)
        {
            double at = _clipFrames == 1 ? 0 : (double)Used[u] * (Moments - 1) / (_clipFrames - 1);
            int before = Math.Min((int)at, Moments - 1), after = Math.Min(before + 1, Moments - 1);
            for (int i = 0; i < width; i++)
            {
                double low = moments[(before * width) + i];
                to[(u * width) + i] = (float)(low + ((at - before) * (moments[(after * width) + i] - low)));
            }
        }
    }

    /// <summary>
    /// From [used frame, column] to [moment, column], with the same sum: what belongs to a frame goes to the moments that take of it, in
    /// proportion; what none takes of, to the first.
    /// </summary>
    public void Gather(ReadOnlySpan<double> frames, Span<double> to)
    {
        int width = frames.Length / Used.Count;
        to.Clear();
        for (int u = 0; u < Used.Count; u++)
        {
            double all = 0;
            for (int t = 0; t < Moments; t++) all += Weights[(t * Used.Count) + u];
            for (int t = 0; t < Moments; t++)
            {
                double share = all > 0 ? Weights[(t * Used.Count) + u] / all : t == 0 ? 1 : 0;
                if (share == 0) continue;
                for (int i = 0; i < width; i++) to[(t * width) + i] += share * frames[(u * width) + i];
            }
        }
    }
}
