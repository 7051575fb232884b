using System.Buffers;

namespace EmotionXai.Explain;

/// <summary>
/// An array on loan from the shared pool. Attribution is called again and again with the same sizes, and what large arrays
/// leave behind waits long for the collector.
/// </summary>
internal sealed class Rented<T>(int length) : IDisposable
    where T : unmanaged
{
    private T[]? _array = ArrayPool<T>.Shared.Rent(length);

    /// <summary>The numbers; what they are at first is not told.</summary>
    public Span<T> Span => _array.AsSpan(0, length);

    public void Dispose()
    {
        if (_array is null) return;
        ArrayPool<T>.Shared.Return(_array);
        _array = null;
    }
}
