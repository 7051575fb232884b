namespace EmotionXai.Engine.Backends;

/// <summary>
/// The extents of C[m, n] = op(A) op(B): op(A) is m x k and op(B) is k x n. A is stored [m, k], or [k, m] when
/// <paramref name="TransposeA"/>; B is stored [k, n], or [n, k] when <paramref name="TransposeB"/>. All contiguous.
/// A bias has n elements. With k = 0 the product is 0 (plus bias, plus C when accumulating).
/// </summary>
public readonly record struct MatrixProduct(int M, int N, int K, bool TransposeA, bool TransposeB, bool Accumulate)
{
    /// <summary>Multiply-adds.</summary>
    public long MultiplyAdds => (long)M * N * K;
}
