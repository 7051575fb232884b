using EmotionXai.Cli.Figures;
using EmotionXai.Tests.Report;
using Xunit;

namespace EmotionXai.Tests.Cli;

public sealed class FigureTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    // Falling: hit, alarm, two tied hits, alarm; three positives, two negatives.
    [Fact]
    public void Curves_by_hand()
    {
        double[] logits = [5, 4, 3, 3, 1];
        int[] targets = [1, 0, 1, 1, 0];
        (double[] alarms, double[] recall) = RocCurve.Of(logits, targets);
        Assert.Equal([0, 0, 0.5, 0.5, 1], alarms);
        Assert.Equal([0, 1 / 3.0, 1 / 3.0, 1, 1], recall);
        (recall, double[] precision) = RocCurve.PrecisionOf(logits, targets);
        Assert.Equal([1 / 3.0, 1 / 3.0, 1, 1], recall);
        Assert.Equal([1, 0.5, 0.75, 0.6], precision);
    }

    [Fact]
    public void Every_figure_is_a_png_and_an_svg()
    {
        Assert.Equal(12, RunFigures.Write(_folder.Path, Runs.Of("ibug68")));
        string[] files = [.. Directory.GetFiles(_folder.Path).Select(f => Path.GetFileName(f)!).Order(StringComparer.Ordinal)];
        Assert.Equal(24, files.Length);
        Assert.All(files, f => Assert.True(f.EndsWith(".png", StringComparison.Ordinal) || f.EndsWith(".svg", StringComparison.Ordinal), f));
        byte[] png = File.ReadAllBytes(_folder["happiness-face.png"]);
        Assert.Equal([0x89, 0x50, 0x4E, 0x47], png[..4]);
        Assert.Contains("<svg", File.ReadAllText(_folder["happiness-precision-recall.svg"]), StringComparison.Ordinal);
    }

    [Fact]
    public void The_report_verb_writes_pages_and_figures_and_names_what_is_missing()
    {
        _folder.Write("run/results.json", System.Text.Json.JsonSerializer.Serialize(Runs.Of("ibug68"), EmotionXai.Landmarks.Reduction.ResultJson.Default.ReductionResult));
        (int code, string output, string error) = CommandLineTests.Run("report", _folder["run"], "--png", _folder["figures"]);
        Assert.True(code == 0, error);
        Assert.Contains("Wrote 12 figures", output, StringComparison.Ordinal);
        Assert.True(File.Exists(_folder["run/report.html"]));
        Assert.Equal(0, CommandLineTests.Run("report", "--compare", _folder["run"], _folder["run"], "--out", _folder["c.html"]).Code);
        Assert.True(File.Exists(_folder["c.html"]));
        (code, _, error) = CommandLineTests.Run("report", _folder["figures"]);
        Assert.Equal(1, code);
        Assert.Contains("there is no finished run in this folder", error, StringComparison.Ordinal);
        Assert.Equal(2, CommandLineTests.Run("report").Code);
        Assert.Equal(2, CommandLineTests.Run("report", "--compare", _folder["run"]).Code);
    }
}
