using EmotionXai.Engine.Backends;
using EmotionXai.Engine.Gpu.Kernels;
using EmotionXai.Engine.Numerics;

namespace EmotionXai.Engine.Gpu;

public sealed partial class GpuBackend
{
    /// <inheritdoc/>
    public void BinaryCrossEntropy(Slice logits, Slice targets, double positiveWeight, Slice loss, Slice derivative)
    {
        using Lock.Scope turn = _gate.EnterScope();
        const string Op = nameof(BinaryCrossEntropy);
        int n = logits.Length;
        Overlap.BinaryCrossEntropy(logits, targets, loss, derivative);
        Launch(Group(1), new LossKernel(
            Open(Op, nameof(logits), logits),
            Open(Op, nameof(targets), targets, n),
            (float)positiveWeight,
            Open(Op, nameof(loss), loss, 1),
            Open(Op, nameof(derivative), derivative, n)));
    }

    /// <inheritdoc/>
    public void Adam(in AdamStep step, Slice parameter, Slice gradient, Slice firstMoment, Slice secondMoment)
    {
        using Lock.Scope turn = _gate.EnterScope();
        const string Op = nameof(Adam);
        Overlap.Adam(parameter, gradient, firstMoment, secondMoment);
        if (step.Time < 1) Throw.OutOfRange(Op, nameof(step.Time), step.Time, "1 or more");
        int n = parameter.Length;
        Stride(n, new AdamKernel(new AdamSlot(
            new AdamFactors(step),
            Open(Op, nameof(parameter), parameter),
            Open(Op, nameof(gradient), gradient, n),
            Open(Op, nameof(firstMoment), firstMoment, n),
            Open(Op, nameof(secondMoment), secondMoment, n))));
    }

    /// <inheritdoc/>
    public void SgdMomentum(double rate, double momentum, double decay, double gradientScale, Slice parameter, Slice gradient, Slice velocity)
    {
        using Lock.Scope turn = _gate.EnterScope();
        const string Op = nameof(SgdMomentum);
        int n = parameter.Length;
        Overlap.SgdMomentum(parameter, gradient, velocity);
        Stride(n, new SgdMomentumKernel(
            new SgdSlot((float)rate, (float)momentum, (float)decay, Open(Op, nameof(parameter), parameter), Open(Op, nameof(gradient), gradient, n), Open(Op, nameof(velocity), velocity, n)),
            (float)gradientScale));
    }

    /// <inheritdoc/>
    public void Random(Distribution distribution, RandomKey key, ulong offset, Slice target)
    {
        using Lock.Scope turn = _gate.EnterScope();
        Stride(Quotient(target.Length, 4), new RandomKernel(key, offset, Flag(distribution == Distribution.Normal), Open(nameof(Random), nameof(target), target)));
    }
}
