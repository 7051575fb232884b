using System.Runtime.CompilerServices;
using EmotionXai.Engine.Numerics;

namespace EmotionXai.Engine.Backends.Cpu;

/// <summary>
/// Paths through a recurrent body. A few points of a path walk forward through time and back again; points, gates and gradients of a
/// step live in the nearest cache and are never stored; what the way back needs of all steps is kept for those few points only. A path is
/// worked on by itself, in the same order whoever does it, so that its sums have the same bits for any number of threads.
/// </summary>
internal sealed unsafe partial class CpuKernels<V>
{
    // A whole tile of eight rows: what they keep for the way back stays in a second-level cache of 1 MiB (60 steps of 64 units of an LSTM: 0.7 MiB).
    private const int PointsAtOnce = 8;

    public void IntegratePaths<TSlope>(in RecurrentPaths paths, in PathOperands operands, TSlope slope, int firstPair, int pairs)
        where TSlope : struct, ISlope
    {
        PathLayout layout = PathLayout.Of(paths, Math.Min(PointsAtOnce, paths.Steps));
        int length = paths.Time * paths.Directions * layout.Columns;
        if (pairs == 0 || length == 0) return;
        WalkPanels first = PackBoth(operands.Forward.State, layout), second = paths.Directions > 1 ? PackBoth(operands.Back.State, layout) : default;
        int sizeClass = MemoryPool.ClassOf(layout.Length);
        float* room = _pool.Rent(sizeClass);
        for (int pair = firstPair; pair < firstPair + pairs; pair++)
        {
            nint at = (nint)pair * length;
            new Span<float>(operands.Total + at, length).Clear();
            for (int step = 0; step < paths.Steps; step += layout.Rows)
            {
                int count = Math.Min(layout.Rows, paths.Steps - step);
                PathRows rows = new(layout, room, 0), others = new(layout, room, 1);
                if (paths is { Averaged: > 0, Units: > 0 }) new Span<float>(rows.Pooled, count * layout.Pooled).Clear();
                PathForward(paths, count, operands.Start + at, operands.Direction + at, operands.Positions + step, operands.Forward.Candidate, first.Forward, rows);
                if (paths.Directions > 1) PathForward(paths, count, operands.Start + at, operands.Direction + at, operands.Positions + step, operands.Back.Candidate, second.Forward, others);
                PathHead(paths, count, operands, slope, operands.Weights + step, rows);
                PathBackward(paths, count, first.Back, rows, operands.Total + at);
                if (paths.Directions > 1) PathBackward(paths, count, second.Back, others, operands.Total + at);
            }
        }

        _pool.Return(room, sizeClass);
        ReturnBoth(first, layout);
        if (paths.Directions > 1) ReturnBoth(second, layout);
    }

    private WalkPanels PackBoth(float* weights, in PathLayout layout)
    {
        (int hidden, int columns) = (layout.Hidden, layout.Columns);
        float* forward = RentPanels(hidden, columns), back = RentPanels(columns, hidden);
        Pack(weights, hidden, columns, false, forward, 0, columns);
        Pack(weights, columns, hidden, true, back, 0, hidden);
        return new WalkPanels(forward, back);
    }

