using System.CommandLine;
using System.Text.Json.Nodes;
using EmotionXai.Landmarks.Reduction;
using EmotionXai.Landmarks.Reduction.Sharding;
using EmotionXai.Landmarks.Runs;

namespace EmotionXai.Cli;

/// <summary>The options that divide a reduction among machines, and what <c>reduce</c> does with a part of one.</summary>
internal sealed class ShardSettings
{
    private readonly Option<string> _shard = Setting.Text("--shard", "Do part I of N of the work and leave it for --merge, such as 2/7: every N-th fold.");
    private readonly Option<string[]> _merge = Setting.List("--merge", "Join the folders of all shards of this very run: the results of one process, bit by bit.");

    public void AddTo(Command command)
    {
        _shard.HelpName = "i/n";
        _merge.HelpName = Setting.PathName;
        command.Options.Add(_shard);
        command.Options.Add(_merge);
    }

    /// <summary>The part that is asked for; null for the whole.</summary>
    public Shard? Shard(ParseResult parsed)
    {
        if (parsed.GetValue(_shard) is not string text) return null;
        if (Folders(parsed).Length > 0) throw new ArgumentException("--shard does a part and --merge joins all of them: give one of the two.");
        return Landmarks.Reduction.Sharding.Shard.Parse(text);
    }

    /// <summary>The folders to join; empty where there is nothing to be joined.</summary>
    public string[] Folders(ParseResult parsed) => parsed.GetValue(_merge) ?? [];

    /// <summary>Computes a part of a run.</summary>
    public static int Run(ReductionDriver driver, Shard shard, ParseResult parsed, OutputSettings settings, Terminal terminal, CancellationToken cancellation)
    {
        using RunFolder folder = settings.Claim(parsed, driver.RecordOf(shard));
        int folds;
        using (ProgressDisplay progress = new(terminal.Notes(parsed))) folds = driver.RunShard(folder, shard, progress.Show, cancellation);
        return terminal.Close(
            parsed,
            () => new JsonObject { ["verb"] = "reduce", ["shard"] = shard.ToString(), ["folds"] = folds, ["out"] = folder.Path },
            output => output.WriteLine($"Wrote shard {shard} ({folds} of {driver.Emotions.Count * driver.FoldCount} folds) to {folder.Path}; join all shards by the same command with --merge FOLDER... in place of --shard."));
    }
}
