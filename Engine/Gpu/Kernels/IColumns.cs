using ILGPU;

namespace EmotionXai.Engine.Gpu.Kernels;

/// <summary>The columns that the states, or gradients, of a group's rows are multiplied by. A job is a pair of columns of a part of the depth.</summary>
internal interface IColumns
{
    /// <summary>Numbers from a row to the next, and products of a row.</summary>
    int Pitch { get; }

    int Stride { get; }

    /// <summary>Pairs of columns, whose two lie so far apart.</summary>
    int Pairs { get; }

    int Jobs { get; }

    /// <summary>Where a job's part of a row begins, and where its products go.</summary>
    int From(int job);

    int To(int job);

    /// <summary>The weights of rows k and on of the job's left column, or of the right, so many columns on; zeros behind the units and the columns.</summary>
    TPanel Load<TPanel>(ArrayView<float> weights, int job, int k, int right)
        where TPanel : struct, IPanel<TPanel>;
}

/// <summary>The columns of h W, one a gate and unit.</summary>
internal readonly struct StateColumns<TCell>(Walk walk) : IColumns
    where TCell : struct, ICell
{
    public int Pitch => walk.Pitch;

    public int Stride => walk.Parts * Even;

    public int Pairs => Even / 2;

    public int Jobs => walk.Parts * Pairs;

    /// <summary>Products of a part: all gates' columns, rounded up to pairs.</summary>
    public int Even => Count(walk.Hidden);

    public static int Count(int hidden) => ((TCell.Gates * hidden) + 1) / 2 * 2;

    public int From(int job) => job / Pairs * walk.Depth;

    public int To(int job)
    {
        int part = job / Pairs;
        return (part * Even) + job - (part * Pairs);
    }

    public TPanel Load<TPanel>(ArrayView<float> weights, int job, int k, int right)
        where TPanel : struct, IPanel<TPanel>
    {
        int part = job / Pairs, column = job - (part * Pairs) + right, columns = TCell.Gates * walk.Hidden, row = (part * walk.Depth) + k;
        return TPanel.Load(weights, (row * columns) + column, columns, column < columns ? walk.Hidden - row : 0);
    }
}

/// <summary>
/// The columns of dR W^T: a product with one part a gate, a column a unit of it, which are added where the unit needs them. Column
/// (gate, unit) is W[unit, gate * hidden + k ...], contiguous.
/// </summary>
internal readonly struct GradientColumns<TCell>(Walk walk) : IColumns
    where TCell : struct, ICell
{
    public int Pitch => TCell.Gates * walk.Pitch;

    public int Stride => walk.Parts * Even;

    public int Pairs => walk.Even / 2;

    public int Jobs => walk.Parts * TCell.Gates * Pairs;

    /// <summary>Products of a part of the depth: all gates' units, rounded up to pairs.</summary>
    public int Even => TCell.Gates * walk.Even;

    public int From(int job)
    {
        int block = job / Pairs;
        return (block % TCell.Gates * walk.Pitch) + (block / TCell.Gates * walk.Depth);
    }

    public int To(int job)
    {
        int block = job / Pairs;
        return (block / TCell.Gates * Even) + (block % TCell.Gates * walk.Even) + job - (block * Pairs);
    }

    public TPanel Load<TPanel>(ArrayView<float> weights, int job, int k, int right)
        where TPanel : struct, IPanel<TPanel>
    {
        int block = job / Pairs, gate = block % TCell.Gates, unit = job - (block * Pairs) + right, row = (block / TCell.Gates * walk.Depth) + k;
        return TPanel.Load(weights, (((unit * TCell.Gates) + gate) * walk.Hidden) + row, 1, unit < walk.Hidden ? walk.Hidden - row : 0);
    }
}
