using EmotionXai.Landmarks.Models;
using EmotionXai.Landmarks.Reduction;
using EmotionXai.Landmarks.Sequences;
using EmotionXai.Landmarks.Synthesis;
using Xunit;

namespace EmotionXai.Tests.Landmarks.Reduction;

/// <summary>A reduction that is stopped, disturbed and taken up again ends with the results of one that was left alone.</summary>
public sealed class StoppedRunTests : IDisposable
{
    private static readonly LandmarkSet s_set = FaceSynthesizer.Generate(new SynthesisOptions { Subjects = 5, Repetitions = 1, Frames = 5 });

    private static readonly ReductionOptions s_options = new()
    {
        Emotions = ["happiness"],
        Keep = [68, 8],
        Folds = "3",
        InnerFolds = 2,
        RankingSeeds = 1,
        Controls = ControlSpec.Parse("random:1"),
        Model = new() { Hidden = [4, 3] },
        Training = new() { Epochs = 2 },
        Preprocessing = new() { Frames = 4 },
        Threads = 1,
    };

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_fold_in_which_a_digit_was_changed_is_computed_again()
    {
        string whole = Whole(), stopped = Stopped(s_options);
        string fold = Directory.GetFiles(Path.Combine(stopped, "unfinished"), "*.fold")[0], text = File.ReadAllText(fold);
        int at = text.LastIndexOfAny([.. "123456789"]);
        File.WriteAllText(fold, $"{text[..at]}{(text[at] == '9' ? '8' : (char)(text[at] + 1))}{text[(at + 1)..]}");
        List<string> notes = GoOn(stopped, s_options);
        Assert.Contains(notes, n => n.Contains(Path.GetFileName(fold), StringComparison.Ordinal) && n.Contains("computed again", StringComparison.Ordinal));
        Assert.Equal(whole, Predictions(stopped));
    }

