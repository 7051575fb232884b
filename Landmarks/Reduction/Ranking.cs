using EmotionXai.Explain;

namespace EmotionXai.Landmarks.Reduction;

/// <summary>Relevance of landmarks, averaged over networks.</summary>
/// <param name="landmarks">Those ranked.</param>
/// <param name="time">Frames.</param>
/// <param name="test">The test of the first networks.</param>
/// <param name="score">What orders them.</param>
internal sealed class Ranking(int[] landmarks, int time, StageTest test, RelevanceScore score)
{
    private readonly double[] _scores = new double[landmarks.Length], _signed = new double[landmarks.Length], _profile = new double[time * landmarks.Length], _signedProfile = new double[time * landmarks.Length];
    private readonly List<double[]> _absolute = [], _nulls = [], _untrained = [];
    private double _gap;
    private int _networks;

    /// <summary>The test of the first networks.</summary>
    public StageTest Test { get; } = test;

    /// <summary>The landmarks, by falling relevance.</summary>
    public int[] Order => [.. LandmarkScores.Order(Final).Select(i => landmarks[i])];

    /// <summary>[landmark of the face]: mean shares of |attribution|, whatever orders them.</summary>
    public double[] Absolute(int points) => Spread(Mean(_absolute), points, 1);

    private double[] Final =>
        score.NeedsUntrained() ? RelevanceScores.AgainstNull(score, Mean(_absolute), Mean(_untrained))
        : score.NeedsNull() && _nulls.Count > 0 ? RelevanceScores.AgainstNull(score, Mean(_absolute), Mean(_nulls))
        : [.. _scores.Select(s => s / _networks)];

    /// <summary>The sum of completeness gaps over the sum of logit changes, averaged over networks.</summary>
    public double RelativeGap => _gap / _networks;

    /// <summary>[time, landmark ranked]: shares.</summary>
    public double[] TimeMap => [.. _profile.Select(p => p / _networks)];

    /// <summary>[time, landmark ranked]: mean signed sums, in logits.</summary>
    public double[] SignedTimeMap => [.. _signedProfile.Select(p => p / _networks)];

    /// <summary>Adds what a network trained on permuted labels looks at.</summary>
    public void AddNull(GroupRelevance relevance) => _nulls.Add(relevance.Scores);

    /// <summary>Adds what a network looks at that has learnt nothing yet.</summary>
    public void AddUntrained(GroupRelevance relevance) => _untrained.Add(relevance.Scores);

    /// <summary>Adds a network.</summary>
    /// <param name="relevance">Attributions of clips of the emotion.</param>
    /// <param name="others">Attributions of the other clips, where the score needs them.</param>
    public void Add(GroupRelevance relevance, GroupRelevance? others)
    {
        _networks++;
        _gap += relevance.RelativeGap;
        _absolute.Add(relevance.Scores);
        double[] scores = RelevanceScores.Of(score, relevance, others), signed = relevance.Signed, profile = relevance.TimeProfile, signedProfile = relevance.SignedTimeProfile;
        for (int i = 0; i < landmarks.Length; i++)
        {
            _scores[i] += scores[i];
            _signed[i] += signed[i];
        }

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
