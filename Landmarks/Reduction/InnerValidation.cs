using EmotionXai.Engine.Training;

namespace EmotionXai.Landmarks.Reduction;

/// <summary>Logits of training subjects by networks that did not see them: what chooses K* and calibrates.</summary>
internal sealed class InnerValidation(int stages)
{
    private readonly List<(double[][] Logits, float[] Targets)> _folds = [];

    /// <summary>Inner folds taken.</summary>
    public int Folds => _folds.Count;

    /// <summary>Takes an inner fold.</summary>
    /// <param name="logits">[stage][clip].</param>
    /// <param name="targets">[clip].</param>
    public void Add(double[][] logits, float[] targets) => _folds.Add((logits, targets));

    /// <summary>The calibration of a stage, from all inner folds.</summary>
    public Calibration Calibrate(int stage) => Calibrate(stage, except: -1);

    /// <summary>[stage]: the mean over inner folds of the balanced accuracy; NaN without folds.</summary>
    public double[] Scores() => [.. Enumerable.Range(0, stages).Select(s => _folds.Count == 0 ? double.NaN : ScoresOf(s).Average())];

    /// <summary>The last stage (fewest landmarks) whose balanced accuracy is within one standard error, over the inner folds, of the best one's (Breiman et al. 1984); the first without folds.</summary>
    public int Choose()
    {
        if (_folds.Count == 0) return 0;
        double[] mean = Scores();
        int best = Array.IndexOf(mean, mean.Max());
        double[] scores = ScoresOf(best);
        double variance = scores.Length > 1 ? scores.Sum(x => (x - mean[best]) * (x - mean[best])) / (scores.Length - 1) : 0;
        double least = mean[best] - Math.Sqrt(variance / scores.Length);
        int stage = stages - 1;
        while (mean[stage] < least) stage--;
        return stage;
    }

    // A fold is judged by the calibration of the others, as the outer test will be by one that has not seen it.
    private double[] ScoresOf(int stage) =>
        [.. _folds.Select((f, i) => Metrics.Of(Calibrate(stage, except: i).Apply(f.Logits[stage]), f.Targets).BalancedAccuracy)];

    private Calibration Calibrate(int stage, int except)
    {
        (double[][] Logits, float[] Targets)[] used = [.. _folds.Where((_, i) => i != except)];
        return Calibration.Fit([.. used.SelectMany(f => f.Logits[stage])], [.. used.SelectMany(f => f.Targets)]);
    }
}
