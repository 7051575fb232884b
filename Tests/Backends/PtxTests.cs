using System.Text.RegularExpressions;
using EmotionXai.Bench.Ptx;
using EmotionXai.Engine.Gpu;
using EmotionXai.Engine.Gpu.Kernels;
using EmotionXai.Engine.Numerics;
using Xunit;

namespace EmotionXai.Tests.Backends;

/// <summary>Every kernel compiles for A100 and H100 without a device, and has no memory of a thread's own.</summary>
public abstract class PtxTests(int major, int minor)
{
    private const int FixedShared = 48 * 1024;

    [Fact]
    public void Every_kernel_compiles_and_keeps_its_numbers_in_registers()
    {
        using PtxCompiler compiler = new(major, minor);
        foreach (KernelSource kernel in KernelCatalog.All)
        {
            string executed = KernelTexts.Of(kernel), ptx = (major, minor) == (8, 0) ? executed : compiler.Compile(kernel);
            KernelReport report = KernelReport.Of(compiler.Target, kernel, ptx);
            Assert.Equal($"sm_{major}{minor}", report.Target);
            Assert.Equal("sm_80", report.PtxTarget);
            Assert.Contains($".maxntid {kernel.MostThreads}, 1, 1", report.Ptx, StringComparison.Ordinal);
            Assert.Contains("st.global", report.Ptx, StringComparison.Ordinal);
            Assert.Equal(0, report.LocalBytes);

            // What the interpreter runs is what every card gets: the same instructions. ILGPU numbers names and registers anew at every compilation.
            Assert.Equal(Unnumbered(executed), Unnumbered(ptx));
            Assert.InRange(report.SharedBytes, 0, FixedShared);

            // float32 is meant everywhere: an instruction with float64 is a slip, and slow on many cards.
            Assert.DoesNotContain(report.Ptx.Split('\n'), line => line.Contains(".f64\t", StringComparison.Ordinal) && !line.Contains("ld.param.f64", StringComparison.Ordinal) && !line.Contains(".reg", StringComparison.Ordinal));
        }
    }

    // Older cards copy as the emulation does.
    [Fact]
    public void Before_sm_80_copies_are_plain()
    {
        using PtxCompiler compiler = new(7, 5);
        string ptx = compiler.Compile(KernelSource.Of<MultiplyKernel<MediumTile, Whole, No, No, Yes>>("product"));
        Assert.DoesNotContain("cp.async", ptx, StringComparison.Ordinal);
        Assert.Contains("st.shared", ptx, StringComparison.Ordinal);
    }

    private static IEnumerable<string> Unnumbered(string ptx) => Regex.Replace(ptx, @"_\d+\b|(?<=%[a-z]+)\d+|<\d+>", "").Split('\n').Order(StringComparer.Ordinal);

    public sealed class Ampere() : PtxTests(8, 0);

    public sealed class Hopper() : PtxTests(9, 0);
}

/// <summary>What is read from PTX, and that nothing is missing from the catalogue.</summary>
public sealed class KernelCatalogTests
{
    [Fact]
    public void No_kernel_and_no_op_is_missing()
    {
        Type[] types = [.. typeof(KernelCatalog).Assembly.GetTypes(), .. typeof(IUnary).Assembly.GetTypes()];
        Type[] listed = [.. KernelCatalog.All.Select(k => k.Type.IsGenericType ? k.Type.GetGenericTypeDefinition() : k.Type).Distinct()];
        Assert.Equal(types.Where(t => t.IsValueType && t.IsAssignableTo(typeof(IKernel))).OrderBy(t => t.Name), listed.OrderBy(t => t.Name));
        Type[] ops = [.. KernelCatalog.All.Where(k => k.Name.StartsWith("map-", StringComparison.Ordinal)).Select(k => k.Type.GetGenericArguments()[0]).Distinct()];
        Type[] all = [.. types.Where(t => t.IsValueType && new[] { typeof(IUnary), typeof(IBinary), typeof(ITernary) }.Any(t.IsAssignableTo))];
        Assert.Equal(all.OrderBy(t => t.FullName), ops.OrderBy(t => t.FullName));
        Assert.Equal(KernelCatalog.All.Count, KernelCatalog.All.Select(k => k.Name).Distinct().Count());
    }

    [Fact]
    public void Memory_and_instructions_are_counted()
    {
        const string Ptx = """
            .version 8.0
            .target sm_80
            .visible .entry K(
            	.param .b64 p
            )
            {
            	.shared .align 16 .b8 tile[256];
            	.shared .align 16 .b8 other[64];
            	.local .align 4 .b8 depot[12];
            	.reg .f32	%f<10>;
            	ld.param.b64	%rd1, [p];
            	mov.f32	%f1, 0f00000000;
            	L_1:
            	@%p1 bra	L_2;
            	brx.idx.uni	%r2, L_3;
            	L_3:
            	.branchtargets L_1, L_2;
            	L_2:
            	st.global.f32	[%rd1], %f1;
            	ret;
            }
            """;
        Assert.Equal(new PtxStatistics("sm_80", 320, 12, 6), PtxStatistics.Of(Ptx));
    }
}
