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
        for (int at = 0; at < parts.Length; at += Together.Most)
        {
            ReadOnlySpan<Slice> some = parts[at..System.Math.Min(parts.Length, at + Together.Most)];
            Views views = new(some, this, Op);
            Launch(Rows(groups, some.Length, shared: true), new SquaresKernel(
                new EightViews(views[0], views[1], views[2], views[3], views[4], views[5], views[6], views[7]), between, at * groups));
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
        foreach (AdamPart part in parts) Check(part);
        for (int at = 0; at < parts.Length; at += Together.Most)
        {
            ReadOnlySpan<AdamPart> some = parts[at..System.Math.Min(parts.Length, at + Together.Most)];
            int longest = 0;
            foreach (AdamPart part in some) longest = System.Math.Max(longest, part.Parameter.Length);
            if (longest == 0) continue;
            Launch(Rows(Quotient(longest, _device.GroupSize), some.Length), new AdamTogether(
                Slot(some, 0), Slot(some, 1), Slot(some, 2), Slot(some, 3), Slot(some, 4), Slot(some, 5), Slot(some, 6), Slot(some, 7), scale));
        }

        void Check(in AdamPart part)
        {
            int n = part.Parameter.Length;
            Overlap.Adam(part.Parameter, part.Gradient, part.FirstMoment, part.SecondMoment);
            if (part.Step.Time < 1) Throw.OutOfRange(Op, nameof(part.Step.Time), part.Step.Time, "1 or more");
            Open(Op, nameof(part.Parameter), part.Parameter);
            Open(Op, nameof(part.Gradient), part.Gradient, n);
            Open(Op, nameof(part.FirstMoment), part.FirstMoment, n);
            Open(Op, nameof(part.SecondMoment), part.SecondMoment, n);
        }

        AdamSlot Slot(ReadOnlySpan<AdamPart> some, int i)
        {
            AdamPart part = some[System.Math.Min(i, some.Length - 1)];
            return new AdamSlot(new AdamFactors(part.Step), View(part.Parameter), View(part.Gradient), View(part.FirstMoment), View(part.SecondMoment));
        }
    }

    /// <inheritdoc/>
    public void SgdMomentum(ReadOnlySpan<SgdPart> parts, Slice factor)
    {
        using Lock.Scope turn = _gate.EnterScope();
        const string Op = nameof(SgdMomentum);
        ArrayView<float> scale = Open(Op, nameof(factor), factor, 1);
        foreach (SgdPart part in parts)
        {
            int n = part.Parameter.Length;
            Overlap.SgdMomentum(part.Parameter, part.Gradient, part.Velocity);
            Open(Op, nameof(part.Parameter), part.Parameter);
            Open(Op, nameof(part.Gradient), part.Gradient, n);
            Open(Op, nameof(part.Velocity), part.Velocity, n);
        }

        for (int at = 0; at < parts.Length; at += Together.Most)
        {
            ReadOnlySpan<SgdPart> some = parts[at..System.Math.Min(parts.Length, at + Together.Most)];
            int longest = 0;
            foreach (SgdPart part in some) longest = System.Math.Max(longest, part.Parameter.Length);
            if (longest == 0) continue;
            Launch(Rows(Quotient(longest, _device.GroupSize), some.Length), new SgdTogether(
                Slot(some, 0), Slot(some, 1), Slot(some, 2), Slot(some, 3), Slot(some, 4), Slot(some, 5), Slot(some, 6), Slot(some, 7), scale));
        }

        SgdSlot Slot(ReadOnlySpan<SgdPart> some, int i)
        {
            SgdPart part = some[System.Math.Min(i, some.Length - 1)];
            return new SgdSlot((float)part.Rate, (float)part.Momentum, (float)part.Decay, View(part.Parameter), View(part.Gradient), View(part.Velocity));
        }
    }

    /// <summary>Groups in as many rows as a launch has arrays.</summary>
    private KernelConfig Rows(int groups, int arrays, bool shared = false)
    {
        Index3D grid = new(System.Math.Min(_device.MostGroups, groups), arrays, 1), group = new(_device.GroupSize, 1, 1);
        return shared ? new KernelConfig(grid, group, SharedMemoryConfig.RequestDynamic<float>(_device.GroupSize)) : new KernelConfig(grid, group);
    }

    /// <summary>Slices as views; beyond the last it is the last again.</summary>
    private readonly ref struct Views(ReadOnlySpan<Slice> slices, GpuBackend backend, string op)
    {
        private readonly ReadOnlySpan<Slice> _slices = slices;

        public ArrayView<float> this[int i] => backend.Open(op, "parts", _slices[System.Math.Min(i, _slices.Length - 1)]);
    }
}
