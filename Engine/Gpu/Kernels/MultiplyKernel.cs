using ILGPU;

namespace EmotionXai.Engine.Gpu.Kernels;

/// <summary>
/// C = op(A) op(B), a tile of C a group. Three slots of shared memory take turns: while a tile's depth of k is multiplied out of
/// one, the next is on its way to the second, and the third, read before, is given to the one after that: one barrier a depth. The
/// first tile has what k leaves over, so that all others are whole. Every element of C is one chain over ascending k. Where C has
/// few tiles, k is split over the grid's z: parts go to a scratch [split, m, n] that <see cref="FinishKernel"/> adds up.
/// </summary>
internal readonly struct MultiplyKernel<TTile, TMath, TTransposeA, TTransposeB, TAligned>(
    ArrayView<float> a, ArrayView<float> b, ArrayView<float> c, Epilogue epilogue, int m, int n, int k, int chunk) : IKernel
    where TTile : struct, ITile
    where TMath : struct, IRounding
    where TTransposeA : struct, IChoice
    where TTransposeB : struct, IChoice
    where TAligned : struct, IChoice
{
    private const int Slots = 3;

    public static int MostThreads => TTile.Across * TTile.Across;

    private static int Side => 8 * TTile.Across;

    public void Run()
    {
        // The depth is contiguous in A as it is, in B transposed.
        if (TTransposeA.Value && TTransposeB.Value) Run<No, Yes>();
        else if (TTransposeA.Value) Run<No, No>();
        else if (TTransposeB.Value) Run<Yes, Yes>();
        else Run<Yes, No>();
    }

    private void Run<TAlongA, TAlongB>()
        where TAlongA : struct, IChoice
        where TAlongB : struct, IChoice
    {
        int half = Operand<TTile, TAlongA, TAligned>.Size / 4, slot = 2 * half;
        ArrayView<Float4> slots = SharedMemory.Allocate<Float4>(Slots * 2 * Operand<TTile, TAlongA, TAligned>.Size / 4);
        int firstRow = Grid.IdxX * Side, firstColumn = Grid.IdxY * Side, firstK = Grid.IdxZ * chunk, length = firstK + chunk < k ? chunk : k - firstK;
        int tiles = (length + TTile.Depth - 1) / TTile.Depth, first = tiles > 0 ? length - ((tiles - 1) * TTile.Depth) : 0;
        int column = Instructions.Hold(Group.IdxX % TTile.Across), row = Instructions.Hold(Group.IdxX / TTile.Across);
        Operand<TTile, TAlongA, TAligned> left = new(a, m, k, firstRow, firstK);
        Operand<TTile, TAlongB, TAligned> right = new(b, n, k, firstColumn, firstK);
        left.Copy(slots, first);
        right.Copy(slots.SubView(half), first);
        left = left.Next(first);
        right = right.Next(first);
        if (tiles > 1)
        {
            left.Copy(slots.SubView(slot));
            right.Copy(slots.SubView(slot + half));
        }

        Instructions.CommitCopies();
        Sums sums = default;
        int read = 0, before = (Slots - 1) * slot;
        for (int ahead = 2; ahead < tiles + 2; ahead++)
        {
            // The tile to read has come, and every thread is done with the one before it.
            Instructions.AwaitCopies();
            Group.Barrier();
            left = left.Next(TTile.Depth);
            right = right.Next(TTile.Depth);
            if (ahead < tiles)
            {
                left.Copy(slots.SubView(before));
                right.Copy(slots.SubView(before + half));
            }

            Instructions.CommitCopies();
            sums = sums.Plus<TTile, TMath>(slots.SubView(read).SubView(row), slots.SubView(read).SubView(half).SubView(column));
            before = read;
            read = read == (Slots - 1) * slot ? 0 : read + slot;
        }

        // A loop, not eight calls: the compiler's time grows with the branches it inlines.
        for (int i = 0; i < 8; i++)
        {
            Row8 values = sums.C7;
            if (i == 0) values = sums.C0;
            if (i == 1) values = sums.C1;
            if (i == 2) values = sums.C2;
            if (i == 3) values = sums.C3;
            if (i == 4) values = sums.C4;
            if (i == 5) values = sums.C5;
            if (i == 6) values = sums.C6;
            Write(firstRow + (4 * row) + (i % 4) + (i / 4 * (Side / 2)), firstColumn + (4 * column), values);
        }
    }

    private void Write(int row, int column, Row8 values)
    {
        if (row >= m) return;
        Write4(row, column, values.Left);
        Write4(row, column + (Side / 2), values.Right);
    }

    private void Write4(int row, int column, Float4 v)
    {
        int at = (Grid.IdxZ * m * n) + (row * n) + column;
        if (column < n) epilogue.Write(c, at, column, v.X);
        if (column + 1 < n) epilogue.Write(c, at + 1, column + 1, v.Y);
        if (column + 2 < n) epilogue.Write(c, at + 2, column + 2, v.Z);
        if (column + 3 < n) epilogue.Write(c, at + 3, column + 3, v.W);
    }
}

