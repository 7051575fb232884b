using EmotionXai.Engine.Layers;
using EmotionXai.Engine.Tensors;
using EmotionXai.Landmarks.Sequences;
using EmotionXai.Landmarks.Spilling;

namespace EmotionXai.Landmarks.Preprocessing;

/// <summary>Turns clips into features: fill gaps, align, follow each coordinate, resample, describe. Each clip by itself, so nothing leaks between clips.</summary>
public sealed class Preprocessor
{
    private readonly PreprocessingOptions _options;

    /// <summary>A preprocessor.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Fewer than one frame, or a share outside [0, 1].</exception>
    /// <exception cref="ArgumentException">An unknown feature.</exception>
    public Preprocessor(PreprocessingOptions options)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(options.Frames, 1);
        if (!(options.MinSure is >= 0 and <= 1)) throw new ArgumentOutOfRangeException(nameof(options), options.MinSure, "--min-sure is a share, from 0 to 1.");
        FeatureList.Parse(options.Features);
        _options = options;
    }

    /// <summary>The features of a set. Clips that cannot be used are listed in <see cref="FeatureSet.Skipped"/>.</summary>
    /// <exception cref="IOException">The features have no room in memory (<see cref="DataBudget"/>), nor on disk.</exception>
    public FeatureSet Apply(LandmarkSet set)
    {
        ClipTracks tracks = new(set, _options);
        FeatureList features = tracks.Features;
        int frames = tracks.Frames, points = set.Topology.Count, dimensions = tracks.Dimensions;
        FeatureLayout layout = FeatureLayout.Of(features, frames, dimensions, _options.SideBySide);
        FeatureWriter writer = new(features, layout, set.Topology, frames, dimensions);
        List<int> kept = [];
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
            Names = [.. kept.Select(c => set.Clips[c].Name)],
            Labels = [.. kept.Select(c => set.Clips[c].Label)],
            Subjects = [.. kept.Select(c => set.Clips[c].Subject)],
            Skipped = skipped,
            Places = kept,
            StackedLater = _options.SideBySide && !tracks.Still ? new(() => new Preprocessor(_options with { Features = FeatureList.DefaultFor(ModelKind.Dense), SideBySide = false }).Apply(set)) : null,
        };

        // Of the clips that can be used; those are told on the way.
        IEnumerable<float[]> Rows()
        {
            for (int i = 0; i < set.Clips.Count; i++)
            {
                if (tracks.Of(set.Clips[i], out string? reason) is not { } track)
                {
                    skipped.Add($"{set.Clips[i].Name}: {reason}");
                    continue;
                }

                kept.Add(i);
                yield return writer.Write(track);
            }
        }
    }
}
