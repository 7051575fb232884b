using EmotionXai.Landmarks.Topologies;

namespace EmotionXai.Landmarks.Reduction.Selection;

/// <summary>
/// Neighbouring landmarks that share relevance: k-means on the neutral face in x and y, from centres that lie farthest apart. Knows no
/// clip and no label.
/// </summary>
internal static class Patches
{
    private const int Iterations = 50;

    /// <summary>[patch]: the landmarks in it, ascending; none empty.</summary>
    public static IReadOnlyList<int[]> Of(LandmarkTopology topology, int count)
    {
        int points = topology.Count;
        if (count >= points) return [.. Enumerable.Range(0, points).Select(i => new[] { i })];
        (double X, double Y)[] centres = new (double, double)[count];
        double[] nearest = [.. Enumerable.Repeat(double.PositiveInfinity, points)];

        // Starts at the point nearest to the middle; then always the one farthest from all centres so far.
        int next = Enumerable.Range(0, points).MinBy(i => Square(topology.Neutral[i], (0, topology.Neutral.Average(p => (double)p.Y))));
        for (int k = 0; k < count; k++)
        {
            centres[k] = (topology.Neutral[next].X, topology.Neutral[next].Y);
            for (int i = 0; i < points; i++) nearest[i] = Math.Min(nearest[i], Square(topology.Neutral[i], centres[k]));
            next = Enumerable.Range(0, points).MaxBy(i => nearest[i]);
        }

        int[] of = new int[points];
        for (int iteration = 0; iteration < Iterations; iteration++)
        {
            int[] before = [.. of];
            for (int i = 0; i < points; i++) of[i] = Enumerable.Range(0, count).MinBy(k => Square(topology.Neutral[i], centres[k]));
            for (int k = 0; k < count; k++)
            {
                int[] own = [.. Enumerable.Range(0, points).Where(i => of[i] == k)];
                if (own.Length > 0) centres[k] = (own.Average(i => (double)topology.Neutral[i].X), own.Average(i => (double)topology.Neutral[i].Y));
            }

            if (before.SequenceEqual(of)) break;
        }

        return [.. Enumerable.Range(0, points).GroupBy(i => of[i]).OrderBy(g => g.Key).Select(g => g.ToArray())];
    }

    private static double Square(Point3 p, (double X, double Y) q) => ((p.X - q.X) * (p.X - q.X)) + ((p.Y - q.Y) * (p.Y - q.Y));
}
