
namespace EmotionXai.Engine.Backends.Reference;

public sealed partial class ReferenceBackend
{
    /// <inheritdoc/>
    public void Multiply(in MatrixProduct product, Slice a, Slice b, Slice? bias, Slice c)
    {
        (int m, int n, int k, bool transposeA, bool transposeB, bool accumulate) = product;
        CheckCount(nameof(Multiply), nameof(m), m);
        CheckCount(nameof(Multiply), nameof(n), n);
        CheckCount(nameof(Multiply), nameof(k), k);
        ReadOnlySpan<double> aa = Open(nameof(Multiply), nameof(a), a, (long)m * k);
        ReadOnlySpan<double> bb = Open(nameof(Multiply), nameof(b), b, (long)k * n);
        ReadOnlySpan<double> row = bias is { } given ? Open(nameof(Multiply), nameof(bias), given, n) : [];
        Span<double> cc = Open(nameof(Multiply), nameof(c), c, (long)m * n);
        Overlap.Multiply(a, b, bias, c);
        for (int i = 0; i < m; i++)
            for (int j = 0; j < n; j++)
            {
                double sum = 0;
                for (int l = 0; l < k; l++)
                    sum += aa[transposeA ? (l * m) + i : (i * k) + l] * bb[transposeB ? (j * k) + l : (l * n) + j];
                if (bias is not null) sum += row[j];
                if (accumulate) sum += cc[(i * n) + j];
                cc[(i * n) + j] = sum;
            }
    }
}
