namespace EmotionXai.Landmarks.Models;

/// <summary>
/// Platt scaling (Platt 1999) with balanced classes: logit' = slope * logit + offset, fitted by logistic regression on the
/// inner validation's logits. A network that has learnt its training people by heart is too sure of the larger class; on
/// people it has not seen, zero is then the wrong threshold. The slope is positive, so no order within a fold changes.
/// </summary>
/// <param name="Slope">Above zero.</param>
/// <param name="Offset">In logits.</param>
public readonly record struct Calibration(double Slope, double Offset)
{
    private const int MostSteps = 50;

    // A weak pull towards slope 1 keeps separable logits finite.
    private const double Pull = 1e-2;

    /// <summary>Nothing changes.</summary>
    public static Calibration Identity { get; } = new(1, 0);

    /// <summary>Fits to logits of clips that their networks were not trained on. Newton's method on a convex loss.</summary>
    public static Calibration Fit(IReadOnlyList<double> logits, IReadOnlyList<float> targets)
    {
        double positives = targets.Count(t => t > 0.5f), negatives = targets.Count - positives;
        if (positives == 0 || negatives == 0) return Identity;
        double slope = 1, offset = 0;
        for (int step = 0; step < MostSteps; step++)
        {
            double ga = Pull * (slope - 1), gb = 0, haa = Pull, hab = 0, hbb = 1e-9;
            for (int i = 0; i < logits.Count; i++)
            {
                bool positive = targets[i] > 0.5f;
                double weight = 0.5 / (positive ? positives : negatives), x = logits[i];
                double p = 1 / (1 + Math.Exp(-((slope * x) + offset)));
                double error = weight * (p - (positive ? 1 : 0)), curve = weight * p * (1 - p);
                ga += error * x;
                gb += error;
                haa += curve * x * x;
                hab += curve * x;
                hbb += curve;
            }

            double determinant = (haa * hbb) - (hab * hab);
            double da = ((hbb * ga) - (hab * gb)) / determinant, db = ((haa * gb) - (hab * ga)) / determinant;

            // Far from the minimum a full Newton step can overshoot; a bounded one still converges.
            double length = Math.Max(Math.Abs(da), Math.Abs(db)), scale = length > 1 ? 1 / length : 1;
            slope -= scale * da;
            offset -= scale * db;
            if (length < 1e-10) break;
        }

        return slope > 0 && double.IsFinite(slope) && double.IsFinite(offset) ? new Calibration(slope, offset) : Identity;
    }

    /// <summary>The calibrated logit.</summary>
    public double Apply(double logit) => (Slope * logit) + Offset;

    /// <summary>The probability that a calibrated logit stands for.</summary>
    public static double Probability(double logit) => 1 / (1 + Math.Exp(-logit));

    /// <summary>The calibrated logits.</summary>
    public double[] Apply(IEnumerable<double> logits)
    {
        Calibration self = this;
        return [.. logits.Select(l => self.Apply(l))];
    }
}
