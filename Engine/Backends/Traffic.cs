namespace EmotionXai.Engine.Backends;

/// <summary>What has passed between the host and a device, from the start of a backend on. Differences tell what a stretch of work cost.</summary>
/// <param name="Launches">Kernels launched; several that the device keeps and are launched as one count as one.</param>
/// <param name="BytesUp">Bytes copied to the device.</param>
/// <param name="BytesDown">Bytes copied from the device.</param>
/// <param name="Waits">Times that the host waited for the device.</param>
/// <param name="Allocations">Buffers asked of the driver; those that a pool had do not count.</param>
/// <param name="Refusals">Buffers that the device had no room for.</param>
public readonly record struct Traffic(long Launches, long BytesUp, long BytesDown, long Waits, long Allocations, long Refusals)
{
    /// <summary>What two backends have done.</summary>
    public static Traffic operator +(Traffic a, Traffic b) => new(
        a.Launches + b.Launches, a.BytesUp + b.BytesUp, a.BytesDown + b.BytesDown, a.Waits + b.Waits, a.Allocations + b.Allocations, a.Refusals + b.Refusals);

    /// <summary>What was done since <paramref name="b"/>.</summary>
    public static Traffic operator -(Traffic a, Traffic b) => new(
        a.Launches - b.Launches, a.BytesUp - b.BytesUp, a.BytesDown - b.BytesDown, a.Waits - b.Waits, a.Allocations - b.Allocations, a.Refusals - b.Refusals);
}
