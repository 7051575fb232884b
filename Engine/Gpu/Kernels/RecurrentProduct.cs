using EmotionXai.Engine.Backends;
using ILGPU;

namespace EmotionXai.Engine.Gpu.Kernels;

/// <summary>
/// The extents of a recurrent launch. A group takes <see cref="Rows"/> sequences (a multiple of 2) through all steps. The depth of
/// its products is cut into <see cref="Parts"/>, one or two, which are added where they are used: a thread has two columns of a part.
/// </summary>
internal readonly struct Walk(in Recurrence shape, int rows, int pitch, int parts)
{
    public readonly int Batch = shape.Batch, Time = shape.Time, Hidden = shape.Hidden, Reverse = shape.Reverse ? 1 : 0;

    /// <summary>Sequences a group has, and units from a row to the next in shared memory: Hidden, rounded up to whole panels of all parts, zeros at the end.</summary>
    public readonly int Rows = rows, Pitch = pitch;

    /// <summary>Parts of a product's depth.</summary>
    public readonly int Parts = parts;

    /// <summary>Units, rounded up so that columns come in pairs.</summary>
    public int Even => Hidden + (Hidden & 1);

    /// <summary>Steps of a part.</summary>
    public int Depth => Pitch / Parts;

    /// <summary>Where time stands after <paramref name="s"/> steps.</summary>
    public int At(int s) => Reverse != 0 ? Time - 1 - s : s;

    /// <summary>The product of a gate's unit: the sum of its parts, which lie <paramref name="stride"/> apart.</summary>
    public float Sum(ArrayView<float> products, int at, int stride) => Parts > 1 ? products[at] + products[at + stride] : products[at];

    /// <summary>The products of a unit's gates, which lie <paramref name="apart"/> from each other; <paramref name="count"/> is known when the kernel is compiled.</summary>
    public Float4 Sums(ArrayView<float> products, int at, int apart, int stride, int count) => new(
        Sum(products, at, stride),
        count > 1 ? Sum(products, at + apart, stride) : 0,
        count > 2 ? Sum(products, at + (2 * apart), stride) : 0,
        count > 3 ? Sum(products, at + (3 * apart), stride) : 0);
}

/// <summary>
/// A group's rows by some columns of the recurrent weights. A thread keeps panels of two columns in registers; columns beyond the
/// threads, and rows of the matrix beyond the panel, are loaded anew every time (out of the caches, all groups read the same).
/// </summary>
internal readonly struct GroupProduct<TColumns, TPanel>(Walk walk, TColumns columns, ArrayView<float> weights)
    where TColumns : struct, IColumns
    where TPanel : struct, IPanel<TPanel>
{
    private readonly TPanel _left = columns.Load<TPanel>(weights, Group.IdxX, Group.IdxX < columns.Jobs ? 0 : walk.Hidden, 0);
    private readonly TPanel _right = columns.Load<TPanel>(weights, Group.IdxX, Group.IdxX < columns.Jobs ? 0 : walk.Hidden, columns.Pairs);

    /// <summary>All products of the rows in shared memory.</summary>
    public void Run(ArrayView<Float4> rows, ArrayView<float> products)
    {
        RecurrentProduct by = new(walk.Rows, columns.Pitch, columns.Stride, columns.Pairs);
        for (int job = Group.IdxX; job < columns.Jobs; job += Group.DimX)
        {
            int from = 0;
            ArrayView<Float4> rowsOfPart = rows.SubView(columns.From(job) / 4);
            ArrayView<float> to = products.SubView(columns.To(job));
            if (job == Group.IdxX)
            {
                from = TPanel.Count;
                by.Multiply(_left, _right, rowsOfPart, to);
            }

            // In steps that a part has a whole number of.
            if (TPanel.Count < 16) Rest<Twice<Four>>(by, job, from, rowsOfPart, to);
            else Rest<Twice<Twice<Four>>>(by, job, from, rowsOfPart, to);
        }
    }

    // What a job has from step "from" on, out of weights that are loaded anew.
    private void Rest<TSpare>(RecurrentProduct by, int job, int from, ArrayView<Float4> rows, ArrayView<float> to)
        where TSpare : struct, IPanel<TSpare>
    {
        for (int k = from; k < walk.Depth; k += TSpare.Count)
        {
            TSpare left = columns.Load<TSpare>(weights, job, k, 0), right = columns.Load<TSpare>(weights, job, k, columns.Pairs);
            if (k == 0) by.Multiply(left, right, rows, to);
            else by.Add(left, right, rows.SubView(k / 4), to);
        }
    }
}

/// <summary>All rows of a group by two columns' panels, two rows at a time; the rows lie <c>pitch</c> apart, their products <c>stride</c>, the columns' <c>apart</c>.</summary>
internal readonly struct RecurrentProduct(int rows, int pitch, int stride, int apart)
{
    /// <summary>Stores the products.</summary>
    public void Multiply<TPanel>(TPanel left, TPanel right, ArrayView<Float4> rows, ArrayView<float> products)
        where TPanel : struct, IPanel<TPanel> => Run<TPanel, No>(left, right, rows, products);

    /// <summary>Adds the products to what is there.</summary>
    public void Add<TPanel>(TPanel left, TPanel right, ArrayView<Float4> rows, ArrayView<float> products)
        where TPanel : struct, IPanel<TPanel> => Run<TPanel, Yes>(left, right, rows, products);

    private void Run<TPanel, TAdd>(TPanel left, TPanel right, ArrayView<Float4> from, ArrayView<float> products)
        where TPanel : struct, IPanel<TPanel>
        where TAdd : struct, IChoice
    {
        int end = Instructions.Hold(rows * stride), twice = Instructions.Hold(2 * stride), next = Instructions.Hold(pitch / 4), step = Instructions.Hold(pitch / 2), at = 0;
        for (int to = 0; to < end; to += twice)
        {
            ArrayView<float> upper = products.SubView(to), lower = products.SubView(to).SubView(stride);
            Float4 sums = TAdd.Value ? new Float4(upper[0], upper[apart], lower[0], lower[apart]) : default;
            sums = TPanel.Dot(left, right, from.SubView(at), from.SubView(at).SubView(next), 0, sums);
            upper[0] = sums.X;
            upper[apart] = sums.Y;
            lower[0] = sums.Z;
            lower[apart] = sums.W;
            at += step;
        }
    }
}
