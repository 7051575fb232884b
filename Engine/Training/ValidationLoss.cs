using EmotionXai.Engine.Backends;
using EmotionXai.Engine.Layers;
using EmotionXai.Engine.Numerics;
using EmotionXai.Engine.Tensors;

namespace EmotionXai.Engine.Training;

/// <summary>The mean loss of clips that are not trained on, in batches of bounded memory, recorded once.</summary>
internal sealed class ValidationLoss : IDisposable
{
    private readonly ClipData _clips;
    private readonly EpochBatches _batches;
    private readonly TensorScope _scope;
    private readonly Slice _losses;
    private readonly float[] _numbers;
    private readonly BatchTape _full;
    private readonly BatchTape? _rest;

    /// <exception cref="ArgumentException">There is no clip.</exception>
    public ValidationLoss(Model model, ClipData clips, Loss loss)
    {
        if (clips.Count == 0) throw new ArgumentException("There is no clip to validate on.", nameof(clips));
        _clips = clips;
        int batch = Math.Clamp(model.Backend.Batches.Numbers / Math.Max(1, clips.Time * clips.Features), 1, clips.Count);
        while (true)
        {
            try
            {
                _full = new BatchTape(model, batch, clips.TargetWidth, loss, training: false);
                if (clips.Count % batch > 0) _rest = new BatchTape(model, clips.Count % batch, clips.TargetWidth, loss, training: false);
                break;
            }
            catch (EngineException e) when (e.Fits > 0 && batch > 1)
            {
                // The device is full: smaller batches take longer, and no more.
                _full?.Dispose();
                _full = null!;
                batch = e.Smaller(batch);
            }
        }

        _scope = new TensorScope(model.Backend);
        _numbers = new float[(clips.Count + batch - 1) / batch];
        _losses = _scope.Rent(_numbers.Length);
        _batches = new EpochBatches(model.Backend, clips);
        _batches.Begin([.. Enumerable.Range(0, clips.Count)]);
    }

    /// <summary>The loss at the parameters as they are now.</summary>
    public double Measure()
    {
        // The losses stay where they are until all batches are done: the host waits once.
        IBackend backend = _full.Tape.Backend;
        for (int i = 0; i < _numbers.Length; i++)
        {
            BatchTape batch = BatchOf(i);
            _batches.Load(batch, i * _full.Count);
            batch.Tape.Replay();
            backend.Map(default(Identity), batch.Loss.Data, _losses.Part(i, 1), accumulate: false);
        }

        backend.Read(_losses, _numbers);
        double total = 0;
        for (int i = 0; i < _numbers.Length; i++) total += (double)_numbers[i] * BatchOf(i).Count;
        return total / _clips.Count;
    }

    private BatchTape BatchOf(int i) => _clips.Count - (i * _full.Count) >= _full.Count ? _full : _rest!;

    public void Dispose()
    {
        _full.Dispose();
        _rest?.Dispose();
        _batches.Dispose();
        _scope.Dispose();
    }
}
