
namespace EmotionXai.Engine.Backends;

/// <summary>What float32 backends check of an axis whose elements they number: whole numbers are exact up to 2^24.</summary>
internal static class ExactIndex
{
    private const int Most = 1 << 24;

    /// <exception cref="ArgumentException">The axis is empty, or too long to be numbered.</exception>
    public static void Check(AxisSplit split) => Throw.UnlessInRange(nameof(IBackend.Max), nameof(split.Extent), split.Extent, 1, Most, $"1 to {Most}: float32 numbers no more elements exactly; take the maximum of parts first");
}
