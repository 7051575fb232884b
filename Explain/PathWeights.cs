using System.Numerics;
using System.Runtime.CompilerServices;

namespace EmotionXai.Explain;

/// <summary>The last step of a path method: what the gradients along the path are multiplied with.</summary>
internal static class PathWeights
{
    /// <summary>
    /// attribution *= clip - baseline, in float64: there the difference of two float32 numbers of like size is
    /// exact, and its rounding would go straight into the attributions and put a floor under the completeness gap.
    /// </summary>
    /// <param name="clip">The sample.</param>
    /// <param name="baseline">Where its path starts.</param>
    /// <param name="attribution">The gradient, and then the attribution.</param>
    /// <returns>The sum of the attributions and that of their sizes.</returns>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static (double Sum, double Size) Apply(ReadOnlySpan<float> clip, ReadOnlySpan<float> baseline, Span<double> attribution)
    {
        Vector<double> sum = Vector<double>.Zero, size = Vector<double>.Zero;
        int i = 0;
        for (; i <= clip.Length - Vector<float>.Count; i += Vector<float>.Count)
        {
            Vector.Widen(new Vector<float>(clip[i..]), out Vector<double> x0, out Vector<double> x1);
            Vector.Widen(new Vector<float>(baseline[i..]), out Vector<double> b0, out Vector<double> b1);
            Span<double> first = attribution[i..], second = attribution[(i + Vector<double>.Count)..];
            Vector<double> low = new Vector<double>(first) * (x0 - b0), high = new Vector<double>(second) * (x1 - b1);
            low.CopyTo(first);
            high.CopyTo(second);
            sum += low + high;
            size += Vector.Abs(low) + Vector.Abs(high);
        }

        (double total, double magnitude) = (Vector.Sum(sum), Vector.Sum(size));
        for (; i < clip.Length; i++)
        {
            double value = attribution[i] * ((double)clip[i] - baseline[i]);
            attribution[i] = value;
            total += value;
            magnitude += Math.Abs(value);
        }

        return (total, magnitude);
    }
}
