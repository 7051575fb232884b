namespace EmotionXai.Engine.Backends.Cpu;

/// <summary>One step of some units of a recurrent cell; formulas at <see cref="RecurrentCell"/>. A null previous state or cell is zero.</summary>
internal static unsafe class Cells
{
    /// <summary>From the projection p and the recurrent products g of a row to its state h, keeping what backward needs.</summary>
    public static void Forward<V>(RecurrentCell cell, int hidden, int j, float* p, float* g, float* candidateBias, float* previous, float* previousCell, float* h, float* kept)
        where V : struct, ILanes<V>
    {
        switch (cell)
        {
            case RecurrentCell.Elman:
                V.Store(h + j, V.Tanh(V.Load(p + j) + V.Load(g + j)));
                break;
            case RecurrentCell.Gru:
                V reset = Sigmoid(V.Load(p + j) + V.Load(g + j));
                V update = Sigmoid(V.Load(p + hidden + j) + V.Load(g + hidden + j));
                V product = V.Load(g + (2 * hidden) + j);
                if (candidateBias != null) product += V.Load(candidateBias + j);
                V candidate = V.Tanh(V.MultiplyAdd(reset, product, V.Load(p + (2 * hidden) + j)));
                V old = previous == null ? V.Splat(0) : V.Load(previous + j);
                V.Store(h + j, V.MultiplyAdd(update, old - candidate, candidate));
                V.Store(kept + j, reset);
                V.Store(kept + hidden + j, update);
                V.Store(kept + (2 * hidden) + j, candidate);
                V.Store(kept + (3 * hidden) + j, product);
                break;
            default:
                V input = Sigmoid(V.Load(p + j) + V.Load(g + j));
                V forget = Sigmoid(V.Load(p + hidden + j) + V.Load(g + hidden + j));
                V content = V.Tanh(V.Load(p + (2 * hidden) + j) + V.Load(g + (2 * hidden) + j));
                V output = Sigmoid(V.Load(p + (3 * hidden) + j) + V.Load(g + (3 * hidden) + j));
                V carried = previousCell == null ? V.Splat(0) : V.Load(previousCell + j);
                V state = V.MultiplyAdd(forget, carried, input * content);
                V.Store(h + j, output * V.Tanh(state));
                V.Store(kept + j, input);
                V.Store(kept + hidden + j, forget);
                V.Store(kept + (2 * hidden) + j, content);
                V.Store(kept + (3 * hidden) + j, output);
                V.Store(kept + (4 * hidden) + j, state);
                break;
        }
    }

    /// <summary>
    /// From dL/dh (from outside and, in <paramref name="dh"/>, from the step after) to the gradients dp of the pre-activations
    /// and dr of the recurrent products. Leaves in dh what reaches the previous state past the weights, in dc what reaches the
    /// previous cell.
    /// </summary>
    public static void Backward<V>(
        RecurrentCell cell, int hidden, int j, float* outside, float* h, float* kept, float* previous, float* previousCell, float* dh, float* dc, float* dp, float* dr)
        where V : struct, ILanes<V>
    {
        V one = V.Splat(1), total = V.Load(outside + j) + V.Load(dh + j);
        switch (cell)
        {
            case RecurrentCell.Elman:
                V y = V.Load(h + j);
                V.Store(dp + j, total * (one - (y * y)));
                V.Store(dh + j, V.Splat(0));
                break;
            case RecurrentCell.Gru:
                V reset = V.Load(kept + j), update = V.Load(kept + hidden + j);
                V candidate = V.Load(kept + (2 * hidden) + j), product = V.Load(kept + (3 * hidden) + j);
                V old = previous == null ? V.Splat(0) : V.Load(previous + j);
                V dn = total * (one - update) * (one - (candidate * candidate));
                V dz = total * (old - candidate) * update * (one - update);
                V dreset = dn * product * reset * (one - reset);
                V.Store(dp + j, dreset);
                V.Store(dp + hidden + j, dz);
                V.Store(dp + (2 * hidden) + j, dn);
                V.Store(dr + j, dreset);
                V.Store(dr + hidden + j, dz);
                V.Store(dr + (2 * hidden) + j, dn * reset);
                V.Store(dh + j, total * update);
                break;
            default:
                V input = V.Load(kept + j), forget = V.Load(kept + hidden + j);
                V content = V.Load(kept + (2 * hidden) + j), output = V.Load(kept + (3 * hidden) + j);
                V squashed = V.Tanh(V.Load(kept + (4 * hidden) + j));
                V carried = previousCell == null ? V.Splat(0) : V.Load(previousCell + j);
                V dstate = V.MultiplyAdd(total * output, one - (squashed * squashed), V.Load(dc + j));
                V.Store(dp + j, dstate * content * input * (one - input));
                V.Store(dp + hidden + j, dstate * carried * forget * (one - forget));
                V.Store(dp + (2 * hidden) + j, dstate * input * (one - (content * content)));
                V.Store(dp + (3 * hidden) + j, total * squashed * output * (one - output));
                V.Store(dc + j, dstate * forget);
                V.Store(dh + j, V.Splat(0));
                break;
        }
    }

    private static V Sigmoid<V>(V x)
        where V : struct, ILanes<V> => V.Splat(1) / (V.Splat(1) + V.Exp(-x));
}
