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
    public static void WriteStream(string path, Action<Stream> write)
    {
        string temporary = path + ".tmp";
        try
        {
            using (FileStream stream = File.Create(temporary))
            {
                write(stream);

                // A power cut after the renaming must not leave a name without its content.
                if (stream.CanWrite) stream.Flush(flushToDisk: true);
            }

            File.Move(temporary, path, overwrite: true);
        }
        catch
        {
            File.Delete(temporary);
            throw;
        }
    }
}

/// <summary>Names of files made from names of emotions.</summary>
public static class FileNames
{
    /// <summary>Letters, digits and hyphens; anything else becomes an underscore.</summary>
    public static string Safe(string name) => string.Concat(name.Select(c => char.IsAsciiLetterOrDigit(c) || c == '-' ? c : '_'));
}
