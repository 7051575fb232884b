using EmotionXai.Engine.Autodiff;
using EmotionXai.Engine.Layers;
using EmotionXai.Engine.Tensors;

namespace EmotionXai.Explain;

/// <summary>
/// Whether a classifier's stem is affine, as path integration behind it needs: z at a point between two ends is the same mean
/// of z there. The engine's own layers keep it by construction; a layer from elsewhere may be mistaken, so it is tried.
/// </summary>
internal static class StemCheck
{
    // A sum of k products in float32 errs by some sqrt(k) 6e-8 of its terms: 1e-4 covers a thousandfold cancellation. Who fails by
    // rounding alone takes the plain path: slower, not wrong.
    private const double Tolerance = 1e-4;

    private static readonly double[] s_places = [0.5, 0.25];

    /// <summary>Tries the path from a baseline to a clip.</summary>
    public static bool IsAffine(Classifier classifier, ReadOnlySpan<float> clip, ReadOnlySpan<float> baseline)
    {
        int length = clip.Length, rows = 2 + s_places.Length;
        double[] points = new double[rows * length];
        for (int i = 0; i < length; i++)
        {
            (points[i], points[length + i]) = (baseline[i], clip[i]);
            for (int p = 0; p < s_places.Length; p++) points[((2 + p) * length) + i] = baseline[i] + (s_places[p] * ((double)clip[i] - baseline[i]));
        }

        using Tape tape = new(classifier.Backend);
        Tensor stem = classifier.Stem(tape, tape.Input(new Shape(rows, classifier.Time, classifier.Features), points));
        double[] z = stem.ToDoubleArray();
        int width = z.Length / rows;
        for (int p = 0; p < s_places.Length; p++)
        {
            double off = 0, size = 0;
            for (int i = 0; i < width; i++)
            {
                double start = z[i], end = z[width + i], mean = start + (s_places[p] * (end - start)), error = z[((2 + p) * width) + i] - mean;
                off += error * error;
                size += (start * start) + (end * end);
            }

            // NaN in a clip is for the integral to report.
            if (Math.Sqrt(off) > Tolerance * Math.Sqrt(size)) return false;
        }

        return true;
    }
}
