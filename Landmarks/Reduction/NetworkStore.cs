using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using EmotionXai.Engine.Autodiff;
using EmotionXai.Engine.Layers;

namespace EmotionXai.Landmarks.Reduction;

/// <summary>
/// Keeps the trained networks of a fold that is under way, by their number in it, so that a fold which was stopped takes them back
/// instead of training them again. A fold trains its networks in a fixed order; every file names the run, its number and its seed, and
/// carries a checksum, so that only the very same network is taken. Not for two threads at once.
/// </summary>
/// <param name="folder">The fold's own.</param>
/// <param name="fingerprint">The run's.</param>
/// <param name="least">Networks that took fewer seconds are trained again sooner than they are read.</param>
internal sealed class NetworkStore(string folder, string fingerprint, double least)
{
    /// <summary>The extension of the files.</summary>
    public const string Extension = ".net";

    private const string Mark = "emotionxai-network-1";

    private int _next;

    /// <summary>The number of the next network.</summary>
    public int Next() => _next++;

    /// <summary>Gives a network that is just built the weights that were kept.</summary>
    /// <returns>The seconds that its training took; null where nothing fits.</returns>
    public double? Find(int number, ulong seed, Classifier classifier)
    {
        string path = PathOf(number);
        if (!File.Exists(path)) return null;
        byte[] bytes = File.ReadAllBytes(path);
        if (bytes.Length < SHA256.HashSizeInBytes) return null;
        ReadOnlySpan<byte> content = bytes.AsSpan(0, bytes.Length - SHA256.HashSizeInBytes);
        if (!SHA256.HashData(content).AsSpan().SequenceEqual(bytes.AsSpan(content.Length))) return null;
        byte[] head = Head(number, seed);
        if (content.Length != head.Length + sizeof(double) + (classifier.StoredCount * sizeof(float)) || !content.StartsWith(head)) return null;
        double seconds = BitConverter.ToDouble(content[head.Length..]);
        ReadOnlySpan<float> values = MemoryMarshal.Cast<byte, float>(content[(head.Length + sizeof(double))..]);
        foreach (Parameter parameter in classifier.Parameters)
        {
            int length = parameter.Value.Shape.Length;
            parameter.Value.CopyFrom(values[..length].ToArray());
            values = values[length..];
        }

        return seconds;
    }

    /// <summary>Keeps a network.</summary>
    public void Keep(int number, ulong seed, Classifier classifier, double seconds)
    {
        if (seconds < least) return;
        Directory.CreateDirectory(folder);
        using MemoryStream content = new();
        content.Write(Head(number, seed));
        content.Write(BitConverter.GetBytes(seconds));
        foreach (Parameter parameter in classifier.Parameters) content.Write(MemoryMarshal.AsBytes(parameter.Value.ToArray().AsSpan()));
        content.Write(SHA256.HashData(content.GetBuffer().AsSpan(0, (int)content.Length)));
        AtomicFile.WriteStream(PathOf(number), stream => content.WriteTo(stream));
    }

    /// <summary>The fold is done.</summary>
    public void Clear()
    {
        if (Directory.Exists(folder)) Directory.Delete(folder, recursive: true);
    }

    private string PathOf(int number) => Path.Combine(folder, $"{number:00000}{Extension}");

    private byte[] Head(int number, ulong seed) => Encoding.UTF8.GetBytes($"{Mark} {fingerprint} {number} {seed}\n");
}
