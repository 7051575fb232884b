using EmotionXai.Bench.Ptx;
using Xunit;

namespace EmotionXai.Tests.Gpu.Ptx;

/// <summary>What is counted of a kernel, on one whose counts are known.</summary>
public sealed class KernelProfileTests
{
    // Three turns outside, two inside each: a product with its sum, which are one, and a load.
    private const string TwoLoops = """
        	mov.b32	%r2, 0;
        	mov.f32	%f1, 0f00000000;
        	Outer:
        	mov.b32	%r3, 0;
        	Inner:
        	ld.global.f32	%f2, [%rd2];
        	mul.f32	%f3, %f2, %f2;
        	add.f32	%f4, %f1, %f3;
        	mov.f32	%f1, %f4;
        	add.s32	%r3, %r3, 1;
        	setp.lt.s32	%p1, %r3, 2;
        	@%p1 bra	Inner;
        	mul.f32	%f5, %f1, 0f3F000000;
        	mov.f32	%f1, %f5;
        	add.s32	%r2, %r2, 1;
        	setp.lt.s32	%p2, %r2, 3;
        	@%p2 bra	Outer;
        	st.global.f32	[%rd2], %f1;
        """;

    [Fact]
    public void Instructions_are_counted_by_kind_in_loops_and_outside()
    {
        (Findings findings, _, PtxProgram program, Traffic traffic) = Snippet.Run(TwoLoops, 64, new uint[64]);
        Assert.Equal([], findings.All);
        KernelProfile profile = new(program, traffic);

        // Two warps: of the inner loop 2 x 3 x 2 turns, of the outer 2 x 3.
        Assert.Equal((12, 0), profile.Count(Kind.MultiplyAdd));
        Assert.Equal((12, 0), profile.Count(Kind.Merged));
        Assert.Equal((0, 6), profile.Count(Kind.Float));
        Assert.Equal((12, 6), profile.Count(Kind.Integer));
        Assert.Equal((12, 6), profile.Count(Kind.Compare));
        Assert.Equal((12, 8), profile.Count(Kind.Branch));
        Assert.Equal((12, 2), profile.Count(Kind.Global));
        Assert.Equal((12, 12 * 128, 12 * 4), profile.Memory(Kind.Global, stores: false));
        Assert.Equal((2, 2 * 128, 2 * 4), profile.Memory(Kind.Global, stores: true));
        Assert.Equal(12 + 6 + 18 + 18 + 20 + 14, profile.Issued);
        Assert.Equal(32 * 12, profile.Arithmetic);
    }

    [Fact]
    public void Loops_are_told_apart()
    {
        PtxProgram program = Snippet.Run(TwoLoops, 64, new uint[64]).Program;
        Assert.Equal([(1, false, 13), (2, true, 7)], program.Loops.OrderBy(loop => loop.Depth).Select(loop => (loop.Depth, loop.IsInnermost, loop.Body.Count)));

        // The outer loop: 3 turns of 4 instructions besides moves, and 6 of 5, where product and sum are one; of two warps.
        Assert.Equal(new KernelCounts(2 * ((3 * 4) + (6 * 5)), 12, 0), KernelCounts.OfMainLoop(program));
        Assert.Equal([new KernelCounts(2 * 6 * 5, 12, 0)], KernelCounts.OfInnerLoops(program));
    }

    // A100 starts a float32 operation of a warp every second cycle, H100 every cycle; both an integer operation every second.
    [Fact]
    public void The_busiest_resource_bounds_a_kernel()
    {
        (_, _, PtxProgram program, Traffic traffic) = Snippet.Run(TwoLoops, 64, new uint[64]);
        KernelProfile profile = new(program, traffic);
        Assert.Equal(new Bound("sm_80", 2 * 12 / 88.0, "issue slots"), profile.On(Scheduler.All[0]));
        Assert.Equal(new Bound("sm_90", 12 / 88.0, "issue slots"), profile.On(Scheduler.All[1]));
    }

    [Fact]
    public void What_the_assembler_says_is_read()
    {
        Assembler made = Assembler.Read("""
            ptxas info    : Compiling entry function 'Kernel_Run' for 'sm_90'
            ptxas info    : Function properties for Kernel_Run
                0 bytes stack frame, 8 bytes spill stores, 12 bytes spill loads
            ptxas info    : Used 104 registers, used 1 barriers, 16896 bytes smem, 440 bytes cmem[0]
            """);
        Assert.Equal(new Assembler(104, 20), made);

        // 65,536 registers, 2,048 threads, 164 or 228 KiB of shared memory.
        Assert.Equal(2, made.Groups(256, 16896, "sm_80"));
        Assert.Equal(9, (made with { Registers = 112 }).Groups(64, 8704, "sm_80"));
        Assert.Equal(8, (made with { Registers = 32 }).Groups(256, 0, "sm_90"));
        Assert.Equal(3, (made with { Registers = 32 }).Groups(256, 48 << 10, "sm_80"));
        Assert.Equal(4, (made with { Registers = 32 }).Groups(256, 48 << 10, "sm_90"));
    }

    // A script that takes what ptxas takes and says what it says: of the file that it was given.
    [Fact]
    public void The_assembler_is_called_with_a_kernel_and_an_architecture()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "A shell script stands for ptxas.");
        string folder = Directory.CreateTempSubdirectory().FullName, program = Path.Combine(folder, "ptxas");
        try
        {
            File.WriteAllText(program, """
                #!/bin/sh
                [ "$1" = -v ] && [ "$2" = -arch=sm_90 ] && [ "$3" = -o ] && [ "$4" = "$5.cubin" ] || { echo "unknown option" >&2; exit 1; }
                grep -q '\.entry' "$5" || { echo "ptxas fatal   : no kernel in $5" >&2; exit 255; }
                echo made > "$4"
                echo "$5" > "$(dirname "$0")/last"
                echo "ptxas info    : Compiling entry function 'K' for 'sm_90'" >&2
                echo "    0 bytes stack frame, 4 bytes spill stores, 16 bytes spill loads" >&2
                echo "ptxas info    : Used 72 registers, used 1 barriers, 440 bytes cmem[0]" >&2
                """);
            if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(program, UnixFileMode.UserRead | UnixFileMode.UserExecute);
            Assert.Equal(new Assembler(72, 20), Assembler.Of(".visible .entry K() { ret; }", "sm_90", program));
            Assert.Contains("no kernel in", Assert.Throws<InvalidOperationException>(() => Assembler.Of("", "sm_90", program)).Message, StringComparison.Ordinal);
            Assert.Throws<InvalidOperationException>(() => Assembler.Of(".entry", "-o", program));
            Assert.Null(Assembler.Of(".entry", "sm_90", Path.Combine(folder, "none")));

            // Nothing is left behind.
            string given = File.ReadAllText(Path.Combine(folder, "last")).Trim();
            Assert.False(File.Exists(given) || File.Exists($"{given}.cubin"));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
