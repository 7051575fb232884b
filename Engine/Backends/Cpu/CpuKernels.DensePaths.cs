using System.Runtime.CompilerServices;
using EmotionXai.Engine.Numerics;

namespace EmotionXai.Engine.Backends.Cpu;

/// <summary>
/// Paths through dense layers. Some points, of one path or of several, go through all layers and back while all that they are stays in the
/// nearest cache. No point depends on those beside it, and a path's gradients are added in the order of its points, so its sum has the same bits
/// wherever points are cut and whoever does it.
/// </summary>
internal sealed unsafe partial class CpuKernels<V>
{
    // Points, their units and gradients in 40 KiB; whole tiles of eight rows, and at least one.
    private const int NearestCache = 10 * 1024;
    private const int MostPoints = 48;

    public void IntegrateDensePaths<TFinish, TSlope>(in DensePathOperands paths, TFinish finish, TSlope slope, int firstPair, int pairs)
        where TFinish : struct, IUnary
        where TSlope : struct, ITernary
    {
        (int steps, int width, int layers) = (paths.Steps, paths.Width, paths.Layers);
        if (pairs == 0 || width == 0) return;
        float** forward = stackalloc float*[layers], back = stackalloc float*[layers];
        int units = width, widest = width;
        for (int i = 0; i < layers; i++)
        {
            (int inputs, int outputs) = (paths.Layer[i].Inputs, paths.Layer[i].Outputs);
            forward[i] = RentPanels(inputs, outputs);
            back[i] = RentPanels(outputs, inputs);
            Pack(paths.Layer[i].Weight, inputs, outputs, false, forward[i], 0, outputs);
            Pack(paths.Layer[i].Weight, outputs, inputs, true, back[i], 0, inputs);
            units += outputs;
            widest = Math.Max(widest, outputs);
        }

        int kept = paths.NeedsInputs ? 2 * units : units, row = kept + (2 * widest);
        int rows = Math.Clamp(NearestCache / row / TileRows * TileRows, TileRows, MostPoints);
        int sizeClass = MemoryPool.ClassOf(checked((rows * row) + PanelWidth));
        float* room = _pool.Rent(sizeClass);
        DenseRows place = new(room, rows, units, widest, paths.NeedsInputs);
        new Span<float>(paths.Total + ((nint)firstPair * width), checked(pairs * width)).Clear();
        long end = (long)(firstPair + pairs) * steps;
        for (long point = (long)firstPair * steps; point < end; point += rows)
        {
            int count = (int)Math.Min(rows, end - point);
            DenseForward(paths, finish, point, count, forward, place);
            DenseBackward(paths, slope, point, count, back, place);
        }

        _pool.Return(room, sizeClass);
        for (int i = 0; i < layers; i++)
        {
            ReturnPanels(forward[i], paths.Layer[i].Inputs, paths.Layer[i].Outputs);
            ReturnPanels(back[i], paths.Layer[i].Outputs, paths.Layer[i].Inputs);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void DenseForward<TFinish>(in DensePathOperands paths, TFinish finish, long point, int count, float** panels, in DenseRows rows)
        where TFinish : struct, IUnary
    {
        int width = paths.Width;
        float* h = rows.Units, z = rows.Inputs;
        for (int r = 0; r < count; r++)
        {
            (long pair, long step) = Math.DivRem(point + r, paths.Steps);
            nint at = (nint)pair * width, to = (nint)r * width;
            UnitLoop.Run<V, PointThrough<TFinish>>(width, new(finish, paths.Start + at, paths.Direction + at, paths.Positions[step], z + to, h + to));
        }

        for (int i = 0; i < paths.Layers; i++)
        {
            (int inputs, int outputs) = (paths.Layer[i].Inputs, paths.Layer[i].Outputs);
            RightOperand weights = RightOperand.Packed(panels[i], inputs, outputs, PanelWidth);
            float* next = h + ((nint)rows.Count * inputs);
            z += (nint)rows.Count * inputs;
            if (z == next)
            {
                Product(count, 0, outputs, inputs, h, inputs, 1, weights, new Start(paths.Layer[i].Bias), finish, next, outputs, rows.Zeros, null);
            }
            else
            {
                Product(count, 0, outputs, inputs, h, inputs, 1, weights, new Start(paths.Layer[i].Bias), default(Identity), z, outputs, rows.Zeros, null);
                UnitLoop.Run<V, Through<TFinish>>(count * outputs, new(finish, z, next));
            }

            h = next;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void DenseBackward<TSlope>(in DensePathOperands paths, TSlope slope, long point, int count, float** panels, in DenseRows rows)
        where TSlope : struct, ITernary
    {
        float* g = rows.Gradients, other = rows.OtherGradients;
        nint at = 0;
        int width = paths.Width;
        for (int i = 0; i < paths.Layers; i++)
        {
            at += (nint)rows.Count * width;
            width = paths.Layer[i].Outputs;
        }

        for (int r = 0; r < count; r++) UnitLoop.Run<V, Scaled>(width, new(paths.Readout, paths.Weights[(point + r) % paths.Steps], g + ((nint)r * width)));
        for (int i = paths.Layers - 1; i >= 0; i--)
        {
            (int inputs, int outputs) = (paths.Layer[i].Inputs, paths.Layer[i].Outputs);
            UnitLoop.Run<V, Slopes<TSlope>>(count * outputs, new(slope, rows.Inputs + at, rows.Units + at, g));
            Product(count, 0, inputs, outputs, g, outputs, 1, RightOperand.Packed(panels[i], outputs, inputs, PanelWidth), default, default(Identity), other, inputs, rows.Zeros, null);
            float* spare = g;
            g = other;
            other = spare;
            at -= (nint)rows.Count * inputs;
        }

        // Points of one path at once: its sum is read and written once for them.
        for (int r = 0; r < count;)
        {
            (long pair, long step) = Math.DivRem(point + r, paths.Steps);
            int run = (int)Math.Min(count - r, paths.Steps - step);
            nint from = (nint)r * paths.Width;
            UnitLoop.Run<V, SumOfSlopes<TSlope>>(paths.Width, new(slope, rows.Inputs + from, rows.Units + from, g + from, run, paths.Width, paths.Total + ((nint)pair * paths.Width)));
            r += run;
        }
    }

    /// <summary>Where some points keep what they need.</summary>
    private readonly struct DenseRows(float* room, int count, int units, int widest, bool needsInputs)
    {
        /// <summary>Points at once.</summary>
        public int Count => count;

        /// <summary>[layer][row, unit]: h.</summary>
        public float* Units => room;

        /// <summary>The same of z; where the derivative does without, h itself.</summary>
        public float* Inputs => needsInputs ? room + ((nint)count * units) : room;

        /// <summary>[row, unit] of the widest layer.</summary>
        public float* Gradients => Inputs + ((nint)count * units);

        /// <summary>The same again.</summary>
        public float* OtherGradients => Gradients + ((nint)count * widest);

        /// <summary>A panel's width.</summary>
        public float* Zeros => OtherGradients + ((nint)count * widest);
    }

    private readonly struct PointThrough<TFinish>(TFinish finish, float* start, float* direction, float position, float* z, float* h) : IUnitLoop
        where TFinish : struct, IUnary
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void At<T>(int j)
            where T : struct, ILanes<T>
        {
            T at = T.MultiplyAdd(T.Splat(position), T.Load(direction + j), T.Load(start + j));
            T.Store(z + j, at);
            T.Store(h + j, finish.Apply(at));
        }
    }

    private readonly struct Through<TFinish>(TFinish finish, float* z, float* h) : IUnitLoop
        where TFinish : struct, IUnary
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void At<T>(int j)
            where T : struct, ILanes<T> => T.Store(h + j, finish.Apply(T.Load(z + j)));
    }

    private readonly struct Slopes<TSlope>(TSlope slope, float* z, float* h, float* g) : IUnitLoop
        where TSlope : struct, ITernary
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void At<T>(int j)
            where T : struct, ILanes<T> => T.Store(g + j, slope.Apply(T.Load(z + j), T.Load(h + j), T.Load(g + j)));
    }

    private readonly struct SumOfSlopes<TSlope>(TSlope slope, float* z, float* h, float* g, int rows, nint row, float* total) : IUnitLoop
        where TSlope : struct, ITernary
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void At<T>(int j)
            where T : struct, ILanes<T>
        {
            T sum = T.Load(total + j);
            float* last = g + (rows * row);
            for (float* x = z, y = h, dy = g; dy < last; x += row, y += row, dy += row) sum += slope.Apply(T.Load(x + j), T.Load(y + j), T.Load(dy + j));
            T.Store(total + j, sum);
        }
    }
}
