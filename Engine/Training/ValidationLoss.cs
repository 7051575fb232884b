using EmotionXai.Engine.Layers;

namespace EmotionXai.Engine.Training;

/// <summary>The mean loss of clips that are not trained on, in batches of bounded memory, recorded once.</summary>
internal sealed class ValidationLoss : IDisposable
{
    private readonly ClipData _clips;
    private readonly int[] _order;
    private readonly BatchTape _full;
    private readonly BatchTape? _rest;
    private readonly float[] _number = new float[1];

    /// <exception cref="ArgumentException">There is no clip.</exception>
    public ValidationLoss(Model model, ClipData clips, Loss loss)
    {
        if (clips.Count == 0) throw new ArgumentException("There is no clip to validate on.", nameof(clips));
        _clips = clips;
        _order = [.. Enumerable.Range(0, clips.Count)];
        int batch = Math.Clamp(model.Backend.Batches.Numbers / Math.Max(1, clips.Time * clips.Features), 1, clips.Count);
        _full = new BatchTape(model, batch, clips.TargetWidth, loss, training: false);
        if (clips.Count % batch > 0) _rest = new BatchTape(model, clips.Count % batch, clips.TargetWidth, loss, training: false);
    }

    /// <summary>The loss at the parameters as they are now.</summary>
    public double Measure()
    {
        double total = 0;
        for (int at = 0; at < _clips.Count;)
        {
            BatchTape batch = _clips.Count - at >= _full.Count ? _full : _rest!;
            batch.Load(_clips, _order.AsSpan(at, batch.Count));
            batch.Tape.Replay();
            batch.Tape.Backend.Read(batch.Loss.Data, _number);
            total += (double)_number[0] * batch.Count;
            at += batch.Count;
        }

        return total / _clips.Count;
    }

    public void Dispose()
    {
        _full.Dispose();
        _rest?.Dispose();
    }
}
