namespace EmotionXai.Engine.Training;

/// <summary>
/// Where a training run leaves what it needs to go on after a stop, between two epochs. A run that goes on ends with the same bits as one
/// that was not stopped, on the same model, clips, options and seed; that they are the same is for the store to know.
/// </summary>
public interface ITrainingStore
{
    /// <summary>Whether the state is wanted after this epoch. Asked once an epoch, but for the last.</summary>
    bool IsDue { get; }

    /// <summary>The state that a run of the same training has left; null where there is none.</summary>
    byte[]? Find();

    /// <summary>Keeps a state in the place of earlier ones.</summary>
    void Keep(byte[] state);
}
