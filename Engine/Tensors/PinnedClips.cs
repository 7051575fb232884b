namespace EmotionXai.Engine.Tensors;

/// <summary>
/// Clips of a span that its owner has pinned: what takes a span can hand it to lanes, which a span itself cannot reach. Lives no
/// longer than the pin.
/// </summary>
/// <param name="values">[clip, time, feature].</param>
/// <param name="count">Clips.</param>
/// <param name="length">Numbers of a clip.</param>
internal sealed unsafe class PinnedClips(float* values, int count, int length) : ClipRows(count, length)
{
    internal override bool InMemory => true;

    public override ReadOnlySpan<float> Of(int clip, Span<float> room) => Range(clip, 1, room);

    internal override ReadOnlySpan<float> Range(int first, int count, Span<float> room)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)first + (uint)count, (uint)Count);
        return new ReadOnlySpan<float>(values + ((nint)first * Length), checked(count * Length));
    }
}
