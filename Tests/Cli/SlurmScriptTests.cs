using System.Diagnostics;
using EmotionXai.Cli.Submit;
using Xunit;

namespace EmotionXai.Tests.Cli;

/// <summary>What the batch script asks of Slurm and of the program, by an sbatch and a program that write down what they are told. <c>tests-slurm.sh</c> runs it on a real Slurm.</summary>
public sealed class SlurmScriptTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Parts_that_did_not_end_are_submitted_again_and_joined_when_all_are_there()
    {
        Script("sbatch", "echo \"sbatch $*\" >> \"$(dirname \"$0\")/said\"; echo 7");
        Script("program", "for word; do echo \"<$word>\" >> \"$(dirname \"$0\")/said\"; done");
        SlurmScript script = new(_folder["my run"], Shards: 3, Retries: 2)
        {
            Program = [_folder["program"]],
            Reduce = ["--data", "it's mine", "--emotion", "very happy"],
            Resources = ["--cpus-per-task=2", "--mem=4G"],
        };
        _folder.Write($"my run/{SlurmScript.Name}", script.Text);

        Assert.Equal((0, "array 7, merge 7"), Bash());
        string[] said = Said();
        Assert.Contains("--array=1-3 ", said[0], StringComparison.Ordinal);
        Assert.Contains("--cpus-per-task=2 --mem=4G", said[0], StringComparison.Ordinal);
        Assert.EndsWith("slurm.sh part", said[0], StringComparison.Ordinal);
        Assert.Contains("--dependency=afterany:7 ", said[1], StringComparison.Ordinal);
        Assert.EndsWith("slurm.sh merge 0", said[1], StringComparison.Ordinal);

        Assert.Equal(0, Bash("part").Code);
        string[] reduce = ["<reduce>", "<--data>", "<it's mine>", "<--emotion>", "<very happy>", "<--threads>", "<5>"];
        Assert.Equal([.. reduce, "<--shard>", "<2/3>", "<--out>", $"<{_folder["my run/parts/2"]}>"], Said());

        // One part has ended, one was stopped, one never began.
        _folder.Write("my run/parts/1/run.json", "{ \"finished\": \"2026-11-25\" }");
        _folder.Write("my run/parts/2/run.json", "{ }");
        (int code, string output) = Bash("merge", "1");
        Assert.Equal((0, "parts 2,3 have not come to their end: try 2 of 2\narray 7, merge 7"), (code, output));
        said = Said();
        Assert.Contains("--array=2,3 ", said[0], StringComparison.Ordinal);
        Assert.EndsWith("slurm.sh merge 2", said[1], StringComparison.Ordinal);

        (code, output) = Bash("merge", "2");
        Assert.Equal(1, code);
        Assert.StartsWith("error: parts 2 3 have not come to their end in 2 tries", output, StringComparison.Ordinal);
        Assert.Empty(Said());

        _folder.Write("my run/parts/2/run.json", "{ \"finished\": \"2026-11-25\" }");
        _folder.Write("my run/parts/3/run.json", "{ \"finished\": \"2026-11-25\" }");
        Assert.Equal(0, Bash("merge", "2").Code);
        Assert.Equal([.. reduce, "<--merge>", .. Enumerable.Range(1, 3).Select(i => $"<{_folder[$"my run/parts/{i}"]}>"), "<--out>", $"<{_folder["my run"]}>"], Said());
    }

    [Theory]
    [InlineData("--epcohs 3", "did you mean '--epochs'?")]
    [InlineData("--out elsewhere", "--out: it does not stand behind --")]
    [InlineData("--shard=1/2", "--shard=1/2: it does not stand behind --")]
    public void What_every_task_would_refuse_is_refused_at_once(string words, string says)
    {
        (int code, _, string error) = CommandLineTests.Run(["submit", "slurm", "--out", _folder["run"], "--", .. words.Split(' ')]);
        Assert.Equal(2, code);
        Assert.Contains(says, error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(_folder["run"]));
    }

    private void Script(string name, string text)
    {
        _folder.Write(name, $"#!/bin/sh\n{text}\n");
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(_folder[name], UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    private (int Code, string Output) Bash(params string[] arguments)
    {
        ProcessStartInfo start = new("bash", [_folder[$"my run/{SlurmScript.Name}"], .. arguments]) { RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["PATH"] = $"{_folder.Path}:{Environment.GetEnvironmentVariable("PATH")}";
        start.Environment["SLURM_ARRAY_TASK_ID"] = "2";
        start.Environment["SLURM_CPUS_PER_TASK"] = "5";
        using Process bash = Process.Start(start)!;
        string output = bash.StandardOutput.ReadToEnd() + bash.StandardError.ReadToEnd();
        bash.WaitForExit();
        return (bash.ExitCode, output.Trim());
    }

    private string[] Said()
    {
        string[] lines = File.Exists(_folder["said"]) ? File.ReadAllLines(_folder["said"]) : [];
        File.Delete(_folder["said"]);
        return lines;
    }
}
