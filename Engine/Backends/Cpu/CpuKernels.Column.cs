using System.Runtime.CompilerServices;

namespace EmotionXai.Engine.Backends.Cpu;

/// <summary>
/// A times one column, as every read-out is. In a tile two vectors wide all columns but one would be padding; here eight rows side by side are
/// eight chains of single numbers, bound by their loads: two a cycle.
/// </summary>
internal sealed unsafe partial class CpuKernels<V>
{
    private static bool IsColumn(in MatrixProduct product, in Patch patch) => product is { N: 1, TransposeA: false, Accumulate: false } && patch.Rows >= TileRows;

    private static void MultiplyColumn(int rows, int k, float* a, float* b, float start, float* c)
    {
        // The last rows are taken together with some before them: what is written twice is the same twice.
        for (int i = 0; i < rows; i += TileRows)
        {
            int first = Math.Min(i, rows - TileRows);
            Column8(k, a + ((nint)first * k), b, start, c + first);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Column8(int k, float* a0, float* b, float start, float* c)
    {
        float x0 = start, x1 = start, x2 = start, x3 = start, x4 = start, x5 = start, x6 = start, x7 = start;
        float* a1 = a0 + k, a2 = a1 + k, a3 = a2 + k, a4 = a3 + k, a5 = a4 + k, a6 = a5 + k, a7 = a6 + k;
        for (nint i = 0; i < k; i++)
        {
            float value = b[i];
            x0 = MathF.FusedMultiplyAdd(a0[i], value, x0);
            x1 = MathF.FusedMultiplyAdd(a1[i], value, x1);
            x2 = MathF.FusedMultiplyAdd(a2[i], value, x2);
            x3 = MathF.FusedMultiplyAdd(a3[i], value, x3);
            x4 = MathF.FusedMultiplyAdd(a4[i], value, x4);
            x5 = MathF.FusedMultiplyAdd(a5[i], value, x5);
            x6 = MathF.FusedMultiplyAdd(a6[i], value, x6);
            x7 = MathF.FusedMultiplyAdd(a7[i], value, x7);
        }

        (c[0], c[1], c[2], c[3], c[4], c[5], c[6], c[7]) = (x0, x1, x2, x3, x4, x5, x6, x7);
    }
}
