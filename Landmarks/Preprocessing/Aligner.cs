using EmotionXai.Landmarks.Topologies;

namespace EmotionXai.Landmarks.Preprocessing;

/// <summary>Moves, scales and turns the faces of a clip in place. Depth is scaled with the face and centred on the eyes, or fitted too where the anchors align it.</summary>
internal sealed class Aligner(LandmarkTopology topology, Alignment alignment)
{
    /// <summary>Aligns [time, point, coordinate]; false where the eyes, or the anchors, give no scale.</summary>
    public bool Align(double[] track, int dimensions)
    {
        if (alignment == Alignment.None) return true;
        if (alignment == Alignment.Rigid) return OntoNeutral(track, dimensions);
        int width = topology.Count * dimensions, frames = track.Length / width;
        Pose first = PoseOf(track.AsSpan(0, width), dimensions);
        if (!first.Usable) return false;
        for (int t = 0; t < frames; t++)
        {
            Span<double> frame = track.AsSpan(t * width, width);
            Pose pose = alignment == Alignment.PerFrame ? PoseOf(frame, dimensions) : first;
            if (!pose.Usable) return false;
            Apply(frame, dimensions, pose, upright: alignment == Alignment.PerFrame);
        }

        if (alignment != Alignment.Procrustes) return true;
        int[] all = [.. Enumerable.Range(0, topology.Count)];
        for (int t = 1; t < frames; t++) Similarity.Fit(track.AsSpan(t * width, width), track.AsSpan(0, width), dimensions, all);
        return true;
    }

    private bool OntoNeutral(double[] track, int dimensions)
    {
        int width = topology.Count * dimensions;
        double[] neutral = NeutralOf(topology, [.. Enumerable.Range(0, topology.Count)], dimensions);
        for (int at = 0; at < track.Length; at += width)
        {
            Span<double> frame = track.AsSpan(at, width);
            if (!AreApart(frame, dimensions)) return false;
            if (dimensions == 3) Similarity.FitInSpace(frame, neutral, topology.Anchors);
            else Similarity.Fit(frame, neutral, dimensions, topology.Anchors);
        }

        return true;
    }

    /// <summary>[point, coordinate]: some points of the neutral face.</summary>
    public static double[] NeutralOf(LandmarkTopology topology, IReadOnlyList<int> points, int dimensions)
    {
        double[] neutral = new double[points.Count * dimensions];
        for (int i = 0; i < points.Count; i++)
        {
            Point3 point = topology.Neutral[points[i]];
            neutral[i * dimensions] = point.X;
            neutral[(i * dimensions) + 1] = point.Y;
            if (dimensions == 3) neutral[(i * dimensions) + 2] = point.Z;
        }

        return neutral;
    }

    // Whether the anchors are finite and do not all coincide.
    private bool AreApart(ReadOnlySpan<double> frame, int dimensions)
    {
        double size = 0;
        int first = topology.Anchors[0] * dimensions;
        foreach (int anchor in topology.Anchors)
            for (int d = 0; d < dimensions; d++) size += Math.Abs(frame[(anchor * dimensions) + d] - frame[first + d]);
        return size > 1e-9 && double.IsFinite(size);
    }

    private static void Apply(Span<double> frame, int dimensions, Pose pose, bool upright)
    {
        (double cos, double sin) = upright ? (pose.Cos, pose.Sin) : (1, 0);
        for (int i = 0; i < frame.Length; i += dimensions)
        {
            double x = (frame[i] - pose.X) / pose.Scale, y = (frame[i + 1] - pose.Y) / pose.Scale;
            frame[i] = (cos * x) + (sin * y);
            frame[i + 1] = (cos * y) - (sin * x);
            if (dimensions == 3) frame[i + 2] = (frame[i + 2] - pose.Z) / pose.Scale;
        }
    }

    private Pose PoseOf(ReadOnlySpan<double> frame, int dimensions)
    {
        (double lx, double ly, double lz) = Mean(frame, dimensions, topology.LeftEye);
        (double rx, double ry, double rz) = Mean(frame, dimensions, topology.RightEye);
        double dx = lx - rx, dy = ly - ry, scale = Math.Sqrt((dx * dx) + (dy * dy));
        return new Pose((lx + rx) / 2, (ly + ry) / 2, (lz + rz) / 2, scale, dx / scale, dy / scale);
    }

    private static (double X, double Y, double Z) Mean(ReadOnlySpan<double> frame, int dimensions, IReadOnlyList<int> points)
    {
        double x = 0, y = 0, z = 0;
        foreach (int point in points)
        {
            x += frame[point * dimensions];
            y += frame[(point * dimensions) + 1];
            if (dimensions == 3) z += frame[(point * dimensions) + 2];
        }

        return (x / points.Count, y / points.Count, z / points.Count);
    }

    private readonly record struct Pose(double X, double Y, double Z, double Scale, double Cos, double Sin)
    {
        public bool Usable => Scale > 1e-9 && double.IsFinite(Scale);
    }
}
