using System.Diagnostics;
using Xunit;

namespace EmotionXai.Tests.Cli;

/// <summary>Ctrl-C and SIGTERM stop every verb, as a shell expects. The program runs as a process of its own.</summary>
public sealed class SignalTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("INT", 130)]
    [InlineData("TERM", 143)]
    public async Task A_reduction_stops_keeps_its_folds_and_frees_its_folder(string signal, int expected)
    {
        Assert.SkipWhen(signal == "INT" && IsInterruptIgnored(), "This shell runs its background jobs with Ctrl-C ignored.");
        using Process process = Start("reduce", "--network", "lstm", "--epochs", "1000", "--out", _folder["run"]);
        string error = await Signal(process, signal, () => File.Exists(Path.Combine(_folder["run"], "unfinished", "progress.json")));
        Assert.Equal(expected, process.ExitCode);
        Assert.Contains("stopped: what was finished is kept", error, StringComparison.Ordinal);
        Assert.True(Directory.Exists(Path.Combine(_folder["run"], "unfinished")));
    }

    // The limit is for a program that does not end; one that does takes a second.
    [Fact(Timeout = 30_000)]
    public async Task View_ends()
    {
        using Process process = Start("view", _folder.Path);
        await process.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken);
        await Signal(process, "TERM", () => true);
        Assert.Equal(0, process.ExitCode);
    }

    // A program that starts with SIGINT ignored, as a shell's background jobs do, leaves it so. The mask counts signals from bit 0.
    private static bool IsInterruptIgnored()
    {
        string? mask = File.Exists("/proc/self/status") ? File.ReadLines("/proc/self/status").FirstOrDefault(l => l.StartsWith("SigIgn:", StringComparison.Ordinal)) : null;
        return mask is not null && (Convert.ToUInt64(mask.Split(':')[1].Trim(), 16) & 2) != 0;
    }

    private Process Start(params string[] args) => Process.Start(new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "emotionxai.dll"), .. args])
    {
        WorkingDirectory = _folder.Path,
        RedirectStandardOutput = true,
        RedirectStandardError = true,
    })!;

    private static async Task<string> Signal(Process process, string signal, Func<bool> ready)
    {
        CancellationToken cancellation = TestContext.Current.CancellationToken;
        Task<string> error = process.StandardError.ReadToEndAsync(cancellation);
        while (!ready() && !process.HasExited) await Task.Delay(50, cancellation);
        using (Process kill = Process.Start("kill", [$"-{signal}", $"{process.Id}"])) await kill.WaitForExitAsync(cancellation);
        await process.WaitForExitAsync(cancellation);
        return await error;
    }
}
