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

    /// <summary>sums + the products of these weights with two rows from <paramref name="at"/> on, which is known when the kernel is compiled: no address is computed.</summary>
    /// <remarks>Two, not four: the compiler loads all of them before it multiplies, and four rows of 64 do not fit into the registers.</remarks>
    Pair Dot(ArrayView<Float4> first, ArrayView<Float4> second, int at, Pair sums);
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

    public readonly Pair Dot(ArrayView<Float4> first, ArrayView<Float4> second, int at, Pair sums) => new(_w.Dot(first[at], sums.First), _w.Dot(second[at], sums.Second));
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

    public readonly Pair Dot(ArrayView<Float4> first, ArrayView<Float4> second, int at, Pair sums) =>
        _second.Dot(first, second, at + (TPanel.Count / 4), _first.Dot(first, second, at, sums));
}

/// <summary>Sums of two rows.</summary>
internal readonly struct Pair(float first, float second)
{
    public readonly float First = first, Second = second;
}
