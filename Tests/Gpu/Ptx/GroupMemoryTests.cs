using EmotionXai.Bench.Ptx;
using EmotionXai.Engine;
using EmotionXai.Engine.Backends;
using EmotionXai.Engine.Gpu;
using EmotionXai.Engine.Gpu.Kernels;
using EmotionXai.Tests.Engine;
using ILGPU;
using Xunit;
using Lstm = EmotionXai.Engine.Gpu.Kernels.RecurrentForwardKernel<EmotionXai.Engine.Gpu.Kernels.LstmCell, EmotionXai.Engine.Gpu.Kernels.Twice<EmotionXai.Engine.Gpu.Kernels.Twice<EmotionXai.Engine.Gpu.Kernels.Twice<EmotionXai.Engine.Gpu.Kernels.Four>>>>;
using LstmBack = EmotionXai.Engine.Gpu.Kernels.RecurrentBackwardKernel<EmotionXai.Engine.Gpu.Kernels.LstmCell, EmotionXai.Engine.Gpu.Kernels.Twice<EmotionXai.Engine.Gpu.Kernels.Twice<EmotionXai.Engine.Gpu.Kernels.Twice<EmotionXai.Engine.Gpu.Kernels.Four>>>>;

namespace EmotionXai.Tests.Gpu.Ptx;

/// <summary>Recurrent launches take the shared memory that a device gives to kernels that ask; the 48 KiB of every device where it gives no more.</summary>
public sealed class GroupMemoryTests
{
    private const int H100 = 227 << 10, Panel = 32;

    // Sequences of a group and parts of the depth: with 227 KiB, and with 48.
    [Theory]
    [InlineData(64, 16, 2, 16, 2)]
    [InlineData(128, 16, 2, 8, 2)]
    [InlineData(256, 16, 2, 4, 2)]
    [InlineData(512, 10, 2, 4, 1)]
    [InlineData(1024, 4, 2, 2, 1)]
    public void More_memory_is_more_sequences_a_group(int hidden, int rows, int parts, int rowsUnasked, int partsUnasked)
    {
        using GpuBackend card = Card(DryCard.H100), old = Card(DryCard.H100 with { SharedBytes = 0 });
        Recurrence shape = new(RecurrentCell.Lstm, 8192, 20, hidden, Reverse: false);
        (Walk walk, KernelConfig config) = card.Plan<Lstm>(shape, Panel, Lstm.SharedPerRow);
        (Walk unasked, KernelConfig less) = old.Plan<Lstm>(shape, Panel, Lstm.SharedPerRow);
        Assert.Equal((rows, parts, rowsUnasked, partsUnasked), (walk.Rows, walk.Parts, unasked.Rows, unasked.Parts));
        Assert.InRange(config.SharedMemoryConfig.ArraySize, 1, H100);
        Assert.InRange(less.SharedMemoryConfig.ArraySize, 1, 48 << 10);
        Assert.Equal((8192 + rows - 1) / rows, config.GridDim.X);
        Assert.Equal(256, config.GroupDim.X);
    }

    [Fact]
    public void The_way_back_of_1024_units_needs_more_than_every_device_gives()
    {
        using GpuBackend card = Card(DryCard.H100), old = Card(DryCard.H100 with { SharedBytes = 0 });
        Recurrence shape = new(RecurrentCell.Lstm, 64, 2, 1024, Reverse: false);
        Assert.Equal(4, card.Plan<LstmBack>(shape, Panel, LstmBack.SharedPerRow).Walk.Rows);
        Assert.Contains("gives a group 49152", Assert.Throws<EngineException>(() => old.Plan<LstmBack>(shape, Panel, LstmBack.SharedPerRow)).Message, StringComparison.Ordinal);
    }

    // What the driver allows counts, not what the device has; it is asked once a kernel.
    [Theory]
    [InlineData(0, 8)]
    [InlineData(64 << 10, 12)]
    [InlineData(H100, 16)]
    public void The_driver_has_the_last_word(int allowed, int rows)
    {
        int asked = 0;
        GpuDevice device = new(GpuDevices.Emulated().Accelerator, 1L << 24)
        {
            MoreSharedBytes = H100,
            AllowShared = (kernel, bytes) =>
            {
                Assert.NotNull(kernel.CompiledKernel);
                Assert.Equal(H100, bytes);
                asked++;
                return allowed;
            },
        };
        using GpuBackend backend = GpuBackend.On(device, ProductMath.Float32);
        Recurrence shape = new(RecurrentCell.Lstm, 8192, 20, 128, Reverse: false);
        for (int i = 0; i < 3; i++) Assert.Equal(rows, backend.Plan<Lstm>(shape, Panel, Lstm.SharedPerRow).Walk.Rows);
        Assert.Equal(1, asked);

        // No driver is asked for a kernel that is not its own.
        Assert.Equal(0, CudaDriver.AllowShared(ILGPU.Runtime.KernelUtil.GetKernel(device.Load<FillKernel>()), H100));
    }

    [Fact]
    public void A_group_with_more_than_48_KiB_computes_the_same()
    {
        using PtxDevice device = new(fused: true, moreShared: H100);
        Recurrence shape = new(RecurrentCell.Lstm, 32, 2, 100, Reverse: false);
        int units = shape.Batch * shape.Time * shape.Hidden, wide = units * shape.Gates;
        (double[][] expected, double[][] actual) = Executed.Both(device, ProductMath.Float32, (backend, arrays) =>
        {
            Slice weights = arrays.Random((int)shape.WeightLength, 1, -0.1, 0.1), states = arrays.New(units), saved = arrays.New(units * shape.SavedPerUnit), projected = arrays.New(wide);
            backend.RecurrentForward(shape, arrays.Random(wide, 2), weights, null, states, saved);
            backend.RecurrentBackward(shape, weights, states, saved, arrays.Random(units, 3), projected, null);
            return [states, projected];
        });
        Assert.All([typeof(Lstm), typeof(LstmBack)], kernel => Assert.InRange(device.Launches[kernel].SharedBytes, 48 << 10, H100));
        for (int i = 0; i < expected.Length; i++) Numbers.Near(expected[i], actual[i], 1e-5);
    }

    private static GpuBackend Card(DryCard card) => GpuBackend.Dry(card, 80L << 30);
}
