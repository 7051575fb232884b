using System.Runtime.Intrinsics;

namespace EmotionXai.Bench.Ptx;

/// <summary>An instruction ready to run, for the lanes of a warp that are at it.</summary>
internal abstract unsafe class Step
{
    public abstract void Run(Warp warp);
}

/// <summary>An instruction on 32-bit values, lane by lane, in vectors: most of a kernel.</summary>
internal interface IVectorOp
{
    static abstract Vector256<uint> Of(Vector256<uint> a, Vector256<uint> b, Vector256<uint> c);
}

/// <summary>d = op(a, b, c) on all lanes; those that are elsewhere keep what they have.</summary>
internal sealed unsafe class VectorStep<TOp>(int d, int a, int b, int c) : Step
    where TOp : struct, IVectorOp
{
    public override void Run(Warp warp)
    {
        uint* r = warp.Registers;
        for (int i = 0; i < 32; i += 8)
        {
            Vector256<uint> value = TOp.Of(Vector256.Load(r + a + i), Vector256.Load(r + b + i), Vector256.Load(r + c + i));
            Vector256.ConditionalSelect(Vector256.Load(warp.Lanes + i), value, Vector256.Load(r + d + i)).Store(r + d + i);
        }
    }
}

/// <summary>One value of an instruction: where it lies and how wide it is.</summary>
/// <param name="Slot">The first word of its 32 lanes.</param>
/// <param name="Wide">64 bits rather than 32.</param>
/// <param name="Predicate">A bit a lane in one word.</param>
/// <param name="Not">A predicate's opposite.</param>
internal readonly record struct Operand(int Slot, bool Wide, bool Predicate, bool Not)
{
    public unsafe ulong Of(uint* registers, int lane)
    {
        if (Predicate) return (((registers[Slot] >> lane) & 1) != 0) != Not ? 1UL : 0;
        return Wide ? ((ulong*)(registers + Slot))[lane] : registers[Slot + lane];
    }

    public unsafe void Set(uint* registers, int lane, ulong value)
    {
        if (Predicate) registers[Slot] = (registers[Slot] & ~(1u << lane)) | ((uint)(value & 1) << lane);
        else if (Wide) ((ulong*)(registers + Slot))[lane] = value;
        else registers[Slot + lane] = (uint)value;
    }
}

/// <summary>Any other instruction that computes: bits in, bits out.</summary>
internal sealed unsafe class AnyStep(Func<ulong, ulong, ulong, ulong> op, Operand d, Operand a, Operand b, Operand c) : Step
{
    public override void Run(Warp warp)
    {
        uint* r = warp.Registers;
        for (uint left = warp.Active; left != 0; left &= left - 1)
        {
            int lane = System.Numerics.BitOperations.TrailingZeroCount(left);
            d.Set(r, lane, op(a.Of(r, lane), b.Of(r, lane), c.Of(r, lane)));
        }
    }
}

/// <summary>d = a b, 32 bits each and 64 of the product: addresses.</summary>
internal sealed unsafe class WideProductStep(int d, int a, int b, bool signed) : Step
{
    public override void Run(Warp warp)
    {
        uint* r = warp.Registers;
        ulong* to = (ulong*)(r + d);
        for (int i = 0; i < 32; i++)
        {
            ulong value = signed ? (ulong)((long)(int)r[a + i] * (int)r[b + i]) : (ulong)r[a + i] * r[b + i];
            if (warp.Lanes[i] != 0) to[i] = value;
        }
    }
}

/// <summary>d = a + b in 64 bits: addresses.</summary>
internal sealed unsafe class WideSumStep(int d, int a, int b) : Step
{
    public override void Run(Warp warp)
    {
        uint* r = warp.Registers;
        ulong* to = (ulong*)(r + d), left = (ulong*)(r + a), right = (ulong*)(r + b);
        for (int i = 0; i < 32; i++)
            if (warp.Lanes[i] != 0) to[i] = left[i] + right[i];
    }
}

/// <summary>An instruction under a predicate.</summary>
internal sealed unsafe class GuardedStep(Operand guard, Step step) : Step
{
    public override void Run(Warp warp)
    {
        uint all = warp.Active, some = all & (guard.Not ? ~warp.Registers[guard.Slot] : warp.Registers[guard.Slot]);
        if (some == 0) return;
        warp.Select(some);
        step.Run(warp);
        if (warp.Parted) warp.Place(all & ~some, warp.Next);
        else warp.Select(all);
    }
}
