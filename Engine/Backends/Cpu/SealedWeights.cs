namespace EmotionXai.Engine.Backends.Cpu;

/// <summary>
/// Weights [rows, columns] that will not change, and their panels in the order in which products read them: packed once, by
/// whoever needs them first, for as long as the weights live.
/// </summary>
internal sealed unsafe class SealedWeights(int rows, int columns)
{
    private nint _panels;

    /// <summary>Rows.</summary>
    public int Rows => rows;

    /// <summary>Columns.</summary>
    public int Columns => columns;

    /// <summary>The panels; null while nobody has needed them.</summary>
    public float* Panels => (float*)Volatile.Read(ref _panels);

    /// <summary>Takes panels that were packed; false where another thread was first.</summary>
    public bool TryTake(float* panels) => Interlocked.CompareExchange(ref _panels, (nint)panels, 0) == 0;
}
