namespace EmotionXai.Engine.Backends;

/// <summary>A tensor seen as [<paramref name="Outer"/>, <paramref name="Extent"/>, <paramref name="Inner"/>] around one axis.</summary>
public readonly record struct AxisSplit(int Outer, int Extent, int Inner)
{
    /// <summary>Elements with the axis.</summary>
    public int Length => Outer * Extent * Inner;

    /// <summary>Elements once the axis is reduced to one.</summary>
    public int Reduced => Outer * Inner;

    /// <summary>Elements with the axis in 64 bits, and where even those could overflow a number that no slice has: what backends check is what their loops rely on.</summary>
    /// <exception cref="ArgumentException">An extent is negative.</exception>
    internal long CheckedLength(string op)
    {
        if (Outer < 0 || Extent < 0 || Inner < 0) throw new ArgumentException($"{op}: extents are 0 or more, not {this}.");
        long reduced = (long)Outer * Inner;
        return reduced > int.MaxValue ? long.MaxValue : reduced * Extent;
    }

    /// <summary>Elements once the axis is reduced to one, in 64 bits.</summary>
    internal long LongReduced => (long)Outer * Inner;
}
