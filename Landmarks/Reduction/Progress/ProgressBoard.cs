using System.Diagnostics;

namespace EmotionXai.Landmarks.Reduction;

/// <summary>
/// Sums up where all the work of a run stands, and what time is left. Work is counted in networks trained; folds share the
/// threads, and so do the models that a run leaves behind.
/// </summary>
internal sealed class ProgressBoard
{
    private const double LeastTold = 1e-3;

    private static readonly TimeSpan s_pause = TimeSpan.FromSeconds(0.1);

    private readonly Lock _lock = new();
    private readonly long _start = Stopwatch.GetTimestamp();
    private readonly Action<ReductionProgress>? _tell;
    private readonly int _folds;
    private readonly double _foldNetworks, _modelNetworks, _foldShare, _modelShare;
    private readonly List<WorkWatch> _active = [];
    private long _told;
    private double _done, _known;
    private int _foldsDone;

    /// <summary>A run that has not begun.</summary>
    /// <param name="options">The protocol.</param>
    /// <param name="stages">Landmarks kept at each stage.</param>
    /// <param name="folds">Folds in all.</param>
    /// <param name="emotions">Emotions, each of which leaves models behind.</param>
    /// <param name="tell">Told of every step, and of what happens between steps ten times a second at most.</param>
    public ProgressBoard(ReductionOptions options, IReadOnlyList<int> stages, int folds, int emotions, Action<ReductionProgress>? tell)
    {
        (_folds, _tell) = (folds, tell);
        _foldNetworks = FoldNetworks(options, stages.Count);
        _modelNetworks = 2 + (options.SelectsOnce ? 0 : Descending(options, options.RankingSeeds, stages.Count));
        double foldTime = _foldNetworks / Math.Clamp(options.Threads, 1, Math.Max(1, folds)), modelTime = _modelNetworks / Math.Clamp(options.Threads, 1, Math.Max(1, emotions));
        double all = Math.Max(1, (foldTime * folds) + (modelTime * emotions));
        (_foldShare, _modelShare) = (foldTime / all, modelTime / all);
    }

    /// <summary>A fold begins.</summary>
    /// <param name="emotion">Its emotion.</param>
    /// <param name="fold">Its number.</param>
    /// <param name="known">Whether an earlier run has done it, so that it takes no time.</param>
    public WorkWatch Begin(string emotion, int fold, bool known) => Add(new WorkWatch(emotion, fold, _foldNetworks, Changed), known ? _foldShare : 0);

    /// <summary>The training of the models begins that a run leaves behind.</summary>
    public WorkWatch Saving(string emotion) => Add(new WorkWatch(emotion, null, _modelNetworks, Changed), 0);

    /// <summary>A piece of work is done.</summary>
    public void Finish(WorkWatch watch)
    {
        ReductionProgress progress;
        lock (_lock)
        {
            _active.Remove(watch);
            _done += Share(watch);
            if (watch.IsFold) _foldsDone++;
            progress = Sum(watch.Now with { Part = 1 });
        }

        _tell?.Invoke(progress);
    }

    /// <summary>Where the run stands now.</summary>
    public ReductionProgress Now()
    {
        lock (_lock) return Sum(null);
    }

    // Networks that a fold trains: down the stages once for itself and once an inner fold, and the controls of every stage but the first.
    private static double FoldNetworks(ReductionOptions options, int stages)
    {
        ControlSpec controls = options.Controls;
        int swaps = controls.Draws(ControlSpec.Swap), ranked = options.Rerank && !options.SelectsOnce && controls.Has(ControlSpec.Lowest) ? (stages - 2) * options.RankingSeeds : 0;
        return Descending(options, options.ExplainingNetworks, stages)
            + (options.InnerFolds * Descending(options, options.SelectsOnce ? 0 : options.InnerRankingSeeds, stages))
            + ((stages - 1) * (controls.Sets - swaps) * options.Networks) + Math.Max(0, ranked) + options.Nulls;
    }

    private static double Descending(ReductionOptions options, int rankingSeeds, int stages)
    {
        int rankings = options.Rerank && !options.SelectsOnce ? Math.Max(1, stages - 1) : 1;
        return (rankings * Math.Max(rankingSeeds, options.Networks)) + ((stages - rankings) * options.Networks);
    }

    private WorkWatch Add(WorkWatch watch, double known)
    {
        lock (_lock)
        {
            _active.Add(watch);
            _known += known;
        }

        return watch;
    }

    private void Changed(WorkWatch watch, bool isStep)
    {
        if (_tell is null) return;
        ReductionProgress progress;
        lock (_lock)
        {
            if (!isStep && Stopwatch.GetElapsedTime(_told) < s_pause) return;
            _told = Stopwatch.GetTimestamp();
            progress = Sum(null);
        }

        _tell(progress);
    }

    private double Share(WorkWatch watch) => watch.IsFold ? _foldShare : _modelShare;

    private ReductionProgress Sum(WorkProgress? finished)
    {
        double part = Math.Min(1, _done + _active.Sum(w => w.Now.Part * Share(w)));
        double seconds = Stopwatch.GetElapsedTime(_start).TotalSeconds, here = part - _known;
        double? left = here < LeastTold ? null : seconds * (1 - part) / here;
        return new ReductionProgress(_foldsDone, _folds, part, seconds, left, [.. _active.Select(w => w.Now)], finished);
    }
}
