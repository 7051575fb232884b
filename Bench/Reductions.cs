using BenchmarkDotNet.Attributes;
using EmotionXai.Engine.Backends;

namespace EmotionXai.Bench;

/// <summary>Sums and maxima along an axis, the way back of a maximum, and copies of blocks; of [outer, extent, inner].</summary>
public class ReductionKernel : Kernel
{
    private AxisSplit _split;
    private Slice _x, _y, _index, _copy;

    [Params("sum", "max", "scatter", "copy")]
    public string Kind { get; set; } = "";

    [Params("1x640x256", "32x20x64", "2048x936x1")]
    public string Size { get; set; } = "";

    protected override void Prepare()
    {
        int[] extents = [.. Size.Split('x').Select(int.Parse)];
        _split = new AxisSplit(extents[0], extents[1], extents[2]);
        (_x, _y, _index, _copy) = (Operand(_split.Length), Empty(_split.Reduced), Empty(_split.Reduced), Empty(_split.Length));
        Backend.Max(_split, _x, _y, _index);
        Backend.Fill(_copy, 0);
    }

    protected override void Call()
    {
        switch (Kind)
        {
            case "sum": Backend.Sum(_split, _x, _y, 1, accumulate: false); break;
            case "max": Backend.Max(_split, _x, _y, _index); break;
            case "scatter": Backend.Scatter(_split, _y, _index, _copy); break;
            default: Backend.Copy(Transposed(), _x, _copy, accumulate: false); break;
        }
    }

    // The two leading axes change places, as when sequences are put time first.
    private BlockCopy Transposed() => new(
        _split.Outer, _split.Extent, _split.Inner, _split.Extent * _split.Inner, _split.Inner, _split.Inner, _split.Outer * _split.Inner);
}
