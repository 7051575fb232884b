using EmotionXai.Engine.Backends;
using EmotionXai.Engine.Layers;
using EmotionXai.Engine.Numerics;
using EmotionXai.Engine.Tensors;

namespace EmotionXai.Engine.Training;

/// <summary>What a training run did.</summary>
/// <param name="Epochs">Epochs run.</param>
/// <param name="Losses">The mean training loss of each epoch.</param>
/// <param name="ValidationLosses">The validation loss after each epoch; empty without validation clips.</param>
/// <param name="BestEpoch">The epoch whose parameters were kept, from 1.</param>
public sealed record TrainingReport(int Epochs, IReadOnlyList<double> Losses, IReadOnlyList<double> ValidationLosses, int BestEpoch);

/// <summary>
/// Trains a model on a loss in shuffled mini-batches: a classifier on binary cross-entropy, or any model on any loss. The tape of a batch is recorded once and replayed,
/// so a steady step allocates nothing.
/// </summary>
public sealed class Trainer : IDisposable
{
    private readonly Model _model;
    private readonly ClipData _data;
    private readonly TrainingOptions _options;
    private readonly IBackend _backend;
    private readonly Optimizer _optimizer;
    private readonly Loss _loss;
    private readonly GradientNorm _norm;
    private readonly float[] _scalar = new float[1];
    private readonly int[] _order;
    private readonly ulong _seed;
    private readonly int _batch;
    private readonly BatchWalk _walk;
    private readonly StepEnds? _ends;
    private int _step;

    /// <summary>A run on binary cross-entropy that has not begun.</summary>
    /// <param name="classifier">Trained in place.</param>
    /// <param name="data">Training clips: at least one of each class, unless a positive weight is given.</param>
    /// <param name="options">How to train.</param>
    /// <param name="seed">Of the shuffling.</param>
    /// <exception cref="ArgumentException">There are no clips or ones of another shape than the classifier's, a class is missing, or an option is out of range.</exception>
    public Trainer(Classifier classifier, ClipData data, TrainingOptions options, ulong seed)
        : this(classifier, data, Binary(classifier, data, options), options, seed)
    {
    }

    /// <summary>A run on any loss that has not begun.</summary>
    /// <param name="model">Trained in place.</param>
    /// <param name="data">Training clips.</param>
    /// <param name="loss">What is made small; one of <see cref="Losses"/>, or one's own.</param>
    /// <param name="options">How to train; the positive weight is the binary loss's alone.</param>
    /// <param name="seed">Of the shuffling.</param>
    /// <param name="groups">The model's parameters in groups; null lets weight matrices decay and vectors not.</param>
    /// <exception cref="ArgumentException">There are no clips or ones of another shape than the model's, the targets do not fit the loss, or an option is out of range.</exception>
    public Trainer(Model model, ClipData data, Loss loss, TrainingOptions options, ulong seed, IReadOnlyList<ParameterGroup>? groups = null)
    {
        Check(model, data, options);
        (_model, _data, _loss, _options, _backend, _seed) = (model, data, loss, options, model.Backend, seed);
        _batch = Math.Min(options.BatchSize, data.Count);
        groups ??= ParameterGroup.WeightsAndVectors(model.Parameters);
        _optimizer = options.Optimizer switch
        {
            OptimizerKind.Sgd => new Sgd(_backend, groups, decay: options.WeightDecay),
            OptimizerKind.Adam => new Adam(_backend, groups, options.WeightDecay),
            _ => new Adam(_backend, groups, options.WeightDecay, decoupled: true),
        };
        _norm = new GradientNorm(_backend, model.Parameters);
        _order = [.. Enumerable.Range(0, data.Count)];

        // To wait for a device at every step would leave it idle: there the host learns of an epoch's losses at its end.
        if (_backend.Traffic is not null) _ends = new StepEnds(_backend, _norm, options.ClipNorm, StepsPerEpoch);

        // Last: batches can do with less room than they would like, the rest cannot.
        // A norm is that of whole gradients: where it is asked for, they have to be there.
        _walk = new BatchWalk(model, data, loss, _batch, options.ClipNorm > 0 || _backend is not IStepsProducts ? null : _optimizer);
    }

    /// <summary>Clips that the device works on at once: those of a batch where they fit.</summary>
    internal int ClipsAtOnce => _walk.Most;

    private int StepsPerEpoch => (_data.Count + _batch - 1) / _batch;