/// <summary>Eight rows by eight columns of C.</summary>
internal struct Sums
{
    public Row8 C0, C1, C2, C3, C4, C5, C6, C7;

    /// <summary>this + a tile's depth of products; <paramref name="a"/> and <paramref name="b"/> begin at the thread's rows and columns.</summary>
    public readonly Sums Plus<TTile, TMath>(ArrayView<Float4> a, ArrayView<Float4> b)
        where TTile : struct, ITile
        where TMath : struct, IRounding
    {
        // Written out: every place is known when the kernel is compiled.
        Sums sums = Step<TTile, TMath>(a, b, 0).Step<TTile, TMath>(a, b, 1);
        return TTile.Depth == 2 ? sums : sums.Step<TTile, TMath>(a, b, 2).Step<TTile, TMath>(a, b, 3).Step<TTile, TMath>(a, b, 4).Step<TTile, TMath>(a, b, 5).Step<TTile, TMath>(a, b, 6).Step<TTile, TMath>(a, b, 7);
    }

    private readonly Sums Step<TTile, TMath>(ArrayView<Float4> a, ArrayView<Float4> b, int step)
        where TTile : struct, ITile
        where TMath : struct, IRounding
    {
        int at = step * Operand<TTile, No, No>.Pitch / 4, half = TTile.Across;
        Float4 upper = Rounded<TMath>(a[at]), lower = Rounded<TMath>(a[at + half]);
        Row8 right = new(Rounded<TMath>(b[at]), Rounded<TMath>(b[at + half]));
        return new Sums
        {
            C0 = C0.Plus(upper.X, right),
            C1 = C1.Plus(upper.Y, right),
            C2 = C2.Plus(upper.Z, right),
            C3 = C3.Plus(upper.W, right),
            C4 = C4.Plus(lower.X, right),
            C5 = C5.Plus(lower.Y, right),
            C6 = C6.Plus(lower.Z, right),
            C7 = C7.Plus(lower.W, right),
        };
    }

    private static Float4 Rounded<TMath>(Float4 v)
        where TMath : struct, IRounding => new(TMath.Round(v.X), TMath.Round(v.Y), TMath.Round(v.Z), TMath.Round(v.W));
}

/// <summary>Eight columns of a row of C.</summary>
internal readonly struct Row8(Float4 left, Float4 right)
{
    public readonly Float4 Left = left, Right = right;

    public Row8 Plus(float a, Row8 b) => new(Left.Plus(a, b.Left), Right.Plus(a, b.Right));
}

/// <summary>What happens to an element of a product on its way to C: the bias of its column is added, and what C holds.</summary>
internal readonly struct Epilogue(ArrayView<float> bias, int biased, int accumulate)
{
    public void Write(ArrayView<float> c, int at, int column, float value)
    {
        if (biased != 0) value += bias[column];
        c[at] = accumulate != 0 ? c[at] + value : value;
    }
}

/// <summary>C = the sum of the parts of a split product, in order.</summary>
internal readonly struct FinishKernel(ArrayView<float> parts, ArrayView<float> c, Epilogue epilogue, int splits, int n) : IKernel
{
    public void Run()
    {
        int size = (int)c.Length;
        for (int i = Threads.First; i < size; i += Threads.Count)
        {
            float sum = 0;
            for (int s = 0; s < splits; s++) sum += parts[(s * size) + i];
            epilogue.Write(c, i, i % n, sum);
        }
    }
}

/// <summary>
/// C = A op(B) where C has few columns: a warp an element of C, its lanes along k, which is contiguous in A. A tile would be
/// mostly empty.
/// </summary>
internal readonly struct SkinnyKernel(ArrayView<float> a, ArrayView<float> b, ArrayView<float> c, Epilogue epilogue, int n, int k, int transposeB) : IKernel
{
    public void Run()
    {
        int lane = Warp.LaneIdx, warps = Threads.Count / Warp.WarpSize;
        for (int at = Threads.First / Warp.WarpSize; at < (int)c.Length; at += warps)
        {
            int row = at / n, column = at - (row * n), start = transposeB != 0 ? column * k : column, step = transposeB != 0 ? 1 : n;
            float sum = 0;
            for (int i = lane; i < k; i += Warp.WarpSize) sum += a[(row * k) + i] * b[start + (i * step)];
            for (int distance = Warp.WarpSize / 2; distance > 0; distance /= 2) sum += Warp.ShuffleXor(sum, distance);
            if (lane == 0) epilogue.Write(c, at, column, sum);
        }
    }
}
