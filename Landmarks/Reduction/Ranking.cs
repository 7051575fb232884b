using EmotionXai.Explain;

namespace EmotionXai.Landmarks.Reduction;

/// <summary>Relevance of landmarks, averaged over networks.</summary>
internal sealed class Ranking(int[] landmarks, int time, StageTest test)
{
    private readonly double[] _scores = new double[landmarks.Length], _signed = new double[landmarks.Length], _profile = new double[time];
    private double _gap;
    private int _networks;

    /// <summary>The test of the first networks.</summary>
    public StageTest Test { get; } = test;

    /// <summary>The landmarks, by falling relevance.</summary>
    public int[] Order => [.. LandmarkScores.Order(_scores).Select(i => landmarks[i])];

    /// <summary>The sum of completeness gaps over the sum of logit changes, averaged over networks.</summary>
    public double RelativeGap => _gap / _networks;

    /// <summary>[time]: shares.</summary>
    public double[] TimeProfile => [.. _profile.Select(p => p / _networks)];

    public void Add(GroupRelevance relevance)
    {
        _networks++;
        _gap += relevance.RelativeGap;
        double[] scores = relevance.Scores, signed = relevance.Signed, profile = relevance.TimeProfile;
        for (int i = 0; i < landmarks.Length; i++)
        {
            _scores[i] += scores[i];
            _signed[i] += signed[i];
        }

        for (int i = 0; i < profile.Length; i++) _profile[i / landmarks.Length] += profile[i];
    }

    /// <summary>[landmark of the face]: shares, 0 for those not ranked.</summary>
    public double[] Scores(int points) => Spread(_scores, points);

    /// <summary>[landmark of the face]: mean signed sums.</summary>
    public double[] Signed(int points) => Spread(_signed, points);

    private double[] Spread(double[] values, int points)
    {
        double[] all = new double[points];
        for (int i = 0; i < landmarks.Length; i++) all[landmarks[i]] = values[i] / _networks;
        return all;
    }
}
