using EmotionXai.Bench.Ptx;
using EmotionXai.Tests.Engine;
using Xunit;

namespace EmotionXai.Tests.Gpu.Ptx;

/// <summary>What the interpreter makes of single instructions, and what it finds.</summary>
public sealed class InterpreterTests
{
    private static readonly uint[] s_unwritten = [.. Enumerable.Repeat(GlobalMemory.Unwritten, 64)];

    // Two float32 or words of 32 bits in, the same out.
    [Theory]
    [InlineData("fma.rn.f32 %r4, %r2, %r3, 0fBF800000;", 0x3F800800u, 0x3F800800u, 0x3A000400u)] // (1 + 2^-12)^2 - 1, rounded once
    [InlineData("add.f32 %r4, %r2, %r3;", 0x3F800000u, 0x33800000u, 0x3F800000u)] // 1 + 2^-24: a tie goes to even
    [InlineData("min.f32 %r4, %r2, %r3;", 0x7FC00000u, 0x40000000u, 0x40000000u)] // the number wins over NaN
    [InlineData("cvt.rna.tf32.f32 %r4, %r2;", 0x3F801000u, 0u, 0x3F802000u)] // a tie goes away from zero
    [InlineData("cvt.rn.bf16x2.f32 %r4, %r2, %r3;", 0x3F808000u, 0x3F818000u, 0x3F803F82u)] // ties to even; the first in the upper half
    [InlineData("cvt.rzi.s32.f32 %r4, %r2;", 0xC0200000u, 0u, 0xFFFFFFFEu)] // -2.5
    [InlineData("cvt.rzi.s32.f32 %r4, %r2;", 0x7F800000u, 0u, 0x7FFFFFFFu)] // infinity: the largest
    [InlineData("cvt.rn.f32.s32 %r4, %r2;", 0x01000001u, 0u, 0x4B800000u)] // 2^24 + 1
    [InlineData("div.s32 %r4, %r2, %r3;", 0xFFFFFFF9u, 2u, 0xFFFFFFFDu)] // -7 / 2 = -3
    [InlineData("rem.s32 %r4, %r2, %r3;", 0xFFFFFFF9u, 2u, 0xFFFFFFFFu)]
    [InlineData("shr.s32 %r4, %r2, %r3;", 0x80000000u, 40u, 0xFFFFFFFFu)] // further than its width
    [InlineData("shl.b32 %r4, %r2, %r3;", 1u, 32u, 0u)]
    [InlineData("mul.hi.u32 %r4, %r2, %r3;", 0x80000000u, 6u, 3u)]
    [InlineData("mad.lo.s32 %r4, %r2, %r3, -1;", 3u, 0xFFFFFFFEu, 0xFFFFFFF9u)]
    [InlineData("prmt.b32 %r4, %r2, %r3, 0x5410;", 0x11112222u, 0x33334444u, 0x44442222u)]
    [InlineData("bfe.u32 %r4, %r2, 8, 12;", 0x12345678u, 0u, 0x456u)]
    [InlineData("setp.ltu.f32 %p1, %r2, %r3; selp.b32 %r4, 1, 0, %p1;", 0x7FC00000u, 0u, 1u)] // true without an order
    [InlineData("setp.lt.f32 %p1, %r2, %r3; selp.b32 %r4, 1, 0, %p1;", 0x7FC00000u, 0u, 0u)]
    [InlineData("setp.lt.u32 %p1, %r2, %r3; selp.b32 %r4, 1, 0, %p1;", 0xFFFFFFFFu, 0u, 0u)]
    [InlineData("setp.ge.s32 %p1, %r2, 9; setp.ge.or.s32 %p2, %r3, 5, %p1; selp.b32 %r4, 1, 0, %p2;", 9u, 4u, 1u)]
    [InlineData("mov.b32 %r4, 7; setp.eq.s32 %p1, %r2, 1; @!%p1 mov.b32 %r4, 8;", 1u, 0u, 7u)]
    [InlineData("mov.b32 %r4, 1; { .reg .b32 %r4; mov.b32 %r4, 2; add.s32 %r3, %r4, 1; } add.s32 %r4, %r4, %r3;", 0u, 0u, 4u)] // a block's register hides the kernel's
    public void Instructions_do_what_the_manual_says(string line, uint a, uint b, uint expected)
    {
        (Findings findings, uint[] words, _, _) = Snippet.Run($"ld.global.b32 %r2, [%rd1];\nld.global.b32 %r3, [%rd1+4];\n{line}\nst.global.b32 [%rd1+8], %r4;", 1, [a, b, 0]);
        Assert.Equal([], findings.All);
        Assert.Equal(expected, words[2]);
    }

