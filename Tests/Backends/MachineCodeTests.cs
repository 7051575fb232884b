using System.Diagnostics;
using System.Globalization;
using System.Runtime.Intrinsics.X86;
using System.Text.RegularExpressions;
using Xunit;

namespace EmotionXai.Tests.Backends;

/// <summary>
/// What the compiler makes of the innermost loops of the matrix product, read from the machine code of a program of its own: the
/// multiply-adds that a tile needs, each broadcast and vector of B loaded once, no number moved between registers or to the stack, and no arithmetic on
/// single numbers beside the loop.
/// </summary>
public sealed partial class MachineCodeTests : IDisposable
{
    // Methods whose loop is told here, and those around them.
    private const string Tile = "Tile", Wide = "WideTile1", Tall = "TallTile8", Finish = "FinishTile", Around = "Product Rows RowsThroughSpill";

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(512, 8)]
    [InlineData(256, 6)]
    public void The_loops_of_the_product_do_nothing_but_multiply_and_add(int bits, int mostRows)
    {
        Assert.SkipUnless(Fma.IsSupported && (bits == 256 || Avx512F.IsSupported), $"This processor has no multiply-add of {bits} bits.");
        string[] listings = [.. Listings(bits).Where(l => l.Split('\n')[0].Contains($"Real32x{bits / 32}]:", StringComparison.Ordinal))];

        // Tiles of every height, with and without prefetches of B's rows.
        List<(int Rows, bool Ahead)> tiles = [];
        foreach (string listing in listings)
        {
            if (TileTitle().Match(listing) is not { Success: true } title) continue;
            (int rows, bool ahead) = (int.Parse(title.Groups["rows"].Value, CultureInfo.InvariantCulture), title.Groups["ahead"].Value == "HasSome");
            tiles.Add((rows, ahead));
            Holds(listing, bits, multiplyAdds: 2 * rows, broadcasts: rows, loads: 2, prefetches: ahead ? 2 : 0);
        }

        Assert.Equal(Enumerable.Range(1, mostRows), tiles.Where(t => !t.Ahead).Select(t => t.Rows).Order());
        Assert.Equal(Enumerable.Range(1, mostRows), tiles.Where(t => t.Ahead).Select(t => t.Rows).Order());

        // One row at a time, and eight rows by one vector.
        Holds(Assert.Single(listings, l => IsOf(l, Wide)), bits, multiplyAdds: 8, broadcasts: 1, loads: 8, prefetches: 0);
        Holds(Assert.Single(listings, l => IsOf(l, Tall)), bits, multiplyAdds: 8, broadcasts: 8, loads: 1, prefetches: 0);

        // The last rows and columns go through tiles too.
        foreach (string around in Around.Split(' '))
        {
            // Without an activation, and with one.
            string[] both = [.. listings.Where(l => IsOf(l, around))];
            Assert.True(both.Length == 2, around);
            foreach (string listing in both) Assert.DoesNotContain(Instructions(listing), IsScalar);
        }

        // Two vectors a row are read and written.
        string[] finish = InnerLoop(Assert.Single(listings, l => IsOf(l, Finish)));
        Assert.Equal(4, Count(finish, "vmovups"));
        Assert.DoesNotContain(finish, l => IsScalar(l) || OnStack(l));
    }

    private static void Holds(string listing, int bits, int multiplyAdds, int broadcasts, int loads, int prefetches)
    {
        string title = listing.Split('\n')[0], register = bits == 512 ? "zmm" : "ymm";
        string[] loop = InnerLoop(listing), all = Instructions(listing);
        string[] vectors = [.. loop.Where(l => l.StartsWith('v'))];
        Assert.True(multiplyAdds == Count(loop, $"vfmadd231ps {register}"), $"{title}: {string.Join('\n', loop)}");
        Assert.Equal(broadcasts, Count(loop, "vbroadcastss"));
        Assert.Equal(loads, Count(loop, "vmovups"));
        Assert.Equal(prefetches, Count(loop, "prefetch"));
        Assert.Equal(multiplyAdds + broadcasts + loads, vectors.Length);
        Assert.DoesNotContain(loop, OnStack);

        // Outside the loop too: a vector on the stack is one that found no register, and single numbers are a tail.
        Assert.DoesNotContain(all, l => l.StartsWith('v') && OnStack(l));
        Assert.DoesNotContain(all, IsScalar);
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
                   vaddss   xmm0, xmm0, dword ptr [rbp-0x10]
                   ret
            ; Total bytes of code 599
            """;
        Assert.Equal(["vmovaps  zmm1, zmm18", "jl       G_M000_IG03"], InnerLoop(Listing));
        Assert.Equal("vaddss   xmm0, xmm0, dword ptr [rbp-0x10]", Assert.Single(Instructions(Listing), l => IsScalar(l) && OnStack(l)));
    }

    // The machine code of the product's methods in a program that runs each, with vectors of so many bits. Nothing is compiled twice there, nor beside it.
    private string[] Listings(int bits)
    {
        string file = _folder["listing.txt"];
        ProcessStartInfo start = new("dotnet", [typeof(ProductKernelTests).Assembly.Location, "-noColor", "-class", typeof(ProductKernelTests).FullName!]) { RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["DOTNET_JitDisasm"] = string.Join(' ', Tile, Wide, Tall, Finish, Around);
        start.Environment["DOTNET_JitStdOutFile"] = file;
        start.Environment["DOTNET_TieredCompilation"] = "0";
        if (bits == 256) start.Environment["DOTNET_EnableAVX512"] = "0";
        using Process process = Process.Start(start)!;
        Task<string> error = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, output + error.GetAwaiter().GetResult());
        return [.. File.ReadAllText(file).Split("; Assembly listing for method ").Where(l => l.Split('\n')[0].EndsWith("(FullOpts)", StringComparison.Ordinal))];
    }

    // The instructions of the one block that ends in a jump to its own start.
    private static string[] InnerLoop(string listing)
    {
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

    private static string[] Instructions(string listing) => [.. listing.Split('\n').Select(l => l.Trim()).Where(l => l.Length > 0 && l[0] != ';' && !l.Contains(':', StringComparison.Ordinal))];

    // "...[Real32x16]:Rows[Identity](...": a generic method's name is followed by its types.
    private static bool IsOf(string listing, string method) =>
        listing.Split('\n')[0] is var title && (title.Contains($"]:{method}(", StringComparison.Ordinal) || title.Contains($"]:{method}[", StringComparison.Ordinal));

    private static int Count(string[] loop, string instruction) => loop.Count(l => l.StartsWith(instruction, StringComparison.Ordinal));

    private static bool OnStack(string line) => line.Contains("[rsp", StringComparison.Ordinal) || line.Contains("[rbp", StringComparison.Ordinal);

    private static bool IsScalar(string line) => ScalarArithmetic().IsMatch(line);

    [GeneratedRegex(@"^(G_M\w+):")]
    private static partial Regex Label();

    [GeneratedRegex(@"^[^\n]*\]:Tile\[[^\n]*\+Rows(?<rows>\d+)\[[^\n]*\+(?<ahead>HasNone|HasSome)\[")]
    private static partial Regex TileTitle();

    [GeneratedRegex(@"^v(fn?m\w+|add|sub|mul|div)ss\b")]
    private static partial Regex ScalarArithmetic();
}
