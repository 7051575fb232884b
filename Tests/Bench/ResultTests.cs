using EmotionXai.Bench.Peers;
using EmotionXai.Tests.Readme;
using Xunit;

namespace EmotionXai.Tests.Bench;

/// <summary>Results of the contest: their files, and the tables that are made from them.</summary>
public sealed class ResultTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Documents_say_what_the_results_say() => Assert.Equal([], Documents.Differences(ReadmeFile.Root()));

    [Fact]
    public void Every_work_has_a_line_in_the_overview()
    {
        string[] files = Directory.GetFiles(Path.Combine(ReadmeFile.Root(), "Bench", "results"), "*.json");
        Assert.NotEmpty(files);
        Assert.All(files, f => Assert.Equal([], Overview.LeftOut(Result.Read(f))));
    }

    [Fact]
    public void A_changed_figure_is_noticed_in_both_tables_and_written_by_the_command()
    {
        Directory.CreateDirectory(_folder["Bench/results"]);
        Directory.CreateDirectory(_folder["docs"]);
        File.WriteAllText(_folder["docs/benchmarks.md"], $"before\n{Documents.Begin}\n{Documents.End}\nafter\n");
        string file = _folder["Bench/results/here.json"];
        Made(1.25).Write(file);
        Assert.Equal(0, Documents.Run(_folder.Path, check: false, TextWriter.Null));
        Assert.Contains("| work | goal | Made up, 100 GFLOP/s, 2026-11-30 |", File.ReadAllText(_folder["docs/benchmarks.md"]), StringComparison.Ordinal);
        Assert.Contains("| 1.25; -; - |", File.ReadAllText(_folder["docs/benchmarks.md"]), StringComparison.Ordinal);
        Assert.Equal([], Documents.Differences(_folder.Path));

        Made(0.75).Write(file);
        IReadOnlyList<string> differences = Documents.Differences(_folder.Path);
        Assert.Equal(2, differences.Count);
        Assert.All(differences, d => Assert.Contains("./bench.sh tables", d, StringComparison.Ordinal));
        using StringWriter said = new();
        Assert.Equal(1, Documents.Run(_folder.Path, check: true, said));
        Assert.Equal(2, said.ToString().Split("error: ").Length - 1);
        Assert.Equal(0, Documents.Run(_folder.Path, check: false, TextWriter.Null));
        Assert.Contains("| 0.75!; -; - |", File.ReadAllText(_folder["docs/benchmarks.md"]), StringComparison.Ordinal);
        File.Delete(file);
        Assert.Contains(Documents.Differences(_folder.Path), d => d.Contains("here.md", StringComparison.Ordinal) && d.Contains("delete it", StringComparison.Ordinal));
    }

    [Fact]
    public void A_part_takes_the_places_of_its_works_and_no_others()
    {
        string file = _folder["result.json"];
        Result whole = Made(1.25) with { Note = "by hand", Rows = [Made(1.25).Rows[0], Made(1.25).Rows[0] with { Work = "memory" }] };
        whole.Write(file);
        Result part = Made(2) with { Rows = [Made(2).Rows[0], Made(2).Rows[0] with { Work = "new" }] }, merged = Result.Read(file).Merge(part);
        Assert.Equal([("sgemm n=64", 2), ("memory", 1.25), ("new", 2)], merged.Rows.Select(r => (r.Work, r.Ratio)));
        Assert.Equal("by hand", merged.Note);
    }

    [Fact]
    public void Rows_of_another_commit_machine_or_version_do_not_mix()
    {
        Result result = Made(1);
        Assert.Null(result.Differs(Made(2) with { Machine = result.Machine with { MeasuredMegahertz = 4000 }, Date = "2026-12-01" }));
        Assert.Contains("another commit", result.Differs(result with { Commit = "def" }), StringComparison.Ordinal);
        Assert.Contains("another machine", result.Differs(result with { Machine = result.Machine with { VectorBits = 512 } }), StringComparison.Ordinal);
        Assert.Contains("other versions", result.Differs(result with { Versions = new Dictionary<string, string> { [".NET"] = "11" } }), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("null")]
    [InlineData("{\"rows\": [{\"work\": 1}]}")]
    public void Other_json_is_no_result(string text)
    {
        File.WriteAllText(_folder["other.json"], text);
        InvalidDataException error = Assert.Throws<InvalidDataException>(() => Result.Read(_folder["other.json"]));
        Assert.StartsWith($"{_folder["other.json"]}: not a result of './bench.sh peers --json'", error.Message, StringComparison.Ordinal);
    }

    private static Result Made(double ratio) => new(
        new Machine("Made up", 2, 256, Virtual: false) { MeasuredMegahertz = 3000 }, new Reach(2, 100, 20, 80), new Dictionary<string, string> { [".NET"] = "10" }, "abc", "2026-11-30", "",
        [new Row("sgemm n=64", 50 * ratio, 50, "GFLOP/s", ratio, 1.1, Agrees: true) { Floor = 100 }]);
}
