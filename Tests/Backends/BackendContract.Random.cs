using EmotionXai.Engine.Backends;
using EmotionXai.Engine.Numerics;
using Xunit;

namespace EmotionXai.Tests.Backends;

public abstract partial class BackendContract
{
    private static readonly ulong[] Offsets = [0, 1, 2, 3, 4, 5, 7, 101, (4UL << 32) - 5, (1UL << 40) + 3];

    private static readonly RandomKey[] Keys = [new(0, 0), new(1, 0), new(0, 1), new(0x123456789abcdef0, 0xfedcba9876543210)];

    [Theory]
    [InlineData(Distribution.Uniform)]
    [InlineData(Distribution.Normal)]
    public void Random_numbers_are_those_of_the_reference(Distribution distribution)
    {
        // Uniform numbers are exact. Normal: r <= 5.8 errs by a few u of itself, and the angle, up to 2 pi, by a few u of a circle.
        double bound = distribution == Distribution.Uniform ? 0 : 128 * U;
        foreach (RandomKey key in Keys)
            foreach (ulong offset in Offsets)
                foreach (int n in new[] { 0, 1, 2, 3, 4, 5, 8, 15, 31, 64, 67, 513 })
                {
                    Slice want = Output(_reference, n);
                    Slice got = Output(n);
                    _reference.Random(distribution, key, offset, want);
                    Backend.Random(distribution, key, offset, got);
                    AllClose(Get(_reference, want), Get(got), bound, $"{distribution} {key} from {offset}, {n} of them");
                    if (distribution == Distribution.Uniform) Assert.Equal(Get(_reference, want), Get(got));
                    Release();
                }
    }

    [Theory]
    [InlineData(Distribution.Uniform)]
    [InlineData(Distribution.Normal)]
    public void Random_numbers_depend_on_their_index_alone(Distribution distribution)
    {
        RandomKey key = new(77, 3);
        Slice whole = Output(20_011);
        Backend.Random(distribution, key, 10, whole);
        double[] values = Get(whole);
        foreach ((int from, int n) in new[] { (0, 1), (1, 70), (3, 33), (5, 4), (97, 2001), (20_010, 1), (4099, 15_000) })
        {
            Slice part = Output(n);
            Backend.Random(distribution, key, 10 + (ulong)from, part);
            Assert.Equal(values[from..(from + n)], Get(part));
        }
    }

    [Fact]
    public void Random_numbers_have_their_moments()
    {
        // Standard error of the mean of n: sigma / sqrt(n); of the variance of normals: sqrt(2 / n). Five of them are allowed.
        const int n = 100_000;
        Slice target = Output(n);
        Backend.Random(Distribution.Uniform, new RandomKey(5, 6), 0, target);
        double[] uniform = Get(target);
        Assert.All(uniform, value => Assert.InRange(value, 0, 1 - (1.0 / (1 << 24))));
        Assert.Equal(0.5, uniform.Average(), 5 / Math.Sqrt(12.0 * n));
        Backend.Random(Distribution.Normal, new RandomKey(5, 7), 0, target);
        double[] normal = Get(target);
        Assert.Equal(0, normal.Average(), 5 / Math.Sqrt(n));
        Assert.Equal(1, normal.Average(value => value * value), 5 * Math.Sqrt(2.0 / n));
    }
}
