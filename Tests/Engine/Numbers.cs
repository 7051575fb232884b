using Xunit;

namespace EmotionXai.Tests.Engine;

/// <summary>Random numbers and comparisons that tests share.</summary>
internal static class Numbers
{
    /// <summary>Uniform in [low, high), rounded to float32 so that every backend is given the same, and none nearer than 1e-3 to the points to avoid.</summary>
    public static double[] Random(int seed, int length, double low = -1, double high = 1, params ReadOnlySpan<double> avoid)
    {
        Random random = new(seed);
        double[] values = new double[length];
        for (int i = 0; i < length; i++)
        {
            bool again;
            do
            {
                values[i] = (float)(low + ((high - low) * random.NextDouble()));
                again = false;
                foreach (double point in avoid) again |= Math.Abs(values[i] - point) < 1e-3;
            }
            while (again);
        }

        return values;
    }

    public static float[] Singles(int seed, int length, double low = -1, double high = 1) =>
        [.. Random(seed, length, low, high).Select(v => (float)v)];

    public static double Norm(IEnumerable<double> values) => Math.Sqrt(values.Sum(v => v * v));

    /// <summary>The Euclidean distance of two arrays over the larger of their norms and a floor.</summary>
    public static double RelativeDistance(IReadOnlyList<double> a, IReadOnlyList<double> b, double floor = 1e-3)
    {
        Assert.Equal(a.Count, b.Count);
        double distance = Norm(a.Zip(b, (x, y) => x - y));
        return distance / Math.Max(floor, Math.Max(Norm(a), Norm(b)));
    }

    public static void Near(IReadOnlyList<double> expected, IReadOnlyList<double> actual, double bound, string what = "")
    {
        double distance = RelativeDistance(expected, actual);
        Assert.True(distance <= bound, $"{what}: relative distance {distance:g3} exceeds {bound:g3}.");
    }
}
