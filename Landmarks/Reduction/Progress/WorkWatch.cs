namespace EmotionXai.Landmarks.Reduction;

/// <summary>Follows one piece of work by the networks that it trains. Not shared between threads; what it tells is.</summary>
/// <param name="emotion">The emotion.</param>
/// <param name="fold">The fold; null for the models that a run leaves behind.</param>
/// <param name="networks">Networks that the work will train. Where it turns out to be fewer, the work ends early.</param>
/// <param name="changed">Told of every change; true where it is a new step.</param>
internal sealed class WorkWatch(string emotion, int? fold, double networks, Action<WorkWatch, bool> changed)
{
    private int _trained;
    private WorkProgress _now = new(emotion, fold, "starting", 0, null);

    /// <summary>Where the work stands. May be read from any thread.</summary>
    public WorkProgress Now => Volatile.Read(ref _now);

    /// <summary>Whether this is a fold.</summary>
    public bool IsFold => fold is not null;

    /// <summary>A new step begins.</summary>
    public void Step(string step) => Set(_now with { Step = step }, isStep: true);

    /// <summary>An epoch of a network is over.</summary>
    /// <param name="part">The part of its epochs, 0 to 1.</param>
    /// <param name="loss">The mean training loss.</param>
    public void Epoch(double part, double loss) => Set(_now with { Part = Part(_trained + part), Loss = loss }, isStep: false);

    /// <summary>A network is trained.</summary>
    public void Trained() => Set(_now with { Part = Part(++_trained) }, isStep: false);

    private double Part(double trained) => Math.Min(1, trained / networks);

    private void Set(WorkProgress now, bool isStep)
    {
        Volatile.Write(ref _now, now);
        changed(this, isStep);
    }
}
