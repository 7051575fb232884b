using EmotionXai.Engine.Backends;

namespace EmotionXai.Tests.Backends;

/// <summary>Inputs of a recurrent sequence, and the cells' formulas written once more, unit by unit.</summary>
internal sealed class RecurrentCase
{
    public RecurrentCase(Recurrence shape)
    {
        Shape = shape;
        int steps = shape.Batch * shape.Time;
        double reach = 1 / Math.Sqrt(shape.Hidden);
        Projection = Draw(21, steps * shape.Gates * shape.Hidden, 2);
        Weights = Draw(22, shape.Hidden * shape.Gates * shape.Hidden, reach);
        Bias = Draw(23, shape.Hidden, reach);
        StateGradient = Draw(24, steps * shape.Hidden, 1);
    }

    public Recurrence Shape { get; }

    public double[] Projection { get; }

    public double[] Weights { get; }

    public double[] Bias { get; }

    public double[] StateGradient { get; }

    public int StateLength => Shape.Batch * Shape.Time * Shape.Hidden;

    public int SavedLength => StateLength * Shape.SavedPerUnit;

    public int Row(int sequence, int step) => (sequence * Shape.Time) + (Shape.Reverse ? Shape.Time - 1 - step : step);

    public (double[] States, double[] Saved) Forward()
    {
        double[] states = new double[StateLength];
        double[] saved = new double[SavedLength];
        for (int sequence = 0; sequence < Shape.Batch; sequence++)
            for (int step = 0; step < Shape.Time; step++)
                for (int unit = 0; unit < Shape.Hidden; unit++)
                    Unit(states, saved, sequence, step, unit);
        return (states, saved);
    }

    private void Unit(double[] states, double[] saved, int sequence, int step, int unit)
    {
        int hidden = Shape.Hidden;
        int gates = Shape.Gates * hidden;
        int at = Row(sequence, step);
        int before = step == 0 ? -1 : Row(sequence, step - 1);
        double held = before < 0 ? 0 : states[(before * hidden) + unit];
        double Input(int gate) => Projection[(at * gates) + (gate * hidden) + unit];
        double Recurrent(int gate) => before < 0
            ? 0
            : Enumerable.Range(0, hidden).Sum(i => states[(before * hidden) + i] * Weights[(i * gates) + (gate * hidden) + unit]);
        double Gate(int gate) => 1 / (1 + Math.Exp(-(Input(gate) + Recurrent(gate))));
        int Place(int row, int block) => (((row * Shape.SavedPerUnit) + block) * hidden) + unit;
        ref double state = ref states[(at * hidden) + unit];
        double[] keep = [];
        switch (Shape.Cell)
        {
            case RecurrentCell.Elman:
                state = Math.Tanh(Input(0) + Recurrent(0));
                break;
            case RecurrentCell.Gru:
                (double r, double z, double inner) = (Gate(0), Gate(1), Recurrent(2) + Bias[unit]);
                double n = Math.Tanh(Input(2) + (r * inner));
                state = ((1 - z) * n) + (z * held);
                keep = [r, z, n, inner];
                break;
            default:
                double cell = before < 0 ? 0 : saved[Place(before, 4)];
                (double i, double f, double g, double o) = (Gate(0), Gate(1), Math.Tanh(Input(2) + Recurrent(2)), Gate(3));
                cell = (f * cell) + (i * g);
                state = o * Math.Tanh(cell);
                keep = [i, f, g, o, cell];
                break;
        }

        for (int block = 0; block < keep.Length; block++) saved[Place(at, block)] = keep[block];
    }

    private static double[] Draw(int seed, int length, double reach)
    {
        Random random = new(seed);
        return [.. Enumerable.Range(0, length).Select(_ => (double)(float)(reach * ((2 * random.NextDouble()) - 1)))];
    }
}
