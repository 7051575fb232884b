using System.Collections.Concurrent;
using System.Diagnostics;
using EmotionXai.Engine.Backends;
using EmotionXai.Engine.Backends.Profiling;
using EmotionXai.Engine.Layers;
using EmotionXai.Landmarks.Preprocessing;
using EmotionXai.Landmarks.Reduction.Regions;
using EmotionXai.Landmarks.Reduction.Selection;
using EmotionXai.Landmarks.Reduction.Sharding;
using EmotionXai.Landmarks.Runs;
using EmotionXai.Landmarks.Sequences;
using EmotionXai.Landmarks.Topologies;

namespace EmotionXai.Landmarks.Reduction;

/// <summary>
/// Runs the reduction protocol over emotions and folds, several folds at a time. A fold's outcome depends on the options alone,
/// not on the order or number of threads, and is kept in the output folder as soon as it is done, so that a killed run can go on.
/// </summary>
public sealed class ReductionDriver
{
    private readonly LandmarkSet _set;
    private readonly ReductionOptions _options;
    private readonly FeatureSet _features;
    private readonly IReadOnlyList<int> _stages;
    private readonly string[] _emotions;
    private readonly IReadOnlyList<Fold> _folds;
    private readonly IReadOnlyDictionary<string, object> _described;

    /// <summary>A run over some data.</summary>
    /// <exception cref="ArgumentException">An option does not fit the data.</exception>
    /// <exception cref="InvalidDataException">The data have too few clips, subjects or labels.</exception>
    public ReductionDriver(LandmarkSet set, ReductionOptions options)
    {
        options = options with { Preprocessing = options.Preprocessing.For(options.Model.Kind) };
        (_set, _options) = (set, options);
        _stages = options.StagesFor(set.Topology.Count);
        CheckRegions(options, set.Topology, _stages[^1]);
        _emotions = EmotionsOf(set, options);
        Preprocessor preprocessor = new(options.Preprocessing);
        _features = preprocessor.Apply(set);
        if (_features.Clips == 0) throw new InvalidDataException($"{set.Source}: no clip has enough sure frames; lower --min-confidence.");
        int subjects = _features.Subjects.Distinct().Count();
        if (subjects < 3) throw new InvalidDataException($"{set.Source}: {subjects} subject(s); a subject-independent test needs 3 or more.");
        (_emotions, LeftOut) = Rarity.Split(set.Source, _emotions, _features, named: options.Emotions.Count > 0);
        _folds = FoldsOf(_features, options);
        _described = OptionSummary.Describe(options, _stages);
        Record = new() { Verb = "reduce", Fingerprint = OptionSummary.Fingerprint(_described, _emotions, set, _features, options.Device), Options = OptionSummary.Words(_described) };
    }

    /// <summary>Labels that are no emotions of the run, since too few people show them: a line each.</summary>
    public IReadOnlyList<string> LeftOut { get; }

    /// <summary>The emotions that will be reduced.</summary>
    public IReadOnlyList<string> Emotions => _emotions;

    /// <summary>The stages.</summary>
    public IReadOnlyList<int> Stages => _stages;

    /// <summary>What is making the results; stored with them.</summary>
    public RunOrigin? Origin { get; init; }

    /// <summary>The run, as its folder will say. Runs of the same fingerprint give the same results.</summary>
    public RunRecord Record { get; }

    /// <summary>Told what else is to be known of the run, a line each; null for nobody.</summary>
    public Action<string>? Note { get; init; }

    /// <summary>Keeps a record of what the folds compute; null for none.</summary>
    public Profile? Profile { get; init; }

    /// <summary>The least seconds that training a network has taken for it to be kept until its fold is done.</summary>
    internal double KeepsNetworksFrom { get; init; } = 0.5;

    /// <summary>Seconds between two states of a network that is being trained.</summary>
    internal double KeepsStatesEvery { get; init; } = 5;

    /// <summary>The outer folds.</summary>
    public int FoldCount => _folds.Count;

    /// <summary>Runs everything and writes the results into a folder; see <see cref="RunFolder.Claim"/>.</summary>
    /// <param name="output">The folder of the results; created where missing. A stopped equal run there goes on, a finished one is left as it is.</param>
    /// <param name="force">Whether another run that lies there is replaced.</param>
    /// <param name="progress">Told of every step.</param>
    /// <param name="cancellation">Stops the run; what is done stays for the next one.</param>
    /// <exception cref="IOException">The folder belongs to another run, or another process is at work there.</exception>
    public ReductionResult Run(string output, bool force = false, Action<ReductionProgress>? progress = null, CancellationToken cancellation = default)
    {
        using RunFolder folder = RunFolder.Claim(output, Record, force);
        return Run(folder, progress, cancellation);
    }

