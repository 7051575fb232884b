using System.CommandLine;
using System.Runtime.InteropServices;
using EmotionXai.Engine.Backends.Cpu;
using EmotionXai.Landmarks.Reduction;

namespace EmotionXai.Cli;

/// <summary>What makes results: the command, this program, this machine.</summary>
internal static class Origins
{
    public static RunOrigin Of(ParseResult parsed)
    {
        using CpuBackend cpu = new(1);
        string command = parsed.Tokens.Aggregate("emotionxai", (line, token) => $"{line} {ShellWord.Quote(token.Value)}");
        string machine = $"{RuntimeInformation.FrameworkDescription}, {RuntimeInformation.OSDescription}, {RuntimeInformation.ProcessArchitecture}, {Environment.ProcessorCount} processors, {cpu.Width * 32}-bit vectors";
        return new RunOrigin(command, typeof(Origins).Assembly.GetName().Version!.ToString(3), machine);
    }
}
