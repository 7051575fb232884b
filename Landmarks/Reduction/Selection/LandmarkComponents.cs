using System.Numerics.Tensors;
using EmotionXai.Engine.Algebra;
using EmotionXai.Landmarks.Spilling;

namespace EmotionXai.Landmarks.Reduction.Selection;

/// <summary>
/// The features of every landmark, told by a few numbers: its principal components over the training clips, not scaled, so that a
/// penalty leaves directions that hardly vary alone. Neighbouring frames say nearly the same; a dozen components keep what a
/// hundred features say, and everything that selection does becomes ten times cheaper.
/// </summary>
internal sealed class LandmarkComponents
{
    private const int Iterations = 8;

    /// <summary>Fits to clips and tells them by their components.</summary>
    /// <param name="of">[clip, row, landmark, channel] of some landmarks, scaled.</param>
    /// <param name="clips">Clips.</param>
    /// <param name="landmarks">Landmarks.</param>
    /// <param name="rows">Rows of a clip.</param>
    /// <param name="channels">Channels a landmark has in a row.</param>
    /// <param name="most">Components kept of a landmark.</param>
    /// <param name="leading">The fewest that <see cref="Leading"/> is asked for; landmarks with no more features than that keep them as they are.</param>
    public LandmarkComponents(Func<int[], float[]> of, int clips, int landmarks, int rows, int channels, int most, int? leading = null)
    {
        int features = rows * channels, together = (int)Math.Clamp(DataBudget.Part / sizeof(float) / Math.Max(1, (long)clips * features), 1, landmarks);
        (Clips, Landmarks, Width) = (clips, landmarks, Math.Min(most, features));
        Values = new float[clips * landmarks * Width];
        double[] own = new double[features * clips];
        foreach (int[] some in Enumerable.Range(0, landmarks).Chunk(together))
        {
            ReadOnlySpan<float> values = of(some);
            for (int i = 0; i < some.Length; i++)
            {
                for (int clip = 0; clip < clips; clip++)
                {
                    for (int row = 0, at = clip; row < rows; row++)
                    {
                        ReadOnlySpan<float> from = values.Slice(((((clip * rows) + row) * some.Length) + i) * channels, channels);
                        for (int c = 0; c < channels; c++, at += clips) own[at] = from[c];
                    }
                }

                double[] scores = features <= (leading ?? most) ? Centred(own, clips, features) : Scores(Centred(own, clips, features), clips, features, Width);
                for (int clip = 0; clip < clips; clip++)
                    for (int k = 0; k < Width; k++) Values[(((clip * landmarks) + some[i]) * Width) + k] = (float)scores[(k * clips) + clip];
            }
        }
    }

    private LandmarkComponents(LandmarkComponents all, int[] landmarks)
    {
        (Clips, Landmarks, Width) = (all.Clips, landmarks.Length, all.Width);
        Values = new float[Clips * Landmarks * Width];
        for (int clip = 0; clip < Clips; clip++)
            for (int i = 0; i < landmarks.Length; i++) all.Of(clip, landmarks[i]).CopyTo(Values.AsSpan(((clip * Landmarks) + i) * Width));
    }

    private LandmarkComponents(float[] values, int clips, int landmarks) => (Values, Clips, Landmarks, Width) = (values, clips, landmarks, values.Length / (clips * landmarks));

    /// <summary>Clips.</summary>
    public int Clips { get; }

    /// <summary>Landmarks.</summary>
    public int Landmarks { get; }

    /// <summary>Components a landmark.</summary>
    public int Width { get; }

    /// <summary>[clip, landmark, component], centred over the clips.</summary>
    public float[] Values { get; }

    /// <summary>[component] of a landmark in a clip.</summary>
    public ReadOnlySpan<float> Of(int clip, int landmark) => Values.AsSpan(((clip * Landmarks) + landmark) * Width, Width);

