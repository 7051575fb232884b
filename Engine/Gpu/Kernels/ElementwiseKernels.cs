using EmotionXai.Engine.Backends;
using EmotionXai.Engine.Numerics;
using ILGPU;

namespace EmotionXai.Engine.Gpu.Kernels;

/// <summary>y[i] = op(x[i mod |x|]).</summary>
internal readonly struct UnaryMap<TOp, TRepeats>(ArrayView<float> x, ArrayView<float> y, int accumulate, TOp op) : IKernel
    where TOp : struct, IUnary
    where TRepeats : struct, IChoice
{
    public void Run()
    {
        int n = (int)y.Length;
        for (int i = Threads.First; i < n; i += Threads.Count)
        {
            float value = op.Apply(Repeated.At<TRepeats>(x, i)).Value;
            y[i] = accumulate != 0 ? y[i] + value : value;
        }
    }
}

/// <summary>y[i] = op(a[i mod |a|], b[i mod |b|]).</summary>
internal readonly struct BinaryMap<TOp, TRepeats>(ArrayView<float> a, ArrayView<float> b, ArrayView<float> y, int accumulate, TOp op) : IKernel
    where TOp : struct, IBinary
    where TRepeats : struct, IChoice
{
    public void Run()
    {
        int n = (int)y.Length;
        for (int i = Threads.First; i < n; i += Threads.Count)
        {
            float value = op.Apply(Repeated.At<TRepeats>(a, i), Repeated.At<TRepeats>(b, i)).Value;
            y[i] = accumulate != 0 ? y[i] + value : value;
        }
    }
}

/// <summary>y[i] = op(a[i mod |a|], b[i mod |b|], c[i mod |c|]).</summary>
internal readonly struct TernaryMap<TOp, TRepeats>(ArrayView<float> a, ArrayView<float> b, ArrayView<float> c, ArrayView<float> y, int accumulate, TOp op) : IKernel
    where TOp : struct, ITernary
    where TRepeats : struct, IChoice
{
    public void Run()
    {
        int n = (int)y.Length;
        for (int i = Threads.First; i < n; i += Threads.Count)
        {
            float value = op.Apply(Repeated.At<TRepeats>(a, i), Repeated.At<TRepeats>(b, i), Repeated.At<TRepeats>(c, i)).Value;
            y[i] = accumulate != 0 ? y[i] + value : value;
        }
    }
}

/// <summary>y[i] = value.</summary>
internal readonly struct FillKernel(ArrayView<float> y, float value) : IKernel
{
    public void Run()
    {
        for (int i = Threads.First; i < (int)y.Length; i += Threads.Count) y[i] = value;
    }
}

/// <summary>Blocks from one strided layout to another; an index runs over all elements that move.</summary>
internal readonly struct CopyKernel(CopyStrides layout, ArrayView<float> x, ArrayView<float> y, int total, float scale, int accumulate) : IKernel
{
    public void Run()
    {
        for (int i = Threads.First; i < total; i += Threads.Count)
        {
            int row = i / layout.Block, element = i - (row * layout.Block), outer = row / layout.Count1, inner = row - (outer * layout.Count1);
            float value = scale * x[(outer * layout.SourceStride0) + (inner * layout.SourceStride1) + element];
            int to = (outer * layout.TargetStride0) + (inner * layout.TargetStride1) + element;
            y[to] = accumulate != 0 ? y[to] + value : value;
        }
    }
}

/// <summary>What a kernel needs of a <see cref="BlockCopy"/>.</summary>
internal readonly struct CopyStrides(in BlockCopy layout)
{
    public readonly int Count1 = layout.Count1, Block = layout.Block;
    public readonly int SourceStride0 = layout.SourceStride0, SourceStride1 = layout.SourceStride1;
    public readonly int TargetStride0 = layout.TargetStride0, TargetStride1 = layout.TargetStride1;
}

/// <summary>y[s, i] = start[i] + positions[s] * direction[i].</summary>
internal readonly struct PointsKernel(ArrayView<float> start, ArrayView<float> direction, ArrayView<float> positions, ArrayView<float> y) : IKernel
{
    public void Run()
    {
        int n = (int)start.Length;
        for (int at = Threads.First; at < (int)y.Length; at += Threads.Count)
        {
            int s = at / n, i = at - (s * n);
            y[at] = start[i] + (positions[s] * direction[i]);
        }
    }
}

/// <summary>Reads an operand that may be repeated as often as the output needs. Where nothing repeats there is no division: it would cost more than the op.</summary>
internal static class Repeated
{
    public static GpuReal At<TRepeats>(ArrayView<float> x, int i)
        where TRepeats : struct, IChoice => new(x[TRepeats.Value ? i % (int)x.Length : i]);
}
