using ILGPU;

namespace EmotionXai.Engine.Gpu.Kernels;

/// <summary>
/// C = op(A) op(B) on tensor cores: operands rounded to <typeparamref name="TMath"/>, sums in float32. While a tile's depth of k is
/// multiplied out of one half of shared memory, the next is loaded into registers, and then rounded and stored to the other half: one barrier a
/// depth. The first tile has what k leaves over, so that all others are whole. Of the 128 x 128 of a group, each of its eight warps
/// has 64 x 32: four bands of 16 rows, each of four blocks of 8 columns.
/// </summary>
/// <remarks>An element of C is a chain over ascending k of what an instruction adds at once, 8 or 16 steps; the order within them is the card's, and always the same.</remarks>
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

    /// <summary>Steps of k of a tile.</summary>
    public static int Depth => TensorOperand<TMath, No, No>.Depth;

    /// <summary>Rows, and columns, of a tile of C.</summary>
    public static int Side => TensorOperand<TMath, No, No>.Width;

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
        // A's tile and then B's, twice.
        int size = TensorOperand<TMath, No, No>.Size;
        ArrayView<Quad> tiles = SharedMemory.Allocate<Float4>(4 * TensorOperand<TMath, No, No>.Size).Cast<Quad>();
        int firstRow = Grid.IdxX * Side, firstColumn = Grid.IdxY * Side, firstK = Grid.IdxZ * chunk, length = firstK + chunk < k ? chunk : k - firstK;
        int count = (length + Depth - 1) / Depth, first = count > 0 ? length - ((count - 1) * Depth) : 0;
        int warp = Group.IdxX / Lanes, lane = Group.IdxX % Lanes, row = warp / 4 * WarpRows, column = warp % 4 * WarpColumns;
        TensorOperand<TMath, TAlongA, TAligned> left = new(a, m, k, firstRow, firstK);
        TensorOperand<TMath, TAlongB, TAligned> right = new(b, n, k, firstColumn, firstK);
        left.Store(left.Fetch(first), tiles);
        right.Store(right.Fetch(first), tiles.SubView(size));
        left = left.Next(first);
        right = right.Next(first);

        // Matrices of A: upper and lower eight rows of the first quad, of the second; of B: both quads of eight columns, of the next eight.
        int fromA = Instructions.Hold(TensorOperand<TMath, No, No>.Place(row + (lane % 16), lane / 16));
        int fromB = Instructions.Hold(size + TensorOperand<TMath, No, No>.Place(column + (lane % 8) + (lane / 16 * 8), lane / 8 % 2));
        Fragments sums = default;
        int read = 0;
        for (int at = 1; at < count; at++)
        {
            Group.Barrier();
            Fetched nextA = left.Fetch(), nextB = right.Fetch();
            left = left.Next(Depth);
            right = right.Next(Depth);
            sums = sums.Plus<TMath>(tiles, read + fromA, read + fromB);
            read = (2 * size) - read;
            left.Store(nextA, tiles.SubView(read));
            right.Store(nextB, tiles.SubView(read + size));
        }

        Group.Barrier();
        sums = sums.Plus<TMath>(tiles, read + fromA, read + fromB);

        // A lane has two neighbours in a row and two eight rows below. A loop: the compiler's time grows with the branches it inlines.
        int upper = firstRow + row + (lane / 4), across = firstColumn + column + (2 * (lane % 4));
        for (int band = 0; band < 4; band++)
        {
            Band values = sums.Band3;
            if (band == 0) values = sums.Band0;
            if (band == 1) values = sums.Band1;
            if (band == 2) values = sums.Band2;
            for (int block = 0; block < 4; block++)
            {
                Float4 v = values.Block3;
                if (block == 0) v = values.Block0;
                if (block == 1) v = values.Block1;
                if (block == 2) v = values.Block2;
                Write2(upper + (16 * band), across + (8 * block), v.X, v.Y);
                Write2(upper + (16 * band) + 8, across + (8 * block), v.Z, v.W);
            }
        }
    }

    private void Write2(int row, int column, float first, float second)
    {
        int at = (Grid.IdxZ * m * n) + (row * n) + column;
        if (row >= m) return;
        if (column < n) epilogue.Write(c, at, column, first);
        if (column + 1 < n) epilogue.Write(c, at + 1, column + 1, second);
    }
}

/// <summary>A lane's sums of 64 x 32 of C.</summary>
internal struct Fragments
{
    public Band Band0, Band1, Band2, Band3;

    /// <summary>this + a tile's depth of products; the lane's addresses for the first half of it, the second is two quads on.</summary>
    public readonly Fragments Plus<TMath>(ArrayView<Quad> tiles, int a, int b)
        where TMath : struct, ITensorMath => Step<TMath>(tiles.SubView(a), tiles.SubView(b)).Step<TMath>(tiles.SubView(a ^ 2), tiles.SubView(b ^ 2));

    // Sixteen rows are 64 quads.
    private readonly Fragments Step<TMath>(ArrayView<Quad> a, ArrayView<Quad> b)
        where TMath : struct, ITensorMath
    {
        Quad left = TMath.Load(ref b[0]), right = TMath.Load(ref b[64]);
        return new Fragments
        {
            Band0 = Band0.Plus<TMath>(TMath.Load(ref a[0]), left, right),
            Band1 = Band1.Plus<TMath>(TMath.Load(ref a[64]), left, right),
            Band2 = Band2.Plus<TMath>(TMath.Load(ref a[128]), left, right),
            Band3 = Band3.Plus<TMath>(TMath.Load(ref a[192]), left, right),
        };
    }
}

/// <summary>A lane's sums of 16 x 32 of C.</summary>
internal struct Band
{
    public Float4 Block0, Block1, Block2, Block3;

    public readonly Band Plus<TMath>(Quad a, Quad left, Quad right)
        where TMath : struct, ITensorMath => new()
        {
            Block0 = TMath.Multiply(Block0, a, left.X, left.Y),
            Block1 = TMath.Multiply(Block1, a, left.Z, left.W),
            Block2 = TMath.Multiply(Block2, a, right.X, right.Y),
            Block3 = TMath.Multiply(Block3, a, right.Z, right.W),
        };
}
