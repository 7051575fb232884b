namespace EmotionXai.Bench.Ptx;

/// <summary>Memory of each thread's own.</summary>
internal sealed class LocalMemory(int threads, int bytes)
{
    private readonly int _words = bytes / sizeof(uint);
    private readonly uint[] _values = new uint[threads * (bytes / sizeof(uint))];
    private readonly bool[] _written = new bool[threads * (bytes / sizeof(uint))];

    public int Bytes { get; } = bytes;

    public void Clear() => _written.AsSpan().Clear();

    public (Wrong Kind, string Detail)? Read(int at, int thread, out uint value)
    {
        value = _values[(thread * _words) + at];
        return _written[(thread * _words) + at] ? null : (Wrong.NeverWritten, $"word {at} of local memory");
    }

    public void Write(int at, int thread, uint value)
    {
        _values[(thread * _words) + at] = value;
        _written[(thread * _words) + at] = true;
    }
}
