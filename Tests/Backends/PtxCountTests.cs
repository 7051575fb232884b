using EmotionXai.Engine.Gpu;
using Xunit;

namespace EmotionXai.Tests.Backends;

/// <summary>How much of a kernel's main loop is arithmetic: an upper bound of its speed on any card.</summary>
public sealed class PtxCountTests
{
    [Fact]
    public void Instructions_of_the_busiest_loop_are_counted()
    {
        // The inner loop: two that fuse, one product used twice (and so two instructions), a load, a compare and a jump; moves and addresses do not count. Its copy behind the exit belongs to it.
        const string Ptx = """
            .visible .entry K()
            {
            	mov.b32	%r1, 0;
            	L_1:
            	mov.b32	%r2, 0;
            	L_2:
            	mul.wide.u32	%rd2, %r2, 4;
            	add.u64	%rd3, %rd1, %rd2;
            	ld.shared.f32	%f1, [%rd3];
            	mul.f32	%f2, %f1, %f1;
            	add.f32	%f3, %f2, %f3;
            	mul.f32	%f4, %f1, %f3;
            	add.f32	%f5, %f4, %f4;
            	mov.f32	%f6, %f5;
            	setp.lt.s32	%p1, %r2, 8;
            	@%p1 bra	L_4;
            	add.s32	%r1, %r1, 1;
            	setp.lt.s32	%p1, %r1, 8;
            	@%p1 bra	L_1;
            	ret;
            	L_4:
            	fma.rn.f32	%f7, %f1, %f1, %f7;
            	bra.uni	L_2;
            }
            """;
        Assert.Equal(new PtxLoop(2, 0, 8), PtxLoop.Busiest(Ptx));
    }

    /// <summary>64 multiply-adds a thread need four loads of four numbers; copies and the loop itself are the rest.</summary>
    [Fact]
    public void A_tile_of_a_product_is_mostly_multiply_adds()
    {
        foreach ((string name, PtxLoop loop) in Loops(name => name.StartsWith("product-large", StringComparison.Ordinal) || name.StartsWith("product-medium", StringComparison.Ordinal)))
        {
            Assert.Equal(8 * 64, loop.Products);
            Assert.True(loop.Products >= 0.85 * loop.Instructions, $"{name}: {loop}");
        }
    }

    /// <summary>32 products of a warp a depth: 12 loads of fragments, and a thread's part of the next tiles, loaded, rounded and stored.</summary>
    [Fact]
    public void One_of_six_instructions_of_a_tensor_product_is_a_product()
    {
        foreach ((string name, PtxLoop loop) in Loops(name => name.StartsWith("product-tf32", StringComparison.Ordinal) || name.StartsWith("product-bf16", StringComparison.Ordinal)))
        {
            Assert.Equal(32, loop.TensorProducts);
            Assert.True(6 * loop.TensorProducts >= loop.Instructions, $"{name}: {loop}");
        }
    }

    private static List<(string Name, PtxLoop Loop)> Loops(Func<string, bool> named)
    {
        using PtxCompiler compiler = new(8, 0);
        List<(string Name, PtxLoop Loop)> loops = [.. KernelCatalog.All.Where(k => named(k.Name)).Select(k => (k.Name, PtxLoop.Busiest(compiler.Compile(k))))];
        Assert.NotEmpty(loops);
        return loops;
    }
}
