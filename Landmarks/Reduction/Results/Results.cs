using System.Text.Json.Serialization;
using EmotionXai.Landmarks.Reduction.Regions;

namespace EmotionXai.Landmarks.Reduction;

/// <summary>What <c>results.json</c> holds.</summary>
public sealed record ReductionResult
{
    /// <summary>The version of this layout.</summary>
    public int Schema { get; init; } = NewestSchema;

    /// <summary>The version that this program writes; it reads earlier ones.</summary>
    public const int NewestSchema = 3;

    /// <summary>The data.</summary>
    public required DataSummary Data { get; init; }

    /// <summary>The options that the results follow from.</summary>
    public required IReadOnlyDictionary<string, object> Options { get; init; }

    /// <summary>Wall-clock seconds.</summary>
    public required double Seconds { get; init; }

    /// <summary>What made them; null in results of earlier versions.</summary>
    public RunOrigin? Origin { get; init; }

    /// <summary>Stands for program, options and data: runs of the same fingerprint give the same results. The saved models name it. Null in results of earlier versions.</summary>
    public string? Fingerprint { get; init; }

    /// <summary>[tested clip], in the order of the folds: every clip once, tested by networks that never saw its person. Empty in results of earlier versions.</summary>
    public IReadOnlyList<TestedClip> Clips { get => field ?? []; init; }

    /// <summary>One entry an emotion.</summary>
    public required IReadOnlyList<EmotionResult> Emotions { get; init; }

    /// <summary>All emotions together; null for one.</summary>
    public TogetherResult? Together { get; init; }

    /// <summary>By emotion: what the regions of the face are worth; empty where they were not studied.</summary>
    public IReadOnlyList<RegionResult> Regions { get => field ?? []; init; }

    /// <summary>By emotion: landmarks that halves of the people choose alike; empty where they were not asked.</summary>
    public IReadOnlyList<SelectionStability> Stability { get => field ?? []; init; }

    /// <summary>The one figure that the run was made for; null in results of earlier versions.</summary>
    public PrimaryFigure? Primary { get; init; }

    /// <summary>Every stage against all landmarks and against every control at as many, over all emotions; p-values corrected over all of them.</summary>
    public IReadOnlyList<PairedDifference> Leads { get => field ?? []; init; }
}

/// <summary>A clip that was tested.</summary>
/// <param name="Name">Its name in the data.</param>
/// <param name="Subject">Whose it is.</param>
/// <param name="Label">What it shows.</param>
/// <param name="Fold">The fold that tested it, from 1.</param>
public sealed record TestedClip(string Name, string Subject, string Label, int Fold);

/// <summary>What made results: all that is needed to make them again, and to judge their times.</summary>
/// <param name="Command">The command line.</param>
/// <param name="Version">Of this program.</param>
/// <param name="Machine">Runtime, system, processors and vectors.</param>
public sealed record RunOrigin(string Command, string Version, string Machine);

/// <summary>The data of a run.</summary>
/// <param name="Source">Where they came from.</param>
/// <param name="Topology">What the points are.</param>
/// <param name="Clips">Clips used.</param>
/// <param name="Skipped">Clips left out, with the reason.</param>
/// <param name="Subjects">People.</param>
/// <param name="Labels">Clips a label.</param>
/// <param name="Time">Frames a clip after resampling.</param>
/// <param name="Dimensions">Coordinates a landmark.</param>
public sealed record DataSummary(
    string Source, string Topology, int Clips, IReadOnlyList<string> Skipped, int Subjects, IReadOnlyDictionary<string, int> Labels, int Time, int Dimensions);

/// <summary>The reduction of one emotion's landmarks.</summary>
public sealed record EmotionResult
{
    /// <summary>The positive label.</summary>
    public required string Name { get; init; }

    /// <summary>Clips of either class.</summary>
    public required ClassCounts Classes { get; init; }

    /// <summary>Outer folds.</summary>
    public required int Folds { get; init; }

    /// <summary>All landmarks first, then ever fewer.</summary>
    public required IReadOnlyList<StageResult> Stages { get; init; }

    /// <summary>Each fold at its own K*.</summary>
    public required ChosenResult Chosen { get; init; }

