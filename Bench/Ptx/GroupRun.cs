using System.Numerics;
using System.Runtime.InteropServices;

namespace EmotionXai.Bench.Ptx;

/// <summary>The size of a launch.</summary>
internal readonly record struct Extents(int X, int Y, int Z)
{
    public long Count => (long)X * Y * Z;
}

/// <summary>A launch of a kernel: its groups one after the other, the threads of a group warp by warp, from barrier to barrier.</summary>
internal sealed unsafe class GroupRun : IDisposable
{
    // Far more than any test needs; an endless loop ends here.
    private const long MostInstructions = 100_000_000;

    // What a register holds that nothing wrote.
    private const uint Unset = 0x7FA5A5A5;

    private readonly Findings _findings;
    private readonly Extents _grid, _block;
    private readonly Warp[] _warps;
    private readonly uint* _registers, _lanes;
    private readonly int _words;
    private int _group;

    public GroupRun(PtxProgram program, Findings findings, GlobalMemory global, byte[] parameters, Extents grid, Extents block, int dynamicBytes, Traffic? traffic)
    {
        (Program, _findings, Global, Parameters, _grid, _block, Traffic) = (program, findings, global, parameters, grid, block, traffic);
        int threads = (int)block.Count, warps = (threads + 31) / 32;
        DynamicBytes = dynamicBytes;
        Shared = new SharedMemory(program.Text.SharedBytes + dynamicBytes);
        Local = new LocalMemory(threads, program.Text.LocalBytes);
        _words = program.RegisterWords;
        _registers = (uint*)NativeMemory.AlignedAlloc((nuint)_words * (nuint)warps * sizeof(uint), 64);
        _lanes = (uint*)NativeMemory.AlignedAlloc((nuint)warps * 32 * sizeof(uint), 64);
        Copies = new AsyncCopies(this, threads);
        _warps = new Warp[warps];
        for (int w = 0; w < warps; w++)
        {
            uint* own = _registers + ((long)_words * w);
            _warps[w] = new Warp(this, w, own, _lanes + (32 * w), threads - (32 * w));
            foreach ((ulong bits, Operand at) in program.Constants)
                for (int lane = 0; lane < 32; lane++) at.Set(own, lane, bits);
            for (int lane = 0; lane < 32; lane++)
            {
                int thread = (32 * w) + lane;
                Special(own, "%tid.x", lane, thread % block.X);
                Special(own, "%tid.y", lane, thread / block.X % block.Y);
                Special(own, "%tid.z", lane, thread / block.X / block.Y);
                Special(own, "%laneid", lane, lane);
                Special(own, "%warpid", lane, w);
                Special(own, "%ntid.x", lane, block.X);
                Special(own, "%ntid.y", lane, block.Y);
                Special(own, "%ntid.z", lane, block.Z);
                Special(own, "%nctaid.x", lane, grid.X);
                Special(own, "%nctaid.y", lane, grid.Y);
                Special(own, "%nctaid.z", lane, grid.Z);
                Special(own, "%dynamic_smem_size", lane, dynamicBytes);
            }
        }
    }

    public PtxProgram Program { get; }

    public GlobalMemory Global { get; }

    public SharedMemory Shared { get; }

    public LocalMemory Local { get; }

    public AsyncCopies Copies { get; }

    public byte[] Parameters { get; }

    public Traffic? Traffic { get; }

    public int DynamicBytes { get; }

    /// <summary>Instructions of warps that may still run.</summary>
    public long Budget { get; set; } = MostInstructions;

    public void Run()
    {
        for (int z = 0; z < _grid.Z; z++)
            for (int y = 0; y < _grid.Y; y++)
                for (int x = 0; x < _grid.X; x++, _group++) RunGroup(x, y, z);
    }

    public void Report(Wrong kind, int at, int thread, string detail)
    {
        Statement statement = Program.Text.Statements[at];
        _findings.Add(new Finding(kind, Program.Name, statement.Line, statement.ToString(), _group, thread, detail));
    }

    public void Dispose()
    {
        NativeMemory.AlignedFree(_registers);
        NativeMemory.AlignedFree(_lanes);
    }

    private void RunGroup(int x, int y, int z)
    {
        Shared.Clear();
        Local.Clear();
        Copies.Clear();
        foreach (Warp warp in _warps)
        {
            new Span<uint>(warp.Registers + Program.FirstRegister, _words - Program.FirstRegister).Fill(Unset);
            for (int lane = 0; lane < 32; lane++)
            {
                Special(warp.Registers, "%ctaid.x", lane, x);
                Special(warp.Registers, "%ctaid.y", lane, y);
                Special(warp.Registers, "%ctaid.z", lane, z);
            }

            warp.Begin();
        }

        while (true)
        {
            foreach (Warp warp in _warps)
            {
                warp.Run();
                if (Budget <= 0)
                {
                    Report(Wrong.Endless, warp.Current, 32 * warp.Index, $"still running after {MostInstructions} instructions");
                    return;
                }
            }

            if (Array.TrueForAll(_warps, w => w.Done)) return;
            Meet();
        }
    }

    // All threads wait at a barrier or have ended.
    private void Meet()
    {
        Warp first = Array.Find(_warps, w => w.Waits)!;
        foreach (Warp warp in _warps)
        {
            if (warp.Ended != 0) Report(Wrong.Barrier, first.Barrier, (32 * warp.Index) + BitOperations.TrailingZeroCount(warp.Ended), "has ended and never comes to this barrier");
            else if (warp.OtherBarrier(first.Barrier) is int lane and >= 0) Report(Wrong.Barrier, first.Barrier, (32 * warp.Index) + lane, "waits at another barrier");
        }

        Shared.Barrier();
        foreach (Warp warp in _warps) warp.Release();
    }

    private void Special(uint* registers, string name, int lane, int value)
    {
        if (Program.Specials.TryGetValue(name, out Operand at)) at.Set(registers, lane, (uint)value);
    }
}
