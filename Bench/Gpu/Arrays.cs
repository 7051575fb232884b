using EmotionXai.Engine.Backends;

namespace EmotionXai.Bench.Gpu;

/// <summary>Buffers of a backend filled by a counter, the same on every backend, and given back together.</summary>
internal sealed class Arrays(IBackend backend) : IDisposable
{
    private readonly List<Storage> _storages = [];

    public Slice New(int length)
    {
        Storage storage = backend.Allocate(length);
        _storages.Add(storage);
        Slice slice = new(storage, 0, length);
        backend.Fill(slice, 0);
        return slice;
    }

    /// <summary>Values in [-scale, scale), of float32.</summary>
    public Slice Random(int length, int seed, float scale = 1)
    {
        Slice slice = New(length);
        backend.Write(Values(length, seed, scale), slice);
        return slice;
    }

    public static float[] Values(int length, int seed, float scale = 1)
    {
        Random random = new(seed);
        float[] values = new float[length];
        for (int i = 0; i < length; i++) values[i] = ((2 * random.NextSingle()) - 1) * scale;
        return values;
    }

    public void Dispose()
    {
        foreach (Storage storage in _storages) backend.Free(storage);
    }
}
