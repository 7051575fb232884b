using System.Runtime.CompilerServices;

namespace EmotionXai.Engine.Backends.Cpu;

/// <summary>
/// The innermost loops of the matrix product: a tile of C = S + A B, two vectors wide, where S may be C
/// itself, a bias (rows 0 apart) or zeros. Two loads of B feed two multiply-adds a
/// row; eight rows make sixteen independent chains, which hides the four cycles of a multiply-add on two ports of a machine
/// with 32 registers. Four rows make eight chains: the least that does, and what sixteen registers hold.
/// </summary>
internal sealed unsafe partial class CpuKernels<V>
{
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Tile8(int k, float* a, nint aRow, nint aStep, float* b, nint bStep, float* s, nint sRow, float* c, nint cRow)
    {
        float* c0 = c;
        float* c1 = c + cRow;
        float* c2 = c + (2 * cRow);
        float* c3 = c + (3 * cRow);
        float* c4 = c + (4 * cRow);
        float* c5 = c + (5 * cRow);
        float* c6 = c + (6 * cRow);
        float* c7 = c + (7 * cRow);
        V x0 = V.Load(s), y0 = V.Load(s + V.Count);
        s += sRow;
        V x1 = V.Load(s), y1 = V.Load(s + V.Count);
        s += sRow;
        V x2 = V.Load(s), y2 = V.Load(s + V.Count);
        s += sRow;
        V x3 = V.Load(s), y3 = V.Load(s + V.Count);
        s += sRow;
        V x4 = V.Load(s), y4 = V.Load(s + V.Count);
        s += sRow;
        V x5 = V.Load(s), y5 = V.Load(s + V.Count);
        s += sRow;
        V x6 = V.Load(s), y6 = V.Load(s + V.Count);
        s += sRow;
        V x7 = V.Load(s), y7 = V.Load(s + V.Count);
        for (int i = 0; i < k; i++)
        {
            V left = V.Load(b), right = V.Load(b + V.Count);
            V value = V.Splat(*a);
            x0 = V.MultiplyAdd(value, left, x0);
            y0 = V.MultiplyAdd(value, right, y0);
            value = V.Splat(a[aRow]);
            x1 = V.MultiplyAdd(value, left, x1);
            y1 = V.MultiplyAdd(value, right, y1);
            value = V.Splat(a[2 * aRow]);
            x2 = V.MultiplyAdd(value, left, x2);
            y2 = V.MultiplyAdd(value, right, y2);
            value = V.Splat(a[3 * aRow]);
            x3 = V.MultiplyAdd(value, left, x3);
            y3 = V.MultiplyAdd(value, right, y3);
            value = V.Splat(a[4 * aRow]);
            x4 = V.MultiplyAdd(value, left, x4);
            y4 = V.MultiplyAdd(value, right, y4);
            value = V.Splat(a[5 * aRow]);
            x5 = V.MultiplyAdd(value, left, x5);
            y5 = V.MultiplyAdd(value, right, y5);
            value = V.Splat(a[6 * aRow]);
            x6 = V.MultiplyAdd(value, left, x6);
            y6 = V.MultiplyAdd(value, right, y6);
            value = V.Splat(a[7 * aRow]);
            x7 = V.MultiplyAdd(value, left, x7);
            y7 = V.MultiplyAdd(value, right, y7);
            a += aStep;
            b += bStep;
        }

        V.Store(c0, x0);
        V.Store(c0 + V.Count, y0);
        V.Store(c1, x1);
        V.Store(c1 + V.Count, y1);
        V.Store(c2, x2);
        V.Store(c2 + V.Count, y2);
        V.Store(c3, x3);
        V.Store(c3 + V.Count, y3);
        V.Store(c4, x4);
        V.Store(c4 + V.Count, y4);
        V.Store(c5, x5);
        V.Store(c5 + V.Count, y5);
        V.Store(c6, x6);
        V.Store(c6 + V.Count, y6);
        V.Store(c7, x7);
        V.Store(c7 + V.Count, y7);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Tile4(int k, float* a, nint aRow, nint aStep, float* b, nint bStep, float* s, nint sRow, float* c, nint cRow)
    {
        float* c0 = c;
        float* c1 = c + cRow;
        float* c2 = c + (2 * cRow);
        float* c3 = c + (3 * cRow);
        V x0 = V.Load(s), y0 = V.Load(s + V.Count);
        s += sRow;
        V x1 = V.Load(s), y1 = V.Load(s + V.Count);
        s += sRow;
        V x2 = V.Load(s), y2 = V.Load(s + V.Count);
        s += sRow;
        V x3 = V.Load(s), y3 = V.Load(s + V.Count);
        for (int i = 0; i < k; i++)
        {
            V left = V.Load(b), right = V.Load(b + V.Count);
            V value = V.Splat(*a);
            x0 = V.MultiplyAdd(value, left, x0);
            y0 = V.MultiplyAdd(value, right, y0);
            value = V.Splat(a[aRow]);
            x1 = V.MultiplyAdd(value, left, x1);
            y1 = V.MultiplyAdd(value, right, y1);
            value = V.Splat(a[2 * aRow]);
            x2 = V.MultiplyAdd(value, left, x2);
            y2 = V.MultiplyAdd(value, right, y2);
            value = V.Splat(a[3 * aRow]);
            x3 = V.MultiplyAdd(value, left, x3);
            y3 = V.MultiplyAdd(value, right, y3);
            a += aStep;
            b += bStep;
        }

        V.Store(c0, x0);
        V.Store(c0 + V.Count, y0);
        V.Store(c1, x1);
        V.Store(c1 + V.Count, y1);
        V.Store(c2, x2);
        V.Store(c2 + V.Count, y2);
        V.Store(c3, x3);
        V.Store(c3 + V.Count, y3);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Tile1(int k, float* a, nint aStep, float* b, nint bStep, float* s, float* c)
    {
        V x = V.Load(s), y = V.Load(s + V.Count);
        for (int i = 0; i < k; i++)
        {
            V value = V.Splat(*a);
            x = V.MultiplyAdd(value, V.Load(b), x);
            y = V.MultiplyAdd(value, V.Load(b + V.Count), y);
            a += aStep;
            b += bStep;
        }

        V.Store(c, x);
        V.Store(c + V.Count, y);
    }

    // One row has one chain a vector: eight vectors side by side hide the latency that fewer would wait for.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void WideTile1(int k, float* a, nint aStep, float* b, nint bStep, float* s, float* c)
    {
        V x0 = V.Load(s), x1 = V.Load(s + V.Count), x2 = V.Load(s + (2 * V.Count)), x3 = V.Load(s + (3 * V.Count));
        s += 4 * V.Count;
        V x4 = V.Load(s), x5 = V.Load(s + V.Count), x6 = V.Load(s + (2 * V.Count)), x7 = V.Load(s + (3 * V.Count));
        for (int i = 0; i < k; i++)
        {
            V value = V.Splat(*a);
            x0 = V.MultiplyAdd(value, V.Load(b), x0);
            x1 = V.MultiplyAdd(value, V.Load(b + V.Count), x1);
            x2 = V.MultiplyAdd(value, V.Load(b + (2 * V.Count)), x2);
            x3 = V.MultiplyAdd(value, V.Load(b + (3 * V.Count)), x3);
            x4 = V.MultiplyAdd(value, V.Load(b + (4 * V.Count)), x4);
            x5 = V.MultiplyAdd(value, V.Load(b + (5 * V.Count)), x5);
            x6 = V.MultiplyAdd(value, V.Load(b + (6 * V.Count)), x6);
            x7 = V.MultiplyAdd(value, V.Load(b + (7 * V.Count)), x7);
            a += aStep;
            b += bStep;
        }

        V.Store(c, x0);
        V.Store(c + V.Count, x1);
        V.Store(c + (2 * V.Count), x2);
        V.Store(c + (3 * V.Count), x3);
        V.Store(c + (4 * V.Count), x4);
        V.Store(c + (5 * V.Count), x5);
        V.Store(c + (6 * V.Count), x6);
        V.Store(c + (7 * V.Count), x7);
    }
}