    // (1 + 2^-12)^2 and what is left of it when 1 + 2^-11 is taken off: 2^-24, which the product alone rounds away.
    [Theory]
    [InlineData("mul.f32 %f4, %f2, %f2; add.f32 %f5, %f4, %f3;", 1)]
    [InlineData("mul.f32 %f4, %f2, %f2; sub.f32 %f5, 0f3F801000, %f4;", -1)]
    [InlineData("mul.f32 %f4, %f2, %f2; sub.f32 %f5, %f4, 0f3F801000;", 1)]
    public void Products_are_fused_with_sums_where_that_is_asked_for(string lines, int sign)
    {
        string all = $"ld.global.f32 %f2, [%rd1];\nld.global.f32 %f3, [%rd1+4];\n{lines}\nst.global.f32 [%rd1+8], %f5;";
        uint[] words = [0x3F800800, 0xBF801000, 0];
        Assert.Equal(0, BitConverter.UInt32BitsToSingle(Snippet.Run(all, 1, words).Words[2]));
        Assert.Equal(sign * MathF.Pow(2, -24), BitConverter.UInt32BitsToSingle(Snippet.Run(all, 1, words, fused: true).Words[2]));
    }

    [Theory]
    [InlineData("shfl.sync.bfly.b32 %r2, %r1, 5, 31, -1;", 5)]
    [InlineData("shfl.sync.idx.b32 %r2, %r1, 5, 31, -1;", -1)]
    public void Lanes_take_values_of_others(string line, int xor)
    {
        (Findings findings, uint[] words, _, _) = Snippet.Run($"{line}\nst.global.b32 [%rd2], %r2;", 32, s_unwritten);
        Assert.Equal([], findings.All);
        for (int lane = 0; lane < 32; lane++) Assert.Equal((uint)(xor < 0 ? 5 : lane ^ xor), words[lane]);
    }

    // Lane 8 i + j gives row j of matrix i; lane 4 g + t gets elements 2 t and 2 t + 1 of row g, or of column g.
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Matrices_are_loaded_in_fragments(bool transposed)
    {
        (Findings findings, uint[] words, _, _) = Snippet.Run(
            $$"""
            	mul.wide.u32	%rd3, %r1, 16;
            	add.u64	%rd4, %rd1, %rd3;
            	ld.global.v4.b32	{%r2, %r3, %r4, %r5}, [%rd4];
            	mov.b64	%rd5, tile;
            	add.u64	%rd5, %rd5, %rd3;
            	st.shared.v4.b32	[%rd5], {%r2, %r3, %r4, %r5};
            	bar.sync	0;
            	cvt.u32.u64	%r9, %rd5;
            	ldmatrix.sync.aligned.m8n8.x2{{(transposed ? ".trans" : "")}}.shared.b16	{%r6, %r7}, [%r9];
            	st.global.v2.b32	[%rd4], {%r6, %r7};
            """,
            32,
            [.. Enumerable.Range(0, 128).Select(i => (uint)((2 * i) | (((2 * i) + 1) << 16)))]);
        Assert.Equal([], findings.All);
        for (int lane = 0; lane < 32; lane++)
            for (int matrix = 0; matrix < 2; matrix++)
            {
                // Element e of the array is e itself; a matrix has 64.
                int g = lane / 4, t = lane % 4, first = (64 * matrix) + (transposed ? (16 * t) + g : (8 * g) + (2 * t)), second = first + (transposed ? 8 : 1);
                Assert.Equal((uint)(first | (second << 16)), words[(4 * lane) + matrix]);
            }
    }

    private const string Copy = """
        	mul.wide.u32	%rd3, %r1, 4;
        	mov.b64	%rd4, tile;
        	add.u64	%rd4, %rd4, %rd3;
        	cp.async.ca.shared.global	[%rd4], [%rd2], 4;
        	cp.async.commit_group;
        """;

    [Fact]
    public void Copies_arrive_when_they_are_waited_for()
    {
        // The neighbour's word, behind a barrier; a source of no bytes gives zeros.
        (Findings findings, uint[] words, _, _) = Snippet.Run(
            Copy + """
            	cp.async.ca.shared.global	[%rd4+512], [%rd2], 4, 0;
            	cp.async.commit_group;
            	cp.async.wait_group	0;
            	bar.sync	0;
            	xor.b32	%r2, %r1, 1;
            	mul.wide.u32	%rd5, %r2, 4;
            	mov.b64	%rd6, tile;
            	add.u64	%rd6, %rd6, %rd5;
            	ld.shared.b32	%r3, [%rd6];
            	ld.shared.b32	%r4, [%rd6+512];
            	add.s32	%r3, %r3, %r4;
            	st.global.b32	[%rd2], %r3;
            """,
            32,
            [.. Enumerable.Range(0, 32).Select(i => (uint)(100 + i))]);
        Assert.Equal([], findings.All);
        Assert.Equal(Enumerable.Range(0, 32).Select(i => (uint)(100 + (i ^ 1))), words);
    }

