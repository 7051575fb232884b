using EmotionXai.Engine.Serialization;

namespace EmotionXai.Landmarks;

/// <summary>Files that are written whole or not at all: under a temporary name, then renamed.</summary>
public static class AtomicFile
{
    /// <summary>Writes a text as UTF-8.</summary>
    public static void WriteText(string path, string text) => Write(path, writer => writer.Write(text));

    /// <summary>Writes through a writer. If it throws, nothing is left behind.</summary>
    public static void Write(string path, Action<TextWriter> write) => WriteStream(path, stream =>
    {
        using StreamWriter writer = new(stream, leaveOpen: true) { NewLine = "\n" };
        write(writer);
    });

    /// <summary>Writes bytes. If it throws, nothing is left behind.</summary>
    public static void WriteStream(string path, Action<Stream> write) => WholeFile.Write(path, write);
}

/// <summary>Names of files made from names of emotions.</summary>
public static class FileNames
{
    private const int Longest = 60, HashDigits = 8;

    /// <summary>
    /// Letters, digits and hyphens stay, anything else becomes an underscore, and what is too long is cut. A name that was changed ends
    /// in an underscore and a hash of the whole of it, so that no two names share a file.
    /// </summary>
    public static string Safe(string name)
    {
        string safe = string.Concat(name.Select(c => char.IsAsciiLetterOrDigit(c) || c == '-' ? c : '_'));
        if (safe == name && name.Length is > 0 and <= Longest) return name;
        string hash = Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(name)));
        return $"{safe[..Math.Min(safe.Length, Longest)]}_{hash[..HashDigits]}";
    }
}