    /// <summary>The same clips told by one other number a landmark, [clip, landmark], centred here.</summary>
    public LandmarkComponents Told(IReadOnlyList<double> numbers)
    {
        double[] means = new double[Landmarks];
        for (int i = 0; i < numbers.Count; i++) means[i % Landmarks] += numbers[i] / Clips;
        return new LandmarkComponents([.. numbers.Select((n, i) => (float)(n - means[i % Landmarks]))], Clips, Landmarks);
    }

    /// <summary>The same with at most so many components a landmark: those that would have been found if no more had been asked for.</summary>
    public LandmarkComponents Leading(int components)
    {
        if (components >= Width) return this;
        float[] leading = new float[Clips * Landmarks * components];
        for (int i = 0; i < Clips * Landmarks; i++) Values.AsSpan(i * Width, components).CopyTo(leading.AsSpan(i * components));
        return new LandmarkComponents(leading, Clips, Landmarks);
    }

    /// <summary>The same of some landmarks, in the order given.</summary>
    public LandmarkComponents Of(int[] landmarks) => new(this, landmarks);

    // [feature, clip], in place.
    private static double[] Centred(double[] values, int clips, int features)
    {
        for (int f = 0; f < features; f++)
        {
            Span<double> row = values.AsSpan(f * clips, clips);
            TensorPrimitives.Subtract(row, TensorPrimitives.Sum<double>(row) / clips, row);
        }

        return values;
    }

    // The covariance's leading space by orthogonal iteration from its own columns (Golub and Van Loan, Matrix Computations, 8.2.4):
    // which basis of it is found does not matter, since whoever reads the scores is not changed by a rotation.
    // [component, clip], from [feature, clip], centred. The first components are those of a smaller width, to the bit.
    private static double[] Scores(double[] values, int clips, int features, int width)
    {
        Span<double> Of(int feature) => values.AsSpan(feature * clips, clips);
        double[] covariance = new double[features * features];
        Block rows = new(values, 0, clips);
        RowProducts.Add(1, rows, rows, new Block(covariance, 0, features), features, features, clips, lowerOnly: true);
        for (int f = 0; f < features; f++)
            for (int g = 0; g < f; g++) covariance[(g * features) + f] = covariance[(f * features) + g];

        // [component, feature]: starts at the features that vary most.
        int[] start = [.. Enumerable.Range(0, features).OrderByDescending(f => covariance[(f * features) + f]).Take(width)];
        double[] basis = [.. start.SelectMany(f => covariance[(f * features)..((f + 1) * features)])], next = new double[basis.Length];
        Orthonormalise(basis, width, features);
        for (int iteration = 0; iteration < Iterations; iteration++)
        {
            for (int k = 0; k < width; k++)
                for (int f = 0; f < features; f++) next[(k * features) + f] = TensorPrimitives.Dot<double>(covariance.AsSpan(f * features, features), basis.AsSpan(k * features, features));
            (basis, next) = (next, basis);
            Orthonormalise(basis, width, features);
        }

        double[] scores = new double[width * clips];
        for (int k = 0; k < width; k++)
        {
            Span<double> score = scores.AsSpan(k * clips, clips);
            for (int f = 0; f < features; f++) TensorPrimitives.MultiplyAdd(Of(f), basis[(k * features) + f], score, score);
        }

        return scores;
    }

    // Gram and Schmidt, twice; a direction that is used up becomes zero.
    private static void Orthonormalise(double[] basis, int width, int features)
    {
        for (int k = 0; k < width; k++)
        {
            Span<double> row = basis.AsSpan(k * features, features);
            double before = TensorPrimitives.Norm<double>(row);
            for (int pass = 0; pass < 2; pass++)
            {
                for (int j = 0; j < k; j++)
                {
                    ReadOnlySpan<double> other = basis.AsSpan(j * features, features);
                    TensorPrimitives.MultiplyAdd(other, -TensorPrimitives.Dot(other, row), row, row);
                }
            }

            double norm = TensorPrimitives.Norm<double>(row);
            if (norm > 1e-10 * before) TensorPrimitives.Divide(row, norm, row);
            else row.Clear();
        }
    }
}
