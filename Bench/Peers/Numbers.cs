using EmotionXai.Engine.Backends;
using EmotionXai.Engine.Backends.Cpu;
using EmotionXai.Engine.Numerics;
using EmotionXai.Engine.Tensors;

namespace EmotionXai.Bench.Peers;

/// <summary>The data of both sides: normal numbers, the same in every run.</summary>
internal static class Numbers
{
    private const ulong Seed = 7;

    public static float[] Normal(int count, ulong stream)
    {
        using CpuBackend backend = new();
        float[] values = new float[count];
        Fill(backend, values, stream);
        return values;
    }

    public static void Fill(CpuBackend backend, float[] values, ulong stream)
    {
        using TensorScope scope = new(backend);
        Slice slice = scope.New(new Shape(values.Length)).Data;
        backend.Random(Distribution.Normal, new RandomKey(Seed, stream), 0, slice);
        backend.Read(slice, values);
    }

    /// <summary>0 or 1, about as many of each.</summary>
    public static float[] Labels(int count, ulong stream) => [.. Normal(count, stream).Select(v => v > 0 ? 1f : 0f)];
}