    /// <summary>The same in a folder that is claimed for <see cref="Record"/> already.</summary>
    /// <inheritdoc cref="Run(string, bool, Action{ReductionProgress}?, CancellationToken)"/>
    public ReductionResult Run(RunFolder folder, Action<ReductionProgress>? progress = null, CancellationToken cancellation = default) => Run(folder, null, progress, cancellation);

    /// <summary>Joins what shards of this run have computed; the results are those of <see cref="Run(RunFolder, Action{ReductionProgress}?, CancellationToken)"/>, bit by bit but for times.</summary>
    /// <param name="folder">Claimed for <see cref="Record"/>.</param>
    /// <param name="shards">The folders of all shards, in any order.</param>
    /// <param name="progress">Told of every step.</param>
    /// <param name="cancellation">Stops the run.</param>
    /// <exception cref="InvalidDataException">A shard is missing, unfinished, damaged, of another run or there twice; the line says which.</exception>
    public ReductionResult Merge(RunFolder folder, IReadOnlyList<string> shards, Action<ReductionProgress>? progress = null, CancellationToken cancellation = default) =>
        Run(folder, folder.IsFinished ? null : new ShardFolders(shards, Record), progress, cancellation);

    /// <summary>The record of a part of this run.</summary>
    public RunRecord RecordOf(Shard shard) => Record with { Shard = shard.ToString() };

    /// <summary>Computes a part of the folds and leaves them for <see cref="Merge"/>.</summary>
    /// <param name="folder">Claimed for <see cref="RecordOf"/>.</param>
    /// <param name="shard">Which part.</param>
    /// <param name="progress">Told of every step.</param>
    /// <param name="cancellation">Stops it; what is done stays for the next time.</param>
    /// <returns>How many folds the part has.</returns>
    public int RunShard(RunFolder folder, Shard shard, Action<ReductionProgress>? progress = null, CancellationToken cancellation = default)
    {
        FoldJob[] jobs = [.. Jobs().Where((_, i) => shard.Has(i))];
        if (folder.IsFinished)
        {
            Note?.Invoke($"{folder.Path}: shard {shard} of this very run is finished already, and left as it is; --force runs it again.");
            return jobs.Length;
        }

        FoldStore store = Open(folder, jobs.Length);
        ProgressBoard board = new(_options, _stages, jobs.Length, emotions: 0, progress);
        using ProgressFile file = new(folder.Path, Plan(), board);
        Compute(jobs, new FoldOutcome?[jobs.Length], store, board, cancellation);
        file.Stop();
        store.Close();
        folder.Finish();
        return jobs.Length;
    }

    private ReductionResult Run(RunFolder folder, ShardFolders? shards, Action<ReductionProgress>? progress, CancellationToken cancellation)
    {
        string output = folder.Path;
        if (folder.IsFinished)
        {
            Note?.Invoke($"{output}: this very run is finished already, and left as it is; --force runs it again.");
            return ResultFiles.Read(output);
        }

        long start = Stopwatch.GetTimestamp();
        FoldJob[] jobs = Jobs();
        FoldOutcome?[] outcomes = [.. jobs.Select((job, i) => shards?.Fold(i, job.Emotion, job.Number).Brief())];
        FoldStore store = Open(folder, jobs.Length);
        ProgressBoard board = new(_options, _stages, jobs.Length, _emotions.Length, progress);
        using ProgressFile file = new(output, Plan(), board);
        Compute(jobs, outcomes, store, board, cancellation);
        if (_options.Controls.Has(ControlSpec.Swap) && _stages.Count > 1) Swap(jobs, outcomes, Whole, store, cancellation);
        using IBackend timing = Backends.Create(_options.Device, threads: 1, Profile);
        Summary summary = new(_set, _features, _options, _stages);
        FoldOutcome[][] byEmotion = [.. outcomes.Select(o => o!).Chunk(_folds.Count)];
        Leads leads = new(_features, byEmotion, _stages, _options);
        PairedDifference[][] differences = leads.ByEmotion();
        EmotionResult[] emotions = [.. _emotions.Select((e, i) => summary.Summarise(e, byEmotion[i], timing) with { Differences = differences[i] })];
        ReductionResult result = new()
        {
            Data = Describe(),
            Options = _described,
            Seconds = Stopwatch.GetElapsedTime(start).TotalSeconds,
            Origin = Origin,
            Fingerprint = Record.Fingerprint,
            Clips = [.. outcomes.Take(_folds.Count).SelectMany(o => o!.Clips.Select(c => new TestedClip(_features.Names[c], _features.Subjects[c], _features.Labels[c], o!.Fold + 1)))],
            Emotions = emotions,
            Regions = _options.Regions == RegionSides.None ? [] : new RegionStudy(_features, _options, _set.Topology, _folds).Run(_emotions, cancellation),
            Stability = _options.Stability == 0 ? [] : Halves(cancellation),
            Primary = leads.Primary(),
            Leads = leads.Stages(),
            Together = Together.Of(_features, emotions, [.. outcomes.Take(_folds.Count).SelectMany(o => o!.Clips)]),
        };
        int[][] saved = SaveModels(Path.Combine(output, "models"), result, byEmotion, board, cancellation);
        result = result with { Emotions = [.. emotions.Select((e, i) => e with { Saved = saved[i] })], Seconds = Stopwatch.GetElapsedTime(start).TotalSeconds };
        ResultFiles.Write(output, result, jobs.Select((_, i) => Whole(i)), _features);
        file.Stop();
        store.Clear();
        folder.Finish();
        return result;

        FoldOutcome Whole(int job) => store.Whole(jobs[job].Emotion, jobs[job].Number) ?? shards?.Fold(job, jobs[job].Emotion, jobs[job].Number)
            ?? throw new InvalidDataException($"{output}: the file of fold {jobs[job].Number + 1} of {jobs[job].Emotion} was taken away or damaged while the run was at work; run it again.");
    }

