using EmotionXai.Engine.Autodiff;
using EmotionXai.Engine.Backends;
using EmotionXai.Engine.Layers;
using EmotionXai.Engine.Numerics;
using EmotionXai.Engine.Tensors;

namespace EmotionXai.Engine.Training;

/// <summary>
/// A model ready to judge clips: its weights are copied when the session is made, so that nothing changes them, and any
/// number of threads may ask at the same time. Batches are cut into powers of two, each recorded once; once a size has been
/// recorded (for as many threads as ask at once) a call allocates nothing, and matrices are packed for products once. A clip's outputs are the same bits in every batch,
/// on every thread.
/// </summary>
public sealed class InferenceSession : IDisposable
{
    private readonly Model _model;
    private readonly IBackend _backend;
    private readonly TensorScope _scope;
    private readonly Dictionary<Parameter, Tensor> _weights = [];
    private readonly Stack<Recording>[] _idle;
    private readonly Lock _gate = new();
    private volatile int _top;
    private bool _disposed;

    /// <summary>A session of a model as it is now, on the model's backend.</summary>
    /// <param name="model">Its layers are used to record batches, so it must not be disposed before the session; its parameters may change.</param>
    public InferenceSession(Model model)
    {
        (_model, _backend) = (model, model.Backend);
        int length = Math.Max(1, model.Time * model.Features), most = Math.Clamp(_backend.Batches.Numbers / length, 1, _backend.Batches.Rows);
        _idle = [.. Enumerable.Range(0, int.Log2(most) + 1).Select(_ => new Stack<Recording>())];
        _top = _idle.Length - 1;
        _scope = new TensorScope(_backend);
        foreach (Parameter parameter in model.Parameters) _weights[parameter] = Copy(parameter.Value);
    }

    /// <summary>Steps of a clip.</summary>
    public int Time => _model.Time;

    /// <summary>Features a step.</summary>
    public int Features => _model.Features;

    /// <summary>Numbers that it gives for a clip.</summary>
    public int Outputs => _model.Outputs;

    /// <summary>The outputs of clips.</summary>
    /// <param name="clips">[clip, time, feature]: one clip or many.</param>
    /// <param name="outputs">[clip, outputs]. NaN where a clip holds NaN.</param>
    /// <exception cref="ArgumentException">The clips are no whole number, or the outputs are not theirs.</exception>
    /// <exception cref="ObjectDisposedException">The session is disposed.</exception>
    public void Run(ReadOnlySpan<float> clips, Span<float> outputs) => Run(clips, outputs, []);

    /// <inheritdoc cref="Run(ReadOnlySpan{float}, Span{float})"/>
    /// <remarks>In float64: not rounded where the backend computes in it.</remarks>
    public void Run(ReadOnlySpan<float> clips, Span<double> outputs) => Run(clips, [], outputs);

    /// <summary>The outputs of clips in a new array, [clip, outputs].</summary>
    /// <inheritdoc cref="Run(ReadOnlySpan{float}, Span{float})"/>
    public float[] Run(ReadOnlySpan<float> clips)
    {
        float[] outputs = new float[clips.Length / Math.Max(1, Time * Features) * Outputs];
        Run(clips, outputs);
        return outputs;
    }

    // One of the two takes the outputs.
    private void Run(ReadOnlySpan<float> clips, Span<float> single, Span<double> exact)
    {
        int length = Time * Features, given = single.Length + exact.Length;
        if (length == 0 || clips.Length % length != 0) ShapeError.WrongLength(nameof(clips), clips.Length, new Shape(clips.Length / Math.Max(1, length), Time, Features));
        int count = clips.Length / length;
        if (given != count * Outputs) ShapeError.WrongLength("outputs", given, new Shape(count, Outputs));
        for (int at = 0; at < count;)
        {
            int power = Math.Min(_top, int.Log2(count - at)), size = 1 << power, from = at * Outputs, width = size * Outputs;
            Recording? recording = null;
            try
            {
                recording = Take(power);
                Tensor outputs = recording.Run(clips.Slice(at * length, size * length));
                if (exact.IsEmpty) outputs.CopyTo(single.Slice(from, width));
                else outputs.CopyTo(exact.Slice(from, width));
            }
            catch (EngineException e) when (e.Fits > 0 && power > 0)
            {
                // The device is full: from here on batches are smaller.
                recording?.Dispose();
                _top = power - 1;
                continue;
            }

            GiveBack(recording, power);
            at += size;
        }
    }

    private Tensor Copy(Tensor of)
    {
        Tensor copy = _scope.New(of.Shape);
        _backend.Map(default(Identity), of.Data, copy.Data, accumulate: false);

        // Nobody writes to a session's copies: a matrix is put into the order in which products read it once, not at every call.
        if (of.Shape.Rank == 2) (_backend as ISealsWeights)?.Seal(copy.Data, of.Shape[0], of.Shape[1]);
        return copy;
    }

    /// <summary>Gives the memory back. Calls that still run end with <see cref="ObjectDisposedException"/>.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            if (_disposed) return;
            _disposed = true;
            foreach (Stack<Recording> idle in _idle)
                foreach (Recording recording in idle) recording.Dispose();
        }

        _scope.Dispose();
    }

    private Recording Take(int power)
    {
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            if (_idle[power].TryPop(out Recording? recording)) return recording;
        }

        return new Recording(_backend, _model, _weights, 1 << power);
    }

    private void GiveBack(Recording recording, int power)
    {
        lock (_gate)
        {
            if (!_disposed)
            {
                _idle[power].Push(recording);
                return;
            }
        }

        recording.Dispose();
    }

    /// <summary>A batch of one size, used by one thread at a time.</summary>
    private sealed class Recording : IDisposable
    {
        private readonly Tape _tape;
        private readonly Tensor _clips, _outputs;

        public Recording(IBackend backend, Model model, IReadOnlyDictionary<Parameter, Tensor> weights, int size)
        {
            _tape = new Tape(backend) { Deferred = true, Substitutes = weights };
            try
            {
                _clips = _tape.Input(new Shape(size, model.Time, model.Features));
                _outputs = model.Apply(_tape, _clips);
            }
            catch
            {
                Dispose();
                throw;
            }
        }

        /// <summary>The outputs, until the next run.</summary>
        public Tensor Run(ReadOnlySpan<float> clips)
        {
            _clips.CopyFrom(clips);
            _tape.Replay();
            return _outputs;
        }

        public void Dispose() => _tape.Dispose();
    }
}
