using EmotionXai.Engine.Autodiff;
using EmotionXai.Engine.Backends;
using EmotionXai.Engine.Layers;
using EmotionXai.Engine.Numerics;
using EmotionXai.Engine.Tensors;

namespace EmotionXai.Engine.Training;

/// <summary>
/// The loss of a batch and its gradients. Where a device has no room for a batch in one go, in parts: a loss is a mean over the
/// clips, so with n_p of n clips in part p, loss = sum over p of (n_p / n) loss_p, and the gradients add up alike.
/// </summary>
internal sealed class BatchWalk : IDisposable
{
    private readonly Model _model;
    private readonly ClipData _data;
    private readonly Loss _loss;
    private readonly EpochBatches _batches;
    private readonly Dictionary<int, BatchTape> _tapes = [];
    private readonly IStepsAlong? _stepper;
    private readonly float[] _number = new float[1];
    private readonly TensorScope _scope;
    private Tensor? _weight, _sum;
    private int _most;

    /// <summary>Records the batches of a training.</summary>
    /// <param name="model">What is trained.</param>
    /// <param name="data">The clips.</param>
    /// <param name="loss">What is made small.</param>
    /// <param name="batch">Clips of a whole batch.</param>
    /// <param name="stepper">What takes gradients on the way back from a finite loss; null for nobody.</param>
    public BatchWalk(Model model, ClipData data, Loss loss, int batch, IStepsAlong? stepper = null)
    {
        (_model, _data, _loss, _most, _stepper, _scope) = (model, data, loss, batch, stepper, new TensorScope(model.Backend));
        Prepare(batch);
        if (data.Count % batch > 0) Prepare(data.Count % batch);
        _batches = new EpochBatches(model.Backend, data);
        SayWhetherToWait(!_batches.AreResident);
    }

    /// <summary>Clips of a part; those of a whole batch where it fits.</summary>
    public int Most => _most;

    /// <summary>Begins an epoch with the clips in this order.</summary>
    public void Begin(int[] order) => _batches.Begin(order);

    /// <summary>The loss of the clips from place <paramref name="at"/> of the order on; afterwards the parameters hold its gradients.</summary>
    /// <returns>[1]; until the next call.</returns>
    public Slice Run(int at, int count)
    {
        while (true)
        {
            try
            {
                return count <= _most ? Whole(at, count) : InParts(at, count);
            }
            catch (EngineException e) when (CanShrink(e, count))
            {
                MakeRoom(e, count);
            }
        }
    }

    /// <summary>What else a training needs on the device: batches make room for it where they can.</summary>
    public T WithRoom<T>(Func<T> make)
    {
        while (true)
        {
            try
            {
                return make();
            }
            catch (EngineException e) when (CanShrink(e, _most))
            {
                MakeRoom(e, _most);
            }
        }
    }

    /// <summary>Gives the memory back.</summary>
    public void Dispose()
    {
        Clear();
        SayWhetherToWait(true);
        _batches.Dispose();
        _scope.Dispose();
    }

    private Slice Whole(int at, int count)
    {
        BatchTape tape = TapeOf(count);
        _batches.Load(tape, at);
        tape.Tape.Replay();
        tape.Tape.Accumulates = false;
        if (_stepper is not null)
        {
            // Nothing is stepped along a loss that is no number.
            _model.Backend.Read(tape.Loss.Data, _number);
            tape.Tape.Stepper = float.IsFinite(_number[0]) ? _stepper : null;
        }

        tape.Tape.Backward(tape.Loss);
        return tape.Loss.Data;
    }

    private Slice InParts(int at, int count)
    {
        Shape one = new(1);
        (_weight, _sum) = (_weight ?? _scope.New(one), _sum ?? _scope.New(one));
        for (int done = 0; done < count; done += _most)
        {
            int part = Math.Min(_most, count - done);
            double weight = (double)part / count;
            BatchTape tape = TapeOf(part);
            _batches.Load(tape, at + done);
            tape.Tape.Replay();
            tape.Tape.Accumulates = done > 0;
            _model.Backend.Fill(_weight.Data, weight);
            tape.Tape.Backward(tape.Loss, _weight);
            _model.Backend.Map(new Times(weight), tape.Loss.Data, _sum.Data, accumulate: done > 0);
        }

        return _sum.Data;
    }

    private void Prepare(int count)
    {
        try
        {
            if (count <= _most) TapeOf(count);
        }
        catch (EngineException e) when (e.Fits > 0 && count > 1)
        {
            Shrink(e, count);
        }
        catch
        {
            Clear();
            throw;
        }
    }

    private bool CanShrink(EngineException e, int count) => e.Fits > 0 && (_batches.AreResident || Math.Min(_most, count) > 1);

    // What the device keeps for comfort goes first.
    private void MakeRoom(EngineException e, int count)
    {
        if (!_batches.Release()) Shrink(e, count);
        SayWhetherToWait(true);
    }

    // For others' memory only once there is nothing of one's own to give back.
    private void SayWhetherToWait(bool waits)
    {
        if (_model.Backend is IWaitsForRoom backend) backend.WaitsForRoom = waits;
    }

    private void Shrink(EngineException e, int count)
    {
        Clear();
        _most = e.Smaller(Math.Min(_most, count));
    }

    private BatchTape TapeOf(int count)
    {
        if (!_tapes.TryGetValue(count, out BatchTape? tape)) _tapes.Add(count, tape = new BatchTape(_model, count, _data.TargetWidth, _loss, training: true));
        return tape;
    }

    private void Clear()
    {
        foreach (BatchTape tape in _tapes.Values) tape.Dispose();
        _tapes.Clear();
    }
}