    /// <summary>Trains a classifier from start to end.</summary>
    /// <param name="classifier">Trained in place.</param>
    /// <param name="data">Training clips.</param>
    /// <param name="options">How to train.</param>
    /// <param name="seed">Of the shuffling.</param>
    /// <param name="validation">Clips of other subjects, for early stopping; null for none.</param>
    /// <param name="progress">Told of every epoch, from 1, and its mean training loss.</param>
    /// <param name="store">Where a stopped run finds what it needs to go on; null for nowhere.</param>
    /// <param name="cancellation">Stops between epochs.</param>
    public static TrainingReport Train(
        Classifier classifier, ClipData data, TrainingOptions options, ulong seed, ClipData? validation = null, Action<int, double>? progress = null, ITrainingStore? store = null, CancellationToken cancellation = default)
    {
        using Trainer trainer = new(classifier, data, options, seed);
        return trainer.Run(validation, progress, store, cancellation);
    }

    /// <summary>Trains a model on any loss from start to end.</summary>
    /// <inheritdoc cref="Train(Classifier, ClipData, TrainingOptions, ulong, ClipData?, Action{int, double}?, ITrainingStore?, CancellationToken)"/>
    public static TrainingReport Train(
        Model model, ClipData data, Loss loss, TrainingOptions options, ulong seed, ClipData? validation = null, Action<int, double>? progress = null, ITrainingStore? store = null, CancellationToken cancellation = default)
    {
        using Trainer trainer = new(model, data, loss, options, seed);
        return trainer.Run(validation, progress, store, cancellation);
    }

    /// <summary>One epoch; returns the mean loss.</summary>
    /// <exception cref="ArithmeticException">The loss or the gradients' norm is not finite; the step is not taken.</exception>
    public double Epoch()
    {
        Shuffle(_step / StepsPerEpoch);
        _walk.Begin(_order);
        if (_ends is not null) return Epoch(_ends);
        double total = 0;
        for (int at = 0; at < _data.Count;)
        {
            int count = CountAt(at);
            double rate = _options.RateAt(_step, StepsPerEpoch * _options.Epochs);
            _optimizer.Announce(rate);
            double loss = Number(_walk.Run(at, count));
            if (!double.IsFinite(loss)) throw NotFinite("loss", loss);
            _optimizer.Step(rate, ClipScale());
            total += loss * count;
            at += count;
            _step++;
        }

        return total / _data.Count;
    }

    // An epoch whose losses and norms stay on the device until its end. From a step that goes wrong on none is taken.
    private double Epoch(StepEnds ends)
    {
        int first = _step;
        ends.Begin();
        for (int at = 0; at < _data.Count; _step++)
        {
            int count = CountAt(at);
            _optimizer.Step(_options.RateAt(_step, StepsPerEpoch * _options.Epochs), ends.Take(_walk.Run(at, count)));
            at += count;
        }

        ends.Read();
        double total = 0;
        for (int step = 0, at = 0; at < _data.Count; step++)
        {
            int count = CountAt(at);
            double loss = ends.Loss(step), norm = ends.Norm(step);
            if (!double.IsFinite(loss) || !double.IsFinite(norm))
            {
                // The parameters are those before the step, so its gradients can be had again.
                _step = first + step;
                _walk.Run(at, count);
                throw double.IsFinite(loss) ? NotFinite("gradients' norm", norm) : NotFinite("loss", loss);
            }

            total += loss * count;
            at += count;
        }

        return total / _data.Count;
    }

    // Clips of the batch at a place of the epoch's order.
    private int CountAt(int at) => Math.Min(_batch, _data.Count - at);

