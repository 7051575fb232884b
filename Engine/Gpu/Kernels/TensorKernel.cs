using ILGPU;

namespace EmotionXai.Engine.Gpu.Kernels;

/// <summary>
/// C = op(A) op(B) on tensor cores: operands rounded to <typeparamref name="TMath"/>, sums in float32. Tiles travel as in
/// <see cref="MultiplyKernel{TTile, TMath, TTransposeA, TTransposeB, TAligned}"/>; of the 128 x 128 of a group, each of its eight
/// warps has 64 x 32: four bands of 16 rows, four blocks of 8 columns each.
/// </summary>
internal readonly struct TensorKernel<TMath, TTransposeA, TTransposeB, TAligned>(
    ArrayView<float> a, ArrayView<float> b, ArrayView<float> c, Epilogue epilogue, int m, int n, int k, int chunk) : IKernel
    where TMath : struct, ITensorMath
    where TTransposeA : struct, IChoice
    where TTransposeB : struct, IChoice
    where TAligned : struct, IChoice
{
    private const int Lanes = 32;
    private const int WarpRows = 64;
    private const int WarpColumns = 32;

    public void Run()
    {
        if (TTransposeA.Value && TTransposeB.Value) Run<No, Yes>();
        else if (TTransposeA.Value) Run<No, No>();
        else if (TTransposeB.Value) Run<Yes, Yes>();
        else Run<Yes, No>();
    }

    private void Run<TAlongA, TAlongB>()
        where TAlongA : struct, IChoice
        where TAlongB : struct, IChoice
    {
        Operand<TensorTile, TMath, TAlongA, TAligned> left = new(a, m, k);
        Operand<TensorTile, TMath, TAlongB, TAligned> right = new(b, n, k);
        int side = 8 * TensorTile.Across, size = Operand<TensorTile, TMath, TAlongA, TAligned>.Size, pitch = Operand<TensorTile, TMath, TAlongA, TAligned>.Pitch;
        ArrayView<Float4> tileA = SharedMemory.Allocate<Float4>(2 * Operand<TensorTile, TMath, TAlongA, TAligned>.Size / 4);
        ArrayView<Float4> tileB = SharedMemory.Allocate<Float4>(2 * Operand<TensorTile, TMath, TAlongB, TAligned>.Size / 4);

        int firstRow = Grid.IdxX * side, firstColumn = Grid.IdxY * side, firstK = Grid.IdxZ * chunk, endK = firstK + chunk < k ? firstK + chunk : k;
        int warp = Group.IdxX / Lanes, lane = Group.IdxX % Lanes;
        int row = (warp / 4 * WarpRows) + (lane / 4), column = (warp % 4 * WarpColumns) + (lane / 4);
        TMath.Clear();

        Operand<TensorTile, TMath, TAlongA, TAligned>.Stage(left.Fetch(firstRow, firstK, endK), tileA.SubView(0, size / 4));
        Operand<TensorTile, TMath, TAlongB, TAligned>.Stage(right.Fetch(firstColumn, firstK, endK), tileB.SubView(0, size / 4));
        Group.Barrier();
        int held = 0;
        for (int at = firstK; at < endK; at += TensorTile.Depth)
        {
            Fetched nextA = left.Fetch(firstRow, at + TensorTile.Depth, endK), nextB = right.Fetch(firstColumn, at + TensorTile.Depth, endK);
            ArrayView<float> elementsA = tileA.Cast<float>(), elementsB = tileB.Cast<float>();
            // The loads branch; a product is one instruction of the whole warp.
            Warp.Barrier();
            for (int d = 0; d < TensorTile.Depth; d += TMath.Step)
            {
                int line = held + (d * pitch);
                Columns columns = Columns.Load<TMath>(elementsB, line + column, pitch, lane);
                columns.Multiply<TMath>(0, elementsA, line + row, pitch, lane);
                columns.Multiply<TMath>(4, elementsA, line + row + 16, pitch, lane);
                columns.Multiply<TMath>(8, elementsA, line + row + 32, pitch, lane);
                columns.Multiply<TMath>(12, elementsA, line + row + 48, pitch, lane);
            }

            held = size - held;
            Operand<TensorTile, TMath, TAlongA, TAligned>.Stage(nextA, tileA.SubView(held / 4, size / 4));
            Operand<TensorTile, TMath, TAlongB, TAligned>.Stage(nextB, tileB.SubView(held / 4, size / 4));
            Group.Barrier();
        }

        // A lane has two neighbours in a row and two eight rows below. A loop, not sixteen calls: the compiler's time grows with the branches it inlines.
        int upper = firstRow + row, across = firstColumn + (warp % 4 * WarpColumns) + (2 * (lane % 4));
        for (int block = 0; block < 16; block++) Write(upper + (block / 4 * 16), across + (block % 4 * 8), TMath.Read(block));
    }

    private void Write(int row, int column, Float4 v)
    {
        Write2(row, column, v.X, v.Y);
        Write2(row + 8, column, v.Z, v.W);
    }

    private void Write2(int row, int column, float first, float second)
    {
        int at = (Grid.IdxZ * m * n) + (row * n) + column;
        if (row >= m) return;
        if (column < n) epilogue.Write(c, at, column, first);
        if (column + 1 < n) epilogue.Write(c, at + 1, column + 1, second);
    }
}

/// <summary>A lane's part of 32 columns of B.</summary>
internal readonly struct Columns(uint b00, uint b01, uint b10, uint b11, uint b20, uint b21, uint b30, uint b31)
{
    public readonly uint B00 = b00, B01 = b01, B10 = b10, B11 = b11, B20 = b20, B21 = b21, B30 = b30, B31 = b31;

    public static Columns Load<TMath>(ArrayView<float> tile, int at, int pitch, int lane)
        where TMath : struct, ITensorMath => new(
        TMath.Word(tile, at, pitch, lane, 0),
        TMath.Word(tile, at, pitch, lane, 1),
        TMath.Word(tile, at + 8, pitch, lane, 0),
        TMath.Word(tile, at + 8, pitch, lane, 1),
        TMath.Word(tile, at + 16, pitch, lane, 0),
        TMath.Word(tile, at + 16, pitch, lane, 1),
        TMath.Word(tile, at + 24, pitch, lane, 0),
        TMath.Word(tile, at + 24, pitch, lane, 1));

    /// <summary>Adds A's 16 rows at <paramref name="at"/> times these columns to four blocks of sums.</summary>
    public void Multiply<TMath>(int block, ArrayView<float> tile, int at, int pitch, int lane)
        where TMath : struct, ITensorMath
    {
        uint a0 = TMath.Word(tile, at, pitch, lane, 0), a1 = TMath.Word(tile, at + 8, pitch, lane, 0);
        uint a2 = TMath.Word(tile, at, pitch, lane, 1), a3 = TMath.Word(tile, at + 8, pitch, lane, 1);
        TMath.Multiply(block, a0, a1, a2, a3, B00, B01);
        TMath.Multiply(block + 1, a0, a1, a2, a3, B10, B11);
        TMath.Multiply(block + 2, a0, a1, a2, a3, B20, B21);
        TMath.Multiply(block + 3, a0, a1, a2, a3, B30, B31);
    }
}
