using EmotionXai.Engine.Autodiff;
using EmotionXai.Engine.Backends;
using EmotionXai.Engine.Numerics;
using EmotionXai.Engine.Tensors;

namespace EmotionXai.Engine.Ops;

/// <summary>
/// The machinery that every elementwise op shares. An op's file holds its formula and its derivative; here they meet the
/// tape. A derivative is a function of the op's operands (or result) and the gradient dy that arrives.
/// </summary>
public static class Elementwise
{
    /// <summary>y = forward(x), dx = backward(x, y, dy).</summary>
    /// <param name="tape">The tape that records it.</param>
    /// <param name="x">Any shape.</param>
    /// <param name="forward">The formula.</param>
    /// <param name="backward">The derivative times dy, from x, y and dy.</param>
    public static Tensor Unary<TForward, TBackward>(this Tape tape, Tensor x, TForward forward, TBackward backward)
        where TForward : struct, IUnary
        where TBackward : struct, ITernary
    {
        Tensor y = tape.Output(x.Shape, x.TracksGradient);
        tape.Record(new UnaryNode<TForward, TBackward>(tape, x, y, forward, backward));
        return y;
    }

    /// <summary>
    /// y = forward(a, b), da = backwardA(a, b, dy), db = backwardB(a, b, dy). Shapes are aligned at their last axes; an axis that
    /// an operand lacks, or has with extent one, is repeated, and its gradient is summed over the repetitions. Leading axes
    /// are repeated without a copy.
    /// </summary>
    /// <param name="tape">The tape that records it.</param>
    /// <param name="op">The op's name, for errors.</param>
    /// <param name="a">The first operand.</param>
    /// <param name="b">The second operand.</param>
    /// <param name="forward">The formula.</param>
    /// <param name="backwardA">The derivative by a, times dy.</param>
    /// <param name="backwardB">The derivative by b, times dy.</param>
    /// <exception cref="ArgumentException">The shapes do not fit.</exception>
    public static Tensor Binary<TForward, TBackwardA, TBackwardB>(
        this Tape tape, string op, Tensor a, Tensor b, TForward forward, TBackwardA backwardA, TBackwardB backwardB)
        where TForward : struct, IBinary
        where TBackwardA : struct, ITernary
        where TBackwardB : struct, ITernary
    {
        Shape shape = BroadcastOp.Common(op, a.Shape, b.Shape);
        (a, b) = (tape.Aligned(a, shape), tape.Aligned(b, shape));
        Tensor y = tape.Output(shape, a.TracksGradient || b.TracksGradient);
        tape.Record(new BinaryNode<TForward, TBackwardA, TBackwardB>(tape, a, b, y, forward, backwardA, backwardB));
        return y;
    }

    private sealed class UnaryNode<TForward, TBackward>(Tape tape, Tensor x, Tensor y, TForward forward, TBackward backward) : SteadyNode
        where TForward : struct, IUnary
        where TBackward : struct, ITernary
    {
        private Tensor Input => x;

        private Tensor Output => y;

        public override void Forward() => tape.Backend.Map(forward, x.Data, y.Data, accumulate: false);

        public override void Backward()
        {
            if (!x.TracksGradient || tape.IncomingGradient(y) is not { } dy) return;
            (Slice dx, bool accumulate) = tape.Contribute(x);
            tape.Backend.Map(backward, x.Data, y.Data, dy, dx, accumulate);
        }

        public override void Rescale(Node reference)
        {
            if (!x.TracksGradient || tape.IncomingGradient(y) is not { } dy) return;
            UnaryNode<TForward, TBackward> other = (UnaryNode<TForward, TBackward>)reference;
            (Slice dx, bool accumulate) = tape.Contribute(x);
            Slice moved = tape.Scratch(y.Shape.Length), change = tape.Scratch(y.Shape.Length), slope = tape.Scratch(y.Shape.Length);
            tape.Backend.Map(default(Difference), x.Data, other.Input.Data, moved, accumulate: false);
            tape.Backend.Map(default(Difference), y.Data, other.Output.Data, change, accumulate: false);
            tape.Backend.Map(backward, x.Data, y.Data, dy, slope, accumulate: false);
            RescaleRule.Apply(tape, moved, change, dy, slope, dx, accumulate);
        }
    }

