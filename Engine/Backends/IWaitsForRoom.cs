namespace EmotionXai.Engine.Backends;

/// <summary>A backend that shares a device's memory with others, each with a thread of its own.</summary>
internal interface IWaitsForRoom
{
    /// <summary>
    /// Whether a call that finds the device full waits for what others give back, as long as they are at work, before it is refused. True
    /// unless it is set: who keeps what he can do without gives that back instead.
    /// </summary>
    bool WaitsForRoom { get; set; }
}
