using EmotionXai.Engine.Numerics;
using ILGPU;

namespace EmotionXai.Engine.Backends.Gpu.Kernels;

/// <summary>y[i] = op(x[i mod |x|]).</summary>
internal readonly struct UnaryMap<TOp>(ArrayView<float> x, ArrayView<float> y, int accumulate, TOp op) : IKernel
    where TOp : struct, IUnary
{
    public void Run()
    {
        int n = (int)y.Length;
        for (int i = Threads.First; i < n; i += Threads.Count)
        {
            float value = op.Apply(Repeated.At(x, i, n)).Value;
            y[i] = accumulate != 0 ? y[i] + value : value;
        }
    }
}

/// <summary>y[i] = op(a[i mod |a|], b[i mod |b|]).</summary>
internal readonly struct BinaryMap<TOp>(ArrayView<float> a, ArrayView<float> b, ArrayView<float> y, int accumulate, TOp op) : IKernel
    where TOp : struct, IBinary
{
    public void Run()
    {
        int n = (int)y.Length;
        for (int i = Threads.First; i < n; i += Threads.Count)
        {
            float value = op.Apply(Repeated.At(a, i, n), Repeated.At(b, i, n)).Value;
            y[i] = accumulate != 0 ? y[i] + value : value;
        }
    }
}

/// <summary>y[i] = op(a[i mod |a|], b[i mod |b|], c[i mod |c|]).</summary>
internal readonly struct TernaryMap<TOp>(ArrayView<float> a, ArrayView<float> b, ArrayView<float> c, ArrayView<float> y, int accumulate, TOp op) : IKernel
    where TOp : struct, ITernary
{
    public void Run()
    {
        int n = (int)y.Length;
        for (int i = Threads.First; i < n; i += Threads.Count)
        {
            float value = op.Apply(Repeated.At(a, i, n), Repeated.At(b, i, n), Repeated.At(c, i, n)).Value;
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
internal readonly struct CopyKernel(BlockCopy layout, ArrayView<float> x, ArrayView<float> y, int total, int accumulate) : IKernel
{
    public void Run()
    {
        for (int i = Threads.First; i < total; i += Threads.Count)
        {
            int row = i / layout.Block, element = i - (row * layout.Block), outer = row / layout.Count1, inner = row - (outer * layout.Count1);
            float value = x[(outer * layout.SourceStride0) + (inner * layout.SourceStride1) + element];
            int to = (outer * layout.TargetStride0) + (inner * layout.TargetStride1) + element;
            y[to] = accumulate != 0 ? y[to] + value : value;
        }
    }
}

/// <summary>Reads an operand that is repeated as often as the output needs. The division is skipped where nothing repeats, which all threads agree on.</summary>
internal static class Repeated
{
    public static GpuReal At(ArrayView<float> x, int i, int n) => new(x[(int)x.Length == n ? i : i % (int)x.Length]);
}
