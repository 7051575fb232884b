using EmotionXai.Engine.Backends;
using EmotionXai.Engine.Layers;
using EmotionXai.Engine.Tensors;
using EmotionXai.Engine.Training;
using EmotionXai.Explain;
using EmotionXai.Landmarks.Models;

namespace EmotionXai.Landmarks.Reduction;

/// <summary>The training clips of a fold with some landmarks: what networks of several seeds are trained on, and what of it they are asked to explain.</summary>
internal sealed class TrainingSet
{
    private readonly FoldData _fold;
    private readonly int[] _landmarks;
    private readonly ReductionOptions _options;
    private readonly NetworkInput _input;
    private (ClipRows Clips, Baselines Baselines)? _explained;
    private ReadoutTrainer? _readout;

    public TrainingSet(FoldData fold, int[] landmarks, ReductionOptions options)
    {
        (_fold, _landmarks, _options, Data) = (fold, landmarks, options, fold.Train(landmarks));
        _input = new NetworkInput(options.NetworkOf(landmarks.Length, fold.Dimensions), fold.Scaling(landmarks), Data);
    }

    /// <summary>The clips.</summary>
    public ClipData Data { get; }

    /// <summary>A network before training.</summary>
    public Classifier Build(IBackend backend, ulong seed) => _input.Build(backend, seed);

    /// <summary>A trained network; several seeds share what does not depend on them.</summary>
    public Classifier Train(IBackend backend, ulong seed, Action<int, double>? progress = null, ITrainingStore? store = null, CancellationToken cancellation = default)
    {
        cancellation.ThrowIfCancellationRequested();
        Classifier classifier = Build(backend, seed);
        try
        {
            // What is behind a fixed first layer is trained by itself, on what that gives. Gram matrices of single landmarks are of plain features.
            ClipData seen = _input.Seen(classifier);
            Classifier rest = classifier.Rest;
            if (_options.Model.Kind.IsRandom()) (_readout ??= new ReadoutTrainer(seen, _options.Training, _fold.TrainPeople, _input.IsPlain ? _fold.Grams : null, _landmarks)).Train(rest);
            else Trainer.Train(rest, seen, _options.Training, seed, progress: progress, store: store, cancellation: cancellation);
            return classifier;
        }
        catch
        {
            classifier.Dispose();
            throw;
        }
    }

    /// <summary>The clips that show the emotion, and what they are compared with.</summary>
    public (ClipRows Clips, Baselines Baselines) Explained()
    {
        if (_explained is not { } known)
        {
            ClipRows clips = Positives();
            _explained = known = (clips, Against(clips));
        }

        return known;
    }

    /// <summary>The same clips, compared with the mean training clip.</summary>
    public (ClipRows Clips, Baselines Baselines) ExplainedFromMean() => (Positives(), Baselines.Mean(Data.Clips));

    /// <summary>What clips are compared with: baselines of the training clips.</summary>
    public Baselines Against(ClipRows clips) => _options.Baseline.Build(Data.Clips, _fold.Labels, _fold.Emotion, clips, Data.Time, Data.Features);

    private ClipRows Positives() => Data.Clips.Some([.. Enumerable.Range(0, Data.Count).Where(i => Data.Targets[i] > 0.5f)]);
}
