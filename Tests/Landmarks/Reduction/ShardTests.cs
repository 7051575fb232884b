using System.Text.RegularExpressions;
using EmotionXai.Landmarks.Reduction;
using EmotionXai.Landmarks.Reduction.Regions;
using EmotionXai.Landmarks.Reduction.Sharding;
using EmotionXai.Landmarks.Runs;
using EmotionXai.Landmarks.Sequences;
using EmotionXai.Landmarks.Synthesis;
using Xunit;

namespace EmotionXai.Tests.Landmarks.Reduction;

/// <summary>Parts of a reduction, computed apart and joined, are the reduction.</summary>
public sealed partial class ShardTests : IDisposable
{
    private static readonly LandmarkSet s_set = FaceSynthesizer.Generate(new SynthesisOptions { Subjects = 5, Repetitions = 1, Frames = 5 });

    // All that comes after the folds too: another emotion's landmarks, regions, halves of the people.
    private static readonly ReductionOptions s_options = new()
    {
        Emotions = ["happiness", "sadness"],
        Keep = [68, 8],
        Folds = "3",
        InnerFolds = 2,
        RankingSeeds = 1,
        Controls = ControlSpec.Parse("random:1,swap:1"),
        Model = new() { Hidden = [4, 3] },
        Training = new() { Epochs = 2 },
        Preprocessing = new() { Frames = 4 },
        Regions = RegionSides.Pairs,
        Stability = 1,
        BootstrapSamples = 100,
        Threads = 1,
    };

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Any_number_of_shards_merges_to_the_files_of_one_process()
    {
        new ReductionDriver(s_set, s_options).Run(_folder["whole"], cancellation: TestContext.Current.CancellationToken);
        Dictionary<string, string> whole = Files(_folder["whole"]);
        Assert.Contains("results.json", whole.Keys);
        Assert.Contains("attributions.parquet", whole.Keys);
        Assert.Contains("models/happiness.safetensors", whole.Keys);
        foreach (int count in (int[])[1, 2, 7])
        {
            // In falling order: it must not matter.
            string[] shards = [.. Enumerable.Range(1, count).Reverse().Select(i => Part($"{i}/{count}", s_options))];
            Merge($"merged{count}", shards, s_options);
            Assert.Equal(whole, Files(_folder[$"merged{count}"]));
        }
    }

    [Fact]
    public void Shards_that_are_missing_foreign_unfinished_or_damaged_are_refused_and_the_line_says_which()
    {
        ReductionOptions options = s_options with { Emotions = ["happiness"], Controls = ControlSpec.Parse("none"), Regions = RegionSides.None, Stability = 0 };
        string one = Part("1/3", options), two = Part("2/3", options), three = Part("3/3", options), other = Part("3/3", options with { Training = new() { Epochs = 3 } }, "other"), half = Part("1/2", options);
        Refused("shard 2/3 is missing", one, three);
        Refused("shards 1/3, 2/3 are missing", three);
        Refused($"{other}: shard 3/3 is of another run (its epochs is 3, here 2)", one, two, other);
        Refused($"{half}: this is shard 1/2, but {two} is one of 3", two, half, three);
        Refused($"{two}: this is shard 2/3 once more; {two} is that too", one, two, two, three);
        Refused($"{_folder.Path}: this is no folder of reduce --shard", one, two, _folder.Path);
        string fold = Directory.GetFiles(Path.Combine(two, "folds"))[0];
        byte[] bytes = File.ReadAllBytes(fold);
        bytes[^9] ^= 1;
        File.WriteAllBytes(fold, bytes);
        Refused($"{two}: fold 2 of happiness is missing or damaged; run shard 2/3 again with --force", one, two, three);
        File.Delete(fold);
        Refused($"{two}: fold 2 of happiness is missing or damaged", one, two, three);
        RunRecord record = RunRecord.Read(three)!;
        (record with { Finished = null }).Write(three);
        Refused("shard 3/3 is not finished", one, two, three);
        Assert.False(Directory.Exists(_folder["refused"]));

        void Refused(string line, params string[] shards)
        {
            string message = Assert.Throws<InvalidDataException>(() => Merge("refused", shards, options)).Message;
            Assert.Contains(line, message, StringComparison.Ordinal);
            Assert.DoesNotContain('\n', message);
        }
    }

