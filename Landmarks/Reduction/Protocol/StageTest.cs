using EmotionXai.Engine.Layers;
using EmotionXai.Engine.Training;

namespace EmotionXai.Landmarks.Reduction;

/// <summary>The tested clips' logits, averaged over the networks of a stage.</summary>
internal sealed class StageTest(ClipData clips, int networks)
{
    private readonly double[] _sum = new double[clips.Count];
    private double _seconds;

    /// <summary>The tested clips.</summary>
    public ClipData Clips => clips;

    /// <summary>Networks taken.</summary>
    public int Networks { get; private set; }

    /// <summary>Whether all have been.</summary>
    public bool Done => Networks == networks;

    /// <summary>[tested clip].</summary>
    public double[] Logits => [.. _sum.Select(s => s / Networks)];

    /// <summary>The mean time of training a network.</summary>
    public double TrainSeconds => _seconds / Networks;

    public void Add(Classifier classifier, TimeSpan training)
    {
        double[] logits = clips.Count == 0 ? [] : Predictor.Logits(classifier, clips.Clips);
        for (int i = 0; i < logits.Length; i++) _sum[i] += logits[i];
        _seconds += training.TotalSeconds;
        Networks++;
    }
}