    [Fact]
    public void No_mutant_of_a_fold_changes_a_result()
    {
        string whole = Whole(), stopped = Stopped(s_options);
        string fold = Directory.GetFiles(Path.Combine(stopped, "unfinished"), "*.fold")[0];
        byte[] bytes = File.ReadAllBytes(fold);
        FoldStore clean = new(stopped, new ReductionDriver(s_set, s_options).Record.Fingerprint!, null);
        int folds = clean.Count;
        Random random = new(1);
        for (int i = 0; i < 300; i++)
        {
            byte[] mutant = [.. bytes];
            int at = random.Next(mutant.Length);
            if (i % 3 == 0) mutant = mutant[..at];
            else mutant[at] ^= (byte)(1 << random.Next(8));
            File.WriteAllBytes(fold, mutant);
            Assert.Equal(folds - 1, new FoldStore(stopped, new ReductionDriver(s_set, s_options).Record.Fingerprint!, null).Count);
        }

        GoOn(stopped, s_options);
        Assert.Equal(whole, Predictions(stopped));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_fold_that_was_under_way_takes_its_networks_back(bool damaged)
    {
        string whole = Whole(), folder = _folder["under-way"];
        using CancellationTokenSource stop = new();
        int steps = 0;
        Assert.ThrowsAny<OperationCanceledException>(() => new ReductionDriver(s_set, s_options) { KeepsNetworksFrom = 0 }.Run(folder, progress: _ =>
        {
            if (++steps == 12) stop.Cancel();
        }, cancellation: stop.Token));
        string[] networks = Directory.GetFiles(Path.Combine(folder, "unfinished"), "*.net", SearchOption.AllDirectories);
        Assert.NotEmpty(networks);
        if (damaged)
        {
            byte[] bytes = File.ReadAllBytes(networks[0]);
            bytes[^50] ^= 1;
            File.WriteAllBytes(networks[0], bytes);
        }

        List<string> notes = [];
        new ReductionDriver(s_set, s_options) { KeepsNetworksFrom = 0, Note = notes.Add }.Run(folder, cancellation: TestContext.Current.CancellationToken);
        Assert.Contains(notes, n => n.Contains($"{networks.Length} networks of others", StringComparison.Ordinal));
        Assert.Equal(whole, Predictions(folder));
        Assert.False(Directory.Exists(Path.Combine(folder, "unfinished")));
    }

    // A kill costs what came after the last state: with the time of an epoch, less than 15 seconds.
    [Fact]
    public void States_and_networks_are_kept_often_enough()
    {
        ReductionDriver driver = new(s_set, s_options);
        Assert.InRange(driver.KeepsStatesEvery, 0, 10);
        Assert.InRange(driver.KeepsNetworksFrom, 0, 10);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_network_that_was_being_trained_goes_on_between_two_epochs(bool damaged)
    {
        // A state after every epoch makes training slow enough to be stopped after the first.
        ReductionOptions options = s_options with { Training = new() { Epochs = 2000 }, Folds = "2", Controls = ControlSpec.Parse("none") };
        string whole = _folder["whole"], folder = _folder["under-way"];
        new ReductionDriver(s_set, options).Run(whole, cancellation: TestContext.Current.CancellationToken);
        using CancellationTokenSource stop = new();
        Thread watcher = new(() =>
        {
            while (Parts().Length == 0 && !stop.IsCancellationRequested) Thread.Yield();
            stop.Cancel();
        });
        watcher.Start();
        try
        {
            Assert.ThrowsAny<OperationCanceledException>(() => new ReductionDriver(s_set, options) { KeepsNetworksFrom = 0, KeepsStatesEvery = 0 }.Run(folder, cancellation: stop.Token));
        }
        finally
        {
            stop.Cancel();
            watcher.Join();
        }

        string part = Assert.Single(Parts());
        int before = Epochs(part);
        Assert.InRange(before, 1, options.Training.Epochs - 1);
        if (damaged)
        {
            byte[] bytes = File.ReadAllBytes(part);
            bytes[^50] ^= 1;
            File.WriteAllBytes(part, bytes);
        }

        new ReductionDriver(s_set, options) { KeepsNetworksFrom = 0 }.Run(folder, cancellation: TestContext.Current.CancellationToken);
        Assert.Equal(Predictions(whole), Predictions(folder));

        // A folder may go while it is looked through.
        string[] Parts()
        {
            try
            {
                return Directory.GetFiles(folder, "*.part", SearchOption.AllDirectories);
            }
            catch (DirectoryNotFoundException)
            {
                return [];
            }
        }

        // Behind the first line: seconds, steps, epochs.
        static int Epochs(string part)
        {
            byte[] bytes = File.ReadAllBytes(part);
            return BitConverter.ToInt32(bytes, Array.IndexOf(bytes, (byte)'\n') + 1 + sizeof(double) + sizeof(int));
        }
    }

    [Fact]
    public void A_fold_of_a_run_with_other_options_is_not_taken()
    {
        string whole = Whole(), stopped = Stopped(s_options), other = Stopped(s_options with { Training = new() { Epochs = 3 } });
        foreach (string fold in Directory.GetFiles(Path.Combine(other, "unfinished"), "*.fold")) File.Copy(fold, Path.Combine(stopped, "unfinished", Path.GetFileName(fold)), overwrite: true);
        Assert.NotEmpty(GoOn(stopped, s_options));
        Assert.Equal(whole, Predictions(stopped));
    }

    [Fact]
    public void A_run_with_other_options_is_refused_the_folder_and_loses_nothing_there()
    {
        string stopped = Stopped(s_options);
        int folds = Directory.GetFiles(Path.Combine(stopped, "unfinished"), "*.fold").Length;
        IOException e = Assert.Throws<IOException>(() => GoOn(stopped, s_options with { Training = new() { Epochs = 3 } }));
        Assert.Contains("its epochs is 2, here 3", e.Message, StringComparison.Ordinal);
        Assert.Equal(folds, Directory.GetFiles(Path.Combine(stopped, "unfinished"), "*.fold").Length);
    }

    [Fact]
    public void A_finished_run_is_left_as_it_is()
    {
        Whole();
        string results = Path.Combine(_folder["whole"], "results.json");
        DateTime written = File.GetLastWriteTimeUtc(results);
        Assert.Contains(GoOn(_folder["whole"], s_options), n => n.Contains("finished already", StringComparison.Ordinal));
        Assert.Equal(written, File.GetLastWriteTimeUtc(results));
        Assert.Throws<IOException>(() => GoOn(_folder["whole"], s_options with { Seed = 2 }));
    }

    [Fact]
    public void Labels_that_look_alike_get_models_of_their_own()
    {
        string[] labels = ["very happy", "very_happy", "joy", "joy-all", "\u5feb\u4e50", "\u60b2\u4f24"];
        LandmarkSet set = s_set with { Truth = null };
        LandmarkClip[] clips = [.. set.Clips.Select((c, i) => new LandmarkClip(c.Name, c.Subject, labels[i % labels.Length], c.Points, c.Dimensions, c.Coordinates, c.Confidence))];
        ReductionResult result = new ReductionDriver(new LandmarkSet("labels", set.Topology, clips), s_options with { Emotions = [], Controls = ControlSpec.Parse("none"), Folds = "2" }).Run(_folder["labels"], cancellation: TestContext.Current.CancellationToken);
        Assert.Equal(result.Emotions.Sum(e => e.Chosen.Landmarks < 68 ? 2 : 1), Directory.GetFiles(Path.Combine(_folder["labels"], "models")).Length);
        using EmotionXai.Engine.Backends.Cpu.CpuBackend backend = new(1);
        using EmotionJudge judge = EmotionJudge.Load([Path.Combine(_folder["labels"], "models")], backend);
        Assert.Equal(labels.Order(StringComparer.Ordinal), judge.Emotions);
        Assert.All(judge.Models, m => Assert.Equal(result.Emotions.Single(e => e.Name == m.Emotion).Saved, m.Landmarks));
    }

    private string Whole()
    {
        new ReductionDriver(s_set, s_options).Run(_folder["whole"], cancellation: TestContext.Current.CancellationToken);
        return Predictions(_folder["whole"]);
    }

    private string Stopped(ReductionOptions options)
    {
        string folder = _folder[$"stopped{options.Training.Epochs}"];
        using CancellationTokenSource stop = new();
        int done = 0;
        Assert.ThrowsAny<OperationCanceledException>(() => new ReductionDriver(s_set, options).Run(folder, force: false, p =>
        {
            if (p.Finished is not null && ++done == 2) stop.Cancel();
        }, stop.Token));
        Assert.NotEmpty(Directory.GetFiles(Path.Combine(folder, "unfinished"), "*.fold"));
        return folder;
    }

    private static List<string> GoOn(string folder, ReductionOptions options)
    {
        List<string> notes = [];
        new ReductionDriver(s_set, options) { Note = notes.Add }.Run(folder, cancellation: TestContext.Current.CancellationToken);
        return notes;
    }

    private static string Predictions(string folder) => File.ReadAllText(Path.Combine(folder, "predictions.csv"));
}
