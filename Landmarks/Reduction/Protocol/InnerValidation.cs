using EmotionXai.Landmarks.Models;

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

    /// <summary>[stage]: the mean over inner folds of the loss; NaN without folds.</summary>
    public double[] Losses() => [.. Enumerable.Range(0, stages).Select(s => _folds.Count == 0 ? double.NaN : LossesOf(s).Average())];

    /// <summary>The last stage (fewest landmarks) whose loss is within one standard error, over the inner folds, of the least (Breiman et al. 1984); the first without folds.</summary>
    public int Choose()
    {
        if (_folds.Count == 0) return 0;
        double[] mean = Losses();
        int best = Array.IndexOf(mean, mean.Min());
        double[] losses = LossesOf(best);
        double variance = losses.Length > 1 ? losses.Sum(x => (x - mean[best]) * (x - mean[best])) / (losses.Length - 1) : 0;
        double most = mean[best] + Math.Sqrt(variance / losses.Length);
        int stage = stages - 1;
        while (mean[stage] > most) stage--;
        return stage;
    }

    // The cross-entropy with both classes of equal weight: a proper score, which tells stages apart that put the same few
    // clips of a fold on the wrong side. A fold is judged by the calibration of the others, as the outer test will be by one
    // that has not seen it.
    private double[] LossesOf(int stage) => [.. _folds.Select((f, i) => Loss(Calibrate(stage, except: i).Apply(f.Logits[stage]), f.Targets))];

    private static double Loss(double[] logits, float[] targets)
    {
        double positives = targets.Count(t => t > 0.5f), negatives = targets.Length - positives, loss = 0;
        for (int i = 0; i < logits.Length; i++)
        {
            bool positive = targets[i] > 0.5f;
            double wrong = positive ? -logits[i] : logits[i];
            loss += (Math.Max(wrong, 0) + Math.Log(1 + Math.Exp(-Math.Abs(wrong)))) * (0.5 / (positive ? positives : negatives));
        }

        return loss;
    }

    private Calibration Calibrate(int stage, int except)
    {
        (double[][] Logits, float[] Targets)[] used = [.. _folds.Where((_, i) => i != except)];
        return Calibration.Fit([.. used.SelectMany(f => f.Logits[stage])], [.. used.SelectMany(f => f.Targets)]);
    }
}