    /// <summary>All epochs, with early stopping where validation clips are given and patience is set.</summary>
    /// <exception cref="ArgumentException">The validation clips have another shape than the classifier's, or there is none.</exception>
    /// <exception cref="InvalidDataException">The store has the state of another training.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    /// <exception cref="ArithmeticException">
    /// The loss or the gradients' norm is not finite: the message names the first clip or parameter that is not. The classifier
    /// has the parameters of its best epoch by then, or, without early stopping, of the last whole one.
    /// </exception>
    public TrainingReport Run(ClipData? validation = null, Action<int, double>? progress = null, ITrainingStore? store = null, CancellationToken cancellation = default)
    {
        if (validation is not null) CheckShape(_model, validation, nameof(validation));
        List<double> losses = [], validationLosses = [];
        bool stopsEarly = validation is not null && _options.Patience > 0;
        using BestParameters best = _walk.WithRoom(() => new BestParameters(_backend, _model.Parameters));
        using ValidationLoss? check = validation is null ? null : _walk.WithRoom(() => new ValidationLoss(_model, validation, _loss));
        TrainingState state = new(_model, _optimizer, best);
        if (store?.Find() is byte[] left) _step = state.Read(left, losses, validationLosses);
        for (int epoch = losses.Count + 1; epoch <= _options.Epochs; epoch++)
        {
            cancellation.ThrowIfCancellationRequested();
            try
            {
                losses.Add(Epoch());
            }
            catch (ArithmeticException e)
            {
                best.Restore();
                throw new ArithmeticException($"{e.Message} It was in epoch {epoch}; the network is back where it was after epoch {best.Epoch}.", e);
            }

            if (!stopsEarly) best.Keep(epoch);
            progress?.Invoke(epoch, losses[^1]);
            if (check is not null) validationLosses.Add(check.Measure());
            if (stopsEarly && best.Offer(validationLosses[^1], epoch) >= _options.Patience) break;
            if (store is not null && epoch < _options.Epochs && store.IsDue) store.Keep(state.Write(_step, losses, validationLosses));
        }

        if (stopsEarly) best.Restore();
        return new TrainingReport(losses.Count, losses, validationLosses, best.Epoch);
    }

    /// <summary>Gives all memory but the classifier's back.</summary>
    public void Dispose()
    {
        _walk.Dispose();
        _optimizer.Dispose();
        _norm.Dispose();
        _ends?.Dispose();
    }

    internal static void CheckShape(Model model, ClipData data, string name)
    {
        if (data.Time == model.Time && data.Features == model.Features) return;
        Shape given = new(data.Time, data.Features), expected = new(model.Time, model.Features);
        throw new ArgumentException($"{nameof(Trainer)}: the clips are {given}, but the model was built for {expected}.", name);
    }

    private static void Check(Model model, ClipData data, TrainingOptions options)
    {
        CheckShape(model, data, nameof(data));
        if (data.Count == 0) throw new ArgumentException("There is no clip to train on.", nameof(data));
        if (options.Epochs < 1) Throw.OutOfRange(nameof(Trainer), nameof(options.Epochs), options.Epochs, "at least 1");
        if (options.BatchSize < 1) Throw.OutOfRange(nameof(Trainer), nameof(options.BatchSize), options.BatchSize, "at least 1");
        if (!(options.LearningRate > 0)) Throw.OutOfRange(nameof(Trainer), nameof(options.LearningRate), options.LearningRate, "above 0");
    }

    private static Loss Binary(Classifier classifier, ClipData data, TrainingOptions options)
    {
        Check(classifier, data, options);
        return Losses.BinaryCrossEntropy(options.PositiveWeight > 0 ? options.PositiveWeight : Balance(data));
    }

    internal static double Balance(ClipData data)
    {
        double positives = data.Targets.Sum(t => (double)t);
        if (positives <= 0 || positives >= data.Count)
            throw new ArgumentException($"The training clips hold {positives:0} positives among {data.Count}; both classes are needed.", nameof(data));
        return (data.Count - positives) / positives;
    }

    private double Number(Slice scalar)
    {
        _backend.Read(scalar, _scalar);
        return _scalar[0];
    }

    private double ClipScale()
    {
        if (_options.ClipNorm <= 0) return 1;
        double norm = _norm.Measure();
        if (!double.IsFinite(norm)) throw NotFinite("gradients' norm", norm);
        return norm > _options.ClipNorm ? _options.ClipNorm / norm : 1;
    }

    // Clips first: what is wrong in them is wrong in everything that comes of them.
    private ArithmeticException NotFinite(string what, double value)
    {
        string where = FirstBad() is (int clip, float number)
            ? $"clip {clip} of the training clips holds {number}; mend or leave it out."
            : $"{_norm.FirstBad() ?? "no single number"} went first; lower the learning rate ({_options.LearningRate}).";
        return new ArithmeticException($"The training {what} is {value}: {where}");
    }

    private (int Clip, float Number)? FirstBad()
    {
        float[] room = new float[_data.Clips.Length];
        for (int clip = 0; clip < _data.Count; clip++)
        {
            foreach (float number in _data.Clips.Of(clip, room))
                if (!float.IsFinite(number)) return (clip, number);
        }

        return null;
    }

    private void Shuffle(int epoch)
    {
        // The order depends on (seed, epoch) alone, not on the epochs before.
        for (int i = 0; i < _order.Length; i++) _order[i] = i;
        RandomOrder.Shuffle(_order, RandomStream.Key(_seed, RandomUse.Shuffling, (ulong)epoch));
    }
}
