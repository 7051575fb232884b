using System.Numerics;

namespace EmotionXai.Bench.Ptx;

/// <summary>The memory that an access goes to.</summary>
internal enum Space
{
    Global,
    Shared,
    Local,
}

/// <summary>An address: a register, if any, and a constant. Both 32 and 64 bits do for shared memory.</summary>
internal readonly record struct Address(Operand Register, long Offset)
{
    public unsafe ulong Of(uint* registers, int lane) => Register.Of(registers, lane) + (ulong)Offset;
}

/// <summary>A load or store of whole words, up to four at once: checked lane by lane.</summary>
internal abstract unsafe class MemoryStep(Space space, Address address, int words) : Step
{
    protected Space Space { get; } = space;

    public override void Run(Warp warp)
    {
        int bytes = sizeof(uint) * words, count = 0;
        ulong* addresses = stackalloc ulong[32];
        uint* values = stackalloc uint[4];
        for (uint left = warp.Active; left != 0; left &= left - 1)
        {
            int lane = BitOperations.TrailingZeroCount(left);
            ulong at = address.Of(warp.Registers, lane);
            addresses[count++] = at;
            if (at % (ulong)bytes != 0) warp.Report(Wrong.Misaligned, lane, $"{bytes} bytes at {at:x}");
            if (Space == Space.Global) Global(warp, lane, at, bytes);
            else Own(warp, lane, at, bytes, values);
        }

        if (warp.Group.Traffic is not { } traffic) return;
        if (Space == Space.Global) traffic.Global(warp.Current, new(addresses, count), bytes);
        else if (Space == Space.Shared) traffic.Shared(warp.Current, new(addresses, count), bytes);
    }

    protected abstract void Do(Warp warp, int lane, uint* at);

    protected abstract void Word(Warp warp, int lane, int word, int at);

    private void Global(Warp warp, int lane, ulong at, int bytes)
    {
        uint* pointer = warp.Group.Global.At(at, bytes, out string? wrong);
        if (pointer is null) warp.Report(Wrong.OutOfBounds, lane, wrong!);
        Do(warp, lane, pointer);
    }

    private void Own(Warp warp, int lane, ulong at, int bytes, uint* values)
    {
        int size = Space == Space.Shared ? warp.Group.Shared.Bytes : warp.Group.Local.Bytes;
        if (at + (ulong)bytes > (ulong)size || at >= (ulong)size)
        {
            warp.Report(Wrong.OutOfBounds, lane, $"byte {(long)at} of {size} of {(Space == Space.Shared ? "shared" : "local")} memory");
            return;
        }

        for (int w = 0; w < words; w++) Word(warp, lane, w, (int)(at / sizeof(uint)) + w);
    }
}

/// <summary>Loads words into registers: one each, or two where they are wide.</summary>
internal sealed unsafe class LoadStep(Space space, Address address, Operand[] to) : MemoryStep(space, address, to.Length * (to[0].Wide ? 2 : 1))
{
    protected override void Do(Warp warp, int lane, uint* at)
    {
        for (int w = 0; w < to.Length * (to[0].Wide ? 2 : 1); w++)
        {
            uint value = at is null ? 0 : at[w];
            if (value == GlobalMemory.Unwritten) warp.Report(Wrong.NeverWritten, lane, "a word of global memory");
            Set(warp, lane, w, value);
        }
    }

    protected override void Word(Warp warp, int lane, int word, int at)
    {
        int thread = (32 * warp.Index) + lane;
        uint value;
        (Wrong Kind, string Detail)? wrong = Space == Space.Shared ? warp.Group.Shared.Read(at, thread, warp.Time, out value) : warp.Group.Local.Read(at, thread, out value);
        if (wrong is { } found) warp.Report(found.Kind, lane, found.Detail);
        Set(warp, lane, word, value);
    }

    private void Set(Warp warp, int lane, int word, uint value)
    {
        if (to[0].Wide) warp.Registers[to[word / 2].Slot + (2 * lane) + (word % 2)] = value;
        else warp.Registers[to[word].Slot + lane] = value;
    }
}

/// <summary>Stores registers.</summary>
internal sealed unsafe class StoreStep(Space space, Address address, Operand[] from) : MemoryStep(space, address, from.Length * (from[0].Wide ? 2 : 1))
{
    protected override void Do(Warp warp, int lane, uint* at)
    {
        if (at is null) return;
        for (int w = 0; w < from.Length * (from[0].Wide ? 2 : 1); w++) at[w] = Get(warp, lane, w);
    }

