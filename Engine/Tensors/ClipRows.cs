namespace EmotionXai.Engine.Tensors;

/// <summary>
/// Clips of one shape: an array, or clips that are read one by one when they are asked for, so that not all of them need stand in
/// memory. Either way a training or an attribution computes the same bits.
/// </summary>
public abstract class ClipRows
{
    /// <summary>Clips.</summary>
    /// <param name="count">How many there are.</param>
    /// <param name="length">Numbers of each: time x features.</param>
    protected ClipRows(int count, int length) => (Count, Length) = (count, length);

    /// <summary>Clips.</summary>
    public int Count { get; }

    /// <summary>Numbers of a clip: time x features.</summary>
    public int Length { get; }

    /// <summary>[clip, time, feature], where all clips stand in one array; else null.</summary>
    internal virtual float[]? Whole => null;

    /// <summary>Whether all clips stand one behind the other in memory, so that reading them takes no room.</summary>
    internal virtual bool InMemory => Whole is not null;

    /// <summary>Clips that stand in one array.</summary>
    /// <param name="values">[clip, time, feature].</param>
    /// <param name="length">Numbers of a clip.</param>
    /// <exception cref="ArgumentException">The values are no whole number of clips.</exception>
    public static ClipRows From(float[] values, int length)
    {
        if (length < 1 ? values.Length > 0 : values.Length % length != 0)
            ShapeError.WrongLength(nameof(values), values.Length, new Shape(values.Length / Math.Max(1, length), length));
        return new InArray(values, length);
    }

    /// <summary>One clip, [time, feature]: where it stands, or read into some room. Several threads may read at once, each into room of its own.</summary>
    /// <param name="clip">Which one, from 0.</param>
    /// <param name="room"><see cref="Length"/> numbers that may be overwritten; nothing else is told of them.</param>
    public abstract ReadOnlySpan<float> Of(int clip, Span<float> room);

    /// <summary>Copies clips that follow one another.</summary>
    /// <param name="first">The first.</param>
    /// <param name="clips">[clip, time, feature]: as many clips as fit.</param>
    public void CopyTo(int first, Span<float> clips)
    {
        for (int at = 0; at + Length <= clips.Length && Length > 0; at += Length) Copy(first++, clips.Slice(at, Length));
    }

    /// <summary>Clips that follow one another, [clip, time, feature]: where they stand, or copied into some room, which may be empty where they stand in memory.</summary>
    internal virtual ReadOnlySpan<float> Range(int first, int count, Span<float> room)
    {
        if (Whole is float[] whole) return whole.AsSpan(first * Length, count * Length);
        room = room[..(count * Length)];
        CopyTo(first, room);
        return room;
    }

    /// <summary>Copies one clip.</summary>
    /// <param name="clip">Which one.</param>
    /// <param name="to">[time, feature].</param>
    public void Copy(int clip, Span<float> to)
    {
        ReadOnlySpan<float> values = Of(clip, to);
        if (values != to) values.CopyTo(to);
    }

    /// <summary>[clip, time, feature]: all clips in one new array.</summary>
    public float[] ToArray()
    {
        float[] all = GC.AllocateUninitializedArray<float>(checked(Count * Length));
        CopyTo(0, all);
        return all;
    }

    /// <summary>Some of the clips, in the order given: copied where they stand in one array, else read as these are.</summary>
    public ClipRows Some(int[] clips)
    {
        Picked some = new(this, clips);
        return Whole is null ? some : From(some.ToArray(), Length);
    }

    private sealed class Picked(ClipRows all, int[] clips) : ClipRows(clips.Length, all.Length)
    {
        public override ReadOnlySpan<float> Of(int clip, Span<float> room) => all.Of(clips[clip], room);
    }

    private sealed class InArray(float[] values, int length) : ClipRows(length < 1 ? 0 : values.Length / length, length)
    {
        internal override float[] Whole => values;

        public override ReadOnlySpan<float> Of(int clip, Span<float> room) => values.AsSpan(clip * Length, Length);
    }
}
