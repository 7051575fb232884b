using EmotionXai.Bench.Ptx;
using EmotionXai.Engine.Backends;
using EmotionXai.Engine.Backends.Reference;
using EmotionXai.Engine.Gpu;
using Xunit;

namespace EmotionXai.Tests.Gpu.Ptx;

/// <summary>Calls of a backend, once by Reference and once by the kernels' PTX, which is checked on its way.</summary>
internal static class Executed
{
    /// <summary>What a call gives on Reference and as PTX; nothing may be found in the kernels.</summary>
    public static (double[][] Expected, double[][] Actual) Both(PtxDevice device, ProductMath math, Func<IBackend, Arrays, Slice[]> work)
    {
        using ReferenceBackend reference = new();
        using GpuBackend backend = device.Backend(math);
        (double[][], double[][]) results = (Of(reference, work), Of(backend, work));
        Assert.Equal([], device.Findings.All);
        return results;
    }

    public static double[][] Of(IBackend backend, Func<IBackend, Arrays, Slice[]> work) => [.. work(backend, new Arrays(backend)).Select(slice =>
    {
        double[] values = new double[slice.Length];
        backend.Read(slice, values);
        return values;
    })];

    /// <summary>The names of the kernels that have run.</summary>
    public static IEnumerable<string> Names(PtxDevice device) => device.Programs.Values.Select(program => program.Name);
}

/// <summary>Arrays of a backend, the same numbers in all backends. What nobody writes holds what no kernel may read.</summary>
internal sealed class Arrays(IBackend backend)
{
    public Slice New(int length) => new(backend.Allocate(length), 0, length);

    /// <summary>float32 uniform in [low, high), an element or more behind the buffer's start where that is asked for.</summary>
    public Slice Random(int length, int seed, double low = -1, double high = 1, int offset = 0)
    {
        Slice slice = New(length + offset).Part(offset, length);
        backend.Write(Engine.Numbers.Singles(seed, length, low, high), slice);
        return slice;
    }

    public Slice Of(float[] values)
    {
        Slice slice = New(values.Length);
        backend.Write(values, slice);
        return slice;
    }
}
