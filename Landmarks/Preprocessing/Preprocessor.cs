using EmotionXai.Landmarks.Sequences;

namespace EmotionXai.Landmarks.Preprocessing;

/// <summary>Turns clips into features: fill gaps, align, take displacements, resample. Each clip by itself, so nothing leaks between clips.</summary>
public sealed class Preprocessor
{
    private readonly PreprocessingOptions _options;

    /// <summary>A preprocessor.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Fewer than one frame, or a share outside [0, 1].</exception>
    public Preprocessor(PreprocessingOptions options)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(options.Frames, 1);
        if (!(options.MinSure is >= 0 and <= 1)) throw new ArgumentOutOfRangeException(nameof(options), options.MinSure, "--min-sure is a share, from 0 to 1.");
        _options = options;
    }

    /// <summary>The features of a set. Clips that cannot be used are listed in <see cref="FeatureSet.Skipped"/>.</summary>
    public FeatureSet Apply(LandmarkSet set)
    {
        bool still = set.Clips.All(c => c.Frames == 1);
        int time = still ? 1 : _options.Frames, points = set.Topology.Count;
        int dimensions = _options.Use3D && set.Clips.Count > 0 ? set.Clips.Min(c => c.Dimensions) : 2;
        int length = time * points * dimensions;
        List<LandmarkClip> kept = [];
        List<string> skipped = [];
        List<float[]> values = [];
        Aligner aligner = new(set.Topology, still && _options.Alignment == Alignment.FirstFrame ? Alignment.PerFrame : _options.Alignment);
        foreach (LandmarkClip clip in set.Clips)
        {
            double[]? track = Gaps.Fill(clip, dimensions, _options.MinConfidence, _options.MinSure, out string? reason);
            if (track is not null && !aligner.Align(track, dimensions)) (track, reason) = (null, "the eyes of its first frame coincide or are missing");
            if (track is null)
            {
                skipped.Add($"{clip.Name}: {reason}");
                continue;
            }

            if (_options.Displacement && !still) SubtractFirst(track, points * dimensions);
            kept.Add(clip);
            values.Add(Resample(track, points * dimensions, time));
        }

        float[] all = new float[kept.Count * length];
        for (int i = 0; i < kept.Count; i++) values[i].CopyTo(all, i * length);
        return new FeatureSet
        {
            Time = time,
            Points = points,
            Dimensions = dimensions,
            Values = all,
            Names = [.. kept.Select(c => c.Name)],
            Labels = [.. kept.Select(c => c.Label)],
            Subjects = [.. kept.Select(c => c.Subject)],
            Skipped = skipped,
        };
    }

    private static void SubtractFirst(double[] track, int width)
    {
        for (int i = track.Length - 1; i >= 0; i--) track[i] -= track[i % width];
    }

    // Linear interpolation at `time` equally spaced moments from the first frame to the last.
    private static float[] Resample(double[] track, int width, int time)
    {
        int frames = track.Length / width;
        float[] values = new float[time * width];
        for (int t = 0; t < time; t++)
        {
            double at = time == 1 ? frames - 1 : (double)t * (frames - 1) / (time - 1);
            int before = Math.Min((int)at, frames - 1), after = Math.Min(before + 1, frames - 1);
            double part = at - before;
            for (int i = 0; i < width; i++)
            {
                double low = track[(before * width) + i];
                values[(t * width) + i] = (float)(low + (part * (track[(after * width) + i] - low)));
            }
        }

        return values;
    }
}
