using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace EmotionXai.Engine.Backends.Cpu;

/// <summary>
/// The right operand B (k x n) of a product, read in panels of a few columns. Where its rows are short it is read where it
/// lies; else, or where it is stored transposed, a panel is packed: rows of <paramref name="width"/> elements one after the
/// other, columns that B lacks filled with zeros.
/// </summary>
/// <param name="data">B, stored [k, n] or, <paramref name="transposed"/>, [n, k].</param>
/// <param name="k">Rows.</param>
/// <param name="n">Columns.</param>
/// <param name="transposed">How it is stored.</param>
/// <param name="width">Columns of a panel.</param>
/// <param name="direct">Whether whole panels are read where they lie.</param>
internal readonly unsafe struct RightOperand(float* data, int k, int n, bool transposed, int width, bool direct)
{
    // 2 MiB, more than a second-level cache holds; a line comes from memory while 64 rows are worked on.
    private const long MostCached = 1 << 19;
    private const int RowsAhead = 64;

    private readonly float* _packed;

    /// <summary>An operand that is packed already, by <see cref="Pack(float*, int, int)"/>.</summary>
    private RightOperand(float* packed, int k, int n, int width)
        : this(null, k, n, false, width, false) => _packed = packed;

    /// <summary>An operand whose panels are written.</summary>
    public static RightOperand Packed(float* panels, int k, int n, int width) => new(panels, k, n, width);

    /// <summary>How far ahead of its use a row is to be asked for; 0 where nothing needs to be.</summary>
    public nint Ahead => direct && (long)k * n > MostCached ? (nint)RowsAhead * n : 0;

    /// <summary>Where columns from a panel's first on lie: how far the next row and the next panel are. Of an operand that is packed or read directly.</summary>
    public float* Columns(int j, out nint step, out nint panel)
    {
        (step, panel) = _packed == null ? (n, width) : (width, (nint)k * width);
        return _packed == null ? data + j : _packed + ((nint)j * k);
    }

    /// <summary>Elements of all panels.</summary>
    public static int PackedLength(int k, int n, int width) => checked(k * ((n + width - 1) / width * width));

    /// <summary>Packs the panels of <paramref name="count"/> columns into their places in <paramref name="to"/>.</summary>
    public void Pack(float* to, int first, int count)
    {
        for (int j = first; j < first + count; j += width) Pack(0, k, j, to + ((nint)j * k));
    }

    /// <summary>Rows <paramref name="k0"/> to k0 + depth of the panel that starts at column <paramref name="j"/>; packed into <paramref name="workspace"/> where it must be.</summary>
    public float* Panel(int k0, int depth, int j, float* workspace, out nint step)
    {
        step = width;
        if (_packed != null) return _packed + ((nint)j * k) + ((nint)k0 * width);
        if (direct && n - j >= width)
        {
            step = n;
            return data + ((nint)k0 * n) + j;
        }

        Pack(k0, depth, j, workspace);
        return workspace;
    }

    private void Pack(int k0, int depth, int j, float* to)
    {
        Packings.Count();
        int columns = Math.Min(width, n - j);
        if (columns < width) new Span<float>(to, depth * width).Clear();
        if (transposed)
        {
            Transpose.Blocks(data + ((nint)j * k) + k0, columns, depth, k, to, width);
            return;
        }

        float* from = data + ((nint)k0 * n) + j;
        if (columns == width && width % Vector256<float>.Count == 0) CopyRows(from, depth, to);
        else
            for (int i = 0; i < depth; i++, from += n, to += width) new Span<float>(from, columns).CopyTo(new Span<float>(to, columns));
    }

    // Rows of a wide B lie on pages of their own, where no prefetcher of the machine follows: lines are prefetched.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void CopyRows(float* from, int depth, float* to)
    {
        const int Ahead = 16, Line = 16;
        for (int i = 0; i < depth; i++, from += n, to += width)
        {
            if (Sse.IsSupported && i + Ahead < depth)
                for (int c = 0; c < width; c += Line) Sse.Prefetch0(from + ((nint)Ahead * n) + c);
            for (int c = 0; c < width; c += Vector256<float>.Count) Vector256.Load(from + c).Store(to + c);
        }
    }
}