    /// <summary>The landmarks of the saved model, ascending: what the same rule keeps on all clips at the median K*. Empty in results of earlier versions.</summary>
    [JsonConverter(typeof(CompactIntegers))]
    public IReadOnlyList<int> Saved { get => field ?? []; init; }

    /// <summary>The landmarks by falling relevance, averaged over folds.</summary>
    public required IReadOnlyList<RankedLandmark> Ranking { get; init; }

    /// <summary>[time]: shares of relevance.</summary>
    public required IReadOnlyList<double> TimeProfile { get; init; }

    /// <summary>[frame, landmark]: shares of relevance, averaged over folds. Features that belong to no moment are left out. Empty in results of earlier versions.</summary>
    [JsonConverter(typeof(CompactNumbers))]
    public IReadOnlyList<double> TimeMap { get => field ?? []; init; }

    /// <summary>[frame, landmark]: mean signed sums, in logits.</summary>
    [JsonConverter(typeof(CompactNumbers))]
    public IReadOnlyList<double> SignedTimeMap { get => field ?? []; init; }

    /// <summary>The sum of completeness gaps over the sum of logit changes, averaged over folds.</summary>
    public required double RelativeGap { get; init; }

    /// <summary>[tested clip], in the order of the folds: 1 for the emotion, 0 for the others.</summary>
    [JsonConverter(typeof(CompactIntegers))]
    public IReadOnlyList<int> Targets { get => field ?? []; init; }

    /// <summary>At the stage of the median K*: the landmarks kept against all, and against every control's as many; p-values corrected over all emotions.</summary>
    public IReadOnlyList<PairedDifference> Differences { get => field ?? []; init; }

    /// <summary>[fold].</summary>
    public IReadOnlyList<FoldResult> ByFold { get => field ?? []; init; }

    /// <summary>[time, landmark, x and y]: the mean over clips of the emotion, in inter-ocular distances; from the first frame where clips move, else places.</summary>
    [JsonConverter(typeof(CompactNumbers))]
    public IReadOnlyList<double> Motion { get => field ?? []; init; }

    /// <summary>Where the truth is known (synthetic data): how much of the top K is evidence.</summary>
    public PrecisionResult? Truth { get; init; }
}

/// <summary>Clips of either class.</summary>
/// <param name="Positive">Clips of the emotion.</param>
/// <param name="Negative">All others.</param>
public sealed record ClassCounts(int Positive, int Negative);

/// <summary>One stage, over all tested clips of all folds pooled.</summary>
public sealed record StageResult
{
    /// <summary>Landmarks kept.</summary>
    public required int Landmarks { get; init; }

    /// <summary>The mean of both recalls at a zero logit.</summary>
    public required double BalancedAccuracy { get; init; }

    /// <summary>The share of clips on the right side of a zero logit.</summary>
    public required double Accuracy { get; init; }

    /// <summary>The area under the ROC curve.</summary>
    public required double Auc { get; init; }

    /// <summary>The harmonic mean of precision and recall.</summary>
    public required double F1 { get; init; }

    /// <summary>95% of the balanced accuracy, by a bootstrap over subjects.</summary>
    public required IReadOnlyList<double> Ci95 { get; init; }

    /// <summary>Numbers that training sets.</summary>
    public required long Parameters { get; init; }

    /// <summary>Multiply-adds a clip.</summary>
    public required long MacsPerClip { get; init; }

    /// <summary>The parameters as float32.</summary>
    public required long ModelBytes { get; init; }

    /// <summary>The median time of one clip's logit, on one thread.</summary>
    public required double MicrosecondsPerClip { get; init; }

    /// <summary>The median time of training one network.</summary>
    public required double TrainSeconds { get; init; }

    /// <summary>The same with other landmarks kept; over random draws, the mean.</summary>
    public required IReadOnlyDictionary<string, ControlResult> Controls { get; init; }

    /// <summary>[landmark of the topology]: how many folds keep it.</summary>
    [JsonConverter(typeof(CompactIntegers))]
    public IReadOnlyList<int> KeptByFolds { get => field ?? []; init; }

    /// <summary>[tested clip]: calibrated logits, in the order of <see cref="EmotionResult.Targets"/>.</summary>
    [JsonConverter(typeof(CompactNumbers))]
    public IReadOnlyList<double> Logits { get => field ?? []; init; }
}

