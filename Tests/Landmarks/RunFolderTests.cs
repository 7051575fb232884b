using EmotionXai.Landmarks;
using EmotionXai.Landmarks.Models;
using EmotionXai.Landmarks.Runs;
using Xunit;

namespace EmotionXai.Tests.Landmarks;

/// <summary>A folder belongs to one run.</summary>
public sealed class RunFolderTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Two_processes_do_not_share_a_folder()
    {
        using (RunFolder.Claim(_folder["run"], Reduce("a")))
        {
            IOException e = Assert.Throws<IOException>(() => RunFolder.Claim(_folder["run"], Reduce("a")));
            Assert.Contains($"process {Environment.ProcessId} on {Environment.MachineName} (reduce, since ", e.Message, StringComparison.Ordinal);
            Assert.Contains("give another --out", e.Message, StringComparison.Ordinal);

            // Not even by force.
            Assert.Throws<IOException>(() => RunFolder.Claim(_folder["run"], Reduce("b"), force: true));
        }
    }

    // A run that is refused holds the lock for a moment, to look whose folder it is.
    [Fact]
    public void Who_only_looks_keeps_nobody_out()
    {
        Stop("a");
        FileStream looks = new(_folder["run/.lock"], FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        using Timer leaves = new(_ => looks.Dispose(), null, 100, Timeout.Infinite);
        using RunFolder run = RunFolder.Claim(_folder["run"], Reduce("a"));
        Assert.True(run.GoesOn);
    }

    [Fact]
    public void A_stopped_run_goes_on_with_an_equal_one_and_is_refused_to_another()
    {
        Stop("a");
        using (RunFolder again = RunFolder.Claim(_folder["run"], Reduce("a"))) Assert.True(again.GoesOn);
        string message = Assert.Throws<IOException>(() => RunFolder.Claim(_folder["run"], Reduce("b") with { Options = new Dictionary<string, string> { ["epochs"] = "60" } })).Message;
        Assert.Contains("its epochs is 30, here 60", message, StringComparison.Ordinal);
        Assert.Contains("--force", message, StringComparison.Ordinal);
        Assert.True(File.Exists(Path.Combine(_folder["run"], "unfinished", "kept")));
        Assert.Contains("version 0", Assert.Throws<IOException>(() => RunFolder.Claim(_folder["run"], Reduce("b") with { Version = "1" })).Message.Replace(ProgramVersion.Text, "0", StringComparison.Ordinal), StringComparison.Ordinal);

        // By force it is gone.
        using RunFolder forced = RunFolder.Claim(_folder["run"], Reduce("b"), force: true);
        Assert.False(forced.GoesOn);
        Assert.False(Directory.Exists(Path.Combine(_folder["run"], "unfinished")));
    }

    [Fact]
    public void A_finished_run_is_replaced_by_force_alone_and_what_a_person_put_there_stays()
    {
        using (RunFolder run = RunFolder.Claim(_folder["run"], Reduce("a")))
        {
            File.WriteAllText(Path.Combine(run.Path, "results.json"), "{}");
            Directory.CreateDirectory(Path.Combine(run.Path, "models"));
            File.WriteAllText(Path.Combine(run.Path, "models", "joy.safetensors"), "");
            File.WriteAllText(Path.Combine(run.Path, "notes.txt"), "mine");
            run.Finish();
        }

        using (RunFolder equal = RunFolder.Claim(_folder["run"], Reduce("a"))) Assert.True(equal.IsFinished);
        foreach (RunRecord other in new[] { Reduce("b"), new RunRecord { Verb = "predict" } })
            Assert.Contains("results of reduce lie there", Assert.Throws<IOException>(() => RunFolder.Claim(_folder["run"], other)).Message, StringComparison.Ordinal);
        using RunFolder forced = RunFolder.Claim(_folder["run"], Reduce("b"), force: true);
        Assert.Equal([".lock", "notes.txt", "run.json"], Directory.EnumerateFileSystemEntries(_folder["run"]).Select(Path.GetFileName).Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("{\"verb\":\"reduce\",\"options\":{\"epochs\":null}}")]
    [InlineData("{\"verb\":null}")]
    [InlineData("{\"verb\":\"reduce\"")]
    [InlineData("")]
    public void A_damaged_record_is_none(string json)
    {
        _folder.Write("run/run.json", json);
        Assert.Null(RunRecord.Read(_folder["run"]));
    }

    [Theory]
    [InlineData("results.json")]
    [InlineData("predictions.csv")]
    [InlineData("models/joy.safetensors")]
    [InlineData("joy.safetensors")]
    [InlineData("benchmark.html")]
    [InlineData("benchmark.csv")]
    [InlineData("benchmark.json")]
    public void A_run_of_before_is_one_too_and_goes_by_force(string file)
    {
        _folder.Write($"run/{file}", "");
        Assert.Throws<IOException>(() => RunFolder.Claim(_folder["run"], Reduce("a")));
        Assert.True(File.Exists(_folder[$"run/{file}"]));
        using RunFolder forced = RunFolder.Claim(_folder["run"], Reduce("a"), force: true);
        Assert.False(File.Exists(_folder[$"run/{file}"]));
    }

    [Fact]
    public void Nothing_is_left_of_a_run_that_failed_before_it_wrote_anything()
    {
        RunFolder.Claim(_folder["run"], Reduce("a")).Dispose();
        Assert.False(Directory.Exists(_folder["run"]));
        _folder.Write("other/notes.txt", "mine");
        RunFolder.Claim(_folder["other"], Reduce("a")).Dispose();
        Assert.True(File.Exists(_folder["other/notes.txt"]));
    }

    [Fact]
    public void A_folder_gathers_the_models_of_several_trainings_but_replaces_none()
    {
        RunRecord train = new() { Verb = "train" };
        foreach (string model in (string[])["joy", "fear"])
        {
            using RunFolder run = RunFolder.Claim(_folder["run"], train, adds: model);
            File.WriteAllText(Path.Combine(run.Path, model), "");
            run.Finish();
        }

        Assert.Throws<IOException>(() => RunFolder.Claim(_folder["run"], train, adds: "joy"));
        RunFolder.Claim(_folder["run"], train, force: true, adds: "joy").Dispose();
        Assert.True(File.Exists(Path.Combine(_folder["run"], "fear")));
    }

    [Fact]
    public void Runs_get_folders_of_their_own_by_time_and_the_link_points_to_the_newest()
    {
        string root = _folder["runs"], first = RunFolders.For(Reduce("a"), root);
        Assert.Matches(@"runs/\d{4}-\d\d-\d\d-\d{4}-reduce$", first);
        using (RunFolder run = RunFolder.Claim(first, Reduce("a"))) Directory.CreateDirectory(Path.Combine(run.Path, "unfinished"));
        Assert.Equal(first, RunFolders.For(Reduce("a"), root));
        string second = RunFolders.For(Reduce("b"), root);
        Assert.NotEqual(first, second);
        using (RunFolder run = RunFolder.Claim(second, Reduce("b"))) run.Finish();
        RunFolders.Link(first, "reduce");
        RunFolders.Link(second, "reduce");
        RunFolders.Link(second, "predict");
        Assert.Equal(Path.GetFileName(second), new FileInfo(Path.Combine(root, "latest")).LinkTarget);
        Assert.Equal(Path.GetFileName(second), new FileInfo(Path.Combine(root, "latest-predict")).LinkTarget);
        Assert.Equal(first, RunFolders.For(Reduce("a"), root));
    }

    [Fact]
    public void No_two_names_share_a_file()
    {
        string[] names = ["very happy", "very_happy", "\u5feb\u4e50", "\u60b2\u4f24", "joy", "joy-all", "", "_", new string('a', 300), new string('a', 301), "caf\u00e9", "cafe\u0301", "../up"];
        string[] files = [.. names.SelectMany(n => new[] { ModelFiles.Chosen(n), ModelFiles.OnAllLandmarks(n) })];
        Assert.Equal(files.Length, files.Distinct(StringComparer.OrdinalIgnoreCase).Count());
        Assert.All(files, f => Assert.Matches("^[A-Za-z0-9_-]{1,69}(\\.all)?\\.safetensors$", f));
        Assert.Equal("happiness.safetensors", ModelFiles.Chosen("happiness"));
    }

    private static RunRecord Reduce(string fingerprint) => new() { Verb = "reduce", Fingerprint = fingerprint, Options = new Dictionary<string, string> { ["epochs"] = "30" } };

    private void Stop(string fingerprint)
    {
        using RunFolder run = RunFolder.Claim(_folder["run"], Reduce(fingerprint));
        Directory.CreateDirectory(Path.Combine(run.Path, "unfinished"));
        File.WriteAllText(Path.Combine(run.Path, "unfinished", "kept"), "");
    }
}
