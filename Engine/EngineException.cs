namespace EmotionXai.Engine;

/// <summary>A device is missing, failed or is full. The message says which, and what to do.</summary>
public sealed class EngineException : Exception
{
    /// <summary>An error with its one line.</summary>
    public EngineException(string message)
        : base(message)
    {
    }

    /// <summary>An error with its one line and its cause.</summary>
    public EngineException(string message, Exception inner)
        : base(message, inner)
    {
    }

    /// <summary>An error without a line.</summary>
    public EngineException()
    {
    }

    /// <summary>Where a device is full: about what part of the work would fit, above 0. Otherwise 0.</summary>
    internal double Fits { get; init; }

    /// <summary>The batch to try next where this one is too large.</summary>
    internal int Smaller(int batch) => Math.Clamp((int)(batch * Fits), 1, Math.Max(1, batch - 1));
}
