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
}
