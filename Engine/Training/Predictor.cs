using EmotionXai.Engine.Autodiff;
using EmotionXai.Engine.Backends;
using EmotionXai.Engine.Layers;
using EmotionXai.Engine.Tensors;

namespace EmotionXai.Engine.Training;

/// <summary>Logits of clips, in batches of bounded memory.</summary>
public static class Predictor
{
    /// <summary>The logit of every clip, [clip]. NaN where a clip holds NaN.</summary>
    /// <param name="classifier">Whose logits.</param>
    /// <param name="values">[clip, time, feature].</param>
    /// <exception cref="ArgumentException">The values are no whole number of clips.</exception>
    public static double[] Logits(Classifier classifier, ReadOnlySpan<float> values)
    {
        int length = classifier.Time * classifier.Features;
        if (length == 0 || values.Length % length != 0)
            Throw.WrongLength(nameof(values), values.Length, new Shape(values.Length / Math.Max(1, length), classifier.Time, classifier.Features));
        double[] logits = new double[values.Length / length];
        BatchSizes sizes = classifier.Backend.Batches;
        int most = Math.Clamp(sizes.Numbers / Math.Max(1, length), 1, sizes.Rows);
        for (int at = 0; at < logits.Length;)
        {
            int count = Math.Min(most, logits.Length - at);
            using Tape tape = new(classifier.Backend);
            Tensor clips = tape.Input(new Shape(count, classifier.Time, classifier.Features), values.Slice(at * length, count * length));
            Tensor output = classifier.Logits(tape, clips);
            do
            {
                output.CopyTo(logits.AsSpan(at, count));
                at += count;
                if (logits.Length - at < count) break;
                clips.CopyFrom(values.Slice(at * length, count * length));
                tape.Replay();
            }
            while (true);
        }

        return logits;
    }
}
