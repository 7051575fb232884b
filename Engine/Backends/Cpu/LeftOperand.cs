using System.Runtime.Intrinsics;

namespace EmotionXai.Engine.Backends.Cpu;

/// <summary>
/// The left operand A of a product, in tiles of eight rows: where the first row is, how far the next row, the next step of k
/// and the next tile are. As stored, or packed: the eight rows of a step side by side, steps one after the other.
/// </summary>
internal readonly unsafe struct LeftOperand(float* data, nint rowStep, nint step, nint tileStep)
{
    private const int TileRows = 8;

    public nint RowStep => rowStep;

    public nint Step => step;

    /// <summary>Whether rows lie in groups of eight, so that no tile may reach from one into the next.</summary>
    public bool IsPacked => rowStep == 1 && step == TileRows;

    /// <summary>Where a row starts.</summary>
    public float* Row(int row) => data + (row / TileRows * tileStep) + (row % TileRows * rowStep);

    /// <summary>The rows from a tile's first on.</summary>
    public LeftOperand From(int row) => new(Row(row), rowStep, step, tileStep);

    /// <summary>Packs rows by <paramref name="depth"/> steps into <paramref name="to"/>; rows that the last tile lacks are left as they are.</summary>
    public LeftOperand Pack(int rows, int depth, float* to)
    {
        Packings.Count();
        for (int row = 0; row < rows; row += TileRows)
        {
            float* from = Row(row), tile = to + ((nint)row * depth);
            int height = Math.Min(TileRows, rows - row);
            if (step == 1) Transpose.Blocks(from, height, depth, rowStep, tile, TileRows);
            else if (height == TileRows && rowStep == 1) Copy(from, depth, tile);
            else
                for (int i = 0; i < depth; i++)
                    for (int r = 0; r < height; r++) tile[(i * TileRows) + r] = from[(i * step) + (r * rowStep)];
        }

        return new LeftOperand(to, 1, TileRows, (nint)TileRows * depth);
    }

    private void Copy(float* from, int depth, float* tile)
    {
        for (int i = 0; i < depth; i++, from += step, tile += TileRows) Vector256.Load(from).Store(tile);
    }
}
