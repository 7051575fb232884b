using System.Runtime.CompilerServices;
using EmotionXai.Engine.Numerics;

namespace EmotionXai.Engine.Backends.Cpu;

/// <summary>
/// Elementwise loops: runs in which no operand wraps around, vectors first, then scalars by the same formula. Whether an operand is a
/// single number, and whether results are added, is known when a loop is compiled: so it can be compiled for good before it first
/// runs, and holds nothing but the formula.
/// </summary>
internal sealed unsafe partial class CpuKernels<V>(MemoryPool pool) : ICpuKernels
    where V : struct, ILanes<V>
{
    private readonly MemoryPool _pool = pool;

    /// <summary>How a loop reads an operand.</summary>
    private interface IReads
    {
        static abstract T At<T>(float* data, int i)
            where T : struct, ILanes<T>;
    }

    /// <summary>What a loop does with a result.</summary>
    private interface IWrites
    {
        static abstract void At<T>(float* y, T value)
            where T : struct, ILanes<T>;
    }

    public void Map<TOp>(TOp op, Operand x, float* y, int first, int end, bool accumulate)
        where TOp : struct, IUnary
    {
        if (accumulate) Map<TOp, Adds>(op, x, y, first, end);
        else Map<TOp, Replaces>(op, x, y, first, end);
    }

    public void Map<TOp>(TOp op, Operand a, Operand b, float* y, int first, int end, bool accumulate)
        where TOp : struct, IBinary
    {
        if (accumulate) Map<TOp, Adds>(op, a, b, y, first, end);
        else Map<TOp, Replaces>(op, a, b, y, first, end);
    }

    public void Map<TOp>(TOp op, Operand a, Operand b, Operand c, float* y, int first, int end, bool accumulate)
        where TOp : struct, ITernary
    {
        if (accumulate) Map<TOp, Adds>(op, a, b, c, y, first, end);
        else Map<TOp, Replaces>(op, a, b, c, y, first, end);
    }

    private static void Map<TOp, TWrites>(TOp op, Operand x, float* y, int first, int end)
        where TOp : struct, IUnary
        where TWrites : struct, IWrites
    {
        for (int at = first; at < end;)
        {
            int run = Run(x, at, end - at);
            if (x.IsOne) Loop<TOp, One, TWrites>(op, x.From(at), y + at, run);
            else Loop<TOp, Each, TWrites>(op, x.From(at), y + at, run);
            at += run;
        }
    }

    private static void Map<TOp, TWrites>(TOp op, Operand a, Operand b, float* y, int first, int end)
        where TOp : struct, IBinary
        where TWrites : struct, IWrites
    {
        for (int at = first; at < end;)
        {
            int run = Run(b, at, Run(a, at, end - at));
            if (a.IsOne && b.IsOne) Loop<TOp, One, One, TWrites>(op, a.From(at), b.From(at), y + at, run);
            else if (a.IsOne) Loop<TOp, One, Each, TWrites>(op, a.From(at), b.From(at), y + at, run);
            else if (b.IsOne) Loop<TOp, Each, One, TWrites>(op, a.From(at), b.From(at), y + at, run);
            else Loop<TOp, Each, Each, TWrites>(op, a.From(at), b.From(at), y + at, run);
            at += run;
        }
    }

    private static void Map<TOp, TWrites>(TOp op, Operand a, Operand b, Operand c, float* y, int first, int end)
        where TOp : struct, ITernary
        where TWrites : struct, IWrites
    {
        for (int at = first; at < end;)
        {
            int run = Run(c, at, Run(b, at, Run(a, at, end - at)));
            if (a.IsOne) Map<TOp, One, TWrites>(op, a.From(at), b, c, at, y + at, run);
            else Map<TOp, Each, TWrites>(op, a.From(at), b, c, at, y + at, run);
            at += run;
        }
    }

    private static void Map<TOp, TA, TWrites>(TOp op, float* a, Operand b, Operand c, int at, float* y, int run)
        where TOp : struct, ITernary
        where TA : struct, IReads
        where TWrites : struct, IWrites
    {
        if (b.IsOne && c.IsOne) Loop<TOp, TA, One, One, TWrites>(op, a, b.From(at), c.From(at), y, run);
        else if (b.IsOne) Loop<TOp, TA, One, Each, TWrites>(op, a, b.From(at), c.From(at), y, run);
        else if (c.IsOne) Loop<TOp, TA, Each, One, TWrites>(op, a, b.From(at), c.From(at), y, run);
        else Loop<TOp, TA, Each, Each, TWrites>(op, a, b.From(at), c.From(at), y, run);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Loop<TOp, TX, TWrites>(TOp op, float* x, float* y, int run)
        where TOp : struct, IUnary
        where TX : struct, IReads
        where TWrites : struct, IWrites
    {
        int i = 0;
        for (; i <= run - V.Count; i += V.Count) TWrites.At(y + i, op.Apply(TX.At<V>(x, i)));
        for (; i < run; i++) TWrites.At(y + i, op.Apply(TX.At<Real32>(x, i)));
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Loop<TOp, TA, TB, TWrites>(TOp op, float* a, float* b, float* y, int run)
        where TOp : struct, IBinary
        where TA : struct, IReads
        where TB : struct, IReads
        where TWrites : struct, IWrites
    {
        int i = 0;
        for (; i <= run - V.Count; i += V.Count) TWrites.At(y + i, op.Apply(TA.At<V>(a, i), TB.At<V>(b, i)));
        for (; i < run; i++) TWrites.At(y + i, op.Apply(TA.At<Real32>(a, i), TB.At<Real32>(b, i)));
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Loop<TOp, TA, TB, TC, TWrites>(TOp op, float* a, float* b, float* c, float* y, int run)
        where TOp : struct, ITernary
        where TA : struct, IReads
        where TB : struct, IReads
        where TC : struct, IReads
        where TWrites : struct, IWrites
    {
        int i = 0;
        for (; i <= run - V.Count; i += V.Count) TWrites.At(y + i, op.Apply(TA.At<V>(a, i), TB.At<V>(b, i), TC.At<V>(c, i)));
        for (; i < run; i++) TWrites.At(y + i, op.Apply(TA.At<Real32>(a, i), TB.At<Real32>(b, i), TC.At<Real32>(c, i)));
    }

    // How far an operand goes from here before it starts again; a single number never does.
    private static int Run(Operand operand, int at, int most) =>
        operand.IsOne ? most : Math.Min(most, operand.Length - (at % operand.Length));

    private readonly struct Each : IReads
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static T At<T>(float* data, int i)
            where T : struct, ILanes<T> => T.Load(data + i);
    }

    private readonly struct One : IReads
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static T At<T>(float* data, int i)
            where T : struct, ILanes<T> => T.Splat(*data);
    }

    private readonly struct Replaces : IWrites
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static void At<T>(float* y, T value)
            where T : struct, ILanes<T> => T.Store(y, value);
    }

    private readonly struct Adds : IWrites
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static void At<T>(float* y, T value)
            where T : struct, ILanes<T> => T.Store(y, T.Load(y) + value);
    }
}