    private void ReturnBoth(in WalkPanels panels, in PathLayout layout)
    {
        ReturnPanels(panels.Forward, layout.Hidden, layout.Columns);
        ReturnPanels(panels.Back, layout.Columns, layout.Hidden);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void PathForward(
        in RecurrentPaths paths, int count, float* start, float* direction, float* positions, float* candidateBias, float* panels, in PathRows rows)
    {
        int hidden = paths.Hidden, columns = rows.Layout.Columns;
        bool averages = paths is { Averaged: > 0, Units: > 0 };
        RightOperand weights = RightOperand.Packed(panels, hidden, columns, PanelWidth);
        float* zeros = stackalloc float[8 * V.Count];
        for (int s = 0; s < paths.Time; s++)
        {
            int t = rows.Frame(s);
            nint at = (((nint)t * paths.Directions) + rows.Direction) * columns;
            if (s == 0) new Span<float>(rows.Gates, count * columns).Clear();
            else StepProduct(count, columns, hidden, rows.State(0, s - 1), rows.Layout.StateOfRow, weights, rows.Gates, zeros, s % 2 == 1);
            for (int r = 0; r < count; r++)
            {
                float* h = rows.State(r, s), previous = s > 0 ? rows.State(r, s - 1) : null, cell = s > 0 ? rows.Cell(r, s - 1) : null;
                Cells.Forward<V, ProjectionOnPath>(
                    paths.Cell, hidden, new(start + at, direction + at, positions[r]), rows.Gates + ((nint)r * columns), candidateBias, previous, cell, h, rows.Kept(r, s));
                nint units = rows.UnitsOf(r);
                if (averages && t >= paths.Time - paths.Averaged) UnitLoop.Run<V, Addition>(hidden, new(h, rows.Pooled + units));
                else if (paths.Averaged == 0) Largest(hidden, h, s == 0, t, rows.Direction == 1, rows.Pooled + units, rows.When + units);
            }
        }
    }

    // The first in time of several equal ones, as Max has it.
    private static void Largest(int hidden, float* h, bool isFirst, int t, bool fromTheEnd, float* largest, float* when)
    {
        for (int j = 0; j < hidden; j++)
        {
            if (!isFirst && !(h[j] > largest[j] || (fromTheEnd && h[j] == largest[j]))) continue;
            largest[j] = h[j];
            when[j] = t;
        }
    }

    /// <summary>dlogit / d(pooled states), times a point's weight and what pooling multiplies by.</summary>
    private void PathHead<TSlope>(in RecurrentPaths paths, int count, in PathOperands operands, TSlope slope, float* weights, in PathRows rows)
        where TSlope : struct, ISlope
    {
        int states = rows.Layout.Pooled, units = paths.Units;
        float scale = paths.Averaged > 0 ? 1f / paths.Averaged : 1;
        if (units == 0)
        {
            for (int r = 0; r < count; r++) UnitLoop.Run<V, Scaled>(states, new(operands.Readout, weights[r] * scale, rows.Seed + ((nint)r * states)));
            return;
        }

        if (scale != 1) UnitLoop.Run<V, Scaled>(count * states, new(rows.Pooled, scale, rows.Pooled));
        Multiply(new MatrixProduct(count, units, states, false, false, false), rows.Pooled, operands.Dense, null, operands.DenseBias, default(Identity), rows.Dense, new Patch(0, count, 0, units));
        for (int r = 0; r < count; r++) UnitLoop.Run<V, SlopeOfUnits<TSlope>>(units, new(slope, operands.Readout, weights[r] * scale, rows.Dense + ((nint)r * units)));
        Multiply(new MatrixProduct(count, states, units, false, true, false), rows.Dense, operands.Dense, null, null, default(Identity), rows.Seed, new Patch(0, count, 0, states));
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void PathBackward(in RecurrentPaths paths, int count, float* panels, in PathRows rows, float* total)
    {
        int hidden = paths.Hidden, columns = rows.Layout.Columns;
        RightOperand weights = RightOperand.Packed(panels, columns, hidden, PanelWidth);
        float* dh = rows.Carry, dc = dh + ((nint)count * hidden), dp = rows.Gates, dr = rows.Recurrent;
        float* zeros = stackalloc float[2 * V.Count];
        new Span<float>(rows.Carry, 2 * count * hidden).Clear();
        new Span<float>(rows.Outside, hidden).Clear();
        for (int s = paths.Time - 1; s >= 0; s--)
        {
            int t = rows.Frame(s);
            for (int r = 0; r < count; r++)
            {
                float* seed = rows.Seed + rows.UnitsOf(r), outside = rows.Outside;
                if (paths.Averaged == 0) UnitLoop.Run<V, AtItsTime>(hidden, new(seed, rows.When + rows.UnitsOf(r), t, outside));
                else if (t >= paths.Time - paths.Averaged) outside = seed;
                float* previous = s > 0 ? rows.State(r, s - 1) : null, cell = s > 0 ? rows.Cell(r, s - 1) : null;
                Cells.Backward<V>(
                    paths.Cell, hidden, outside, rows.State(r, s), rows.Kept(r, s), previous, cell,
                    dh + ((nint)r * hidden), dc + ((nint)r * hidden), dp + ((nint)r * columns), dr == null ? null : dr + ((nint)r * columns));
            }

            SumRows(count, columns, columns, dp, total + ((((nint)t * paths.Directions) + rows.Direction) * columns), 1, accumulate: true);
            if (s > 0) Product(count, 0, hidden, columns, dr == null ? dp : dr, columns, 1, weights, Start.Held, default(Identity), dh, hidden, zeros, null);
        }
    }

    /// <summary>The recurrent weights of a direction for the way there, and transposed for the way back.</summary>
    private readonly struct WalkPanels(float* forward, float* back)
    {
        public float* Forward { get; } = forward;

        public float* Back { get; } = back;
    }

    private readonly struct Addition(float* x, float* y) : IUnitLoop
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void At<T>(int j)
            where T : struct, ILanes<T> => T.Store(y + j, T.Load(y + j) + T.Load(x + j));
    }

    private readonly struct Scaled(float* x, float factor, float* y) : IUnitLoop
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void At<T>(int j)
            where T : struct, ILanes<T> => T.Store(y + j, T.Splat(factor) * T.Load(x + j));
    }

    private readonly struct SlopeOfUnits<TSlope>(TSlope slope, float* readout, float factor, float* z) : IUnitLoop
        where TSlope : struct, ISlope
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void At<T>(int j)
            where T : struct, ILanes<T> => T.Store(z + j, slope.At(T.Load(z + j)) * (T.Splat(factor) * T.Load(readout + j)));
    }

    private readonly struct AtItsTime(float* seed, float* when, float t, float* outside) : IUnitLoop
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void At<T>(int j)
            where T : struct, ILanes<T>
        {
            T away = T.Abs(T.Load(when + j) - T.Splat(t));
            T.Store(outside + j, T.IfGreater(T.Splat(0.5f), away, T.Load(seed + j), T.Splat(0)));
        }
    }
}
