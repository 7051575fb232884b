using System.Runtime.CompilerServices;

namespace EmotionXai.Engine.Backends.Cpu;

/// <summary>
/// The innermost loops of the matrix product: a tile of C = S + A B, two vectors wide, where S may be C
/// itself, a bias (rows 0 apart) or zeros. Two loads of B feed two multiply-adds a
/// row; eight rows make sixteen independent chains, which hides the four cycles of a multiply-add on two ports of a machine
/// with 32 registers. Sixteen registers hold six rows. Four rows make eight chains, the least that does; tiles of fewer wait for them.
/// </summary>
internal sealed unsafe partial class CpuKernels<V>
{
    /// <summary>How many rows a tile has, known when it is compiled: what belongs to further rows is not there.</summary>
    private interface IRows
    {
        static abstract int Count { get; }
    }

    /// <summary>Whether a tile asks for rows of B ahead of their use, known when it is compiled.</summary>
    private interface IAhead
    {
        static abstract bool IsAsked { get; }
    }

    private static void Tile(int rows, int k, float* a, nint aRow, nint aStep, float* b, nint bStep, nint ahead, float* s, nint sRow, float* c, nint cRow)
    {
        if (ahead == 0) Tile<HasNone>(rows, k, a, aRow, aStep, b, bStep, 0, s, sRow, c, cRow);
        else Tile<HasSome>(rows, k, a, aRow, aStep, b, bStep, ahead, s, sRow, c, cRow);
    }