    [Theory]
    [InlineData("ld.shared.b32 %r3, [%rd4];", nameof(Wrong.Race))] // not waited for
    [InlineData("cp.async.wait_group 1;\nld.shared.b32 %r3, [%rd4];", nameof(Wrong.Race))] // one group may be on its way still
    [InlineData("cp.async.wait_group 0;\nld.shared.b32 %r3, [tile+4];", nameof(Wrong.Race))] // another thread's, with no barrier
    public void A_copy_that_may_not_have_arrived_is_found(string lines, string expected) => Finds(Enum.Parse<Wrong>(expected), Copy + lines, 32);

    [Theory]
    [InlineData("setp.lt.s32 %p1, %r1, 16;\n@%p1 bra E;\nbar.sync 0;\nE:", nameof(Wrong.Barrier))] // threads that end before it
    [InlineData("setp.lt.s32 %p1, %r1, 32;\n@%p1 bra A;\nbar.sync 0;\nbra E;\nA:\nbar.sync 0;\nE:", nameof(Wrong.Barrier))] // two barriers at once
    [InlineData("setp.lt.s32 %p1, %r1, 3;\n@%p1 bra E;\nshfl.sync.bfly.b32 %r2, %r1, 1, 31, -1;\nE:", nameof(Wrong.MissingLane))]
    [InlineData("setp.lt.s32 %p1, %r1, 3;\n@%p1 bra E;\nbar.warp.sync -1;\nE:", nameof(Wrong.MissingLane))]
    [InlineData("ld.shared.b32 %r2, [tile];", nameof(Wrong.NeverWritten))]
    [InlineData("ld.global.b32 %r2, [%rd2];", nameof(Wrong.NeverWritten))]
    [InlineData("st.shared.b32 [tile], %r1;", nameof(Wrong.Race))] // all threads the same word
    [InlineData("st.shared.b32 [tile+1022], %r1;", nameof(Wrong.Misaligned))]
    [InlineData("st.shared.v2.b32 [tile+4], {%r1, %r1};", nameof(Wrong.Misaligned))]
    [InlineData("st.shared.b32 [tile+1024], %r1;", nameof(Wrong.OutOfBounds))]
    [InlineData("st.global.b32 [%rd1+256], %r1;", nameof(Wrong.OutOfBounds))]
    [InlineData("st.global.b32 [%rd1+-4], %r1;", nameof(Wrong.OutOfBounds))]
    [InlineData("A:\nbra A;", nameof(Wrong.Endless))]
    public void What_is_wrong_is_found(string lines, string expected) => Finds(Enum.Parse<Wrong>(expected), lines, 64);

    [Fact]
    public void A_barrier_of_a_warp_orders_its_lanes_but_not_other_warps()
    {
        const string Lines = """
            	mul.wide.u32	%rd3, %r1, 4;
            	mov.b64	%rd4, tile;
            	add.u64	%rd4, %rd4, %rd3;
            	st.shared.b32	[%rd4], %r1;
            	bar.warp.sync	-1;
            	xor.b32	%r2, %r1, MASK;
            	mul.wide.u32	%rd5, %r2, 4;
            	mov.b64	%rd6, tile;
            	add.u64	%rd6, %rd6, %rd5;
            	ld.shared.b32	%r3, [%rd6];
            	st.global.b32	[%rd2], %r3;
            """;
        (Findings inside, uint[] words, _, _) = Snippet.Run(Lines.Replace("MASK", "1", StringComparison.Ordinal), 64, s_unwritten);
        Assert.Equal([], inside.All);
        Assert.Equal(Enumerable.Range(0, 64).Select(i => (uint)(i ^ 1)), words);
        Finds(Wrong.Race, Lines.Replace("MASK", "32", StringComparison.Ordinal), 64);
        Finds(Wrong.Race, Lines.Replace("MASK", "1", StringComparison.Ordinal).Replace("bar.warp.sync\t-1;", "", StringComparison.Ordinal), 64);
    }

    // Lanes that part meet again where their ways do: what follows runs once for the warp.
    [Fact]
    public void Lanes_that_part_meet_again()
    {
        (Findings findings, uint[] words, PtxProgram program, _) = Snippet.Run(
            """
            	setp.lt.s32	%p1, %r1, 7;
            	@%p1 bra	Behind;
            	mov.b32	%r2, 1;
            	Together:
            	add.s32	%r2, %r2, %r1;
            	st.global.b32	[%rd2], %r2;
            	bra	End;
            	Behind:
            	mov.b32	%r2, 2;
            	bra	Together;
            	End:
            """,
            32,
            s_unwritten);
        Assert.Equal([], findings.All);
        Assert.Equal(Enumerable.Range(0, 32).Select(i => (uint)(i + (i < 7 ? 2 : 1))), words[..32]);
        Assert.Equal(1, program.Counts[program.Text.Labels["Together"]]);
    }

