using System.Diagnostics;
using System.Runtime.Intrinsics.X86;
using System.Text.RegularExpressions;
using Xunit;

namespace EmotionXai.Tests.Backends;

/// <summary>
/// What the compiler makes of the innermost loop of the matrix product, read from the machine code of a program of its own: the
/// multiply-adds that a tile needs, each broadcast and vector of B loaded once, no number moved between registers or to the stack.
/// </summary>
public sealed partial class MachineCodeTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(8, 512)]
    [InlineData(6, 256)]
    [InlineData(2, 256)]
    public void A_tile_of_the_product_does_nothing_but_multiply_and_add(int rows, int bits)
    {
        Assert.SkipUnless(Fma.IsSupported && (bits == 256 || Avx512F.IsSupported), $"This processor has no multiply-add of {bits} bits.");
        string[] loop = InnerLoop(Listings(bits), $"Real32x{bits / 32}]:Tile[", $"Rows{rows}[", "HasNone[");
        Assert.Equal(2 * rows, Count(loop, "vfmadd231ps"));
        Assert.Equal(2 * rows, Count(loop, "vfm"));
        Assert.Equal(rows, Count(loop, "vbroadcastss"));
        Assert.Equal(2, Count(loop, "vmovups"));
        Assert.Equal((3 * rows) + 2, loop.Count(l => l.StartsWith('v')));
        Assert.DoesNotContain(loop, l => l.Contains("[rsp", StringComparison.Ordinal) || l.Contains("[rbp", StringComparison.Ordinal));
    }

    [Fact]
    public void A_loop_is_the_block_that_jumps_to_itself()
    {
        const string Listing = """
            ; Assembly listing for method A:B[C](int) (FullOpts)
            G_M000_IG02:
                   xor      eax, eax
            G_M000_IG03:                ;; offset=0x00B6
                   vmovaps  zmm1, zmm18
                   jl       G_M000_IG03
            G_M000_IG04:
                   ret
            ; Total bytes of code 599
            """;
        Assert.Equal(["vmovaps  zmm1, zmm18", "jl       G_M000_IG03"], InnerLoop(Listing, "A:B[", "C]"));
    }

    // The machine code of all tiles that a small reduction runs, with vectors of so many bits.
    private string Listings(int bits)
    {
        string file = _folder["listing.txt"];
        string[] arguments =
        [
            Path.Combine(AppContext.BaseDirectory, "emotionxai.dll"), "reduce", "--emotion", "happiness", "--keep", "68,8", "--hidden", "32", "--epochs", "1", "--frames", "2",
            "--folds", "2", "--inner-folds", "2", "--controls", "none", "--features", "displacement", "--threads", "1", "--quiet", "--out", _folder["run"],
        ];
        ProcessStartInfo start = new("dotnet", arguments) { RedirectStandardError = true };
        start.Environment["DOTNET_JitDisasm"] = "Tile";
        start.Environment["DOTNET_JitStdOutFile"] = file;
        if (bits == 256) start.Environment["DOTNET_EnableAVX512"] = "0";
        using Process process = Process.Start(start)!;
        string error = process.StandardError.ReadToEnd();
        process.WaitForExit();
        Assert.Equal((0, ""), (process.ExitCode, error));
        return File.ReadAllText(file);
    }

    // The instructions of the one block that ends in a jump to its own start, of the method whose name has all these parts.
    private static string[] InnerLoop(string listings, params string[] name)
    {
        string listing = Assert.Single(listings.Split("; Assembly listing for method "), l =>
        {
            string title = l.Split('\n')[0];
            return title.EndsWith("(FullOpts)", StringComparison.Ordinal) && name.All(p => title.Contains(p, StringComparison.Ordinal));
        });
        List<string[]> loops = [];
        string label = "";
        List<string> block = [];
        foreach (string line in listing.Split('\n').Select(l => l.Trim()))
        {
            if (Label().Match(line) is { Success: true } match)
            {
                (label, block) = (match.Groups[1].Value, []);
                continue;
            }

            if (line.Length == 0 || line[0] == ';') continue;
            block.Add(line);
            if (line[0] == 'j' && line.EndsWith(label, StringComparison.Ordinal)) loops.Add([.. block]);
        }

        return Assert.Single(loops);
    }

    private static int Count(string[] loop, string instruction) => loop.Count(l => l.StartsWith(instruction, StringComparison.Ordinal));

    [GeneratedRegex(@"^(G_M\w+):")]
    private static partial Regex Label();
}
