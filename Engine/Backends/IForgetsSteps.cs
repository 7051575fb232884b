namespace EmotionXai.Engine.Backends;

/// <summary>A backend that may run a recurrent cell without keeping what the way back would need: for networks that only judge.</summary>
internal interface IForgetsSteps
{
    /// <summary>Whether it does; else <see cref="IBackend.RecurrentForward"/> is asked.</summary>
    bool ForgetsSteps { get; }

    /// <summary><see cref="IBackend.RecurrentForward"/> without its last output; the states are the same bits.</summary>
    void RecurrentForward(in Recurrence shape, Slice projection, Slice weights, Slice? candidateBias, Slice states);
}
