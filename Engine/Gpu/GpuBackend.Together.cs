using System.Runtime.CompilerServices;
using EmotionXai.Engine.Backends;
using EmotionXai.Engine.Gpu.Kernels;
using ILGPU;

namespace EmotionXai.Engine.Gpu;

public sealed partial class GpuBackend
{
    // Groups that share the squares of an array: their parts must be added afterwards.
    private const int MostSquareGroups = 64;

    /// <inheritdoc/>
    public void SumOfSquares(ReadOnlySpan<Slice> parts, Slice scratch, Slice sum)
    {
        using Lock.Scope turn = _gate.EnterScope();
        const string Op = nameof(SumOfSquares);
        Overlap.SumOfSquares(parts, scratch, sum);
        Open(Op, nameof(scratch), scratch);
        ArrayView<float> to = Open(Op, nameof(sum), sum, 1);
        int longest = 0;
        foreach (Slice part in parts) longest = System.Math.Max(longest, part.Length);
        if (longest > scratch.Length) Throw.BadLength(Op, nameof(scratch), scratch.Length, longest);
        if (longest == 0)
        {
            Stride(1, new FillKernel(to, 0));
            return;
        }

        int groups = System.Math.Clamp(Quotient(longest, 4 * _device.GroupSize), 1, System.Math.Min(MostSquareGroups, _device.MostGroups)), total = parts.Length * groups;
        Storage middle = Allocate(total);
        ArrayView<float> between = Open(Op, nameof(middle), new Slice(middle, 0, total));
        Room<ArrayView<float>> room = default;
        for (int at = 0; at < parts.Length; at += Together.Most)
        {
            Span<ArrayView<float>> some = room[..System.Math.Min(Together.Most, parts.Length - at)];
            for (int i = 0; i < some.Length; i++) some[i] = Open(Op, nameof(parts), parts[at + i]);
            Launch(Rows(groups, some.Length, shared: true), new SquaresKernel(new Eight<ArrayView<float>>(some), between, at * groups));
        }

        Sum(new AxisSplit(1, total, 1), total, 1, between, to, 1, accumulate: false);
        Free(middle);
    }

    /// <inheritdoc/>
    public void Adam(ReadOnlySpan<AdamPart> parts, Slice factor)
    {
        using Lock.Scope turn = _gate.EnterScope();
        const string Op = nameof(Adam);
        ArrayView<float> scale = Open(Op, nameof(factor), factor, 1);
        foreach (AdamPart part in parts) Slot(part);
        Room<AdamSlot> room = default;
        for (int at = 0; at < parts.Length; at += Together.Most)
        {
            int longest = 0;
            Span<AdamSlot> some = room[..System.Math.Min(Together.Most, parts.Length - at)];
            for (int i = 0; i < some.Length; i++)
            {
                some[i] = Slot(parts[at + i]);
                longest = System.Math.Max(longest, parts[at + i].Parameter.Length);
            }

            Step<AdamSlot>(some, longest, scale);
        }

        AdamSlot Slot(in AdamPart part)
        {
            int n = part.Parameter.Length;
            Overlap.Adam(part.Parameter, part.Gradient, part.FirstMoment, part.SecondMoment);
            if (part.Step.Time < 1) Throw.OutOfRange(Op, nameof(part.Step.Time), part.Step.Time, "1 or more");
            return new AdamSlot(
                new AdamFactors(part.Step),
                Open(Op, nameof(part.Parameter), part.Parameter),
                Open(Op, nameof(part.Gradient), part.Gradient, n),
                Open(Op, nameof(part.FirstMoment), part.FirstMoment, n),
                Open(Op, nameof(part.SecondMoment), part.SecondMoment, n));
        }
    }

    /// <inheritdoc/>
    public void SgdMomentum(ReadOnlySpan<SgdPart> parts, Slice factor)
    {
        using Lock.Scope turn = _gate.EnterScope();
        const string Op = nameof(SgdMomentum);
        ArrayView<float> scale = Open(Op, nameof(factor), factor, 1);
        foreach (SgdPart part in parts) Slot(part);
        Room<SgdSlot> room = default;
        for (int at = 0; at < parts.Length; at += Together.Most)
        {
            int longest = 0;
            Span<SgdSlot> some = room[..System.Math.Min(Together.Most, parts.Length - at)];
            for (int i = 0; i < some.Length; i++)
            {
                some[i] = Slot(parts[at + i]);
                longest = System.Math.Max(longest, parts[at + i].Parameter.Length);
            }

            Step<SgdSlot>(some, longest, scale);
        }

        SgdSlot Slot(in SgdPart part)
        {
            int n = part.Parameter.Length;
            Overlap.SgdMomentum(part.Parameter, part.Gradient, part.Velocity);
            return new SgdSlot(
                (float)part.Rate,
                (float)part.Momentum,
                (float)part.Decay,
                Open(Op, nameof(part.Parameter), part.Parameter),
                Open(Op, nameof(part.Gradient), part.Gradient, n),
                Open(Op, nameof(part.Velocity), part.Velocity, n));
        }
    }

    private void Step<TSlot>(ReadOnlySpan<TSlot> slots, int longest, ArrayView<float> scale)
        where TSlot : struct, ISlot
    {
        if (longest > 0) Launch(Rows(Quotient(longest, _device.GroupSize), slots.Length), new TogetherKernel<TSlot>(new Eight<TSlot>(slots), scale));
    }

    /// <summary>Groups in as many rows as a launch has arrays.</summary>
    private KernelConfig Rows(int groups, int arrays, bool shared = false)
    {
        Index3D grid = new(System.Math.Min(_device.MostGroups, groups), arrays, 1), group = new(_device.GroupSize, 1, 1);
        return shared ? new KernelConfig(grid, group, SharedMemoryConfig.RequestDynamic<float>(_device.GroupSize)) : new KernelConfig(grid, group);
    }

    /// <summary>What a launch takes, on the stack.</summary>
    [InlineArray(Together.Most)]
    private struct Room<T>
    {
        private T _first;
    }
}
