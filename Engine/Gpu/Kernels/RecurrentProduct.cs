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
