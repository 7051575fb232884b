using ILGPU;

namespace EmotionXai.Engine.Gpu.Kernels;

/// <summary>
/// Weights that a thread keeps in registers through all time steps: part of a column of the recurrent matrix. Panels are made of
/// two halves down to <see cref="Four"/>, so that no weight has an index that is not known when the kernel is compiled.
/// </summary>
internal interface IPanel<TSelf>
    where TSelf : struct, IPanel<TSelf>
{
    /// <summary>Weights in it.</summary>
    static abstract int Count { get; }

    /// <summary>The weights at <paramref name="at"/>, at + stride, ...; zero beyond the first <paramref name="left"/>.</summary>
    static abstract TSelf Load(ArrayView<float> weights, int at, int stride, int left);

    /// <summary>
    /// sums + the products of two columns' weights with two rows from <paramref name="at"/> on, which is known when the kernel is compiled:
    /// no address is computed. X and Y are the columns' of the first row, Z and W of the second.
    /// </summary>
    /// <remarks>Two columns, so that a load feeds eight multiply-adds; two rows, since the compiler loads all of them before it multiplies.</remarks>
    static abstract Float4 Dot(TSelf left, TSelf right, ArrayView<Float4> first, ArrayView<Float4> second, int at, Float4 sums);
}

/// <summary>The smallest panel.</summary>
internal struct Four : IPanel<Four>
{
    private Float4 _w;

    public static int Count => 4;

    public static Four Load(ArrayView<float> weights, int at, int stride, int left) => new()
    {
        _w = new Float4(
            left > 0 ? weights[at] : 0,
            left > 1 ? weights[at + stride] : 0,
            left > 2 ? weights[at + (2 * stride)] : 0,
            left > 3 ? weights[at + (3 * stride)] : 0),
    };

    public static Float4 Dot(Four left, Four right, ArrayView<Float4> first, ArrayView<Float4> second, int at, Float4 sums)
    {
        Float4 upper = first[at], lower = second[at];
        return new Float4(left._w.Dot(upper, sums.X), right._w.Dot(upper, sums.Y), left._w.Dot(lower, sums.Z), right._w.Dot(lower, sums.W));
    }
}

/// <summary>Two panels one after the other.</summary>
internal struct Twice<TPanel> : IPanel<Twice<TPanel>>
    where TPanel : struct, IPanel<TPanel>
{
    private TPanel _first, _second;

    public static int Count => 2 * TPanel.Count;

    public static Twice<TPanel> Load(ArrayView<float> weights, int at, int stride, int left) => new()
    {
        _first = TPanel.Load(weights, at, stride, left),
        _second = TPanel.Load(weights, at + (TPanel.Count * stride), stride, left - TPanel.Count),
    };

    public static Float4 Dot(Twice<TPanel> left, Twice<TPanel> right, ArrayView<Float4> first, ArrayView<Float4> second, int at, Float4 sums) => TPanel.Dot(
        left._second, right._second, first, second, at + (TPanel.Count / 4), TPanel.Dot(left._first, right._first, first, second, at, sums));
}