    private static void Tile<TAhead>(int rows, int k, float* a, nint aRow, nint aStep, float* b, nint bStep, nint ahead, float* s, nint sRow, float* c, nint cRow)
        where TAhead : struct, IAhead
    {
        switch (rows)
        {
            case 1:
                Tile<Rows1, TAhead>(k, a, aRow, aStep, b, bStep, ahead, s, sRow, c, cRow);
                break;
            case 2:
                Tile<Rows2, TAhead>(k, a, aRow, aStep, b, bStep, ahead, s, sRow, c, cRow);
                break;
            case 3:
                Tile<Rows3, TAhead>(k, a, aRow, aStep, b, bStep, ahead, s, sRow, c, cRow);
                break;
            case 4:
                Tile<Rows4, TAhead>(k, a, aRow, aStep, b, bStep, ahead, s, sRow, c, cRow);
                break;
            case 5:
                Tile<Rows5, TAhead>(k, a, aRow, aStep, b, bStep, ahead, s, sRow, c, cRow);
                break;
            case 6:
                Tile<Rows6, TAhead>(k, a, aRow, aStep, b, bStep, ahead, s, sRow, c, cRow);
                break;
            case 7:
                Tile<Rows7, TAhead>(k, a, aRow, aStep, b, bStep, ahead, s, sRow, c, cRow);
                break;
            default:
                Tile<Rows8, TAhead>(k, a, aRow, aStep, b, bStep, ahead, s, sRow, c, cRow);
                break;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Tile<TRows, TAhead>(int k, float* a, nint aRow, nint aStep, float* b, nint bStep, nint ahead, float* s, nint sRow, float* c, nint cRow)
        where TRows : struct, IRows
        where TAhead : struct, IAhead
    {
        V x0 = V.Load(s), y0 = V.Load(s + V.Count);
        V x1 = x0, y1 = x0, x2 = x0, y2 = x0, x3 = x0, y3 = x0, x4 = x0, y4 = x0, x5 = x0, y5 = x0, x6 = x0, y6 = x0, x7 = x0, y7 = x0;
        if (TRows.Count > 1) (x1, y1) = (V.Load(s + sRow), V.Load(s + sRow + V.Count));
        if (TRows.Count > 2) (x2, y2) = (V.Load(s + (2 * sRow)), V.Load(s + (2 * sRow) + V.Count));
        if (TRows.Count > 3) (x3, y3) = (V.Load(s + (3 * sRow)), V.Load(s + (3 * sRow) + V.Count));
        if (TRows.Count > 4) (x4, y4) = (V.Load(s + (4 * sRow)), V.Load(s + (4 * sRow) + V.Count));
        if (TRows.Count > 5) (x5, y5) = (V.Load(s + (5 * sRow)), V.Load(s + (5 * sRow) + V.Count));
        if (TRows.Count > 6) (x6, y6) = (V.Load(s + (6 * sRow)), V.Load(s + (6 * sRow) + V.Count));
        if (TRows.Count > 7) (x7, y7) = (V.Load(s + (7 * sRow)), V.Load(s + (7 * sRow) + V.Count));
        for (int i = 0; i < k; i++)
        {
            if (TAhead.IsAsked) Prefetch.Two(b + ahead, V.Count);
            V left = V.Load(b), right = V.Load(b + V.Count), value = V.Splat(*a);
            V.AddProduct(ref x0, value, left);
            V.AddProduct(ref y0, value, right);
            if (TRows.Count > 1)
            {
                value = V.Splat(a[aRow]);
                V.AddProduct(ref x1, value, left);
                V.AddProduct(ref y1, value, right);
            }

            if (TRows.Count > 2)
            {
                value = V.Splat(a[2 * aRow]);
                V.AddProduct(ref x2, value, left);
                V.AddProduct(ref y2, value, right);
            }

            if (TRows.Count > 3)
            {
                value = V.Splat(a[3 * aRow]);
                V.AddProduct(ref x3, value, left);
                V.AddProduct(ref y3, value, right);
            }

            if (TRows.Count > 4)
            {
                value = V.Splat(a[4 * aRow]);
                V.AddProduct(ref x4, value, left);
                V.AddProduct(ref y4, value, right);
            }

            if (TRows.Count > 5)
            {
                value = V.Splat(a[5 * aRow]);
                V.AddProduct(ref x5, value, left);
                V.AddProduct(ref y5, value, right);
            }

            if (TRows.Count > 6)
            {
                value = V.Splat(a[6 * aRow]);
                V.AddProduct(ref x6, value, left);
                V.AddProduct(ref y6, value, right);
            }

            if (TRows.Count > 7)
            {
                value = V.Splat(a[7 * aRow]);
                V.AddProduct(ref x7, value, left);
                V.AddProduct(ref y7, value, right);
            }

            a += aStep;
            b += bStep;
        }

        Store(c, x0, y0);
        if (TRows.Count > 1) Store(c + cRow, x1, y1);
        if (TRows.Count > 2) Store(c + (2 * cRow), x2, y2);
        if (TRows.Count > 3) Store(c + (3 * cRow), x3, y3);
        if (TRows.Count > 4) Store(c + (4 * cRow), x4, y4);
        if (TRows.Count > 5) Store(c + (5 * cRow), x5, y5);
        if (TRows.Count > 6) Store(c + (6 * cRow), x6, y6);
        if (TRows.Count > 7) Store(c + (7 * cRow), x7, y7);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(float* c, V left, V right)
    {
        V.Store(c, left);
        V.Store(c + V.Count, right);
    }

    // One row has one chain a vector: eight vectors side by side, of four panels, hide the latency that fewer would wait for.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void WideTile1(int k, float* a, nint aStep, float* b, nint bStep, nint panel, float* s, float* c)
    {
        V x0 = V.Load(s), x1 = V.Load(s + V.Count), x2 = V.Load(s + (2 * V.Count)), x3 = V.Load(s + (3 * V.Count));
        s += 4 * V.Count;
        V x4 = V.Load(s), x5 = V.Load(s + V.Count), x6 = V.Load(s + (2 * V.Count)), x7 = V.Load(s + (3 * V.Count));
        float* b1 = b + panel, b2 = b1 + panel, b3 = b2 + panel;
        for (int i = 0; i < k; i++)
        {
            V value = V.Splat(*a);
            V.AddProduct(ref x0, value, V.Load(b));
            V.AddProduct(ref x1, value, V.Load(b + V.Count));
            V.AddProduct(ref x2, value, V.Load(b1));
            V.AddProduct(ref x3, value, V.Load(b1 + V.Count));
            V.AddProduct(ref x4, value, V.Load(b2));
            V.AddProduct(ref x5, value, V.Load(b2 + V.Count));
            V.AddProduct(ref x6, value, V.Load(b3));
            V.AddProduct(ref x7, value, V.Load(b3 + V.Count));
            a += aStep;
            b += bStep;
            b1 += bStep;
            b2 += bStep;
            b3 += bStep;
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

    private readonly struct HasNone : IAhead
    {
        public static bool IsAsked => false;
    }

    private readonly struct HasSome : IAhead
    {
        public static bool IsAsked => true;
    }

    private readonly struct Rows1 : IRows
    {
        public static int Count => 1;
    }

    private readonly struct Rows2 : IRows
    {
        public static int Count => 2;
    }

    private readonly struct Rows3 : IRows
    {
        public static int Count => 3;
    }

    private readonly struct Rows4 : IRows
    {
        public static int Count => 4;
    }

    private readonly struct Rows5 : IRows
    {
        public static int Count => 5;
    }

    private readonly struct Rows6 : IRows
    {
        public static int Count => 6;
    }

    private readonly struct Rows7 : IRows
    {
        public static int Count => 7;
    }

    private readonly struct Rows8 : IRows
    {
        public static int Count => 8;
    }
}
