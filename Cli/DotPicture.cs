using EmotionXai.Landmarks.Sequences;

namespace EmotionXai.Cli;

/// <summary>Pictures of dots in a terminal: a character of Braille shows two columns of four.</summary>
internal sealed class DotPicture(int columns, int rows)
{
    private const char Empty = '\u2800';
    private const int Wide = 2, High = 4;

    // Bits of the dots of a character: [row, column]. Source: Unicode, block "Braille Patterns".
    private static readonly int[,] s_bits = { { 0x01, 0x08 }, { 0x02, 0x10 }, { 0x04, 0x20 }, { 0x40, 0x80 } };

    private readonly int[,] _cells = new int[rows, columns];

    /// <summary>The mean of the clips' first frames, each scaled to the same box.</summary>
    public static IEnumerable<string> MeanFace(LandmarkSet set, int columns, int rows)
    {
        int points = set.Topology.Count;
        double[] x = new double[points], y = new double[points];
        int[] seen = new int[points];
        foreach (LandmarkClip clip in set.Clips.Select(c => c.Loaded()))
        {
            (double left, double right, double top, double bottom) = (double.PositiveInfinity, double.NegativeInfinity, double.PositiveInfinity, double.NegativeInfinity);
            for (int p = 0; p < points; p++)
            {
                ReadOnlySpan<float> at = clip.Point(0, p);
                if (!float.IsFinite(at[0]) || !float.IsFinite(at[1])) continue;
                (left, right, top, bottom) = (Math.Min(left, at[0]), Math.Max(right, at[0]), Math.Min(top, at[1]), Math.Max(bottom, at[1]));
            }

            double size = Math.Max(right - left, bottom - top);
            if (!(size > 0) || !double.IsFinite(size)) continue;
            for (int p = 0; p < points; p++)
            {
                ReadOnlySpan<float> at = clip.Point(0, p);
                if (!float.IsFinite(at[0]) || !float.IsFinite(at[1])) continue;
                x[p] += 0.5 + ((at[0] - ((left + right) / 2)) / size);
                y[p] += 0.5 + ((at[1] - ((top + bottom) / 2)) / size);
                seen[p]++;
            }
        }

        DotPicture picture = new(columns, rows);
        foreach ((int a, int b) in set.Topology.Edges)
            if (seen[a] > 0 && seen[b] > 0) picture.Line(x[a] / seen[a], y[a] / seen[a], x[b] / seen[b], y[b] / seen[b]);
        return picture.Lines();
    }

    // From and to are parts of the picture's height, so that a circle stays one.
    private void Line(double fromX, double fromY, double toX, double toY)
    {
        int scale = (rows * High) - 1, shift = ((columns * Wide) - 1 - scale) / 2;
        int steps = 1 + (int)(scale * Math.Max(Math.Abs(toX - fromX), Math.Abs(toY - fromY)));
        for (int i = 0; i <= steps; i++)
        {
            double part = (double)i / steps;
            int x = shift + (int)Math.Round(scale * (fromX + (part * (toX - fromX)))), y = (int)Math.Round(scale * (fromY + (part * (toY - fromY))));
            if (x >= 0 && x < columns * Wide && y >= 0 && y < rows * High) _cells[y / High, x / Wide] |= s_bits[y % High, x % Wide];
        }
    }

    private IEnumerable<string> Lines()
    {
        for (int r = 0; r < rows; r++) yield return string.Concat(Enumerable.Range(0, columns).Select(c => (char)(Empty + _cells[r, c]))).TrimEnd(Empty);
    }
}
