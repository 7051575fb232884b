using EmotionXai.Engine;
using EmotionXai.Engine.Backends;
using EmotionXai.Engine.Gpu;
using Xunit;

namespace EmotionXai.Tests.Backends;

/// <summary>What a GPU's memory holds, and what happens when it is full; on an emulated device of one mebibyte.</summary>
public sealed class EmulatedMemoryTests
{
    private const int Quarter = 1 << 16;

    [Fact]
    public void A_full_device_says_what_would_fit_and_loses_nothing()
    {
        using GpuBackend backend = GpuBackend.Emulated(1 << 20);
        Storage a = backend.Allocate(Quarter), b = backend.Allocate(Quarter), c = backend.Allocate(Quarter);
        double[] written = [3, 1, 4, 1, 5];
        backend.Write(written, new Slice(a, 10, 5));
        EngineException full = Assert.Throws<EngineException>(() => backend.Allocate(2 * Quarter));
        Assert.Contains("0.8 MiB of 1 MiB are in use and 0.5 MiB more were asked for; about 72% of this batch would fit", full.Message, StringComparison.Ordinal);
        Assert.Equal(3, backend.LiveBuffers);
        double[] read = new double[5];
        backend.Read(new Slice(a, 10, 5), read);
        Assert.Equal(written, read);

        // What lies idle in another size makes room.
        backend.Free(b);
        backend.Free(c);
        Storage large = backend.Allocate(3 * Quarter);
        backend.Fill(new Slice(large, 0, 3 * Quarter), 2);
        backend.Read(new Slice(a, 10, 5), read);
        Assert.Equal(written, read);
        Assert.Equal(2, backend.LiveBuffers);
    }

    [Fact]
    public void A_buffer_given_back_is_handed_out_again()
    {
        using GpuBackend backend = GpuBackend.Emulated(1 << 20);
        for (int i = 0; i < 20; i++) backend.Free(backend.Allocate((3 * Quarter) + i));
        Assert.Equal(0, backend.LiveBuffers);
    }

    [Fact]
    public void Uploads_longer_than_the_pinned_memory_arrive_whole()
    {
        const int Length = (1 << 20) + (1 << 19) + 7;
        using GpuBackend backend = GpuBackend.Emulated();
        Storage storage = backend.Allocate(2 * Length);
        float[] first = [.. Enumerable.Range(0, Length).Select(i => (float)i)], second = [.. first.Select(v => -v)], back = new float[2 * Length];
        backend.Write(first, new Slice(storage, 0, Length));
        backend.Write(second, new Slice(storage, Length, Length));
        backend.Read(new Slice(storage, 0, 2 * Length), back);
        Assert.Equal([.. first, .. second], back);
    }

    [Theory]
    [InlineData(8L << 30)]
    [InlineData(141L << 30)]
    public void Batches_of_a_device_fit_into_it(long memory)
    {
        BatchSizes sizes = BatchSizes.For(memory), larger = BatchSizes.For(2 * memory);
        Assert.InRange(16L * sizeof(float) * ((long)sizes.Chunk + sizes.Numbers), 1, memory / 4);
        Assert.True(larger.Chunk >= sizes.Chunk && sizes.Chunk > BatchSizes.Cached.Chunk);
    }
}
