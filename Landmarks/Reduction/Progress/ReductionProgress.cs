namespace EmotionXai.Landmarks.Reduction;

/// <summary>Where a run stands.</summary>
/// <param name="Done">Folds done, of all emotions.</param>
/// <param name="Total">Folds in all.</param>
/// <param name="Part">The part of all work that is done, 0 to 1.</param>
/// <param name="Seconds">Since the run began.</param>
/// <param name="SecondsLeft">What the rest will take at the speed so far; null before anything can be said.</param>
/// <param name="Active">What is being worked on, one entry a thread at most.</param>
/// <param name="Finished">What has just come to its end, if that is why this is told.</param>
public sealed record ReductionProgress(
    int Done, int Total, double Part, double Seconds, double? SecondsLeft, IReadOnlyList<WorkProgress> Active, WorkProgress? Finished = null);

/// <summary>Where one fold of an emotion stands, or the saving of its models.</summary>
/// <param name="Emotion">The emotion.</param>
/// <param name="Fold">Its fold, from 0; null while the models are trained that a run leaves behind.</param>
/// <param name="Step">The stage, in words.</param>
/// <param name="Part">The part of this work that is done, 0 to 1.</param>
/// <param name="Loss">The mean training loss of the last epoch; null before one.</param>
public sealed record WorkProgress(string Emotion, int? Fold, string Step, double Part, double? Loss);

/// <summary>What a run set out to do.</summary>
/// <param name="Source">The data.</param>
/// <param name="Topology">What the points are.</param>
/// <param name="Emotions">The emotions.</param>
/// <param name="Stages">Landmarks kept at each stage.</param>
/// <param name="Folds">Outer folds an emotion.</param>
/// <param name="Started">When, in universal time.</param>
public sealed record RunPlan(string Source, string Topology, IReadOnlyList<string> Emotions, IReadOnlyList<int> Stages, int Folds, DateTime Started);

/// <summary>What <c>unfinished/progress.json</c> holds.</summary>
/// <param name="Running">False once the run has been stopped; a killed one no longer writes, which the file's time shows.</param>
/// <param name="Plan">What the run set out to do.</param>
/// <param name="Progress">Where it stands.</param>
public sealed record RunStatus(bool Running, RunPlan Plan, ReductionProgress Progress);
