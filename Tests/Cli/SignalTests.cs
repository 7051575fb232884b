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

    // Products of another vector width round in another order: a run is not gone on with at another one, nor taken for its equal.
    [Fact]
    public async Task A_run_at_another_vector_width_is_another_run()
    {
        Assert.SkipUnless(System.Runtime.Intrinsics.Vector256.IsHardwareAccelerated, "This machine has one vector width only.");
        string[] reduce = ["reduce", "--data", "synthetic", "--emotion", "happiness", "--keep", "68,8", "--folds", "2", "--inner-folds", "2", "--controls", "none", "--hidden", "3", "--epochs", "1", "--frames", "4", "--out", _folder["run"]];
        Assert.Equal((0, ""), await Reduce([]));
        (int code, string error) = await Reduce(new() { ["DOTNET_EnableAVX2"] = "0", ["DOTNET_EnableAVX512"] = "0", ["DOTNET_EnableAVX512F"] = "0" });
        Assert.Equal(1, code);
        Assert.Contains("results of reduce lie there", error, StringComparison.Ordinal);
        Assert.Equal(0, (await Reduce([])).Code);

        async Task<(int Code, string Error)> Reduce(Dictionary<string, string> settings)
        {
            using Process process = Start(settings, [.. reduce, "--quiet"]);
            string error = await process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
            await process.WaitForExitAsync(TestContext.Current.CancellationToken);
            return (process.ExitCode, error);
        }
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

    private Process Start(params string[] args) => Start([], args);

    private Process Start(Dictionary<string, string> settings, string[] args)
    {
        ProcessStartInfo start = new("dotnet", [Path.Combine(AppContext.BaseDirectory, "emotionxai.dll"), .. args])
        {
            WorkingDirectory = _folder.Path,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach ((string name, string value) in settings) start.Environment[name] = value;
        return Process.Start(start)!;
    }

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