    private sealed class BinaryNode<TForward, TBackwardA, TBackwardB>(
        Tape tape, Tensor a, Tensor b, Tensor y, TForward forward, TBackwardA backwardA, TBackwardB backwardB) : SteadyNode
        where TForward : struct, IBinary
        where TBackwardA : struct, ITernary
        where TBackwardB : struct, ITernary
    {
        private readonly Slice? _partial = a.Shape.Length != b.Shape.Length && y.TracksGradient ? tape.Scratch(y.Shape.Length) : null;

        private Tensor A => a;

        private Tensor B => b;

        private Tensor Output => y;

        public override void Forward() => tape.Backend.Map(forward, a.Data, b.Data, y.Data, accumulate: false);

        public override void Backward()
        {
            if (tape.IncomingGradient(y) is not { } dy) return;
            Contribute(a, backwardA, dy);
            Contribute(b, backwardB, dy);
        }

        // Of the change of f(a, b) each operand gets its mean over both orders of changing one after the other.
        public override void Rescale(Node reference)
        {
            if (tape.IncomingGradient(y) is not { } dy) return;
            BinaryNode<TForward, TBackwardA, TBackwardB> other = (BinaryNode<TForward, TBackwardA, TBackwardB>)reference;
            Slice first = tape.Scratch(y.Shape.Length), second = tape.Scratch(y.Shape.Length);
            tape.Backend.Map(forward, a.Data, other.B.Data, first, accumulate: false);
            tape.Backend.Map(forward, other.A.Data, b.Data, second, accumulate: false);
            Rescale(a, other.A, backwardA, dy, first, second, other.Output);
            Rescale(b, other.B, backwardB, dy, second, first, other.Output);
        }

        private void Rescale<TBackward>(Tensor operand, Tensor from, TBackward backward, Slice dy, Slice alone, Slice without, Tensor start)
            where TBackward : struct, ITernary
        {
            if (!operand.TracksGradient) return;
            int length = y.Shape.Length;
            Slice moved = tape.Scratch(length), change = tape.Scratch(length), slope = tape.Scratch(length);
            tape.Backend.Map(default(Difference), operand.Data, from.Data, moved, accumulate: false);
            tape.Backend.Map(default(HalfDifference), alone, start.Data, change, accumulate: false);
            tape.Backend.Map(default(HalfDifference), y.Data, without, change, accumulate: true);
            tape.Backend.Map(backward, a.Data, b.Data, dy, slope, accumulate: false);
            (Slice gradient, bool accumulate) = tape.Contribute(operand);
            if (operand.Shape.Length == length)
            {
                RescaleRule.Apply(tape, moved, change, dy, slope, gradient, accumulate);
                return;
            }

            Slice partial = tape.Scratch(length);
            RescaleRule.Apply(tape, moved, change, dy, slope, partial, accumulate: false);
            int repeats = operand.Shape.Length == 0 ? 0 : length / operand.Shape.Length;
            tape.Backend.Sum(new AxisSplit(1, repeats, operand.Shape.Length), partial, gradient, 1, accumulate);
        }

        private void Contribute<TBackward>(Tensor operand, TBackward backward, Slice dy)
            where TBackward : struct, ITernary
        {
            if (!operand.TracksGradient) return;
            (Slice gradient, bool accumulate) = tape.Contribute(operand);
            if (operand.Shape.Length == y.Shape.Length)
            {
                tape.Backend.Map(backward, a.Data, b.Data, dy, gradient, accumulate);
                return;
            }

            // A repeated operand gathers its gradient from every repetition.
            Slice partial = _partial!.Value;
            tape.Backend.Map(backward, a.Data, b.Data, dy, partial, accumulate: false);
            int repeats = operand.Shape.Length == 0 ? 0 : y.Shape.Length / operand.Shape.Length;
            tape.Backend.Sum(new AxisSplit(1, repeats, operand.Shape.Length), partial, gradient, 1, accumulate);
        }
    }
}