    private FoldJob[] Jobs() => [.. _emotions.SelectMany(e => _folds.Select((f, i) => new FoldJob(_features, _options, _stages, e, i, f, _set.Topology.Neutral)))];

    private RunPlan Plan() => new(_set.Source, _set.Topology.Name, _emotions, _stages, _folds.Count, DateTime.UtcNow);

    private FoldStore Open(RunFolder folder, int folds)
    {
        if (_options.PreprocessingOf(_stages[0]) != _options.Preprocessing)
            Note?.Invoke($"--features {_options.Preprocessing.Features}: distances are taken between at most {PointDistances.MostPoints} landmarks; the networks on all {_stages[0]}, with which the others are compared, see positions.");
        FoldStore store = new(folder.Path, Record.Fingerprint!, Note);
        if (folder.GoesOn) Note?.Invoke($"{folder.Path}: a run of the same program, options and data was stopped there and goes on; {store.Count} of {folds} folds are done, and {store.CountNetworks()} networks of others.");
        return store;
    }

    // Fills in the outcomes that are not there yet: from what an earlier run has left, or by computing them.
    private void Compute(FoldJob[] jobs, FoldOutcome?[] outcomes, FoldStore store, ProgressBoard board, CancellationToken cancellation) => SideBySide(jobs.Length, (i, backend) =>
    {
        FoldJob job = jobs[i];
        outcomes[i] ??= store.Find(job.Emotion, job.Number);
        WorkWatch watch = board.Begin(job.Emotion, job.Number, known: outcomes[i] is not null);
        if (outcomes[i] is null)
        {
            using IDisposable? section = Profile?.Section($"{job.Emotion}, fold {job.Number + 1}");
            NetworkStore networks = store.Networks(job.Emotion, job.Number, KeepsNetworksFrom, KeepsStatesEvery);
            FoldOutcome whole = job.Run(NetworkOn(backend, watch, cancellation, _options.Device == Backends.Exact ? null : networks), watch);
            store.Save(whole);
            outcomes[i] = whole.Brief();
            networks.Clear();
        }

        board.Finish(watch);
    }, cancellation);

    // Only once all emotions are done is it known what the others keep. Seconds of work, so that the board is not told.
    private void Swap(FoldJob[] jobs, FoldOutcome?[] outcomes, Func<int, FoldOutcome> whole, FoldStore store, CancellationToken cancellation)
    {
        FoldOutcome[] before = [.. outcomes.Select(o => o!)];
        SideBySide(jobs.Length, (i, backend) =>
        {
            if (before[i].Stages[^1].Controls.ContainsKey(ControlSpec.Swap)) return;
            FoldOutcome[] others = [.. Enumerable.Range(1, _emotions.Length - 1).Select(e => before[(i + (e * _folds.Count)) % jobs.Length])];
            FoldOutcome swapped = jobs[i].Swap(NetworkOn(backend, Unwatched(jobs[i].Emotion, jobs[i].Number), cancellation), whole(i), others);
            store.Save(swapped);
            outcomes[i] = swapped.Brief();
        }, cancellation);
    }

    // [emotion]: the landmarks of its model.
    private int[][] SaveModels(string folder, ReductionResult result, FoldOutcome[][] byEmotion, ProgressBoard board, CancellationToken cancellation)
    {
        Directory.CreateDirectory(folder);
        ModelWriter writer = new(folder, _set, _features, _options, result.Fingerprint);
        int[][] saved = new int[byEmotion.Length][];
        SideBySide(saved.Length, (e, backend) =>
        {
            WorkWatch watch = board.Saving(_emotions[e]);
            saved[e] = writer.Write(result.Emotions[e], byEmotion[e], NetworkOn(backend, watch, cancellation), watch);
            board.Finish(watch);
        }, cancellation);
        return saved;
    }

