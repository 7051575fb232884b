using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace EmotionXai.Landmarks.Spilling;

/// <summary>
/// Numbers on disk instead of in memory: a temporary file in the folder of such files (TMPDIR), which is gone with the process, however
/// that ends. What was written lately the system keeps in memory that is free, so that reading is a copy. Several threads may read.
/// </summary>
internal sealed class SpillFile
{
    private readonly SafeFileHandle _handle;
    private long _bytes;

    public SpillFile()
    {
        string path = Path.Combine(Path.GetTempPath(), $"emotionxai-{Guid.NewGuid():N}.tmp");
        try
        {
            _handle = File.OpenHandle(path, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None, FileOptions.DeleteOnClose);

            // Without a name it goes away even where the process is killed; on other systems the handle sees to it.
            if (!OperatingSystem.IsWindows()) File.Delete(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Fault(e);
        }
    }

    /// <summary>Adds numbers, and says where they stand. One thread at a time.</summary>
    /// <exception cref="IOException">The disk is full.</exception>
    public long Append(ReadOnlySpan<float> values)
    {
        long at = _bytes;
        try
        {
            RandomAccess.Write(_handle, MemoryMarshal.AsBytes(values), at);
        }
        catch (IOException e)
        {
            throw Fault(e);
        }

        _bytes += values.Length * sizeof(float);
        return at / sizeof(float);
    }

    /// <summary>Reads numbers that were added.</summary>
    /// <param name="at">Where they stand.</param>
    /// <param name="to">As many as are read.</param>
    public void Read(long at, Span<float> to)
    {
        Span<byte> bytes = MemoryMarshal.AsBytes(to);
        long offset = at * sizeof(float);
        while (bytes.Length > 0)
        {
            int read = RandomAccess.Read(_handle, bytes, offset);
            if (read == 0) throw new IOException($"{Path.GetTempPath()}: a temporary file has lost its end; run it again.");
            offset += read;
            bytes = bytes[read..];
        }
    }

    private static IOException Fault(Exception e) =>
        new($"{Path.GetTempPath()}: clips that do not fit in memory cannot be kept there ({e.Message.TrimEnd('.')}). Set TMPDIR to a folder on a disk with room, or give a larger --memory.", e);
}
