using System.Numerics;

namespace EmotionXai.Bench.Ptx;

/// <summary>A jump of all lanes, or of those whose predicate says so.</summary>
internal sealed unsafe class BranchStep(int target, Operand? guard) : Step
{
    public override void Run(Warp warp)
    {
        uint taken = warp.Active;
        if (guard is { } p) taken &= p.Not ? ~warp.Registers[p.Slot] : warp.Registers[p.Slot];
        if (taken == 0) return;
        if (taken == warp.Active)
        {
            warp.Next = target;
            return;
        }

        warp.Place(warp.Active & ~taken, warp.Next);
        warp.Place(taken, target);
    }
}

/// <summary>A jump to one of several targets, by a lane's index.</summary>
internal sealed unsafe class TableStep(Operand index, int[] targets) : Step
{
    public override void Run(Warp warp)
    {
        for (uint left = warp.Active; left != 0; left &= left - 1)
        {
            int lane = BitOperations.TrailingZeroCount(left);
            ulong at = index.Of(warp.Registers, lane);
            if (at >= (ulong)targets.Length) warp.Report(Wrong.OutOfBounds, lane, $"target {at} of {targets.Length}");
            warp.Place(1u << lane, targets[(int)Math.Min(at, (ulong)targets.Length - 1)]);
        }
    }
}

/// <summary>The end of a thread.</summary>
internal sealed class ExitStep : Step
{
    public override void Run(Warp warp) => warp.Exit();
}

/// <summary>Waits for all threads of the group.</summary>
internal sealed class BarrierStep : Step
{
    public override void Run(Warp warp) => warp.WaitForGroup();
}

/// <summary>Waits for lanes of the warp.</summary>
internal sealed class WarpBarrierStep(Operand members) : Step
{
    public override unsafe void Run(Warp warp) => warp.Meet((uint)members.Of(warp.Registers, BitOperations.TrailingZeroCount(warp.Active)));
}

/// <summary>shfl.sync: a lane takes the value of another; the mode is up, down, bfly or idx.</summary>
internal sealed unsafe class ShuffleStep(string mode, Operand d, Operand? found, Operand a, Operand b, Operand clamp, Operand members) : Step
{
    public override void Run(Warp warp)
    {
        uint* r = warp.Registers;
        if (!warp.Meet((uint)members.Of(r, BitOperations.TrailingZeroCount(warp.Active)))) return;
        ulong* taken = stackalloc ulong[32];
        for (int lane = 0; lane < 32; lane++)
        {
            int by = (int)b.Of(r, lane) & 31, c = (int)clamp.Of(r, lane), segment = c >> 8 & 31, most = (lane & segment) | (c & 31 & ~segment);
            int source = mode switch
            {
                "up" => lane - by,
                "down" => lane + by,
                "bfly" => lane ^ by,
                _ => (lane & segment) | (by & ~segment),
            };
            bool inside = mode == "up" ? source >= most : source <= most;
            if (!inside) source = lane;
            else if ((warp.Active >> source & 1) == 0 && (warp.Active >> lane & 1) != 0) warp.Report(Wrong.MissingLane, lane, $"takes the value of lane {source}, which is not here");
            taken[lane] = (a.Of(r, source) << 1) | (inside ? 1UL : 0);
        }

        for (uint left = warp.Active; left != 0; left &= left - 1)
        {
            int lane = BitOperations.TrailingZeroCount(left);
            d.Set(r, lane, taken[lane] >> 1);
            found?.Set(r, lane, taken[lane] & 1);
        }
    }
}

