namespace EmotionXai.Engine.Serialization;

/// <summary>Files that are written whole or not at all: under a temporary name, then renamed.</summary>
internal static class WholeFile
{
    /// <summary>Writes a file. If the writing throws, nothing is left behind.</summary>
    public static void Write(string path, Action<Stream> write)
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
