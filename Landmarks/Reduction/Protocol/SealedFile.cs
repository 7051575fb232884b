using System.Security.Cryptography;
using System.Text;

namespace EmotionXai.Landmarks.Reduction;

/// <summary>Bytes behind a line that says what they are, and before a SHA-256 over both.</summary>
internal static class SealedFile
{
    /// <summary>The bytes; null where there is no such file, or it is of something else, or damaged.</summary>
    public static byte[]? Read(string path, string head)
    {
        if (!File.Exists(path)) return null;
        byte[] bytes = File.ReadAllBytes(path), line = Line(head);
        if (bytes.Length < line.Length + SHA256.HashSizeInBytes) return null;
        ReadOnlySpan<byte> content = bytes.AsSpan(0, bytes.Length - SHA256.HashSizeInBytes);
        return content.StartsWith(line) && SHA256.HashData(content).AsSpan().SequenceEqual(bytes.AsSpan(content.Length)) ? content[line.Length..].ToArray() : null;
    }

    /// <summary>Writes parts behind each other, whole or not at all; makes the folder where it is missing.</summary>
    public static void Write(string path, string head, IEnumerable<byte[]> parts)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        AtomicFile.WriteStream(path, stream =>
        {
            foreach (byte[] part in parts.Prepend(Line(head)))
            {
                hash.AppendData(part);
                stream.Write(part);
            }

            stream.Write(hash.GetHashAndReset());
        });
    }

    private static byte[] Line(string head) => Encoding.UTF8.GetBytes(head + "\n");
}