/// <summary>
/// mma.sync of 16 x 8 results in float32. Lane l = 4 g + t holds, for a word w of A: row g + 8 (w mod 2), part t + 4 (w / 2) of
/// the depth; of B: column g, part t + 4 w; of C: rows g and g + 8, columns 2 t and 2 t + 1. A part is one tf32 or two bf16.
/// </summary>
internal sealed unsafe class MatrixStep(Operand[] d, Operand[] a, Operand[] b, Operand[] c, bool pairs) : Step
{
    public override void Run(Warp warp)
    {
        uint* r = warp.Registers;
        if (!warp.Meet(uint.MaxValue)) return;
        int depth = 4 * b.Length * (pairs ? 2 : 1);
        float* left = stackalloc float[16 * depth], right = stackalloc float[8 * depth], sums = stackalloc float[128];
        for (int lane = 0; lane < 32; lane++)
        {
            int g = lane / 4, t = lane % 4;
            for (int w = 0; w < a.Length; w++) Unpack((uint)a[w].Of(r, lane), left + ((g + (8 * (w % 2))) * depth), t + (4 * (w / 2)));
            for (int w = 0; w < b.Length; w++) Unpack((uint)b[w].Of(r, lane), right + (g * depth), t + (4 * w));
        }

        // Products of 11 or 8 bits are exact in float64, and so, but for the last digits, is their sum: one rounding to float32.
        for (int row = 0; row < 16; row++)
            for (int column = 0; column < 8; column++)
            {
                double sum = 0;
                for (int k = 0; k < depth; k++) sum += (double)left[(row * depth) + k] * right[(column * depth) + k];
                int lane = (4 * (row % 8)) + (column / 2), word = (2 * (row / 8)) + (column % 2);
                sums[(4 * lane) + word] = (float)(BitConverter.UInt32BitsToSingle((uint)c[word].Of(r, lane)) + sum);
            }

        for (int lane = 0; lane < 32; lane++)
            for (int w = 0; w < 4; w++) d[w].Set(r, lane, BitConverter.SingleToUInt32Bits(sums[(4 * lane) + w]));
    }

    // The tensor cores take the upper 19 bits of a tf32.
    private void Unpack(uint word, float* row, int part)
    {
        if (pairs) (row[2 * part], row[(2 * part) + 1]) = (BitConverter.UInt32BitsToSingle(word << 16), BitConverter.UInt32BitsToSingle(word & 0xFFFF0000));
        else row[part] = BitConverter.UInt32BitsToSingle(word & 0xFFFFE000);
    }
}

/// <summary>
/// ldmatrix: matrices of 8 x 8 halves out of shared memory. Lane 8 i + j gives the address of row j of matrix i; lane l = 4 g + t gets the
/// elements 2 t and 2 t + 1 of row g, or, transposed, of column g.
/// </summary>
internal sealed unsafe class LoadMatrixStep(Operand[] d, Address address, bool transposed) : Step
{
    public override void Run(Warp warp)
    {
        if (!warp.Meet(uint.MaxValue)) return;
        uint* rows = stackalloc uint[4 * d.Length * 8];
        ulong* addresses = stackalloc ulong[32];
        SharedMemory shared = warp.Group.Shared;
        for (int lane = 0; lane < 8 * d.Length; lane++)
        {
            ulong at = addresses[lane] = address.Of(warp.Registers, lane);
            if (at % 16 != 0) warp.Report(Wrong.Misaligned, lane, $"a row of 16 bytes at {at:x}");
            if (at + 16 > (ulong)shared.Bytes || at >= (ulong)shared.Bytes)
            {
                warp.Report(Wrong.OutOfBounds, lane, $"byte {(long)at} of {shared.Bytes} of shared memory");
                continue;
            }

            for (int w = 0; w < 4; w++)
                if (shared.Read((int)(at / 4) + w, (32 * warp.Index) + lane, warp.Time, out rows[(4 * lane) + w]) is { } found) warp.Report(found.Kind, lane, found.Detail);
        }

        warp.Group.Traffic?.Shared(warp.Current, new(addresses, 8 * d.Length), 16);
        ushort* halves = (ushort*)rows;
        for (int i = 0; i < d.Length; i++)
            for (int lane = 0; lane < 32; lane++)
            {
                int g = lane / 4, t = lane % 4;
                ushort* matrix = halves + (64 * i);
                d[i].Set(warp.Registers, lane, transposed ? matrix[(8 * 2 * t) + g] | ((uint)matrix[(8 * ((2 * t) + 1)) + g] << 16) : rows[(32 * i) + lane]);
            }
    }
}
