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
    // Whole tiles of eight rows, and of six: 8 to 32 were alike, what they keep for the way back is read once and ahead of its use.
    private const int PointsAtOnce = 24;

    public void IntegratePaths<TSlope>(in RecurrentPaths paths, in PathOperands operands, TSlope slope, int firstPair, int pairs)
        where TSlope : struct, ISlope
    {
        Recurrence shape = paths.Sequences;
        int hidden = paths.Hidden, columns = shape.Gates * hidden, length = paths.Time * columns;
        if (pairs == 0 || length == 0) return;
        PathLayout layout = PathLayout.Of(paths, Math.Min(PointsAtOnce, paths.Steps));
        float* forward = RentPanels(hidden, columns), back = RentPanels(columns, hidden);
        Pack(operands.State, hidden, columns, false, forward, 0, columns);
        Pack(operands.State, columns, hidden, true, back, 0, hidden);
        int sizeClass = MemoryPool.ClassOf(layout.Length);
        float* room = _pool.Rent(sizeClass);
        PathRows rows = new(layout, room);
        RightOperand weights = RightOperand.Packed(forward, hidden, columns, PanelWidth), transposed = RightOperand.Packed(back, columns, hidden, PanelWidth);
        for (int pair = firstPair; pair < firstPair + pairs; pair++)
        {
            nint at = (nint)pair * length;
            new Span<float>(operands.Total + at, length).Clear();
            for (int step = 0; step < paths.Steps; step += layout.Rows)
            {
                int count = Math.Min(layout.Rows, paths.Steps - step);
                PathForward(paths, count, operands.Start + at, operands.Direction + at, operands.Positions + step, operands.Candidate, weights, rows);
                PathHead(paths, count, operands, slope, operands.Weights + step, rows);
                PathBackward(paths, count, transposed, rows, operands.Total + at);
            }
        }

        _pool.Return(room, sizeClass);
        ReturnPanels(forward, hidden, columns);
        ReturnPanels(back, columns, hidden);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void PathForward(
        in RecurrentPaths paths, int count, float* start, float* direction, float* positions, float* candidateBias, in RightOperand weights, in PathRows rows)
    {
        int hidden = paths.Hidden, columns = rows.Layout.Columns;
        bool averages = paths is { Averaged: > 0, Units: > 0 };
        float* zeros = stackalloc float[8 * V.Count];
        if (averages) new Span<float>(rows.Pooled, count * hidden).Clear();
        for (int t = 0; t < paths.Time; t++, start += columns, direction += columns)
        {
            if (t == 0) new Span<float>(rows.Gates, count * columns).Clear();
            else StepProduct(count, columns, hidden, rows.State(0, t - 1), rows.Layout.StateOfRow, weights, rows.Gates, zeros, t % 2 == 1);
            for (int r = 0; r < count; r++)
            {
                float* h = rows.State(r, t), previous = t > 0 ? rows.State(r, t - 1) : null, cell = t > 0 ? rows.Cell(r, t - 1) : null;
                Cells.Forward<V, ProjectionOnPath>(
                    paths.Cell, hidden, new(start, direction, positions[r]), rows.Gates + ((nint)r * columns), candidateBias, previous, cell, h, rows.Kept(r, t));
                if (averages && t >= paths.Time - paths.Averaged) UnitLoop.Run<V, Addition>(hidden, new(h, rows.Pooled + ((nint)r * hidden)));
                else if (paths.Averaged == 0) Largest(hidden, h, t, rows.Pooled + ((nint)r * hidden), rows.When + ((nint)r * hidden));
            }
        }
    }

    // The first of several equal ones, as Max has it.
    private static void Largest(int hidden, float* h, int t, float* largest, float* when)
    {
        for (int j = 0; j < hidden; j++)
        {
            if (t > 0 && !(h[j] > largest[j])) continue;
            largest[j] = h[j];
            when[j] = t;
        }
    }

    /// <summary>dlogit / d(pooled states), times a point's weight and what pooling multiplies by.</summary>
    private void PathHead<TSlope>(in RecurrentPaths paths, int count, in PathOperands operands, TSlope slope, float* weights, in PathRows rows)
        where TSlope : struct, ISlope
    {
        int hidden = paths.Hidden, units = paths.Units;
        float scale = paths.Averaged > 0 ? 1f / paths.Averaged : 1;
        if (units == 0)
        {
            for (int r = 0; r < count; r++) UnitLoop.Run<V, Scaled>(hidden, new(operands.Readout, weights[r] * scale, rows.Seed + ((nint)r * hidden)));
            return;
        }

        for (int r = 0; r < count && scale != 1; r++) UnitLoop.Run<V, Scaled>(hidden, new(rows.Pooled + ((nint)r * hidden), scale, rows.Pooled + ((nint)r * hidden)));
        Multiply(new MatrixProduct(count, units, hidden, false, false, false), rows.Pooled, operands.Dense, null, operands.DenseBias, rows.Dense, new Patch(0, count, 0, units));
        for (int r = 0; r < count; r++) UnitLoop.Run<V, SlopeOfUnits<TSlope>>(units, new(slope, operands.Readout, weights[r] * scale, rows.Dense + ((nint)r * units)));
        Multiply(new MatrixProduct(count, hidden, units, false, true, false), rows.Dense, operands.Dense, null, null, rows.Seed, new Patch(0, count, 0, hidden));
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void PathBackward(in RecurrentPaths paths, int count, in RightOperand weights, in PathRows rows, float* total)
    {
        int hidden = paths.Hidden, columns = rows.Layout.Columns;
        float* dh = rows.Carry, dc = dh + ((nint)count * hidden), dp = rows.Gates, dr = rows.Recurrent;
        float* zeros = stackalloc float[2 * V.Count];
        new Span<float>(rows.Carry, 2 * count * hidden).Clear();
        new Span<float>(rows.Outside, hidden).Clear();
        for (int t = paths.Time - 1; t >= 0; t--)
        {
            for (int r = 0; r < count; r++)
            {
                float* seed = rows.Seed + ((nint)r * hidden), outside = rows.Outside;
                if (paths.Averaged == 0) UnitLoop.Run<V, AtItsTime>(hidden, new(seed, rows.When + ((nint)r * hidden), t, outside));
                else if (t >= paths.Time - paths.Averaged) outside = seed;
                float* previous = t > 0 ? rows.State(r, t - 1) : null, cell = t > 0 ? rows.Cell(r, t - 1) : null;
                Cells.Backward<V>(
                    paths.Cell, hidden, outside, rows.State(r, t), rows.Kept(r, t), previous, cell,
                    dh + ((nint)r * hidden), dc + ((nint)r * hidden), dp + ((nint)r * columns), dr == null ? null : dr + ((nint)r * columns));
            }

            SumRows(count, columns, dp, total + ((nint)t * columns), 1, accumulate: true);
            if (t > 0) Product(count, 0, hidden, columns, dr == null ? dp : dr, columns, 1, weights, Start.Held, dh, hidden, zeros, null);
        }
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
