using BenchmarkDotNet.Attributes;
using EmotionXai.Engine.Backends;

namespace EmotionXai.Bench;

/// <summary>Recurrent cells over whole sequences, batch x time x hidden.</summary>
public abstract class RecurrenceKernel : Kernel
{
    [Params(RecurrentCell.Elman, RecurrentCell.Gru, RecurrentCell.Lstm)]
    public RecurrentCell Cell { get; set; }

    [Params("1x20x64", "32x20x64", "32x60x64")]
    public string Size { get; set; } = "";

    protected Recurrence Shape { get; private set; }

    protected Slice Projection { get; private set; }

    protected Slice Recurrent { get; private set; }

    protected Slice Candidate { get; private set; }

    protected Slice States { get; private set; }

    protected Slice Saved { get; private set; }

    protected override void Prepare()
    {
        int[] extents = [.. Size.Split('x').Select(int.Parse)];
        Shape = new Recurrence(Cell, extents[0], extents[1], extents[2], Reverse: false);
        int units = extents[0] * extents[1] * extents[2];
        (Projection, Recurrent, Candidate) = (Weights(units * Shape.Gates), Weights(Shape.Hidden * Shape.Hidden * Shape.Gates), Weights(Shape.Hidden));
        (States, Saved) = (Empty(units), Empty(units * Shape.SavedPerUnit));
    }

    protected void Forward() => Backend.RecurrentForward(Shape, Projection, Recurrent, Cell == RecurrentCell.Gru ? Candidate : null, States, Saved);
}

/// <summary>Forward.</summary>
public class RecurrentForwardKernel : RecurrenceKernel
{
    protected override void Call() => Forward();
}

/// <summary>Backward through time, without the weight's gradient, which is a product.</summary>
public class RecurrentBackwardKernel : RecurrenceKernel
{
    private Slice _stateGradient, _projectionGradient, _recurrentGradient;

    protected override void Prepare()
    {
        base.Prepare();
        Forward();
        _stateGradient = Operand(States.Length);
        (_projectionGradient, _recurrentGradient) = (Empty(Projection.Length), Empty(Projection.Length));
    }

    protected override void Call() =>
        Backend.RecurrentBackward(Shape, Recurrent, States, Saved, _stateGradient, _projectionGradient, Cell == RecurrentCell.Gru ? _recurrentGradient : null);
}
