using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace EmotionXai.Engine.Serialization;

/// <summary>
/// Files from strangers, opened with care: a named pipe would wait for ever, and a device never ends, so neither is opened; and
/// nothing larger than its reader can want is read whole.
/// </summary>
internal static class InputFile
{
    private const int CurrentFolder = -100, TypeMask = 0xF000, Pipe = 0x1000, CharacterDevice = 0x2000, BlockDevice = 0x6000, Socket = 0xC000;
    private const uint WantType = 1;

    // struct statx: the mode, 16 bits, stands at byte 28 on every architecture.
    private const int StatBytes = 256, ModeAt = 28;

    /// <summary>Opens a file for reading, from its start to its end.</summary>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InvalidDataException">It is a pipe, a device, a socket or a folder.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be read.</exception>
    public static FileStream Open(string path, int buffer = 4096)
    {
        Require(path);
        return new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, buffer, FileOptions.SequentialScan);
    }

    /// <summary>All bytes of a file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="most">The bytes that its reader can want at most.</param>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InvalidDataException">It is larger, or no regular file.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be read.</exception>
    public static byte[] ReadAll(string path, long most)
    {
        using FileStream stream = Open(path, buffer: 0);
        if (stream.Length > most) throw new InvalidDataException($"{path}: it has {stream.Length} bytes, and a file of its kind has {most} at most. Check that it is the file you mean.");
        byte[] bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        return bytes;
    }

    /// <summary>Refuses what is no regular file.</summary>
    /// <exception cref="InvalidDataException">It is a pipe, a device, a socket or a folder.</exception>
    public static void Require(string path)
    {
        if (Directory.Exists(path)) throw new InvalidDataException($"{path}: this is a folder. Give a file.");
        if (KindOf(path) is string kind) throw new InvalidDataException($"{path}: this is {kind}, no file. Write what it gives into a file, and give that.");
    }

    /// <summary>What a path is, in words; null for a file or folder, for nothing, and where the system does not tell.</summary>
    public static string? KindOf(string path)
    {
        if (!OperatingSystem.IsLinux()) return null;
        byte[] stat = new byte[StatBytes];
        try
        {
            if (Stat(CurrentFolder, path, 0, WantType, stat) != 0) return null;
        }
        catch (EntryPointNotFoundException)
        {
            return null;
        }

        return (BinaryPrimitives.ReadUInt16LittleEndian(stat.AsSpan(ModeAt)) & TypeMask) switch
        {
            Pipe => "a named pipe",
            CharacterDevice or BlockDevice => "a device",
            Socket => "a socket",
            _ => null,
        };
    }

    [DllImport("libc", EntryPoint = "statx")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Stat(int folder, [MarshalAs(UnmanagedType.LPUTF8Str)] string path, int flags, uint mask, byte[] result);
}
