using System.Runtime.InteropServices;
using EmotionXai.Bench.Ptx;

namespace EmotionXai.Tests.Gpu.Ptx;

/// <summary>A few lines of PTX, run by one group: %rd1 holds the address of an array of words, %rd2 that of the thread's own word in it, %r1 the thread, tile is 1 KiB of shared memory.</summary>
internal static class Snippet
{
    /// <summary>Runs the lines; what was found, and what the array holds then.</summary>
    public static (Findings Findings, uint[] Words, PtxProgram Program, Traffic Traffic) Run(string lines, int threads, uint[] words, bool fused = false)
    {
        string ptx = $$"""
            .version 8.0
            .target sm_80
            .visible .entry K(
            	.param .align 8 .b8 kernel[8]
            )
            {
            	.shared .align 16 .b8 tile[1024];
            	.reg .pred	%p<9>;
            	.reg .b32	%r<99>;
            	.reg .b64	%rd<9>;
            	.reg .f32	%f<99>;
            	ld.param.b64	%rd1, [kernel];
            	mov.b32	%r1, %tid.x;
            	mul.wide.u32	%rd2, %r1, 4;
            	add.u64	%rd2, %rd1, %rd2;
            {{lines}}
            	ret;
            }
            """;
        // Aligned to 16 bytes, as on a card.
        uint[] array = GC.AllocateUninitializedArray<uint>(words.Length + 4, pinned: true);
        nint start = Marshal.UnsafeAddrOfPinnedArrayElement(array, 0);
        int skip = (int)(-start & 15) / sizeof(uint);
        words.CopyTo(array, skip);
        GlobalMemory memory = new();
        ulong address = memory.Add(start + (skip * sizeof(uint)), words.Length * sizeof(uint));
        Findings findings = new();
        PtxProgram program = new("snippet", ptx, fused);
        Traffic traffic = new(program.Steps.Length);
        using GroupRun run = new(program, findings, memory, BitConverter.GetBytes(address), new Extents(1, 1, 1), new Extents(threads, 1, 1), 0, traffic);
        run.Run();
        return (findings, array[skip..(skip + words.Length)], program, traffic);
    }

    public static uint Bits(float value) => BitConverter.SingleToUInt32Bits(value);
}
