using EmotionXai.Engine.Backends;

namespace EmotionXai.Engine.Gpu;

/// <summary>Counts what a backend has its device do: a few additions a call, always on. Callers hold the backend's turn.</summary>
internal sealed class TrafficMeter
{
    private long _launches, _bytesUp, _bytesDown, _waits, _allocations, _refusals;

    public Traffic Total => new(
        Volatile.Read(ref _launches), Volatile.Read(ref _bytesUp), Volatile.Read(ref _bytesDown), Volatile.Read(ref _waits), Volatile.Read(ref _allocations), Volatile.Read(ref _refusals));

    public void Launch() => _launches++;

    public void Up(long bytes) => _bytesUp += bytes;

    public void Down(long bytes) => _bytesDown += bytes;

    public void Wait() => _waits++;

    public void Allocation() => _allocations++;

    public void Refusal() => _refusals++;
}
