using System.CommandLine;
using EmotionXai.Landmarks.Runs;

namespace EmotionXai.Cli;

/// <summary>The options that say where results go: a folder that belongs to one run.</summary>
internal sealed class OutputSettings(string verb)
{
    private readonly Option<string> _out = Setting.Path("--out", $"Folder for the results. By default {RunFolders.Root}/DATE-TIME-{verb}, with a link {(verb == "reduce" ? "latest" : $"latest-{verb}")} to it.");
    private readonly Option<bool> _force = Setting.Flag("--force", "Replace the run that lies there.");

    public void AddTo(Command command)
    {
        command.Options.Add(_out);
        command.Options.Add(_force);
    }

    /// <summary>Whether what lies there is to be replaced.</summary>
    public bool Force(ParseResult parsed) => parsed.GetValue(_force);

    /// <summary>Takes the folder for a run.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="record">The run, where it may be taken up again.</param>
    /// <param name="adds">The one file that the run will write, where a folder may gather several.</param>
    public RunFolder Claim(ParseResult parsed, RunRecord? record = null, string? adds = null)
    {
        record ??= new RunRecord { Verb = verb };
        string? given = parsed.GetValue(_out);
        RunFolder folder = RunFolder.Claim(given ?? RunFolders.For(record), record, Force(parsed), adds);
        if (given is null && record.Shard is null) RunFolders.Link(folder.Path, verb);
        return folder;
    }
}
