using EmotionXai.Landmarks.Datasets;
using EmotionXai.Landmarks.Sequences;
using EmotionXai.Landmarks.Topologies;

namespace EmotionXai.Landmarks.Models;

/// <summary>The last seconds of a face, as a clip that classifiers take.</summary>
internal sealed class SlidingWindow(LandmarkTopology topology, double length)
{
    private readonly Queue<(float[]? Points, float Confidence, double Seconds)> _frames = [];
    private readonly int _dimensions = topology.Count == 68 ? 2 : 3;

    /// <summary>What the points are.</summary>
    public LandmarkTopology Topology => topology;

    /// <summary>Whether the last frame shows the face.</summary>
    public bool IsSeen { get; private set; }

    /// <summary>Forgets all frames: another face comes.</summary>
    public void Clear()
    {
        _frames.Clear();
        IsSeen = false;
    }

    /// <summary>Adds a frame and drops what is too old.</summary>
    /// <param name="points">[point, coordinate]; null where the face was not seen.</param>
    /// <param name="score">The mesh's logit.</param>
    /// <param name="seconds">When.</param>
    public void Add(float[]? points, float score, double seconds)
    {
        IsSeen = points is not null;
        _frames.Enqueue((points, IsSeen ? 1 / (1 + MathF.Exp(-score)) : 0, seconds));
        while (_frames.Peek().Seconds < seconds - length) _frames.Dequeue();
    }

    /// <summary>All frames of the window; null while there are fewer than two.</summary>
    public LandmarkSet? Clip() => _frames.Count < 2 ? null : Of([.. _frames]);

    /// <summary>The last frame by itself.</summary>
    public LandmarkSet Frame() => Of([_frames.Last()]);

    private LandmarkSet Of((float[]? Points, float Confidence, double Seconds)[] frames)
    {
        int width = topology.Count * _dimensions;
        float[] coordinates = new float[frames.Length * width];
        for (int t = 0; t < frames.Length; t++)
        {
            Span<float> target = coordinates.AsSpan(t * width, width);
            if (frames[t].Points is float[] points) points.CopyTo(target);
            else target.Fill(float.NaN);
        }

        LandmarkClip clip = new("window", "window", DatasetOptions.Unlabelled, topology.Count, _dimensions, coordinates, [.. frames.Select(f => f.Confidence)]);
        return new LandmarkSet("window", topology, [clip]);
    }
}