/// <summary>A control at one stage.</summary>
/// <param name="BalancedAccuracy">At a zero logit.</param>
/// <param name="Auc">The area under the ROC curve.</param>
public sealed record ControlResult(double BalancedAccuracy, double Auc);

/// <summary>Each fold at the K* that its own inner validation chose.</summary>
public sealed record ChosenResult
{
    /// <summary>The median K* over folds (the lower one of two).</summary>
    public required int Landmarks { get; init; }

    /// <summary>K* by fold.</summary>
    public required IReadOnlyList<int> ByFold { get; init; }

    /// <summary>The mean of both recalls at a zero logit.</summary>
    public required double BalancedAccuracy { get; init; }

    /// <summary>The share of clips on the right side of a zero logit.</summary>
    public required double Accuracy { get; init; }

    /// <summary>The area under the ROC curve.</summary>
    public required double Auc { get; init; }

    /// <summary>The harmonic mean of precision and recall.</summary>
    public required double F1 { get; init; }

    /// <summary>95% of the balanced accuracy, by a bootstrap over subjects.</summary>
    public required IReadOnlyList<double> Ci95 { get; init; }

    /// <summary>[tested clip]: calibrated logits, each by its fold's K*.</summary>
    [JsonConverter(typeof(CompactNumbers))]
    public IReadOnlyList<double> Logits { get => field ?? []; init; }
}

/// <summary>The one figure of a run, fixed before it: each fold at its K* less all landmarks, over all emotions.</summary>
/// <param name="Measure"><see cref="Within"/> or <see cref="Between"/>.</param>
/// <param name="Margin">A loss of less than this counts as none.</param>
/// <param name="Figure">The difference. Its p-values are not corrected: there is one.</param>
/// <param name="Verdict">In words.</param>
public sealed record PrimaryFigure(string Measure, double Margin, PairedDifference Figure, string Verdict)
{
    /// <summary>The mean over people of the AUC over each one's own clips; people with clips of one class only are left out.</summary>
    public const string Within = "mean within-person AUC";

    /// <summary>The AUC over pairs of clips of whatever people, tested by each person's part of it: for data in which most people have clips of one class only.</summary>
    public const string Between = "AUC between people";
}

/// <summary>A difference of mean AUCs (<see cref="PrimaryFigure.Measure"/>) on the same people.</summary>
/// <param name="Against"><c>all</c> landmarks, or a control with as many landmarks.</param>
/// <param name="Difference">Positive where the kept landmarks do better.</param>
/// <param name="Ci95">Its 95% interval, by a bootstrap over people.</param>
/// <param name="Effect">The difference over its standard deviation over people.</param>
/// <param name="P">Two-sided, by sign flips over people.</param>
/// <param name="PCorrected">Corrected over its family (Holm 1979): all stages and comparisons of a run, or of all its emotions one by one.</param>
public sealed record PairedDifference(string Against, double Difference, IReadOnlyList<double> Ci95, double Effect, double P, double PCorrected)
{
    /// <summary>Landmarks kept; where each fold keeps its own K*, the median, averaged over emotions.</summary>
    public int Landmarks { get; init; }

    /// <summary>People whose clips could tell.</summary>
    public int People { get; init; }

    /// <summary>The mean AUC with the kept landmarks.</summary>
    public double Auc { get; init; }

    /// <summary>The mean AUC of what they are compared with.</summary>
    public double AucAgainst { get; init; }

    /// <summary>Against <c>all</c>: the one-sided p-value, corrected like the other, against a loss of the margin or more. A small one says that the kept landmarks are as good; null against controls.</summary>
    public double? NotWorse { get; init; }
}

/// <summary>All emotions of a run as one classifier: a clip is what the largest logit says.</summary>
/// <param name="Labels">The emotions; clips of other labels are left out.</param>
/// <param name="Clips">Clips judged.</param>
/// <param name="AccuracyAll">With all landmarks.</param>
/// <param name="Accuracy">With each classifier at the median of its folds' K*.</param>
/// <param name="ConfusionAll">[label][judged]: clips, with all landmarks.</param>
/// <param name="Confusion">The same with each classifier at the median of its folds' K*.</param>
public sealed record TogetherResult(
    IReadOnlyList<string> Labels, int Clips, double AccuracyAll, double Accuracy, IReadOnlyList<IReadOnlyList<int>> ConfusionAll, IReadOnlyList<IReadOnlyList<int>> Confusion);

