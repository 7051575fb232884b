namespace EmotionXai.Landmarks.Reduction.Selection;

/// <summary>
/// The loss on people left out as landmarks are taken one by one. Landmarks that say the same share what a regression makes of them, so
/// many bear a stronger penalty than few: under one for many, four landmarks are shrunk until they seem to say less than they do.
/// </summary>
/// <param name="of">The regression of a penalty, on no landmark.</param>
/// <param name="part">The part of the usual penalty that it bears.</param>
internal sealed class GrowingLoss(Func<double, LeftOutRegression> of, double part = 1)
{
    // Settled on graded synthetic data: docs/protocol.md.
    private const int Few = 4;
    private const double OfFew = 1, OfMany = 2;

    private double _sum;
    private LeftOutRegression _regression = of(part * OfFew);

    /// <summary>The mean loss over all numbers of landmarks taken so far.</summary>
    public double Mean => _sum / _regression.Taken.Count;

    /// <summary>The loss with one more landmark.</summary>
    public double With(int landmark) => _regression.LossWith(landmark);

    /// <summary>Takes a landmark.</summary>
    public void Take(int landmark)
    {
        _regression.Take(landmark);
        _sum += _regression.Loss;
        if (_regression.Taken.Count != Few) return;
        LeftOutRegression many = of(part * OfMany);
        foreach (int taken in _regression.Taken) many.Take(taken);
        _regression = many;
    }
}
