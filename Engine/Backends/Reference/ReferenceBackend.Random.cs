using EmotionXai.Engine.Numerics;

namespace EmotionXai.Engine.Backends.Reference;

public sealed partial class ReferenceBackend
{
    /// <summary>2^-24: the step between uniform numbers, made of the upper 24 bits of a word.</summary>
    private const double Step = 1.0 / (1 << 24);

    /// <inheritdoc/>
    public void Random(Distribution distribution, RandomKey key, ulong offset, Slice target)
    {
        Span<double> elements = Open(nameof(Random), nameof(target), target);
        for (int i = 0; i < elements.Length; i++)
        {
            ulong index = offset + (ulong)i;
            elements[i] = distribution == Distribution.Uniform
                ? (ReferencePhilox.Word(key, index) >> 8) * Step
                : Normal(key, index);
        }
    }

    /// <summary>
    /// Box and Muller (1958) on the pair of words that holds <paramref name="index"/>: with u1 in (0, 1] and u2 in [0, 1),
    /// r = sqrt(-2 ln u1), the even number is r cos(2 pi u2), the odd one r sin(2 pi u2).
    /// </summary>
    private static double Normal(RandomKey key, ulong index)
    {
        ulong even = index & ~1UL;
        double u1 = ((ReferencePhilox.Word(key, even) >> 8) + 1) * Step;
        double u2 = (ReferencePhilox.Word(key, even + 1) >> 8) * Step;
        double radius = Math.Sqrt(-2 * Math.Log(u1));
        double angle = 2 * Math.PI * u2;
        return radius * (index == even ? Math.Cos(angle) : Math.Sin(angle));
    }
}
