namespace EmotionXai.Engine.Backends;

/// <summary>A backend whose device may keep a stretch of calls and do them again in one go.</summary>
internal interface ICapturesWork
{
    /// <summary>
    /// Has the device keep the calls that <paramref name="work"/> makes, instead of doing them. They must be the same calls on the same
    /// memory whenever they are asked for, and nothing may be written, read or waited for in between.
    /// </summary>
    /// <returns>The calls; null where the device keeps none, and then none has been done.</returns>
    ICapturedWork? Capture(Action work);
}

/// <summary>Calls that a device keeps, with the memory that they take in between.</summary>
internal interface ICapturedWork : IDisposable
{
    /// <summary>Asks for all of them again.</summary>
    /// <returns>False where the device refuses, and then none is done.</returns>
    bool Run();
}
