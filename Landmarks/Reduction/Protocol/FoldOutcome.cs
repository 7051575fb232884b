using EmotionXai.Landmarks.Models;

namespace EmotionXai.Landmarks.Reduction;

/// <summary>What one fold of one emotion brought: all that the summary needs, and what a resumed run reads back.</summary>
internal sealed record FoldOutcome
{
    public required string Emotion { get; init; }

    public required int Fold { get; init; }

    /// <summary>The tested clips, as indices of the set.</summary>
    public required int[] Clips { get; init; }

    /// <summary>[landmark]: what orders them, averaged over the ranking networks.</summary>
    public required double[] Relevance { get; init; }

    /// <summary>[landmark]: the mean signed sum, in logits.</summary>
    public required double[] Signed { get; init; }

    /// <summary>[landmark]: shares of |attribution|, averaged over the ranking networks.</summary>
    public required double[] Absolute { get; init; }

    /// <summary>[permutation][landmark]: the same of a network trained on permuted labels; empty without a null.</summary>
    public required double[][] Nulls { get; init; }

    /// <summary>[row, landmark]: shares of relevance; they sum to one.</summary>
    public required double[] TimeMap { get; init; }

    /// <summary>[row, landmark]: mean signed sums, in logits.</summary>
    public required double[] SignedTimeMap { get; init; }

    /// <summary>[tested clip, frame (and the rest), landmark]: what they add to its logit; see <see cref="ClipAttributions"/>.</summary>
    public byte[] Attributions { get => field ?? []; init; }

    /// <summary>The sum of completeness gaps over the sum of logit changes.</summary>
    public required double RelativeGap { get; init; }

    /// <summary>By stage.</summary>
    public required StageOutcome[] Stages { get; init; }

    /// <summary>The stage that the inner validation chose.</summary>
    public required int Chosen { get; init; }

    /// <summary>[stage]: the balanced cross-entropy of the inner validation.</summary>
    public required double[] InnerLosses { get; init; }

    /// <summary>The regions inside which its landmarks were chosen; empty where all were chosen among.</summary>
    public string[] Regions { get => field ?? []; init; }

    /// <summary>By control: the first landmarks of its order, as many as the smallest stage keeps.</summary>
    public required Dictionary<string, int[][]> ControlHeads { get; init; }

    /// <summary>The same without what grows with clips, frames and landmarks, which stays in its file until it is written to a table.</summary>
    public FoldOutcome Brief() => this with { Attributions = [] };
}

/// <summary>One stage of a fold.</summary>
internal sealed record StageOutcome
{
    /// <summary>The landmarks kept, most relevant first.</summary>
    public required int[] Kept { get; init; }

    /// <summary>[tested clip].</summary>
    public required double[] Logits { get; init; }

    /// <summary>[tested clip]: the logits before calibration; those of all folds calibrate the saved models.</summary>
    public double[] Raw { get => field ?? []; init; }

    public required double TrainSeconds { get; init; }

    /// <summary>What the logits went through, and those of controls go.</summary>
    public Calibration Calibration { get; init; } = Calibration.Identity;

    /// <summary>By control, by draw: [tested clip] logits. Empty where all landmarks are kept.</summary>
    public required Dictionary<string, double[][]> Controls { get; init; }
}
