using System.Text;

namespace EmotionXai.Fuzz;

/// <summary>A reader of files from strangers, with some whole files to begin with.</summary>
/// <param name="Name">Its name on the command line.</param>
/// <param name="File">What the file is called, below a folder.</param>
/// <param name="Seeds">Makes whole files.</param>
/// <param name="Read">Reads the file of that path, and uses what was read as the program would.</param>
internal sealed record FuzzTarget(string Name, string File, Func<IReadOnlyList<byte[]>> Seeds, Action<string> Read)
{
    private const long SmallMemory = 200_000_000;
    private const int MemoryPerByte = 20;
    private const double LongestSeconds = 2;

    /// <summary>Tries an input.</summary>
    /// <param name="folder">Where the file is put.</param>
    /// <param name="input">Its bytes.</param>
    /// <param name="timed">Whether time and memory count. Not where other work goes on in the same process.</param>
    public FuzzOutcome Try(string folder, ReadOnlySpan<byte> input, bool timed = true)
    {
        string path = Path.Combine(folder, File);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        System.IO.File.WriteAllBytes(path, input);
        long allocated = GC.GetTotalAllocatedBytes();
        TimeSpan start = Environment.CpuUsage.TotalTime;
        string? fault = null;
        try
        {
            Read(path);
        }
        catch (Exception e) when (e is InvalidDataException or UnauthorizedAccessException or FileNotFoundException)
        {
            fault = Message(path, e.Message);
        }
        catch (Exception e)
        {
            fault = $"{e.GetType().Name}: {e.Message} {e.StackTrace}";
        }

        // Of the processor: others may be at work on the machine.
        double seconds = (Environment.CpuUsage.TotalTime - start).TotalSeconds;
        long bytes = GC.GetTotalAllocatedBytes() - allocated;
        if (fault is null && timed && seconds > LongestSeconds) fault = $"it took {seconds:0.0} s";

        // All that was allocated, freed or not, is more than was held at once; an input that passes needs no closer look.
        if (fault is null && timed && bytes > Math.Max(SmallMemory, MemoryPerByte * (long)input.Length)) fault = $"it allocated {bytes / 1e6:0} MB for {input.Length} bytes";
        return new FuzzOutcome(fault, seconds, bytes);
    }

    // A refusal is one line that begins with the file and that a terminal shows as it is.
    private static string? Message(string path, string message) =>
        !message.Contains(Path.GetFileName(path), StringComparison.Ordinal) ? $"the message names no file: {message}"
        : message.Contains('\n', StringComparison.Ordinal) ? $"the message has two lines: {message}"
        : null;
}

/// <summary>What became of an input.</summary>
/// <param name="Fault">What the reader did wrong; null where it read or refused the file as it should.</param>
/// <param name="Seconds">How long it took the processor.</param>
/// <param name="Bytes">What was allocated meanwhile.</param>
internal sealed record FuzzOutcome(string? Fault, double Seconds, long Bytes);

/// <summary>Changes files as accidents and attackers do: bits, bytes, lengths and numbers, pieces lost, doubled and mixed.</summary>
internal static class Mutation
{
    private const int MostChanges = 6;

    private static readonly long[] s_numbers = [0, 1, -1, 2, 7, 8, 15, 16, 127, 128, 255, 256, 32767, 65535, 65536, 1 << 24, (1 << 24) + 1, int.MaxValue, int.MinValue, uint.MaxValue, long.MaxValue, long.MinValue];

    private static readonly byte[][] s_words =
    [
        .. new[]
        {
            "null", "NaN", "Infinity", "-1", "0", "1e38", "1e300", "-0", "2147483648", "9223372036854775808", "true", "\"", "\"\"", ",", ";", "\n", "\r\n", "[", "]", "[]", "{", "}", "{}", ":",
            "\\u001b[31m", "\u001b]0;x\u0007", "=cmd()", "\u202e", "\ufeff", "x_0", "y_0", "frame", "label", "unlabelled", "../..", "#", " ", "\t", "\0",
        }.Select(Encoding.UTF8.GetBytes),
    ];

    /// <summary>A changed copy.</summary>
    public static byte[] Of(byte[] whole, IReadOnlyList<byte[]> others, Random random, int longest)
    {
        List<byte> bytes = [.. whole];
        for (int changes = random.Next(1, MostChanges + 1); changes > 0; changes--) Change(bytes, others, random);
        if (bytes.Count > longest) bytes.RemoveRange(longest, bytes.Count - longest);
        return [.. bytes];
    }

    private static void Change(List<byte> bytes, IReadOnlyList<byte[]> others, Random random)
    {
        if (bytes.Count == 0)
        {
            bytes.Add((byte)random.Next(256));
            return;
        }

        int at = random.Next(bytes.Count), length = Math.Min(bytes.Count - at, 1 + random.Next(random.Next(4) == 0 ? bytes.Count : 16));
        switch (random.Next(10))
        {
            case 0:
                bytes[at] ^= (byte)(1 << random.Next(8));
                break;
            case 1:
                bytes[at] = (byte)random.Next(256);
                break;
            case 2:
                bytes[at] = (byte)(bytes[at] + random.Next(-8, 9));
                break;
            case 3:
                bytes.RemoveRange(at, length);
                break;
            case 4:
                bytes.InsertRange(random.Next(bytes.Count), [.. bytes.Skip(at).Take(length)]);
                break;
            case 5:
                bytes.RemoveRange(at, bytes.Count - at);
                break;
            case 6:
                byte[] number = BitConverter.GetBytes(s_numbers[random.Next(s_numbers.Length)]);
                int width = 1 << random.Next(4);
                for (int i = 0; i < width && at + i < bytes.Count; i++) bytes[at + i] = number[i];
                break;
            case 7:
                bytes.InsertRange(at, s_words[random.Next(s_words.Length)]);
                break;
            case 8:
                byte[] word = s_words[random.Next(s_words.Length)];
                bytes.RemoveRange(at, length);
                bytes.InsertRange(at, word);
                break;
            default:
                byte[] other = others[random.Next(others.Count)];
                if (other.Length == 0) break;
                int from = random.Next(other.Length);
                bytes.RemoveRange(at, length);
                bytes.InsertRange(at, other.AsSpan(from, Math.Min(other.Length - from, length)).ToArray());
                break;
        }
    }
}
