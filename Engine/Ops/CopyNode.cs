using EmotionXai.Engine.Autodiff;
using EmotionXai.Engine.Backends;
using EmotionXai.Engine.Tensors;

namespace EmotionXai.Engine.Ops;

/// <summary>Copies blocks of elements; the derivative is the same copy backwards.</summary>
internal sealed class CopyNode(Tape tape, Tensor x, int xOffset, Tensor y, int yOffset, BlockCopy layout) : SteadyNode
{
    private readonly bool _covers = layout.Count0 * layout.Count1 * layout.Block == x.Shape.Length;

    public override void Forward() => tape.Backend.Copy(layout, After(x.Data, xOffset), After(y.Data, yOffset), accumulate: false);

    public override void Rescale(Node reference) => Backward();

    public override void Backward()
    {
        if (!x.TracksGradient || tape.IncomingGradient(y) is not { } dy) return;
        (Slice dx, bool accumulate) = tape.Contribute(x);

        // Where the copy left elements of x out, their gradient is zero.
        if (!accumulate && !_covers) tape.Backend.Fill(dx, 0);
        BlockCopy back = new(
            layout.Count0, layout.Count1, layout.Block, layout.TargetStride0, layout.TargetStride1, layout.SourceStride0, layout.SourceStride1);
        tape.Backend.Copy(back, After(dy, yOffset), After(dx, xOffset), accumulate || !_covers);
    }

    // An empty batch has no element at the offset either.
    private static Slice After(Slice all, int offset) =>
        all.Length == 0 ? all : all.Part(offset, all.Length - offset);
}
