using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;

namespace EmotionXai.Bench.Ptx;

/// <summary>What NVIDIA's assembler, ptxas, makes of a kernel, where it is on the PATH.</summary>
/// <param name="Registers">32-bit registers of a thread.</param>
/// <param name="SpillBytes">Bytes of registers that went to memory, stores and loads.</param>
internal sealed partial record Assembler(int Registers, int SpillBytes)
{
    /// <summary>Assembles a kernel; null where there is no <paramref name="program"/>.</summary>
    /// <exception cref="InvalidOperationException">It refuses the kernel.</exception>
    public static Assembler? Of(string ptx, string architecture, string program = "ptxas")
    {
        string file = Path.GetTempFileName();
        try
        {
            File.WriteAllText(file, ptx);
            using Process process = Process.Start(new ProcessStartInfo(program, ["-v", $"-arch={architecture}", "-o", $"{file}.cubin", file]) { RedirectStandardOutput = true, RedirectStandardError = true })!;
            Task<string> other = process.StandardOutput.ReadToEndAsync();
            string said = process.StandardError.ReadToEnd() + other.Result;
            process.WaitForExit();
            return process.ExitCode == 0 ? Read(said) : throw new InvalidOperationException($"ptxas: {said}");
        }
        catch (Win32Exception)
        {
            return null;
        }
        finally
        {
            File.Delete(file);
            File.Delete($"{file}.cubin");
        }
    }

    /// <summary>Reads what <c>ptxas -v</c> says.</summary>
    public static Assembler Read(string said) => new(
        int.Parse(Used().Match(said).Groups[1].Value, CultureInfo.InvariantCulture),
        Spilled().Matches(said).Sum(m => int.Parse(m.Groups[1].Value, CultureInfo.InvariantCulture)));

    /// <summary>Groups that a multiprocessor holds at once: registers go out in eights a thread, 65,536 there are; 2,048 threads; shared memory with 1 KiB a group.</summary>
    public int Groups(int threads, int sharedBytes, string architecture)
    {
        int shared = architecture == "sm_80" ? 164 : 228;
        return Math.Min(Math.Min(65536 / ((Registers + 7) / 8 * 8 * threads), 2048 / threads), Math.Min(32, (shared << 10) / (sharedBytes + 1024)));
    }

    [GeneratedRegex(@"Used (\d+) registers")]
    private static partial Regex Used();

    [GeneratedRegex(@"(\d+) bytes spill")]
    private static partial Regex Spilled();
}
