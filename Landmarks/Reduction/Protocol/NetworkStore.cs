using System.Runtime.InteropServices;
using System.Text;
using EmotionXai.Engine.Autodiff;
using EmotionXai.Engine.Layers;
using EmotionXai.Landmarks.Reduction.Selection;

namespace EmotionXai.Landmarks.Reduction;

/// <summary>
/// Keeps what a fold that is under way has worked out, trained networks and selected orders, by their number in it, so that a fold which
/// was stopped takes them back instead. A fold does its work in a fixed order; every file names the run, its number and its seed, and
/// carries a checksum, so that only the very same is taken. Not for two threads at once.
/// </summary>
/// <param name="folder">The fold's own.</param>
/// <param name="fingerprint">The run's.</param>
/// <param name="least">What took fewer seconds is done again sooner than it is read.</param>
/// <param name="every">Seconds between two states of a network that is being trained.</param>
internal sealed class NetworkStore(string folder, string fingerprint, double least, double every)
{
    /// <summary>The extension of a trained network.</summary>
    public const string Extension = ".net";

    private const string Network = "emotionxai-network-1", Order = "emotionxai-order-2", State = "emotionxai-training-1";

    private int _next;

    /// <summary>The number of the next piece of work.</summary>
    public int Next() => _next++;

    /// <summary>Whether something was kept, so that building a network to take it is worth while.</summary>
    public bool Has(int number) => File.Exists(PathOf(number, Extension));

    /// <summary>Gives a network that is just built the weights that were kept.</summary>
    /// <returns>The seconds that its training took; null where nothing fits.</returns>
    public double? Find(int number, ulong seed, Classifier classifier)
    {
        if (SealedFile.Read(PathOf(number, Extension), Head(Network, number, seed)) is not byte[] content || content.Length != sizeof(double) + (classifier.StoredCount * sizeof(float))) return null;
        ReadOnlySpan<float> values = MemoryMarshal.Cast<byte, float>(content.AsSpan(sizeof(double)));
        foreach (Parameter parameter in classifier.Parameters)
        {
            int length = parameter.Value.Shape.Length;
            parameter.Value.CopyFrom(values[..length]);
            values = values[length..];
        }

        return BitConverter.ToDouble(content);
    }

    /// <summary>Keeps a network.</summary>
    public void Keep(int number, ulong seed, Classifier classifier, double seconds)
    {
        if (seconds < least) return;
        SealedFile.Write(PathOf(number, Extension), Head(Network, number, seed), [BitConverter.GetBytes(seconds), .. classifier.Parameters.Select(p => MemoryMarshal.AsBytes(p.Value.ToArray().AsSpan()).ToArray())]);
        File.Delete(PathOf(number, TrainingKeeper.Extension));
    }

    /// <summary>Keeps a network's state while it is being trained.</summary>
    public TrainingKeeper Training(int number, ulong seed) => new(PathOf(number, TrainingKeeper.Extension), Head(State, number, seed), every);

    /// <summary>An order of landmarks that was kept; null where nothing fits.</summary>
    public SelectedOrder? FindOrder(int number, ulong seed, int landmarks)
    {
        if (SealedFile.Read(PathOf(number, ".order"), Head(Order, number, seed)) is not byte[] content || content.Length < landmarks * (sizeof(int) + sizeof(double))) return null;
        int ints = landmarks * sizeof(int), doubles = landmarks * sizeof(double);
        return new SelectedOrder([.. MemoryMarshal.Cast<byte, int>(content.AsSpan(0, ints))], [.. MemoryMarshal.Cast<byte, double>(content.AsSpan(ints, doubles))])
        {
            Regions = Encoding.UTF8.GetString(content.AsSpan(ints + doubles)).Split(',', StringSplitOptions.RemoveEmptyEntries),
        };
    }

    /// <summary>Keeps an order.</summary>
    public void Keep(int number, ulong seed, SelectedOrder order, double seconds)
    {
        if (seconds < least) return;
        SealedFile.Write(PathOf(number, ".order"), Head(Order, number, seed), [MemoryMarshal.AsBytes(order.Order.AsSpan()).ToArray(), MemoryMarshal.AsBytes(order.Aligned.AsSpan()).ToArray(), Encoding.UTF8.GetBytes(string.Join(',', order.Regions))]);
    }

    /// <summary>The fold is done.</summary>
    public void Clear()
    {
        if (Directory.Exists(folder)) Directory.Delete(folder, recursive: true);
    }

    private string PathOf(int number, string extension) => Path.Combine(folder, $"{number:00000}{extension}");

    private string Head(string mark, int number, ulong seed) => $"{mark} {fingerprint} {number} {seed}";
}