    private SelectionStability[] Halves(CancellationToken cancellation)
    {
        SelectionStability[] halves = new SelectionStability[_emotions.Length];
        SideBySide(halves.Length, (e, backend) => halves[e] = SelectionStability.Of(_features, _emotions[e], _options, _stages[^1], NetworkOn(backend, Unwatched(_emotions[e], null), cancellation)), cancellation);
        return halves;
    }

    private Network NetworkOn(IBackend backend, WorkWatch watch, CancellationToken cancellation, NetworkStore? kept = null) =>
        new(backend, _options, KeepRule.Of(_options, _set.Topology), Selector.Of(_options, _set.Topology), watch, cancellation) { Kept = kept };

    private static WorkWatch Unwatched(string emotion, int? fold) => new(emotion, fold, 1, (_, _) => { });

    // Pieces of work side by side, each on a backend of one thread. They are handed out one by one: in chunks a thread could be left with
    // several at the end while the others rest.
    private void SideBySide(int count, Action<int, IBackend> work, CancellationToken cancellation)
    {
        ParallelOptions parallel = new() { MaxDegreeOfParallelism = Math.Max(1, _options.Threads), CancellationToken = cancellation };
        try
        {
            Partitioner<int> pieces = Partitioner.Create(Enumerable.Range(0, count), EnumerablePartitionerOptions.NoBuffering);
            Parallel.ForEach(pieces, parallel, () => Backends.Create(_options.Device, threads: 1, Profile), (i, _, backend) =>
            {
                work(i, backend);
                return backend;
            }, backend => backend.Dispose());
        }
        catch (AggregateException e) when (e.InnerExceptions.Count > 0)
        {
            System.Runtime.ExceptionServices.ExceptionDispatchInfo.Capture(e.InnerExceptions[0]).Throw();
        }
    }

    internal static IReadOnlyList<Fold> FoldsOf(FeatureSet features, ReductionOptions options)
    {
        string folds = options.Folds != "auto" ? options.Folds : features.Subjects.Distinct().Count() <= 12 ? "subject" : "5";
        return [.. SubjectFolds.Split(features.Subjects, features.Labels, folds, options.Seed)];
    }

    internal static string[] EmotionsOf(LandmarkSet set, ReductionOptions options)
    {
        foreach (string emotion in options.Emotions)
        {
            if (!set.Labels.Contains(emotion))
                throw new ArgumentException($"--emotion {emotion}: the data have no such label; they have {string.Join(", ", set.Labels)}.");
        }

        string[] emotions = options.Emotions.Count > 0 ? [.. options.Emotions.Distinct()] : [.. set.Labels.Where(l => l != "neutral")];
        return set.Labels.Count >= 2 && emotions.Length > 0
            ? emotions
            : throw new InvalidDataException($"{set.Source}: all clips are labelled {string.Join(", ", set.Labels)}; a classifier needs clips of another label too.");
    }

    private static void CheckRegions(ReductionOptions options, LandmarkTopology topology, int least)
    {
        if (options.InsideRegions)
        {
            if (options.ByRegion) throw new ArgumentException("--inside-regions: with --by region whole regions go at a time, and no landmark is chosen inside them; leave one of the two out.");
            if (!options.SelectsOnce) throw new ArgumentException($"--inside-regions: --select {options.Select.ToString().ToLowerInvariant()} ranks anew at every stage; choose inside regions with explained, aligned, forward, pursuit or lasso.");
            RegionGroups.Of(topology, RegionChoice.SidesOf(options));
        }

        if (!options.ByRegion) return;
        if (options.Symmetric) throw new ArgumentException("--by region: regions stay whole, pairs of landmarks cannot as well; leave --symmetric out.");
        (string region, int size) = topology.Regions.CountBy(r => r).MinBy(r => r.Value);
        if (least < size) throw new ArgumentException($"--by region: no region of {topology.Name} has {least} landmarks or fewer, the smallest ({region}) has {size}; end --keep with {size} or more.");
    }

    private DataSummary Describe() => new(
        _set.Source,
        _set.Topology.Name,
        _features.Clips,
        _features.Skipped,
        _features.Subjects.Distinct().Count(),
        _features.Labels.GroupBy(l => l, StringComparer.Ordinal).OrderBy(g => g.Key, StringComparer.Ordinal).ToDictionary(g => g.Key, g => g.Count()),
        _features.Frames,
        _features.Dimensions);
}
