namespace EmotionXai.Engine.Backends;

/// <summary>Memory that a backend owns. Its contents are reached through the backend alone.</summary>
public abstract class Storage
{
    /// <summary>A storage of <paramref name="length"/> elements.</summary>
    protected Storage(int length) => Length = length;

    /// <summary>The number of elements it was asked for.</summary>
    public int Length { get; }
}

/// <summary>A run of elements in a storage: what every backend primitive takes.</summary>
/// <param name="Storage">The memory.</param>
/// <param name="Offset">The first element.</param>
/// <param name="Length">The number of elements.</param>
public readonly record struct Slice(Storage Storage, int Offset, int Length)
{
    /// <summary>The part of this slice that starts at <paramref name="offset"/> and has <paramref name="length"/> elements.</summary>
    public Slice Part(int offset, int length)
    {
        if (offset < 0 || length < 0 || offset > Length - length) Throw.SliceOutOfRange(offset, length, Length);
        return new Slice(Storage, Offset + offset, length);
    }
}