    [Fact]
    public void A_shards_folder_is_its_own_goes_on_after_a_stop_and_is_left_as_it_is_when_finished()
    {
        ReductionDriver driver = new(s_set, s_options);
        Shard shard = Shard.Parse("1/2");
        using CancellationTokenSource stop = new();
        using (RunFolder folder = RunFolder.Claim(_folder["part"], driver.RecordOf(shard)))
        {
            Assert.ThrowsAny<OperationCanceledException>(() => driver.RunShard(folder, shard, progress =>
            {
                if (progress.Finished is not null) stop.Cancel();
            }, stop.Token));
        }

        Assert.Contains("it is shard 1/2, and this is shard 2/2", Assert.Throws<IOException>(() => RunFolder.Claim(_folder["part"], driver.RecordOf(Shard.Parse("2/2")))).Message, StringComparison.Ordinal);
        Assert.Contains("it is shard 1/2, and this is the whole run", Assert.Throws<IOException>(() => RunFolder.Claim(_folder["part"], driver.Record)).Message, StringComparison.Ordinal);
        List<string> notes = [];
        ReductionDriver again = new(s_set, s_options) { Note = notes.Add };
        using (RunFolder folder = RunFolder.Claim(_folder["part"], again.RecordOf(shard))) Assert.Equal(3, again.RunShard(folder, shard, cancellation: TestContext.Current.CancellationToken));
        Assert.Contains(notes, n => n.Contains("1 of 3 folds are done", StringComparison.Ordinal));
        Assert.Equal(["folds", "folds/happiness-000.fold", "folds/happiness-002.fold", "folds/sadness-001.fold"], [.. Directory.EnumerateFileSystemEntries(_folder["part"], "*", SearchOption.AllDirectories).Select(f => Path.GetRelativePath(_folder["part"], f)).Where(f => f.StartsWith("folds", StringComparison.Ordinal)).Order(StringComparer.Ordinal)]);
        using (RunFolder folder = RunFolder.Claim(_folder["part"], again.RecordOf(shard))) again.RunShard(folder, shard, cancellation: TestContext.Current.CancellationToken);
        Assert.Contains(notes, n => n.Contains("shard 1/2 of this very run is finished already", StringComparison.Ordinal));
        Assert.Throws<IOException>(() => RunFolder.Claim(_folder["part"], driver.Record));
    }

    [Theory]
    [InlineData("0/2")]
    [InlineData("3/2")]
    [InlineData("1")]
    [InlineData("1/2/3")]
    [InlineData("-1/2")]
    [InlineData("a/b")]
    public void What_is_no_shard_is_refused(string text) => Assert.Contains($"--shard {text}: give I/N", Assert.Throws<ArgumentException>(() => Shard.Parse(text)).Message, StringComparison.Ordinal);

    private string Part(string text, ReductionOptions options, string name = "shard")
    {
        ReductionDriver driver = new(s_set, options);
        Shard shard = Shard.Parse(text);
        using RunFolder folder = RunFolder.Claim(_folder[$"{name}-{shard.Number}-of-{shard.Count}"], driver.RecordOf(shard));
        driver.RunShard(folder, shard, cancellation: TestContext.Current.CancellationToken);
        return folder.Path;
    }

    private void Merge(string output, string[] shards, ReductionOptions options)
    {
        ReductionDriver driver = new(s_set, options);
        using RunFolder folder = RunFolder.Claim(_folder[output], driver.Record);
        driver.Merge(folder, shards, cancellation: TestContext.Current.CancellationToken);
    }

    // Every file that the run has written, but for its record and for times.
    private static Dictionary<string, string> Files(string folder) => Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories)
        .Select(f => (Name: Path.GetRelativePath(folder, f), Bytes: File.ReadAllBytes(f)))
        .Where(f => f.Name is not (RunFolder.RecordName or ".lock"))
        .ToDictionary(f => f.Name, f => Path.GetFileName(f.Name) switch
        {
            "results.json" => Times().Replace(System.Text.Encoding.UTF8.GetString(f.Bytes), "$1"),
            "stages.csv" => string.Join('\n', System.Text.Encoding.UTF8.GetString(f.Bytes).Split('\n').Select(WithoutTimes)),
            _ => Convert.ToHexString(f.Bytes),
        });

    // microseconds and train_seconds
    private static string WithoutTimes(string row) => string.Join(',', row.Split(',').Where((_, column) => column is not (12 or 13)));

    [GeneratedRegex("(\"(?:seconds|microseconds_per_clip|train_seconds)\": )[^,\\n]*")]
    private static partial Regex Times();
}
