using EmotionXai.Engine.Autodiff;
using EmotionXai.Engine.Backends;
using EmotionXai.Engine.Tensors;

namespace EmotionXai.Engine.Ops;

/// <summary>Convolution over time: a matrix product over windows of steps, which lie side by side in memory.</summary>
public static class ConvolutionOp
{
    /// <summary>
    /// y[b, s] = bias + sum over w of x[b, s * stride + w - padding] K[w], steps outside the clip being zero (no kernel is flipped
    /// around: what the literature of networks calls a convolution). NaN reaches the windows that hold it.
    /// </summary>
    /// <param name="tape">The tape that records it.</param>
    /// <param name="x">[batch, time, features].</param>
    /// <param name="kernel">[width * features, outputs]: the weights of a window's first step first.</param>
    /// <param name="bias">[outputs], or null.</param>
    /// <param name="width">Steps a window.</param>
    /// <param name="stride">Steps between windows.</param>
    /// <param name="padding">Zero steps before and after a clip.</param>
    /// <returns>[batch, (time + 2 padding - width) / stride + 1, outputs].</returns>
    /// <exception cref="ArgumentException">The shapes do not fit, or a clip is shorter than a window.</exception>
    public static Tensor ConvolveOverTime(this Tape tape, Tensor x, Tensor kernel, Tensor? bias, int width, int stride = 1, int padding = 0)
    {
        Tensor windows = tape.Windows(tape.PadTime(x, padding), width, stride);
        return tape.MatrixMultiply(windows, kernel, bias);
    }

    /// <summary>The windows of a clip, each as one row: y[b, s, w * features + f] = x[b, s * stride + w, f].</summary>
    /// <returns>[batch, (time - width) / stride + 1, width * features].</returns>
    /// <exception cref="ArgumentException">A clip is shorter than a window, or width or stride are below 1.</exception>
    public static Tensor Windows(this Tape tape, Tensor x, int width, int stride = 1)
    {
        if (x.Shape.Rank != 3) ShapeError.BadShape(nameof(Windows), "the input is [batch, time, features]", x.Shape);
        if (width < 1) Throw.OutOfRange(nameof(Windows), nameof(width), width, "at least 1");
        if (stride < 1) Throw.OutOfRange(nameof(Windows), nameof(stride), stride, "at least 1");
        if (x.Shape[1] < width) ShapeError.BadShape(nameof(Windows), $"a clip has {width} steps at least", x.Shape);
        Tensor y = tape.Output(new Shape(x.Shape[0], ((x.Shape[1] - width) / stride) + 1, checked(width * x.Shape[2])), x.TracksGradient);
        tape.Record(new WindowsNode(tape, x, y, width, stride));
        return y;
    }

    /// <summary>Zero steps before and after every clip.</summary>
    /// <exception cref="ArgumentException">The input is not [batch, time, features], or the padding is negative.</exception>
    public static Tensor PadTime(this Tape tape, Tensor x, int padding)
    {
        if (x.Shape.Rank != 3) ShapeError.BadShape(nameof(PadTime), "the input is [batch, time, features]", x.Shape);
        if (padding < 0) Throw.OutOfRange(nameof(PadTime), nameof(padding), padding, "0 or more");
        if (padding == 0) return x;
        Tensor y = tape.Output(x.Shape.With(1, x.Shape[1] + (2 * padding)), x.TracksGradient);
        tape.Record(new PadNode(tape, x, y, padding));
        return y;
    }

    private sealed class WindowsNode(Tape tape, Tensor x, Tensor y, int width, int stride) : SteadyNode
    {
        private readonly int _batch = x.Shape[0], _clip = x.Shape[1] * x.Shape[2], _features = x.Shape[2], _count = y.Shape[1], _row = y.Shape[2];

        public override void Forward() =>
            tape.Backend.Copy(new BlockCopy(_batch, _count, _row, _clip, stride * _features, _count * _row, _row), x.Data, y.Data, accumulate: false);

        public override void Rescale(Node reference) => Backward();

        // Windows overlap: a step of each at a time, which do not.
        public override void Backward()
        {
            if (!x.TracksGradient || tape.IncomingGradient(y) is not { } dy) return;
            (Slice dx, bool accumulate) = tape.Contribute(x);
            if (!accumulate) tape.Backend.Fill(dx, 0);
            if (dy.Length == 0) return;
            for (int w = 0; w < width; w++)
            {
                int at = w * _features;
                tape.Backend.Copy(
                    new BlockCopy(_batch, _count, _features, _count * _row, _row, _clip, stride * _features), dy.Part(at, dy.Length - at), dx.Part(at, dx.Length - at), accumulate: true);
            }
        }
    }

    private sealed class PadNode(Tape tape, Tensor x, Tensor y, int padding) : SteadyNode
    {
        private readonly int _batch = x.Shape[0], _clip = x.Shape[1] * x.Shape[2], _padded = y.Shape[1] * y.Shape[2], _first = padding * x.Shape[2];

        public override void Forward()
        {
            tape.Backend.Fill(y.Data, 0);
            if (x.Data.Length > 0) tape.Backend.Copy(new BlockCopy(_batch, 1, _clip, _clip, 0, _padded, 0), x.Data, y.Data.Part(_first, y.Data.Length - _first), accumulate: false);
        }

        public override void Rescale(Node reference) => Backward();

        public override void Backward()
        {
            if (!x.TracksGradient || tape.IncomingGradient(y) is not { } dy) return;
            (Slice dx, bool accumulate) = tape.Contribute(x);
            if (dx.Length > 0) tape.Backend.Copy(new BlockCopy(_batch, 1, _clip, _padded, 0, _clip, 0), dy.Part(_first, dy.Length - _first), dx, accumulate);
        }
    }
}
