
namespace EmotionXai.Engine.Backends.Reference;

/// <summary>An array of float64, and whose it is.</summary>
internal sealed class ReferenceStorage(ReferenceBackend owner, int length) : Storage(length)
{
    public ReferenceBackend Owner { get; } = owner;

    /// <summary>Null once freed.</summary>
    public double[]? Elements { get; set; } = new double[length];
}
