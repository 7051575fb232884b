using EmotionXai.Landmarks.Models;
using EmotionXai.Landmarks.Reduction;
using EmotionXai.Landmarks.Topologies;

namespace EmotionXai.Landmarks.Report;

/// <summary>What a run found for one emotion.</summary>
public sealed class EmotionView
{
    internal EmotionView(EmotionResult result, ReductionResult run, LandmarkTopology topology)
    {
        Result = result;
        All = result.Stages.MaxBy(s => s.Landmarks) ?? throw new InvalidDataException($"The results of {result.Name} have no stages; run reduce again.");
        Kept = result.Stages.FirstOrDefault(s => s.Landmarks == result.Chosen.Landmarks)
            ?? throw new InvalidDataException($"The results of {result.Name} lack the stage of {result.Chosen.Landmarks} landmarks; run reduce again.");
        Landmarks = LandmarksAt(Kept);
        Comparisons = [.. Comparison.Of(this, run.Schema)];
        Cost = new Cost(All, Kept);
        Needed = NeededLandmarks.Of(run, topology);
        Regions = RegionRelevance.Of(result);
        (Measure, Margin) = (run.Primary?.Measure ?? "AUC", run.Primary?.Margin ?? double.NaN);
        Sentences = Report.Sentences.Of(this, topology);
    }

    /// <summary>The results of the emotion.</summary>
    public EmotionResult Result { get; }

    /// <summary>The emotion.</summary>
    public string Name => Result.Name;

    /// <summary>The stage of all landmarks.</summary>
    public StageResult All { get; }

    /// <summary>The stage of K*, the median over folds of what each fold's inner validation chose.</summary>
    public StageResult Kept { get; }

    /// <summary>The landmarks kept, ascending: those of the saved model.</summary>
    public IReadOnlyList<int> Landmarks { get; }

    /// <summary>What else has to be measured, whichever landmarks are kept.</summary>
    public NeededLandmarks Needed { get; }

    /// <summary>Whether the results tell what the saved model keeps. Those of earlier versions do not; then <see cref="Landmarks"/> are those that most folds keep.</summary>
    public bool IsSavedKnown => Result.Saved.Count > 0;

    /// <summary>The file of the saved model, below the folder of the run.</summary>
    public string ModelFile => $"models/{ModelFiles.Chosen(Name)}";

    /// <summary>How often a fold keeps one of <see cref="Landmarks"/>, over all of them: 1 where every fold keeps the same; NaN where the results do not tell.</summary>
    public double Agreement => Kept.KeptByFolds.Count == 0 || Landmarks.Count == 0 ? double.NaN : Landmarks.Average(l => Kept.KeptByFolds[l]) / Result.Folds;

    /// <summary>The landmarks kept against all, and against every control, at the same number of landmarks.</summary>
    public IReadOnlyList<Comparison> Comparisons { get; }

    /// <summary>What the comparisons measure.</summary>
    public string Measure { get; }

    /// <summary>A loss of less than this counts as none; NaN where the results hold no test.</summary>
    public double Margin { get; }

    /// <summary>What a clip and a model cost.</summary>
    public Cost Cost { get; }

    /// <summary>The regions of the face by falling relevance of one of their landmarks.</summary>
    public IReadOnlyList<RegionRelevance> Regions { get; }

    /// <summary>The emotion in two or three sentences, which claim no more than the tests support.</summary>
    public IReadOnlyList<string> Sentences { get; }

    /// <summary>Stages from all landmarks down.</summary>
    public IEnumerable<StageResult> Stages => Result.Stages.OrderByDescending(s => s.Landmarks);

    /// <summary>The comparison with a control, or with <c>all</c>; null where the run made none.</summary>
    public Comparison? Against(string rival) => Comparisons.FirstOrDefault(c => c.Against == rival);

    /// <summary>
    /// The landmarks that a stage is drawn with, ascending: at K* those of the saved model; elsewhere, where no model is saved,
    /// those that most folds keep, ties by the mean ranking.
    /// </summary>
    public IReadOnlyList<int> LandmarksAt(StageResult stage)
    {
        ArgumentNullException.ThrowIfNull(stage);
        if (stage.Landmarks == Result.Chosen.Landmarks && IsSavedKnown) return Result.Saved;
        return [.. Result.Ranking.OrderByDescending(r => stage.KeptByFolds.Count > r.Landmark ? stage.KeptByFolds[r.Landmark] : 0).Take(stage.Landmarks).Select(r => r.Landmark).Order()];
    }
}

/// <summary>What a clip and a model cost, with all landmarks and with those kept.</summary>
/// <param name="All">The stage of all landmarks.</param>
/// <param name="Kept">The stage of K*.</param>
public sealed record Cost(StageResult All, StageResult Kept)
{
    /// <summary>In words: measured time, size of the model, multiply-adds.</summary>
    public string Words => Kept == All
        ? $"A clip takes {Time(All)} on one thread, the model {Size(All)}, a clip's logit {Sums(All)}."
        : $"A clip takes {Time(Kept)} on one thread instead of {Time(All)}, the model {Size(Kept)} instead of {Size(All)}, a clip's logit {Sums(Kept)} instead of {Sums(All)}.";

    /// <summary>The time of a stage.</summary>
    public static string Time(StageResult stage) => ReportText.Number(stage.MicrosecondsPerClip, "0.0", " µs");

    /// <summary>The size of a stage's model.</summary>
    public static string Size(StageResult stage) => $"{ReportText.Count(stage.ModelBytes)} bytes";

    private static string Sums(StageResult stage) => $"{ReportText.Count(stage.MacsPerClip)} multiply-adds";
}
