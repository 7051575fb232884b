using EmotionXai.Engine.Tensors;

namespace EmotionXai.Explain;

/// <summary>Clips that stand in a caller's memory, or are read when a block of them is worked on.</summary>
internal readonly ref struct ClipView
{
    private readonly ReadOnlySpan<float> _values;
    private readonly ClipRows? _rows;

    public ClipView(ReadOnlySpan<float> values, int count)
    {
        _values = values;
        Count = count;
    }

    public ClipView(ClipRows rows)
    {
        _values = rows.Whole;
        _rows = rows;
        Count = rows.Count;
    }

    /// <summary>Clips.</summary>
    public int Count { get; }

    /// <summary>The first clip, [time, feature].</summary>
    public ReadOnlySpan<float> First() => _values.IsEmpty && _rows is not null ? _rows.Of(0, new float[_rows.Length]) : _values[..(_values.Length / Count)];

    /// <summary>Copies clips that follow one another, as many as fit.</summary>
    public void CopyTo(int first, Span<float> to)
    {
        if (_values.IsEmpty && _rows is not null) _rows.CopyTo(first, to);
        else _values.Slice(first * (_values.Length / Count), to.Length).CopyTo(to);
    }
}
