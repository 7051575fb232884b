using EmotionXai.Engine.Layers;
using EmotionXai.Engine.Training;

namespace EmotionXai.Landmarks.Reduction;

/// <summary>The training clips of a fold with some landmarks, and what networks of several seeds share in training on them.</summary>
internal sealed class TrainingSet
{
    public TrainingSet(FoldData fold, int[] landmarks, ReductionOptions options)
    {
        Data = fold.Train(landmarks);
        if (options.Model.Kind.IsRandom()) Readout = new ReadoutTrainer(Data, options.Training, fold.TrainPeople);
    }

    /// <summary>The clips.</summary>
    public ClipData Data { get; }

    /// <summary>Fits random networks; null for those that gradients train.</summary>
    public ReadoutTrainer? Readout { get; }
}
