using EmotionXai.Engine.Layers;
using EmotionXai.Engine.Tensors;
using EmotionXai.Landmarks.Sequences;
using EmotionXai.Landmarks.Spilling;

namespace EmotionXai.Landmarks.Preprocessing;

/// <summary>Turns clips into features: fill gaps, align, follow each coordinate, resample, describe. Each clip by itself, so nothing leaks between clips.</summary>
public sealed class Preprocessor
{
    private readonly PreprocessingOptions _options;
    private readonly FeatureList _features;

    /// <summary>A preprocessor.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Fewer than one frame, or a share outside [0, 1].</exception>
    /// <exception cref="ArgumentException">An unknown feature.</exception>
    public Preprocessor(PreprocessingOptions options)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(options.Frames, 1);
        if (!(options.MinSure is >= 0 and <= 1)) throw new ArgumentOutOfRangeException(nameof(options), options.MinSure, "--min-sure is a share, from 0 to 1.");
        (_options, _features) = (options, FeatureList.Parse(options.Features));
    }

    /// <summary>The features of a set. Clips that cannot be used are listed in <see cref="FeatureSet.Skipped"/>.</summary>
    /// <exception cref="IOException">The features have no room in memory (<see cref="DataBudget"/>), nor on disk.</exception>
    public FeatureSet Apply(LandmarkSet set)
    {
        // A picture has a place, and nothing else to be told of it.
        bool still = set.Clips.All(c => c.Frames == 1);
        FeatureList features = still ? FeatureList.Parse("positions") : _features;
        int frames = still ? 1 : _options.Frames, points = set.Topology.Count;
        int dimensions = _options.Use3D && set.Clips.Count > 0 ? set.Clips.Min(c => c.Dimensions) : 2;
        FeatureLayout layout = FeatureLayout.Of(features, frames, dimensions, _options.SideBySide);
        Aligner aligner = new(set.Topology, still && _options.Alignment == Alignment.FirstFrame ? Alignment.PerFrame : _options.Alignment);
        FeatureWriter writer = new(features, layout, set.Topology, frames, dimensions);
        List<LandmarkClip> kept = [];
        List<string> skipped = [];
        int length = layout.Rows * points * layout.Channels;
        ClipRows all = RowsWriter.Write(set.Clips.Count, length, Rows());
        return new FeatureSet
        {
            Time = layout.Rows,
            Blocks = layout.Blocks,
            Points = points,
            Dimensions = layout.Channels,
            Values = all,
            Names = [.. kept.Select(c => c.Name)],
            Labels = [.. kept.Select(c => c.Label)],
            Subjects = [.. kept.Select(c => c.Subject)],
            Skipped = skipped,
            StackedLater = _options.SideBySide && !still ? new(() => new Preprocessor(_options with { Features = FeatureList.DefaultFor(ModelKind.Dense), SideBySide = false }).Apply(set)) : null,
        };

        // Of the clips that can be used; those are told on the way.
        IEnumerable<float[]> Rows()
        {
            foreach (LandmarkClip clip in set.Clips)
            {
                double[]? track = Gaps.Fill(clip.Loaded(), dimensions, _options.MinConfidence, _options.MinSure, out string? reason);
                if (track is not null && !aligner.Align(track, dimensions)) (track, reason) = (null, "the eyes of its first frame coincide or are missing");
                if (track is null)
                {
                    skipped.Add($"{clip.Name}: {reason}");
                    continue;
                }

                kept.Add(clip);
                yield return writer.Write(track);
            }
        }
    }
}