/// <summary>One outer fold.</summary>
/// <param name="Subjects">The people tested.</param>
/// <param name="Clips">Their clips.</param>
/// <param name="Landmarks">The fold's K*.</param>
/// <param name="BalancedAccuracyAll">With all landmarks; NaN where the fold tests one class only.</param>
/// <param name="BalancedAccuracy">At its K*.</param>
/// <param name="RelativeGap">The completeness gap of its attributions.</param>
public sealed record FoldResult(IReadOnlyList<string> Subjects, int Clips, int Landmarks, double BalancedAccuracyAll, double BalancedAccuracy, double RelativeGap)
{
    /// <summary>The landmarks that it keeps at its K*, ascending.</summary>
    [JsonConverter(typeof(CompactIntegers))]
    public IReadOnlyList<int> Kept { get => field ?? []; init; }

    /// <summary>[stage]: the inner validation's balanced cross-entropy, which chose the K*.</summary>
    [JsonConverter(typeof(CompactNumbers))]
    public IReadOnlyList<double> InnerLosses { get => field ?? []; init; }

    /// <summary>The regions inside which its landmarks were chosen (<see cref="ReductionOptions.InsideRegions"/>); empty where all were chosen among.</summary>
    public IReadOnlyList<string> Regions { get => field ?? []; init; }

    /// <summary>[landmark]: its shares of relevance.</summary>
    [JsonConverter(typeof(CompactNumbers))]
    public IReadOnlyList<double> Relevance { get => field ?? []; init; }

    /// <summary>[landmark]: its mean signed sums, in logits.</summary>
    [JsonConverter(typeof(CompactNumbers))]
    public IReadOnlyList<double> Signed { get => field ?? []; init; }
}

/// <summary>A landmark's place.</summary>
public sealed record RankedLandmark
{
    /// <summary>Its index in the topology.</summary>
    public required int Landmark { get; init; }

    /// <summary>Its name.</summary>
    public required string Name { get; init; }

    /// <summary>Its region.</summary>
    public required string Region { get; init; }

    /// <summary>Its share of all relevance.</summary>
    public required double Relevance { get; init; }

    /// <summary>The mean signed sum, in logits.</summary>
    public required double Signed { get; init; }

    /// <summary>Its mean share of |attribution| in networks trained on permuted labels; null where none were.</summary>
    public double? NullRelevance { get; init; }

    /// <summary>How far its share of |attribution| lies above the null's mean, in standard deviations over permutations.</summary>
    public double? Z { get; init; }

    /// <summary>The share of permutations, the data themselves among them, in which any landmark stands out as far: corrected over the landmarks.</summary>
    public double? P { get; init; }

    /// <summary>Its rank in every fold, from 1.</summary>
    public required IReadOnlyList<int> RankByFold { get; init; }
}

/// <summary>Precision against the synthetic truth, averaged over folds.</summary>
/// <param name="K">How many of the first landmarks are judged.</param>
/// <param name="Evidence">Landmarks that truly carry evidence.</param>
/// <param name="Precision">By ranking: <c>relevance</c> and the controls.</param>
public sealed record PrecisionResult(int K, int Evidence, IReadOnlyDictionary<string, double> Precision);

/// <summary>The one way in which results are written and read.</summary>
[JsonSourceGenerationOptions(
    WriteIndented = true,
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DictionaryKeyPolicy = JsonKnownNamingPolicy.Unspecified,
    Converters = [typeof(NullForNaN)],
    RespectNullableAnnotations = true,
    AllowDuplicateProperties = false,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(ReductionResult))]
[JsonSerializable(typeof(Explanation))]
[JsonSerializable(typeof(FoldOutcome))]
[JsonSerializable(typeof(RunStatus))]
[JsonSerializable(typeof(string))]
[JsonSerializable(typeof(int))]
[JsonSerializable(typeof(double))]
[JsonSerializable(typeof(bool))]
[JsonSerializable(typeof(ulong))]
[JsonSerializable(typeof(int[]))]
internal sealed partial class ResultJson : JsonSerializerContext;
