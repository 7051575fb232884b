namespace EmotionXai.Landmarks.Preprocessing;

/// <summary>Moves, turns and scales one frame onto another, in the plane or in space.</summary>
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

    /// <summary>
    /// The same in space: q = to + s (p - from) T with the turn T of <see cref="Turn"/> and s = sum of (p T) q over sum |p|^2. The points
    /// must not coincide.
    /// </summary>
    /// <param name="frame">[point, (x, y, z)], changed in place.</param>
    /// <param name="onto">[point, (x, y, z)].</param>
    /// <param name="points">The points that are fitted.</param>
    public static void FitInSpace(Span<double> frame, ReadOnlySpan<double> onto, IReadOnlyList<int> points)
    {
        Span<double> from = stackalloc double[3], to = stackalloc double[3], products = stackalloc double[9];
        foreach (int point in points)
        {
            for (int d = 0; d < 3; d++)
            {
                from[d] += frame[(point * 3) + d] / points.Count;
                to[d] += onto[(point * 3) + d] / points.Count;
            }
        }

        double size = 0;
        foreach (int point in points)
        {
            for (int a = 0; a < 3; a++)
            {
                double p = frame[(point * 3) + a] - from[a];
                size += p * p;
                for (int b = 0; b < 3; b++) products[(a * 3) + b] += p * (onto[(point * 3) + b] - to[b]);
            }
        }

        double[] turn = Turn.Of(products);
        double scale = 0;
        for (int i = 0; i < 9; i++) scale += turn[i] * products[i] / size;
        for (int i = 0; i < frame.Length; i += 3)
        {
            double x = frame[i] - from[0], y = frame[i + 1] - from[1], z = frame[i + 2] - from[2];
            for (int d = 0; d < 3; d++) frame[i + d] = to[d] + (scale * ((x * turn[d]) + (y * turn[3 + d]) + (z * turn[6 + d])));
        }
    }
}
