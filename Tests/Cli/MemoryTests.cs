using System.Diagnostics;
using EmotionXai.Cli;
using Xunit;

namespace EmotionXai.Tests.Cli;

/// <summary>The budget of <c>--memory</c>. It holds for a whole process, so that programs of their own try it.</summary>
public sealed class MemoryTests : IDisposable
{
    private static readonly string[] s_small = ["--hidden", "4,3", "--epochs", "2", "--frames", "6"];

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("64M", 64L << 20)]
    [InlineData("1.5g", 3L << 29)]
    [InlineData("4GiB", 4L << 30)]
    [InlineData("100000KB", 100000L << 10)]
    [InlineData("2000000000", 2000000000L)]
    public void Budgets_are_read(string text, long bytes) => Assert.Equal(bytes, MemoryBudget.Parse(text));

    [Theory]
    [InlineData("63M")]
    [InlineData("-4G")]
    [InlineData("much")]
    [InlineData("4X")]
    [InlineData("1e99G")]
    [InlineData("")]
    public void What_is_no_budget_is_refused(string text) => Assert.Contains("give 64M or more", Assert.Throws<ArgumentException>(() => MemoryBudget.Parse(text)).Message, StringComparison.Ordinal);

    [Fact]
    public void A_run_that_fits_is_the_same_and_one_that_does_not_ends_in_one_line()
    {
        Assert.Equal((0, ""), Reduce("free", "synthetic", s_small));
        Assert.Equal((0, ""), Reduce("bounded", "synthetic", [.. s_small, "--memory", "300M"]));
        Assert.Equal(File.ReadAllText(_folder["free/predictions.csv"]), File.ReadAllText(_folder["bounded/predictions.csv"]));
        (int code, string error) = Reduce("small", "synthetic:mediapipe468", [.. s_small, "--memory", "64M"]);
        Assert.True(code is 1 or 2, error);
        Assert.Single(error.TrimEnd().Split('\n'));
        Assert.Contains("memory", error, StringComparison.Ordinal);
    }

    // 160 MB leave 26 for the clips as they are read, 26 for their features and 6 for a fold's: of 4,800 clips nothing has room.
    [Theory]
    [InlineData("--network", "dense", "--hidden", "4,3", "--epochs", "2", "--frames", "6")]
    [InlineData("--network", "random-dense", "--hidden", "20", "--features", "displacement", "--frames", "2")]
    public void Clips_that_do_not_fit_are_read_from_disk_to_the_same_bits(params string[] options)
    {
        string few = Faces(1), many = Faces(6);
        Assert.Equal((0, ""), Reduce("free", many, options));
        (int code, string error) = Reduce("bounded", many, out long peak, [.. options, "--memory", "160M"]);
        Assert.Equal((0, ""), (code, error));
        foreach (string file in new[] { "predictions.csv", "ranking.csv", "attributions.parquet" })
            Assert.Equal(File.ReadAllBytes(_folder["free/" + file]), File.ReadAllBytes(_folder["bounded/" + file]));

        // Six times the clips: beyond the third of 160 MB that clips and features may take, hardly more memory.
        Assert.Equal((0, ""), Reduce("few", few, out long before, [.. options, "--memory", "160M"]));
        if (peak > 0) Assert.True(peak - ((160L << 20) / 3) < 1.3 * before, $"{peak} bytes with 4,800 clips, {before} with 800");
    }

    // 100 people, 8 emotions.
    private string Faces(int repetitions)
    {
        string folder = _folder[$"faces{repetitions}"];
        Assert.Equal((0, ""), Run(out _, "synth", "--subjects", "100", "--repetitions", $"{repetitions}", "--frames", "12", "--quiet", "--out", folder));
        return Path.Combine(folder, "landmarks.csv");
    }

    private (int Code, string Error) Reduce(string folder, string data, params string[] more) => Reduce(folder, data, out _, more);

    private (int Code, string Error) Reduce(string folder, string data, out long peak, params string[] more) =>
        Run(out peak, ["reduce", "--data", data, "--emotion", "happiness", "--keep", "68,8", "--folds", "2", "--inner-folds", "2", "--controls", "none", "--quiet", "--out", _folder[folder], .. more]);

    // The largest memory that the program had is read while it runs; 0 where the system does not tell.
    private static (int Code, string Error) Run(out long peak, params string[] arguments)
    {
        ProcessStartInfo start = new("dotnet", [Path.Combine(AppContext.BaseDirectory, "emotionxai.dll"), .. arguments]) { RedirectStandardError = true };
        using Process process = Process.Start(start)!;
        Task<string> error = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        peak = 0;
        while (!process.WaitForExit(20))
        {
            process.Refresh();
            try
            {
                peak = Math.Max(peak, process.PeakWorkingSet64);
            }
            catch (InvalidOperationException)
            {
                // It has ended since: the last reading stands.
            }
        }

        return (process.ExitCode, error.GetAwaiter().GetResult());
    }
}
