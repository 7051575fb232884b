using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;
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
    private readonly float* _packed;

    /// <summary>An operand that is packed already, by <see cref="PackAll"/>.</summary>
    private RightOperand(float* packed, int k, int n, int width)
        : this(null, k, n, false, width, false) => _packed = packed;

    /// <summary>Elements that <see cref="PackAll"/> writes.</summary>
    public static int PackedLength(int k, int n, int width) => checked(k * ((n + width - 1) / width * width));

    /// <summary>Packs all panels into <paramref name="to"/>, for an operand that takes part in many products.</summary>
    public RightOperand PackAll(float* to)
    {
        for (int j = 0; j < n; j += width) Pack(0, k, j, to + ((nint)j * k));
        return new RightOperand(to, k, n, width);
    }

    /// <summary>Rows <paramref name="k0"/> to k0 + depth of the panel that starts at column <paramref name="j"/>; packed into <paramref name="room"/> where it must be.</summary>
    public float* Panel(int k0, int depth, int j, float* room, out nint step)
    {
        step = width;
        if (_packed != null) return _packed + ((nint)j * k) + ((nint)k0 * width);
        if (direct && n - j >= width)
        {
            step = n;
            return data + ((nint)k0 * n) + j;
        }

        Pack(k0, depth, j, room);
        return room;
    }

    private void Pack(int k0, int depth, int j, float* to)
    {
        int columns = Math.Min(width, n - j);
        if (columns < width) new Span<float>(to, depth * width).Clear();
        if (transposed)
        {
            Transpose(data + ((nint)j * k) + k0, columns, depth, k, to, width);
            return;
        }

        float* from = data + ((nint)k0 * n) + j;
        for (int i = 0; i < depth; i++, from += n, to += width) new Span<float>(from, columns).CopyTo(new Span<float>(to, columns));
    }

    // to[i, j] = from[j, i], by blocks of 4 x 4 that turn in registers, since a scalar a time is slower than the product itself.
    private static void Transpose(float* from, int rows, int columns, nint fromStep, float* to, nint toStep)
    {
        int j = 0;
        for (; j <= rows - 4; j += 4)
        {
            float* x = from + (j * fromStep), y = to + j;
            int i = 0;
            for (; i <= columns - 4; i += 4, y += 4 * toStep)
            {
                (Vector128<float> r0, Vector128<float> r1) = (Vector128.Load(x + i), Vector128.Load(x + fromStep + i));
                (Vector128<float> r2, Vector128<float> r3) = (Vector128.Load(x + (2 * fromStep) + i), Vector128.Load(x + (3 * fromStep) + i));
                (Vector128<float> a, Vector128<float> b) = (Low(r0, r2), High(r0, r2));
                (Vector128<float> c, Vector128<float> d) = (Low(r1, r3), High(r1, r3));
                Low(a, c).Store(y);
                High(a, c).Store(y + toStep);
                Low(b, d).Store(y + (2 * toStep));
                High(b, d).Store(y + (3 * toStep));
            }

            for (; i < columns; i++, y += toStep)
                for (int r = 0; r < 4; r++) y[r] = x[(r * fromStep) + i];
        }

        for (; j < rows; j++)
            for (int i = 0; i < columns; i++) to[(i * toStep) + j] = from[(j * fromStep) + i];
    }

    // a0 b0 a1 b1
    private static Vector128<float> Low(Vector128<float> a, Vector128<float> b) =>
        Sse.IsSupported ? Sse.UnpackLow(a, b)
        : AdvSimd.Arm64.IsSupported ? AdvSimd.Arm64.ZipLow(a, b)
        : Vector128.Create(a[0], b[0], a[1], b[1]);

    // a2 b2 a3 b3
    private static Vector128<float> High(Vector128<float> a, Vector128<float> b) =>
        Sse.IsSupported ? Sse.UnpackHigh(a, b)
        : AdvSimd.Arm64.IsSupported ? AdvSimd.Arm64.ZipHigh(a, b)
        : Vector128.Create(a[2], b[2], a[3], b[3]);
}
