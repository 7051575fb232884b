using EmotionXai.Landmarks.Preprocessing;
using EmotionXai.Landmarks.Reduction;
using EmotionXai.Landmarks.Synthesis.Graded;
using EmotionXai.Landmarks.Topologies;

namespace EmotionXai.Landmarks.Benchmark;

/// <summary>One question to every rule: these clips, split so; keep so many landmarks.</summary>
/// <param name="Group">Cases that are averaged, such as <c>noise</c>.</param>
/// <param name="Case">Its name within the group.</param>
/// <param name="Topology">The landmarks.</param>
/// <param name="Features">The clips.</param>
/// <param name="Emotion">The positive label.</param>
/// <param name="Folds">Rules see the training clips of each; one fold where new people are at hand.</param>
/// <param name="Keep">How many landmarks.</param>
/// <param name="Seed">Of all that rules and networks draw.</param>
internal sealed record BenchmarkTask(
    string Group, string Case, LandmarkTopology Topology, FeatureSet Features, string Emotion, IReadOnlyList<Fold> Folds, IReadOnlyList<int> Keep, ulong Seed)
{
    /// <summary>What is true; null where only what is clean is known.</summary>
    public GradedTruth? Truth { get; init; }

    /// <summary>[landmark]: whether it is not spoilt; null where none is.</summary>
    public bool[]? Clean { get; init; }

    /// <summary>A graded case: learn from its people, judge by the new ones.</summary>
    public static BenchmarkTask Of(string group, GradedCase graded, FeatureSet features, IReadOnlyList<int> keep, ulong seed)
    {
        ILookup<bool, int> clips = Enumerable.Range(0, features.Clips).ToLookup(i => GradedCase.IsNew(features.Subjects[i]));
        return new BenchmarkTask(group, graded.Name, graded.Set.Topology, features, GradedCase.Signal, [new Fold([.. clips[false]], [.. clips[true]])], keep, seed) { Truth = graded.Truth };
    }
}

/// <summary>What one rule made of one task.</summary>
/// <param name="Task">The task.</param>
/// <param name="Rule">The rule's name.</param>
/// <param name="Keep">How many landmarks it was to keep.</param>
/// <param name="Auc">[person]: the AUC within their clips, by people in order; NaN where they have one class only.</param>
/// <param name="Accuracy">Balanced accuracy at a logit of zero.</param>
/// <param name="Coverage">The share of action units that are covered; NaN where unknown.</param>
/// <param name="Precision">The share of evidence among the landmarks kept; NaN where unknown.</param>
/// <param name="Clean">The share of clean ones among them; NaN where unknown.</param>
internal sealed record RuleOutcome(BenchmarkTask Task, string Rule, int Keep, double[] Auc, double Accuracy, double Coverage, double Precision, double Clean);
