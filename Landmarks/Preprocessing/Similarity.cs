namespace EmotionXai.Landmarks.Preprocessing;

/// <summary>Moves, turns and scales one frame onto another.</summary>
internal static class Similarity
{
    /// <summary>
    /// The similarity (shift, turn, scale) in x and y that brings some points of a frame nearest to those of another, applied to all
    /// its points. In closed form: with both centred and points as complex numbers, a = sum conj(p) q / sum |p|^2 (Procrustes in
    /// the plane). Depth only shifts. Where the points coincide nothing is turned or scaled.
    /// </summary>
    /// <param name="frame">[point, coordinate], changed in place.</param>
    /// <param name="onto">[point, coordinate].</param>
    /// <param name="dimensions">2 or 3.</param>
    /// <param name="points">The points that are fitted.</param>
    public static void Fit(Span<double> frame, ReadOnlySpan<double> onto, int dimensions, IReadOnlyList<int> points)
    {
        Span<double> from = stackalloc double[3], to = stackalloc double[3];
        foreach (int point in points)
        {
            for (int d = 0; d < dimensions; d++)
            {
                from[d] += frame[(point * dimensions) + d] / points.Count;
                to[d] += onto[(point * dimensions) + d] / points.Count;
            }
        }

        double real = 0, imaginary = 0, size = 0;
        foreach (int point in points)
        {
            int i = point * dimensions;
            double px = frame[i] - from[0], py = frame[i + 1] - from[1], qx = onto[i] - to[0], qy = onto[i + 1] - to[1];
            real += (px * qx) + (py * qy);
            imaginary += (px * qy) - (py * qx);
            size += (px * px) + (py * py);
        }

        (real, imaginary) = size > 0 ? (real / size, imaginary / size) : (1, 0);
        for (int i = 0; i < frame.Length; i += dimensions)
        {
            double px = frame[i] - from[0], py = frame[i + 1] - from[1];
            frame[i] = to[0] + (real * px) - (imaginary * py);
            frame[i + 1] = to[1] + (real * py) + (imaginary * px);
            if (dimensions == 3) frame[i + 2] += to[2] - from[2];
        }
    }
}
