namespace EmotionXai.Landmarks.Spilling;

/// <summary>
/// Numbers of the frames of a clip, in order; a frame may have none. The first ones stand in memory, what comes after them on disk: a
/// clip of any length takes the same memory.
/// </summary>
/// <param name="length">Numbers of a frame.</param>
/// <param name="mostBytes">What may stand in memory.</param>
internal sealed class FrameRows(int length, int mostBytes = FrameRows.MostBytes)
{
    /// <summary>A minute of meshes of 468 points.</summary>
    public const int MostBytes = 8 << 20;

    private const long None = -1;
    private readonly List<float[]> _held = [];

    // A frame's place: among those in memory, or behind them on disk.
    private readonly List<long> _places = [];
    private SpillFile? _file;

    /// <summary>Frames.</summary>
    public int Count => _places.Count;

    /// <summary>A frame's numbers, which are not to be changed; null where it has none.</summary>
    public float[]? this[int frame]
    {
        get
        {
            long place = _places[frame];
            if (place == None) return null;
            if (place < _held.Count) return _held[(int)place];
            float[] row = new float[length];
            _file!.Read((place - _held.Count) * length, row);
            return row;
        }
    }

    /// <summary>Whether a frame has numbers.</summary>
    public bool Has(int frame) => _places[frame] != None;

    /// <summary>Adds a frame; its numbers are taken over.</summary>
    /// <exception cref="IOException">The disk is full.</exception>
    public void Add(float[] row)
    {
        if (row.Length != length) throw new ArgumentException($"A frame has {row.Length} numbers instead of {length}.", nameof(row));
        if (_file is null && (_held.Count + 1L) * length * sizeof(float) <= mostBytes)
        {
            _places.Add(_held.Count);
            _held.Add(row);
            return;
        }

        _file ??= new SpillFile();
        _places.Add(_held.Count + (_file.Append(row) / length));
    }

    /// <summary>Adds frames without numbers, until there are so many frames.</summary>
    public void SkipTo(int frames)
    {
        while (Count < frames) _places.Add(None);
    }
}