    protected override void Word(Warp warp, int lane, int word, int at)
    {
        int thread = (32 * warp.Index) + lane;
        uint value = Get(warp, lane, word);
        if (Space == Space.Local) warp.Group.Local.Write(at, thread, value);
        else if (warp.Group.Shared.Write(at, thread, warp.Time, value) is { } found) warp.Report(found.Kind, lane, found.Detail);
    }

    private uint Get(Warp warp, int lane, int word) =>
        from[0].Wide ? warp.Registers[from[word / 2].Slot + (2 * lane) + (word % 2)] : warp.Registers[from[word].Slot + lane];
}

/// <summary>A parameter of the launch: the same for all lanes.</summary>
internal sealed unsafe class ParameterStep(Operand to, int offset, int bytes, bool signed) : Step
{
    public override void Run(Warp warp)
    {
        ulong value = 0;
        byte[] parameters = warp.Group.Parameters;
        for (int i = 0; i < bytes; i++) value |= (ulong)parameters[offset + i] << (8 * i);
        if (signed && bytes < 8) value = (ulong)((long)(value << (64 - (8 * bytes))) >> (64 - (8 * bytes)));
        for (uint left = warp.Active; left != 0; left &= left - 1) to.Set(warp.Registers, BitOperations.TrailingZeroCount(left), value);
    }
}

/// <summary>cp.async: up to 16 bytes from global to shared memory, zeros behind the <paramref name="source"/> bytes that there are.</summary>
internal sealed unsafe class AsyncCopyStep(Address to, Address from, int bytes, Operand? source) : Step
{
    public override void Run(Warp warp)
    {
        int count = 0;
        ulong* reads = stackalloc ulong[32], writes = stackalloc ulong[32];
        for (uint left = warp.Active; left != 0; left &= left - 1)
        {
            int lane = BitOperations.TrailingZeroCount(left), thread = (32 * warp.Index) + lane, size = warp.Group.Shared.Bytes;
            ulong at = to.Of(warp.Registers, lane), data = from.Of(warp.Registers, lane);
            int given = source is { } operand ? (int)operand.Of(warp.Registers, lane) : bytes;
            (writes[count], reads[count++]) = (at, data);
            if (at % (ulong)bytes != 0 || data % (ulong)bytes != 0) warp.Report(Wrong.Misaligned, lane, $"{bytes} bytes from {data:x} to {at:x}");
            if (given > bytes || given % sizeof(uint) != 0) throw new NotSupportedException($"A copy of {given} of {bytes} bytes is not modelled.");
            if (at + (ulong)bytes > (ulong)size || at >= (ulong)size)
            {
                warp.Report(Wrong.OutOfBounds, lane, $"byte {(long)at} of {size} of shared memory");
                continue;
            }

            string? wrong = null;
            uint* pointer = given > 0 ? warp.Group.Global.At(data, given, out wrong) : null;
            if (wrong is not null) warp.Report(Wrong.OutOfBounds, lane, wrong);
            for (int w = 0; w < bytes / sizeof(uint); w++)
            {
                uint value = pointer is not null && sizeof(uint) * w < given ? pointer[w] : 0;
                if (value == GlobalMemory.Unwritten) warp.Report(Wrong.NeverWritten, lane, "a word of global memory");
                int word = (int)(at / sizeof(uint)) + w;
                if (warp.Group.Shared.Begin(word, thread, warp.Time) is { } found) warp.Report(found.Kind, lane, found.Detail);
                warp.Group.Copies.Add(thread, word, value);
            }
        }

        warp.Group.Traffic?.Global(warp.Current, new(reads, count), bytes);
    }
}

/// <summary>Closes a group of copies, or waits for those before the last few.</summary>
internal sealed class AsyncGroupStep(bool commit, int left) : Step
{
    public const int All = -1;

    public override void Run(Warp warp)
    {
        for (uint lanes = warp.Active; lanes != 0; lanes &= lanes - 1)
        {
            int thread = (32 * warp.Index) + BitOperations.TrailingZeroCount(lanes);
            if (commit) warp.Group.Copies.Commit(thread);
            else if (left == All) warp.Group.Copies.WaitAll(thread, warp.Time);
            else warp.Group.Copies.Wait(thread, left, warp.Time);
        }
    }
}
