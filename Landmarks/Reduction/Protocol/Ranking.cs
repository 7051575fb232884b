using EmotionXai.Explain;

namespace EmotionXai.Landmarks.Reduction;

/// <summary>Relevance of landmarks, averaged over networks.</summary>
/// <param name="landmarks">Those ranked.</param>
/// <param name="time">Frames.</param>
/// <param name="test">The test of the first networks.</param>
internal sealed class Ranking(int[] landmarks, int time, StageTest test)
{
    private readonly double[] _signed = new double[landmarks.Length], _profile = new double[time * landmarks.Length], _signedProfile = new double[time * landmarks.Length];
    private readonly List<double[]> _absolute = [];
    private double[]? _untrained;
    private double _gap;
    private int _networks;

    /// <summary>The test of the first networks.</summary>
    public StageTest Test { get; } = test;

    /// <summary>The landmarks, by falling relevance.</summary>
    public int[] Order => [.. LandmarkScores.Order(Final).Select(i => landmarks[i])];

    /// <summary>[landmark of the face]: mean shares of |attribution|, whatever orders them.</summary>
    public double[] Absolute(int points) => Spread(Mean(_absolute), points, 1);

    private double[] Final => _untrained is null ? Mean(_absolute) : Gain(Mean(_absolute), _untrained);

    /// <summary>The sum of completeness gaps over the sum of logit changes, averaged over networks.</summary>
    public double RelativeGap => _gap / _networks;

    /// <summary>[time, landmark ranked]: shares.</summary>
    public double[] TimeMap => [.. _profile.Select(p => p / _networks)];

    /// <summary>[time, landmark ranked]: mean signed sums, in logits.</summary>
    public double[] SignedTimeMap => [.. _signedProfile.Select(p => p / _networks)];

    /// <summary>From now on landmarks are ordered by their gain over networks that have learnt nothing.</summary>
    /// <param name="untrained">[landmark ranked]: the shares of such networks.</param>
    public void DivideBy(double[] untrained) => _untrained = untrained;

    /// <summary>[landmark]: shares over those of networks before training, as shares: what learning adds to what the data's shape alone draws.</summary>
    public static double[] Gain(double[] relevance, double[] untrained)
    {
        // A landmark that no network looks at is not divided by nothing.
        double[] gains = [.. relevance.Select((r, i) => r / Math.Max(untrained[i], 0.05 / relevance.Length))];
        double sum = gains.Sum();
        return sum > 0 ? [.. gains.Select(v => v / sum)] : [.. gains.Select(_ => 1.0 / gains.Length)];
    }

    /// <summary>Adds a network.</summary>
    /// <param name="relevance">Attributions of clips of the emotion.</param>
    public void Add(GroupRelevance relevance)
    {
        _networks++;
        _gap += relevance.RelativeGap;
        _absolute.Add(relevance.Scores);
        double[] signed = relevance.Signed, profile = relevance.TimeProfile, signedProfile = relevance.SignedTimeProfile;
        for (int i = 0; i < landmarks.Length; i++) _signed[i] += signed[i];

        for (int i = 0; i < profile.Length; i++)
        {
            _profile[i] += profile[i];
            _signedProfile[i] += signedProfile[i];
        }
    }

    /// <summary>[landmark of the face]: shares, 0 for those not ranked.</summary>
    public double[] Scores(int points) => Spread(Final, points, 1);

    /// <summary>[landmark of the face]: mean signed sums.</summary>
    public double[] Signed(int points) => Spread(_signed, points, _networks);

    private static double[] Mean(List<double[]> values) => [.. Enumerable.Range(0, values[0].Length).Select(i => values.Average(v => v[i]))];

    private double[] Spread(double[] values, int points, double over)
    {
        double[] all = new double[points];
        for (int i = 0; i < landmarks.Length; i++) all[landmarks[i]] = values[i] / over;
        return all;
    }
}
