using EmotionXai.Landmarks.Reduction;
using EmotionXai.Tests.Report;
using Xunit;

namespace EmotionXai.Tests.Cli;

/// <summary>A file that a command line names is never replaced unasked.</summary>
public sealed class OutputFileTests : IDisposable
{
    private const string Mine = "mine";

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    // Refused before any work: neither model nor video is one.
    [Theory]
    [InlineData("extract clip.mp4 --out there.csv", "there.csv", "--out")]
    [InlineData("extract clip.mp4 --out new.csv --overlay there.mp4", "there.mp4", "--overlay")]
    [InlineData("extract clip.mp4 --out new.csv --overlay drawn", "drawn/clip.mp4", "--overlay")]
    [InlineData("predict no.safetensors clip.mp4 --overlay there.mp4", "there.mp4", "--overlay")]
    public void What_lies_there_is_refused_with_the_remedy(string line, string there, string option)
    {
        foreach (string file in new[] { "clip.mp4", "no.safetensors", there }) _folder.Write(file, Mine);
        (int code, _, string error) = CommandLineTests.Run([.. line.Split(' ').Select(w => w.Contains('.', StringComparison.Ordinal) || w == "drawn" ? _folder[w] : w)]);
        Assert.Equal(1, code);
        Assert.Contains($"{_folder[there]}: a file lies there; give another {option}, or replace it with --force.", error, StringComparison.Ordinal);
        Assert.Equal(Mine, File.ReadAllText(_folder[there]));
    }

    [Theory]
    [InlineData("report RUN --figures figures", "figures/happiness-face.svg")]
    [InlineData("report --compare RUN RUN --out page.html", "page.html")]
    public void Force_replaces_it(string line, string there)
    {
        _folder.Write("run/results.json", System.Text.Json.JsonSerializer.Serialize(Runs.Of("ibug68"), ResultJson.Default.ReductionResult));
        _folder.Write(there, Mine);
        string[] args = [.. line.Split(' ').Select(w => w == "RUN" ? _folder["run"] : w.Contains('.', StringComparison.Ordinal) || w == "figures" ? _folder[w] : w)];
        (int code, _, string error) = CommandLineTests.Run(args);
        Assert.Equal(1, code);
        Assert.Contains("replace it with --force", error, StringComparison.Ordinal);
        Assert.Equal(Mine, File.ReadAllText(_folder[there]));
        Assert.Equal(0, CommandLineTests.Run([.. args, "--force"]).Code);
        Assert.NotEqual(Mine, File.ReadAllText(_folder[there]));
    }
}
