
namespace EmotionXai.Engine.Backends.Reference;

public sealed partial class ReferenceBackend
{
    /// <inheritdoc/>
    /// <remarks>A GRU without a candidate bias has one of zero; the other cells do not look at it.</remarks>
    public void RecurrentForward(in Recurrence shape, Slice projection, Slice weights, Slice? candidateBias, Slice states, Slice saved)
    {
        const string op = nameof(RecurrentForward);
        _ = shape.CheckedUnits(op);
        long steps = (long)shape.Batch * shape.Time;
        int gates = shape.Gates * shape.Hidden;
        Span<double> p = Open(op, nameof(projection), projection, steps * gates);
        Span<double> w = Open(op, nameof(weights), weights, (long)shape.Hidden * gates);
        Span<double> h = Open(op, nameof(states), states, steps * shape.Hidden);
        Span<double> s = OpenSaved(op, shape, saved);
        Span<double> bias = new double[shape.Hidden];
        if (shape.Cell == RecurrentCell.Gru && candidateBias is { } given)
            bias = Open(op, nameof(candidateBias), given, shape.Hidden);

        Overlap.RecurrentForward(projection, weights, shape.Cell == RecurrentCell.Gru ? candidateBias : null, states, saved);
        double[] products = new double[gates];
        double[] zero = new double[shape.Hidden];
        for (int sequence = 0; sequence < shape.Batch; sequence++)
        {
            ReadOnlySpan<double> state = zero;
            ReadOnlySpan<double> cell = zero;
            for (int step = 0; step < shape.Time; step++)
            {
                int at = Row(shape, sequence, step);
                TimesWeights(state, w, products);
                ReadOnlySpan<double> input = p.Slice(at * gates, gates);
                Span<double> next = h.Slice(at * shape.Hidden, shape.Hidden);
                Span<double> keep = s.Slice(at * shape.SavedPerUnit * shape.Hidden, shape.SavedPerUnit * shape.Hidden);
                switch (shape.Cell)
                {
                    case RecurrentCell.Elman:
                        ReferenceCells.ElmanForward(input, products, next);
                        break;
                    case RecurrentCell.Gru:
                        ReferenceCells.GruForward(input, products, bias, state, next, keep);
                        break;
                    default:
                        ReferenceCells.LstmForward(input, products, cell, next, keep);
                        cell = ReferenceCells.LstmCell(keep);
                        break;
                }

                state = next;
            }
        }
    }

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">A length does not fit, or a GRU has no recurrent gradient.</exception>
    public void RecurrentBackward(in Recurrence shape, Slice weights, Slice states, Slice saved, Slice stateGradient, Slice projectionGradient, Slice? recurrentGradient)
    {
        const string op = nameof(RecurrentBackward);
        _ = shape.CheckedUnits(op);
        long steps = (long)shape.Batch * shape.Time;
        int hidden = shape.Hidden;
        int gates = shape.Gates * hidden;
        Span<double> w = Open(op, nameof(weights), weights, (long)hidden * gates);
        Span<double> h = Open(op, nameof(states), states, steps * hidden);
        Span<double> s = OpenSaved(op, shape, saved);
        Span<double> dh = Open(op, nameof(stateGradient), stateGradient, steps * hidden);
        Span<double> dp = Open(op, nameof(projectionGradient), projectionGradient, steps * gates);
        Span<double> du = dp;
        if (shape.Cell == RecurrentCell.Gru)
        {
            if (recurrentGradient is not { } given)
                throw new ArgumentException($"{op}: a GRU needs recurrentGradient; give a slice of {steps * gates} elements.", nameof(recurrentGradient));
            du = Open(op, nameof(recurrentGradient), given, steps * gates);
        }

        Overlap.RecurrentBackward(weights, states, saved, stateGradient, projectionGradient, shape.Cell == RecurrentCell.Gru ? recurrentGradient : null);
        double[] zero = new double[hidden];
        double[] total = new double[hidden];
        for (int sequence = 0; sequence < shape.Batch; sequence++)
        {
            // What the later steps want of this one: dL/dh and, LSTM only, dL/dc.
            double[] stateCarry = new double[hidden];
            double[] cellCarry = new double[hidden];
            for (int step = shape.Time - 1; step >= 0; step--)
            {
                int at = Row(shape, sequence, step);
                int before = step > 0 ? Row(shape, sequence, step - 1) : -1;
                for (int j = 0; j < hidden; j++) total[j] = dh[(at * hidden) + j] + stateCarry[j];

                ReadOnlySpan<double> state = h.Slice(at * hidden, hidden);
                ReadOnlySpan<double> previous = before < 0 ? zero : h.Slice(before * hidden, hidden);
                int width = shape.SavedPerUnit * hidden;
                ReadOnlySpan<double> keep = s.Slice(at * width, width);
                Span<double> input = dp.Slice(at * gates, gates);
                Span<double> products = du.Slice(at * gates, gates);
                Array.Clear(stateCarry);
                switch (shape.Cell)
                {
                    case RecurrentCell.Elman:
                        ReferenceCells.ElmanBackward(total, state, input);
                        break;
                    case RecurrentCell.Gru:
                        ReferenceCells.GruBackward(total, keep, previous, input, products, stateCarry);
                        break;
                    default:
                        ReadOnlySpan<double> cell = before < 0 ? zero : ReferenceCells.LstmCell(s.Slice(before * width, width));
                        ReferenceCells.LstmBackward(total, keep, cell, input, cellCarry);
                        break;
                }

                AddTimesWeightsTransposed(products, w, stateCarry);
            }
        }
    }

    /// <summary>[batch, time] row of the step that comes <paramref name="step"/>-th in the direction of the walk.</summary>
    private static int Row(in Recurrence shape, int sequence, int step) =>
        (sequence * shape.Time) + (shape.Reverse ? shape.Time - 1 - step : step);

    /// <summary>products = h W.</summary>
    private static void TimesWeights(ReadOnlySpan<double> state, ReadOnlySpan<double> weights, Span<double> products)
    {
        for (int j = 0; j < products.Length; j++)
        {
            double sum = 0;
            for (int i = 0; i < state.Length; i++) sum += state[i] * weights[(i * products.Length) + j];
            products[j] = sum;
        }
    }

    /// <summary>carry += d W^T.</summary>
    private static void AddTimesWeightsTransposed(ReadOnlySpan<double> products, ReadOnlySpan<double> weights, Span<double> carry)
    {
        for (int i = 0; i < carry.Length; i++)
        {
            double sum = 0;
            for (int j = 0; j < products.Length; j++) sum += products[j] * weights[(i * products.Length) + j];
            carry[i] += sum;
        }
    }

    private Span<double> OpenSaved(string op, scoped in Recurrence shape, Slice saved)
    {
        long length = (long)shape.Batch * shape.Time * shape.SavedPerUnit * shape.Hidden;
        if (saved.Length != length) Throw.BadLength(op, nameof(saved), saved.Length, Saturate(length));
        return length == 0 ? [] : Open(op, nameof(saved), saved);
    }
}
