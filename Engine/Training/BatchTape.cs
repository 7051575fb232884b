using EmotionXai.Engine.Autodiff;
using EmotionXai.Engine.Backends;
using EmotionXai.Engine.Layers;
using EmotionXai.Engine.Tensors;

namespace EmotionXai.Engine.Training;

/// <summary>The loss of a model over a batch of fixed size, recorded once.</summary>
internal sealed class BatchTape : IDisposable
{
    private readonly Tensor _clips, _targets;
    private float[]? _read;

    public BatchTape(Model model, int count, int targetWidth, Loss loss, bool training)
    {
        Count = count;
        Tape = new Tape(model.Backend, training);
        try
        {
            _clips = Tape.Input(new Shape(count, model.Time, model.Features));
            _targets = Tape.Input(new Shape(count, targetWidth));
            model.Backend.Fill(_clips.Data, 0);
            model.Backend.Fill(_targets.Data, 0);
            Loss = loss(Tape, model.Apply(Tape, _clips), _targets);
            if (Loss.Shape.Length != 1) ShapeError.BadShape(nameof(Trainer), "a loss is one number", Loss.Shape);
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    public int Count { get; }

    public Tape Tape { get; }

    public Tensor Loss { get; }

    /// <summary>Puts clips into the batch; replay the tape afterwards.</summary>
    public void Load(ClipData data, ReadOnlySpan<int> indices)
    {
        if (data.Clips.Whole is float[] whole)
        {
            Tape.Backend.WriteRows(whole, data.Clips.Length, indices, _clips.Data);
        }
        else
        {
            float[] read = _read ??= new float[_clips.Shape.Length];
            for (int i = 0; i < indices.Length; i++) data.Clips.Copy(indices[i], read.AsSpan(i * data.Clips.Length, data.Clips.Length));
            Tape.Backend.Write(read, _clips.Data);
        }

        Tape.Backend.WriteRows(data.Targets, data.TargetWidth, indices, _targets.Data);
    }

    /// <summary>The same where the backend holds all clips.</summary>
    /// <param name="clips">[clip, time, feature].</param>
    /// <param name="targets">[clip, numbers of a target].</param>
    /// <param name="rows">[count]: which clips.</param>
    public void Load(Slice clips, Slice targets, Slice rows)
    {
        Tape.Backend.Gather(clips, _clips.Shape.Length / Count, rows, _clips.Data);
        Tape.Backend.Gather(targets, _targets.Shape.Length / Count, rows, _targets.Data);
    }

    public void Dispose() => Tape.Dispose();
}
