using System.Diagnostics;
using EmotionXai.Engine.Training;

namespace EmotionXai.Landmarks.Reduction;

/// <summary>Keeps the state of one network that takes long, between epochs, and the seconds that it has taken.</summary>
/// <param name="path">The file.</param>
/// <param name="head">What the training is.</param>
/// <param name="every">Seconds between two states.</param>
internal sealed class TrainingKeeper(string path, string head, double every) : ITrainingStore
{
    /// <summary>The extension of the files.</summary>
    public const string Extension = ".part";

    private readonly long _start = Stopwatch.GetTimestamp();
    private long _last = Stopwatch.GetTimestamp();

    /// <summary>The seconds of earlier processes.</summary>
    public double Before { get; private set; }

    /// <inheritdoc/>
    public bool IsDue => Stopwatch.GetElapsedTime(_last).TotalSeconds >= every;

    /// <inheritdoc/>
    public byte[]? Find()
    {
        if (SealedFile.Read(path, head) is not byte[] content || content.Length < sizeof(double)) return null;
        Before = BitConverter.ToDouble(content);
        return content[sizeof(double)..];
    }

    /// <inheritdoc/>
    public void Keep(byte[] state)
    {
        SealedFile.Write(path, head, [BitConverter.GetBytes(Before + Stopwatch.GetElapsedTime(_start).TotalSeconds), state]);
        _last = Stopwatch.GetTimestamp();
    }
}
