using EmotionXai.Engine.Autodiff;
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
    public static double[] Logits(Classifier classifier, ReadOnlySpan<float> values) => Outputs(classifier, values);

    /// <summary>The logit of every clip, [clip]; clips are read a batch at a time.</summary>
    /// <inheritdoc cref="Logits(Classifier, ReadOnlySpan{float})"/>
    /// <param name="classifier">Whose logits.</param>
    /// <param name="clips">The clips.</param>
    public static double[] Logits(Classifier classifier, ClipRows clips) => Outputs(classifier, clips);

    /// <summary>The outputs of every clip, [clip, outputs]; clips are read a batch at a time.</summary>
    /// <inheritdoc cref="Outputs(Model, ReadOnlySpan{float})"/>
    /// <param name="model">Whose outputs.</param>
    /// <param name="clips">The clips.</param>
    public static double[] Outputs(Model model, ClipRows clips)
    {
        if (clips.Whole is float[] whole) return Outputs(model, whole);
        double[] outputs = new double[checked(clips.Count * model.Outputs)];
        int most = Math.Min(clips.Count, Most(model));
        float[] batch = new float[most * clips.Length];
        for (int at = 0; at < clips.Count; at += most)
        {
            Span<float> some = batch.AsSpan(0, Math.Min(most, clips.Count - at) * clips.Length);
            clips.CopyTo(at, some);
            Outputs(model, some).CopyTo(outputs, at * model.Outputs);
        }

        return outputs;
    }

    /// <summary>The outputs of every clip, [clip, outputs]. NaN where a clip holds NaN.</summary>
    /// <param name="model">Whose outputs.</param>
    /// <param name="values">[clip, time, feature].</param>
    /// <exception cref="ArgumentException">The values are no whole number of clips.</exception>
    public static double[] Outputs(Model model, ReadOnlySpan<float> values)
    {
        int length = model.Time * model.Features, width = model.Outputs;
        if (length == 0 || values.Length % length != 0)
            ShapeError.WrongLength(nameof(values), values.Length, new Shape(values.Length / Math.Max(1, length), model.Time, model.Features));
        int clips = values.Length / length;
        double[] outputs = new double[checked(clips * width)];
        int most = Most(model);
        for (int at = 0; at < clips;)
        {
            int count = Math.Min(most, clips - at);
            try
            {
                Fill(model, count, ref at, values, outputs);
            }
            catch (EngineException e) when (e.Fits > 0 && count > 1)
            {
                // The device is full: from here on in smaller batches.
                most = e.Smaller(count);
            }
        }

        return outputs;
    }

    // As many whole batches as there are from clip at on; at moves along.
    private static void Fill(Model model, int count, ref int at, ReadOnlySpan<float> values, double[] outputs)
    {
        int length = model.Time * model.Features, width = model.Outputs, clips = values.Length / length;
        using Tape tape = new(model.Backend);
        Tensor batch = tape.Input(new Shape(count, model.Time, model.Features), values.Slice(at * length, count * length));
        Tensor output = model.Apply(tape, batch);
        while (true)
        {
            output.CopyTo(outputs.AsSpan(at * width, count * width));
            at += count;
            if (clips - at < count) return;
            batch.CopyFrom(values.Slice(at * length, count * length));
            tape.Replay();
        }
    }

    // Clips of a batch.
    private static int Most(Model model) => Math.Clamp(model.Backend.Batches.Numbers / Math.Max(1, model.Time * model.Features), 1, model.Backend.Batches.Rows);
}
