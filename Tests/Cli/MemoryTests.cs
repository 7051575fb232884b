using System.Diagnostics;
using EmotionXai.Cli;
using Xunit;

namespace EmotionXai.Tests.Cli;

/// <summary>The budget of <c>--memory</c>. It holds for a whole process, so that programs of their own try it.</summary>
public sealed class MemoryTests : IDisposable
{
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
        Assert.Equal((0, ""), Reduce("free", "synthetic"));
        Assert.Equal((0, ""), Reduce("bounded", "synthetic", "--memory", "300M"));
        Assert.Equal(File.ReadAllText(_folder["free/predictions.csv"]), File.ReadAllText(_folder["bounded/predictions.csv"]));
        (int code, string error) = Reduce("small", "synthetic:mediapipe468", "--memory", "64M");
        Assert.True(code is 1 or 2, error);
        Assert.Single(error.TrimEnd().Split('\n'));
        Assert.Contains("memory", error, StringComparison.Ordinal);
    }

    private (int Code, string Error) Reduce(string folder, string data, params string[] more)
    {
        string program = Path.Combine(AppContext.BaseDirectory, "emotionxai.dll");
        ProcessStartInfo start = new("dotnet", [program, "reduce", "--data", data, "--emotion", "happiness", "--keep", "68,8", "--folds", "2", "--inner-folds", "2", "--controls", "none", "--hidden", "4,3", "--epochs", "2", "--frames", "6", "--quiet", "--out", _folder[folder], .. more]) { RedirectStandardError = true };
        using Process process = Process.Start(start)!;
        string error = process.StandardError.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, error);
    }
}
