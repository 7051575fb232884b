using EmotionXai.Engine.Layers;

namespace EmotionXai.Engine.Training;

/// <summary>How the parameters move.</summary>
public enum OptimizerKind
{
    /// <summary>Gradient descent with momentum 0.9.</summary>
    Sgd,

    /// <summary>Adam; weight decay is an L2 penalty.</summary>
    Adam,

    /// <summary>AdamW; weight decay is decoupled.</summary>
    AdamW,
}

/// <summary>How the learning rate moves over the steps of a run.</summary>
public enum ScheduleKind
{
    /// <summary>It stays.</summary>
    Constant,

    /// <summary>It falls to 0 along half a cosine (Loshchilov and Hutter 2017).</summary>
    Cosine,

    /// <summary>It falls to a tenth at each third of the run.</summary>
    Step,
}

/// <summary>How a classifier is trained.</summary>
public sealed record TrainingOptions
{
    /// <summary>Passes over the clips.</summary>
    public int Epochs { get; init; } = 30;

    /// <summary>Clips a step. Smaller batches learn in fewer epochs and cost more time each.</summary>
    public int BatchSize { get; init; } = 32;

    /// <summary>The learning rate at the start.</summary>
    public double LearningRate { get; init; } = 1e-3;

    /// <summary>How the parameters move.</summary>
    public OptimizerKind Optimizer { get; init; } = OptimizerKind.AdamW;

    /// <summary>Pulls weight matrices towards 0; biases and the gains of normalisations stay free. With AdamW a step takes the part rate * decay off every weight; clips are few, so the default is strong.</summary>
    public double WeightDecay { get; init; } = 1;

    /// <summary>How the learning rate moves.</summary>
    public ScheduleKind Schedule { get; init; } = ScheduleKind.Cosine;

    /// <summary>Gradients longer than this (in the Euclidean norm over all parameters) are shortened to it; 0 leaves them.</summary>
    public double ClipNorm { get; init; } = 1;

    /// <summary>The weight of a positive clip; 0 balances the classes: negatives / positives.</summary>
    public double PositiveWeight { get; init; }

    /// <summary>Random networks only: the ridge penalty of the read-out, over the mean eigenvalue of its features' Gram matrix. 0 takes the one that best predicts left-out people.</summary>
    public double Ridge { get; init; }

    /// <summary>Where validation clips are given: stop after so many epochs without a better validation loss, and keep the best epoch's parameters. 0 never stops.</summary>
    public int Patience { get; init; }

    /// <summary>
    /// The learning rate that suits a kind of network. Gradients of a recurrent one reach its weights through many saturating
    /// steps; at the rate of a dense one it has not learnt enough after as many epochs.
    /// </summary>
    public static double DefaultRate(ModelKind kind) => kind.IsDense() ? 1e-3 : 3e-3;

    /// <summary>The learning rate of step <paramref name="step"/> of <paramref name="steps"/>; past the end it stays what it is there.</summary>
    public double RateAt(int step, int steps)
    {
        int at = Math.Clamp(step, 0, Math.Max(0, steps));
        return Schedule switch
        {
            ScheduleKind.Cosine => LearningRate * 0.5 * (1 + Math.Cos(Math.PI * at / Math.Max(1, steps))),
            ScheduleKind.Step => LearningRate * Math.Pow(0.1, 3L * at / Math.Max(1, steps)),
            _ => LearningRate,
        };
    }
}
