using EmotionXai.Engine.Numerics;

namespace EmotionXai.Engine.Backends.Cpu;

/// <summary>Elementwise loops: runs in which no operand wraps around, vectors first, then scalars by the same formula.</summary>
internal sealed unsafe partial class CpuKernels<V>(MemoryPool pool) : ICpuKernels
    where V : struct, ILanes<V>
{
    private readonly MemoryPool _pool = pool;

    public void Map<TOp>(TOp op, Operand x, float* y, int length, bool accumulate)
        where TOp : struct, IUnary
    {
        for (int at = 0; at < length;)
        {
            int run = Run(x, at, length - at);
            float* px = x.Data + (at % x.Length), py = y + at;
            int step = x.Length == 1 ? 0 : 1, i = 0;
            for (; i <= run - V.Count; i += V.Count)
            {
                V value = op.Apply(Get<V>(px, i, step));
                V.Store(py + i, accumulate ? V.Load(py + i) + value : value);
            }

            for (; i < run; i++)
            {
                Real32 value = op.Apply(Get<Real32>(px, i, step));
                Real32.Store(py + i, accumulate ? Real32.Load(py + i) + value : value);
            }

            at += run;
        }
    }

    public void Map<TOp>(TOp op, Operand a, Operand b, float* y, int length, bool accumulate)
        where TOp : struct, IBinary
    {
        for (int at = 0; at < length;)
        {
            int run = Run(b, at, Run(a, at, length - at));
            float* pa = a.Data + (at % a.Length), pb = b.Data + (at % b.Length), py = y + at;
            int sa = a.Length == 1 ? 0 : 1, sb = b.Length == 1 ? 0 : 1, i = 0;
            for (; i <= run - V.Count; i += V.Count)
            {
                V value = op.Apply(Get<V>(pa, i, sa), Get<V>(pb, i, sb));
                V.Store(py + i, accumulate ? V.Load(py + i) + value : value);
            }

            for (; i < run; i++)
            {
                Real32 value = op.Apply(Get<Real32>(pa, i, sa), Get<Real32>(pb, i, sb));
                Real32.Store(py + i, accumulate ? Real32.Load(py + i) + value : value);
            }

            at += run;
        }
    }

    public void Map<TOp>(TOp op, Operand a, Operand b, Operand c, float* y, int length, bool accumulate)
        where TOp : struct, ITernary
    {
        for (int at = 0; at < length;)
        {
            int run = Run(c, at, Run(b, at, Run(a, at, length - at)));
            float* pa = a.Data + (at % a.Length), pb = b.Data + (at % b.Length), pc = c.Data + (at % c.Length), py = y + at;
            int sa = a.Length == 1 ? 0 : 1, sb = b.Length == 1 ? 0 : 1, sc = c.Length == 1 ? 0 : 1, i = 0;
            for (; i <= run - V.Count; i += V.Count)
            {
                V value = op.Apply(Get<V>(pa, i, sa), Get<V>(pb, i, sb), Get<V>(pc, i, sc));
                V.Store(py + i, accumulate ? V.Load(py + i) + value : value);
            }

            for (; i < run; i++)
            {
                Real32 value = op.Apply(Get<Real32>(pa, i, sa), Get<Real32>(pb, i, sb), Get<Real32>(pc, i, sc));
                Real32.Store(py + i, accumulate ? Real32.Load(py + i) + value : value);
            }

            at += run;
        }
    }

    private static T Get<T>(float* data, int i, int step)
        where T : struct, ILanes<T> => step == 0 ? T.Splat(*data) : T.Load(data + i);

    // How far an operand goes from here before it starts again; a single number never does.
    private static int Run(Operand operand, int at, int most) =>
        operand.Length == 1 ? most : Math.Min(most, operand.Length - (at % operand.Length));
}
