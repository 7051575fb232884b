using System.Runtime.CompilerServices;

namespace EmotionXai.Engine.Backends.Cpu;

/// <summary>
/// One step of a recurrent cell; formulas at <see cref="RecurrentCell"/>. A null previous state or cell is zero. Gates are
/// passed over one at a time: a loop with one exponential keeps its constants in registers, one with five does not.
/// </summary>
internal static unsafe class Cells
{
    /// <summary>What a gate does to its pre-activation.</summary>
    private interface IGate
    {
        static abstract V Apply<V>(V x)
            where V : struct, ILanes<V>;
    }

    /// <summary>From the projection p and the recurrent products g of a row to its state h, keeping what backward needs.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Forward<V, TProjection>(
        RecurrentCell cell, int hidden, TProjection p, float* g, float* candidateBias, float* previous, float* previousCell, float* h, float* kept)
        where V : struct, ILanes<V>
        where TProjection : struct, IProjection
    {
        switch (cell)
        {
            case RecurrentCell.Elman:
                Gates<V, Tanh, TProjection>(0, hidden, p, g, h);
                break;
            case RecurrentCell.Gru:
                Gates<V, Sigmoid, TProjection>(0, 2 * hidden, p, g, kept);
                UnitLoop.Run<V, GruState<TProjection>>(hidden, new(hidden, p, g, candidateBias, previous, h, kept));
                break;
            default:
                Gates<V, Sigmoid, TProjection>(0, 2 * hidden, p, g, kept);
                Gates<V, Tanh, TProjection>(2 * hidden, hidden, p, g, kept);
                Gates<V, Sigmoid, TProjection>(3 * hidden, hidden, p, g, kept);
                UnitLoop.Run<V, LstmState>(hidden, new(hidden, previousCell, h, kept));
                break;
        }
    }

    /// <summary>
    /// From dL/dh (from outside and, in <paramref name="dh"/>, from the step after) to the gradients dp of the pre-activations
    /// and dr of the recurrent products of a row. Leaves in dh what reaches the previous state past the weights, in dc what reaches the
    /// previous cell.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Backward<V>(
        RecurrentCell cell, int hidden, float* outside, float* h, float* kept, float* previous, float* previousCell, float* dh, float* dc, float* dp, float* dr)
        where V : struct, ILanes<V>
    {
        switch (cell)
        {
            case RecurrentCell.Elman:
                UnitLoop.Run<V, ElmanBack>(hidden, new(outside, h, dh, dp));
                break;
            case RecurrentCell.Gru:
                UnitLoop.Run<V, GruBack>(hidden, new(hidden, outside, kept, previous, dh, dp, dr));
                break;
            default:
                UnitLoop.Run<V, LstmBack>(hidden, new(hidden, outside, h, kept, previousCell, dh, dc, dp));
                break;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void Gates<V, TGate, TProjection>(int first, int count, TProjection p, float* g, float* y)
        where V : struct, ILanes<V>
        where TGate : struct, IGate
        where TProjection : struct, IProjection => UnitLoop.Run<V, Gate<TGate, TProjection>>(count, new(first, p, g + first, y + first));

    private readonly struct Gate<TGate, TProjection>(int first, TProjection p, float* g, float* y) : IUnitLoop
        where TGate : struct, IGate
        where TProjection : struct, IProjection
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void At<V>(int j)
            where V : struct, ILanes<V> => V.Store(y + j, TGate.Apply(p.At<V>(first + j) + V.Load(g + j)));
    }

    private readonly struct GruState<TProjection>(int hidden, TProjection p, float* g, float* candidateBias, float* previous, float* h, float* kept) : IUnitLoop
        where TProjection : struct, IProjection
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void At<V>(int j)
            where V : struct, ILanes<V>
        {
            V reset = V.Load(kept + j), update = V.Load(kept + hidden + j), product = V.Load(g + (2 * hidden) + j);
            if (candidateBias != null) product += V.Load(candidateBias + j);
            V candidate = V.Tanh(V.MultiplyAdd(reset, product, p.At<V>((2 * hidden) + j)));
            V old = previous == null ? V.Splat(0) : V.Load(previous + j);
            V.Store(h + j, V.MultiplyAdd(update, old - candidate, candidate));
            V.Store(kept + (2 * hidden) + j, candidate);
            V.Store(kept + (3 * hidden) + j, product);
        }
    }

    private readonly struct LstmState(int hidden, float* previousCell, float* h, float* kept) : IUnitLoop
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void At<V>(int j)
            where V : struct, ILanes<V>
        {
            V carried = previousCell == null ? V.Splat(0) : V.Load(previousCell + j);
            V state = V.MultiplyAdd(V.Load(kept + hidden + j), carried, V.Load(kept + j) * V.Load(kept + (2 * hidden) + j));
            V.Store(h + j, V.Load(kept + (3 * hidden) + j) * V.Tanh(state));
            V.Store(kept + (4 * hidden) + j, state);
        }
    }

    private readonly struct ElmanBack(float* outside, float* h, float* dh, float* dp) : IUnitLoop
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void At<V>(int j)
            where V : struct, ILanes<V>
        {
            V y = V.Load(h + j), total = V.Load(outside + j) + V.Load(dh + j);
            V.Store(dp + j, total * (V.Splat(1) - (y * y)));
            V.Store(dh + j, V.Splat(0));
        }
    }

    private readonly struct GruBack(int hidden, float* outside, float* kept, float* previous, float* dh, float* dp, float* dr) : IUnitLoop
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void At<V>(int j)
            where V : struct, ILanes<V>
        {
            V one = V.Splat(1), total = V.Load(outside + j) + V.Load(dh + j);
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
        }
    }

    private readonly struct LstmBack(int hidden, float* outside, float* h, float* kept, float* previousCell, float* dh, float* dc, float* dp) : IUnitLoop
    {
        // Far above what h loses below the least normal number, far below any gate that lets something through.
        private const float LeastGate = 1e-30f;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void At<V>(int j)
            where V : struct, ILanes<V>
        {
            V one = V.Splat(1), total = V.Load(outside + j) + V.Load(dh + j);
            V input = V.Load(kept + j), forget = V.Load(kept + hidden + j);
            V content = V.Load(kept + (2 * hidden) + j), output = V.Load(kept + (3 * hidden) + j);

            // h = o tanh(c): to divide costs a tenth of another tanh. With o below the bound, all that it is multiplied by vanishes.
            V squashed = V.Load(h + j) / V.Clamp(output, LeastGate, 1);
            V carried = previousCell == null ? V.Splat(0) : V.Load(previousCell + j);
            V dstate = V.MultiplyAdd(total * output, one - (squashed * squashed), V.Load(dc + j));
            V.Store(dp + j, dstate * content * input * (one - input));
            V.Store(dp + hidden + j, dstate * carried * forget * (one - forget));
            V.Store(dp + (2 * hidden) + j, dstate * input * (one - (content * content)));
            V.Store(dp + (3 * hidden) + j, total * squashed * output * (one - output));
            V.Store(dc + j, dstate * forget);
            V.Store(dh + j, V.Splat(0));
        }
    }

    private readonly struct Tanh : IGate
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static V Apply<V>(V x)
            where V : struct, ILanes<V> => V.Tanh(x);
    }

    private readonly struct Sigmoid : IGate
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static V Apply<V>(V x)
            where V : struct, ILanes<V> => V.Splat(1) / (V.Splat(1) + V.Exp(-x));
    }
}
