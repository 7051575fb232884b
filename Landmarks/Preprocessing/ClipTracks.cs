using EmotionXai.Landmarks.Sequences;

namespace EmotionXai.Landmarks.Preprocessing;

/// <summary>The aligned points of the clips of a set, without gaps: what features are taken of.</summary>
internal sealed class ClipTracks
{
    private readonly PreprocessingOptions _options;
    private readonly Aligner _aligner;

    /// <exception cref="ArgumentException">Distances are asked for, and a clip has several frames.</exception>
    public ClipTracks(LandmarkSet set, PreprocessingOptions options)
    {
        // A picture has a place, and nothing else to be told of it.
        Still = set.Clips.All(c => c.Frames == 1);
        if (!Still && FeatureList.Parse(options.Features).TakesDistances)
            throw new ArgumentException($"--features {options.Features}: distances are taken of single pictures, and {PlainText.Show(set.Clips.First(c => c.Frames != 1).Name)} is a clip of several frames; leave --features out, or give pictures.");
        Dimensions = options.Use3D && set.Clips.Count > 0 ? set.Clips.Min(c => c.Dimensions) : 2;
        _options = options;
        _aligner = new Aligner(set.Topology, Still && options.Alignment == Alignment.FirstFrame ? Alignment.PerFrame : options.Alignment);
    }

    /// <summary>Whether all clips are pictures.</summary>
    public bool Still { get; }

    /// <summary>Coordinates a point.</summary>
    public int Dimensions { get; }

    /// <summary>Frames that clips are resampled to.</summary>
    public int Frames => Still ? 1 : _options.Frames;

    /// <summary>The features taken; distances are made of them by the network.</summary>
    public FeatureList Features => FeatureList.Parse(Still ? "positions" : _options.Features);

    /// <summary>[frame, point, coordinate], or null with the reason why the clip cannot be used.</summary>
    public double[]? Of(LandmarkClip clip, out string? reason)
    {
        double[]? track = Gaps.Fill(clip.Loaded(), Dimensions, _options.MinConfidence, _options.MinSure, out reason);
        if (track is null || _aligner.Align(track, Dimensions)) return track;
        reason = _options.Alignment == Alignment.Rigid ? "the points that its faces are aligned by coincide" : "the eyes of its first frame coincide or are missing";
        return null;
    }
}
