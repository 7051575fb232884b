using ILGPU;

namespace EmotionXai.Engine.Gpu.Kernels;

/// <summary>
/// C = op(A) op(B), a tile of C a group. While a tile's depth of k is multiplied out of one half of shared memory, the next is
/// loaded into registers and then stored to the other half: one barrier a depth. Every element of C is one chain over
/// ascending k. Where C has few tiles, k is split over the grid's z: parts go to a scratch [split, m, n] that
/// <see cref="FinishKernel"/> adds up.
/// </summary>
internal readonly struct MultiplyKernel<TTile, TMath, TTransposeA, TTransposeB, TAligned>(
    ArrayView<float> a, ArrayView<float> b, ArrayView<float> c, Epilogue epilogue, int m, int n, int k, int chunk) : IKernel
    where TTile : struct, ITile
    where TMath : struct, IRounding
    where TTransposeA : struct, IChoice
    where TTransposeB : struct, IChoice
    where TAligned : struct, IChoice
{
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
        Operand<TTile, TMath, TAlongA, TAligned> left = new(a, m, k);
        Operand<TTile, TMath, TAlongB, TAligned> right = new(b, n, k);
        int size = Operand<TTile, TMath, TAlongA, TAligned>.Size / 4, pitch = Operand<TTile, TMath, TAlongA, TAligned>.Pitch / 4;
        ArrayView<Float4> tileA = SharedMemory.Allocate<Float4>(2 * Operand<TTile, TMath, TAlongA, TAligned>.Size / 4);
        ArrayView<Float4> tileB = SharedMemory.Allocate<Float4>(2 * Operand<TTile, TMath, TAlongB, TAligned>.Size / 4);

        int firstRow = Grid.IdxX * Side, firstColumn = Grid.IdxY * Side, firstK = Grid.IdxZ * chunk, endK = firstK + chunk < k ? firstK + chunk : k;
        int column = Group.IdxX % TTile.Across, row = Group.IdxX / TTile.Across, half = Side / 8;
        Row8 c0 = default, c1 = default, c2 = default, c3 = default, c4 = default, c5 = default, c6 = default, c7 = default;

        Operand<TTile, TMath, TAlongA, TAligned>.Stage(left.Fetch(firstRow, firstK, endK), tileA.SubView(0, size));
        Operand<TTile, TMath, TAlongB, TAligned>.Stage(right.Fetch(firstColumn, firstK, endK), tileB.SubView(0, size));
        Group.Barrier();
        int held = 0;
        for (int at = firstK; at < endK; at += TTile.Depth)
        {
            // Beyond the end the loads are masked to zero and the tile is never read.
            Fetched nextA = left.Fetch(firstRow, at + TTile.Depth, endK), nextB = right.Fetch(firstColumn, at + TTile.Depth, endK);
            for (int d = 0; d < TTile.Depth; d++)
            {
                int line = held + (d * pitch);
                Float4 a0 = tileA[line + row], a1 = tileA[line + half + row];
                Row8 right8 = new(tileB[line + column], tileB[line + half + column]);
                c0 = c0.Plus(a0.X, right8);
                c1 = c1.Plus(a0.Y, right8);
                c2 = c2.Plus(a0.Z, right8);
                c3 = c3.Plus(a0.W, right8);
                c4 = c4.Plus(a1.X, right8);
                c5 = c5.Plus(a1.Y, right8);
                c6 = c6.Plus(a1.Z, right8);
                c7 = c7.Plus(a1.W, right8);
            }

            held = size - held;
            Operand<TTile, TMath, TAlongA, TAligned>.Stage(nextA, tileA.SubView(held, size));
            Operand<TTile, TMath, TAlongB, TAligned>.Stage(nextB, tileB.SubView(held, size));
            Group.Barrier();
        }

        // A loop, not eight calls: the compiler's time grows with the branches it inlines.
        for (int i = 0; i < 8; i++)
        {
            Row8 values = c7;
            if (i == 0) values = c0;
            if (i == 1) values = c1;
            if (i == 2) values = c2;
            if (i == 3) values = c3;
            if (i == 4) values = c4;
            if (i == 5) values = c5;
            if (i == 6) values = c6;
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