    [Theory]
    [InlineData("ld.global.b32 %r2, [%rd1];", 1)] // one word for all
    [InlineData("mul.wide.u32 %rd3, %r1, 4; add.u64 %rd3, %rd1, %rd3; ld.global.b32 %r2, [%rd3];", 4)] // neighbours
    [InlineData("mul.wide.u32 %rd3, %r1, 32; add.u64 %rd3, %rd1, %rd3; ld.global.b32 %r2, [%rd3];", 32)]
    [InlineData("mov.b64 %rd3, tile; st.shared.b32 [%rd3], %r1;", 1)]
    [InlineData("mov.b64 %rd4, tile; mul.wide.u32 %rd3, %r1, 8; add.u64 %rd3, %rd4, %rd3; st.shared.b32 [%rd3], %r1;", 2)] // every other bank
    [InlineData("mov.b64 %rd4, tile; mul.wide.u32 %rd3, %r1, 16; add.u64 %rd3, %rd4, %rd3; st.shared.v4.b32 [%rd3], {%r1, %r1, %r1, %r1};", 4)]
    public void Sectors_and_wavefronts_are_counted(string lines, int expected)
    {
        (_, _, PtxProgram program, Traffic traffic) = Snippet.Run(lines, 32, new uint[256]);
        int last = program.Steps.Length - 2;
        Assert.Equal((1, expected), (traffic.Accesses[last], traffic.Parts[last]));
    }

    [Fact]
    public void An_unknown_instruction_is_named()
    {
        NotSupportedException e = Assert.Throws<NotSupportedException>(() => Snippet.Run("add.sat.f32 %f1, %f2, %f3;", 32, s_unwritten));
        Assert.Contains("add.sat.f32", e.Message, StringComparison.Ordinal);
    }

    // 16 x 8 sums of 8 products, by every lane's registers as the manual lays them down.
    [Fact]
    public void A_tensor_product_is_the_product_of_its_fragments()
    {
        float[] a = [.. Numbers.Singles(1, 128).Select(EmotionXai.Engine.Gpu.Kernels.Tf32.Round)], b = [.. Numbers.Singles(2, 64).Select(EmotionXai.Engine.Gpu.Kernels.Tf32.Round)];
        uint[] words = new uint[32 * 16];
        for (int lane = 0; lane < 32; lane++)
        {
            int g = lane / 4, t = lane % 4;
            float[] held = [a[(8 * g) + t], a[(8 * (g + 8)) + t], a[(8 * g) + t + 4], a[(8 * (g + 8)) + t + 4], b[(8 * t) + g], b[(8 * (t + 4)) + g]];
            for (int w = 0; w < 6; w++) words[(16 * lane) + w] = Snippet.Bits(held[w]);
        }

        (Findings findings, uint[] after, _, _) = Snippet.Run(
            """
            	mul.wide.u32	%rd3, %r1, 64;
            	add.u64	%rd3, %rd1, %rd3;
            	ld.global.v4.b32	{%r2, %r3, %r4, %r5}, [%rd3];
            	ld.global.v2.b32	{%r6, %r7}, [%rd3+16];
            	mov.f32	%f1, 0f3F800000;
            	mma.sync.aligned.m16n8k8.row.col.f32.tf32.tf32.f32	{%f2, %f3, %f4, %f5}, {%r2, %r3, %r4, %r5}, {%r6, %r7}, {%f1, %f1, %f1, %f1};
            	st.global.v4.f32	[%rd3+32], {%f2, %f3, %f4, %f5};
            """,
            32,
            words);
        Assert.Equal([], findings.All);
        for (int row = 0; row < 16; row++)
            for (int column = 0; column < 8; column++)
            {
                double want = 1;
                for (int k = 0; k < 8; k++) want += (double)a[(8 * row) + k] * b[(8 * k) + column];
                int lane = (4 * (row % 8)) + (column / 2), word = 8 + (2 * (row / 8)) + (column % 2);
                Assert.Equal((float)want, BitConverter.UInt32BitsToSingle(after[(16 * lane) + word]));
            }
    }

    private static void Finds(Wrong expected, string lines, int threads) => Assert.Contains(Snippet.Run(lines, threads, s_unwritten).Findings.All, f => f.Kind == expected);
}
