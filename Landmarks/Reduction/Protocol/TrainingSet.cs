using EmotionXai.Engine.Backends;
using EmotionXai.Engine.Layers;
using EmotionXai.Engine.Tensors;
using EmotionXai.Engine.Training;
using EmotionXai.Explain;

namespace EmotionXai.Landmarks.Reduction;

/// <summary>The training clips of a fold with some landmarks: what networks of several seeds are trained on, and what of it they are asked to explain.</summary>
internal sealed class TrainingSet(FoldData fold, int[] landmarks, ReductionOptions options)
{
    private (ClipRows Clips, Baselines Baselines)? _explained;
    private ReadoutTrainer? _readout;

    /// <summary>The clips.</summary>
    public ClipData Data { get; } = fold.Train(landmarks);

    /// <summary>A trained network; several seeds share what does not depend on them.</summary>
    public Classifier Train(IBackend backend, ulong seed, Action<int, double>? progress = null, ITrainingStore? store = null, CancellationToken cancellation = default)
    {
        cancellation.ThrowIfCancellationRequested();
        Classifier classifier = options.Model.Build(backend, Data.Time, Data.Features, seed);
        try
        {
            if (options.Model.Kind.IsRandom()) (_readout ??= new ReadoutTrainer(Data, options.Training, fold.TrainPeople, fold.Grams, landmarks)).Train(classifier);
            else Trainer.Train(classifier, Data, options.Training, seed, progress: progress, store: store, cancellation: cancellation);
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
    public Baselines Against(ClipRows clips) => options.Baseline.Build(Data.Clips, fold.Labels, fold.Emotion, clips, Data.Time, Data.Features);

    private ClipRows Positives() => Data.Clips.Some([.. Enumerable.Range(0, Data.Count).Where(i => Data.Targets[i] > 0.5f)]);
}
