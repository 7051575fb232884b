using System.CommandLine;
using System.Diagnostics;
using System.Text.Json.Nodes;
using EmotionXai.Cli.Submit;
using EmotionXai.Landmarks;

namespace EmotionXai.Cli.Verbs;

/// <summary><c>submit</c>: a reduction in parts, on a cluster.</summary>
internal static class SubmitVerb
{
    private static readonly string[] s_own = ["--out", "--shard", "--merge", "--force", "--json", "--quiet"];

    public static Verb Create(Terminal terminal, RootCommand root) => new(
        "submit",
        "Run a reduction in parts on a cluster.",
        command => Fill(command, terminal, root),
        "submit slurm --shards 8 --out runs/mine -- --data CLIPS");

    private static void Fill(Command command, Terminal terminal, RootCommand root)
    {
        command.Subcommands.Add(Slurm(terminal, root));
    }

    private static Verb Slurm(Terminal terminal, RootCommand root)
    {
        Option<int> shards = Setting.Count("--shards", "Parts, each a task of an array job; a job behind it joins them.", 8);
        Option<int> retries = Setting.Count("--retries", "How often a part that did not come to its end is submitted again; it goes on where it was.", 3, 0);
        Option<string> output = Setting.Path("--out", "Folder for the results, the script, the parts and their logs; all machines must see it.");
        Option<string> time = Setting.Text("--time", "Time limit of a part, as sbatch takes it: 04:00:00.");
        Option<string> memory = Setting.Text("--mem", "Memory of a part, as sbatch takes it: 4G.");
        Option<int> processors = Setting.Count("--cpus-per-task", "Processors of a part.", 2);
        Option<string> partition = Setting.Text("--partition", "Partition.");
        Argument<string[]> reduce = new("reduce") { Description = "Behind --: the options of reduce.", Arity = ArgumentArity.ZeroOrMore };
        output.Required = true;
        Verb command = new(
            "slurm",
            "Write the batch script of an array job with retries and of the job that merges its parts, and submit it where Slurm is.",
            fill: null,
            "submit slurm --shards 8 --out runs/mine -- --data CLIPS",
            "submit slurm --out runs/mine --mem 4G -- --data CLIPS");
        command.Arguments.Add(reduce);
        foreach (Option option in new Option[] { shards, output, retries, processors, time, memory, partition }) command.Options.Add(option);
        terminal.AddTo(command);
        command.SetAction(async (parsed, cancellation) =>
        {
            string[] words = parsed.GetValue(reduce) ?? [];
            Check(words, root);
            string folder = Path.GetFullPath(parsed.GetValue(output)!);
            SlurmScript script = new(folder, parsed.GetValue(shards), parsed.GetValue(retries))
            {
                Program = Program(),
                Reduce = words,
                Resources =
                [
                    $"--cpus-per-task={parsed.GetValue(processors)}",
                    .. new[] { time, memory, partition }.Where(o => parsed.GetValue(o) is not null).Select(o => $"{o.Name}={parsed.GetValue(o)}"),
                ],
            };
            Directory.CreateDirectory(folder);
            string path = Path.Combine(folder, SlurmScript.Name);
            AtomicFile.WriteText(path, script.Text);
            string? jobs = OnPath("sbatch") ? await SubmitAsync(path, cancellation).ConfigureAwait(false) : null;
            return terminal.Close(
                parsed,
                () => new JsonObject { ["verb"] = "submit slurm", ["script"] = path, ["jobs"] = jobs },
                text => text.WriteLine(jobs is null ? $"Wrote {path}; there is no sbatch here: where Slurm is, submit it with bash {ShellWord.Quote(path)}" : $"Wrote {path} and submitted it: {jobs}. The results will be in {folder}; squeue shows the jobs, logs/ what they say."));
        });
        return command;
    }

    // What is wrong with the options had better be said here than by every task.
    private static void Check(string[] words, RootCommand root)
    {
        if (words.FirstOrDefault(w => s_own.Contains(w.Split('=')[0])) is string own) throw new ArgumentException($"{own}: it does not stand behind --, since every part gets its own; give --out before.");
        if (Mistake.In(Application.Parse(["reduce", .. words], root)) is string mistake) throw new ArgumentException(mistake);
    }

    private static string[] Program()
    {
        string own = Environment.ProcessPath!;
        return Path.GetFileNameWithoutExtension(own) == "dotnet" ? [own, typeof(SubmitVerb).Assembly.Location] : [own];
    }

    private static bool OnPath(string program) => (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Any(f => f.Length > 0 && File.Exists(Path.Combine(f, program)));

    private static async Task<string> SubmitAsync(string script, CancellationToken cancellation)
    {
        using Process bash = Process.Start(new ProcessStartInfo("bash", [script]) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        Task<string> said = bash.StandardOutput.ReadToEndAsync(cancellation), error = bash.StandardError.ReadToEndAsync(cancellation);
        await bash.WaitForExitAsync(cancellation).ConfigureAwait(false);
        return bash.ExitCode == 0
            ? (await said.ConfigureAwait(false)).Trim()
            : throw new IOException($"sbatch refused {script}: {(await error.ConfigureAwait(false)).Trim()}");
    }
}
