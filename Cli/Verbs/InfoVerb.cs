using System.CommandLine;
using System.Runtime.InteropServices;
using EmotionXai.Engine.Backends.Cpu;
using EmotionXai.Explain;
using EmotionXai.Landmarks;
using EmotionXai.Landmarks.Datasets;
using EmotionXai.Landmarks.Topologies;

namespace EmotionXai.Cli.Verbs;

/// <summary><c>info</c>: what this build can do on this machine.</summary>
internal static class InfoVerb
{
    public static Command Create(Terminal terminal)
    {
        Verb command = new("info", "Version, devices, vector width, networks, formats, topologies and attribution methods.", "info", "info --json");
        terminal.AddTo(command);
        command.SetAction(parsed =>
        {
            using CpuBackend cpu = new();
            string version = typeof(InfoVerb).Assembly.GetName().Version!.ToString(3);
            string[] topologies = [LandmarkTopology.Ibug68.Name, LandmarkTopology.MediaPipe468.Name], methods = [.. AttributionMethods.All.Select(m => m.Name)];
            return Task.FromResult(terminal.Close(
                parsed,
                () => new()
                {
                    ["verb"] = "info",
                    ["version"] = version,
                    ["runtime"] = RuntimeInformation.FrameworkDescription,
                    ["devices"] = Json.Words(Backends.Names),
                    ["threads"] = Environment.ProcessorCount,
                    ["vector_bits"] = cpu.Width * 32,
                    ["models"] = Json.Words(ModelNames.All),
                    ["formats"] = Json.Words(LandmarkDataset.Formats),
                    ["topologies"] = Json.Words(topologies),
                    ["methods"] = Json.Words(methods),
                },
                output =>
                {
                    output.WriteLine($"emotionxai {version} on {RuntimeInformation.FrameworkDescription}, {RuntimeInformation.ProcessArchitecture}");
                    output.WriteLine($"devices     {string.Join(", ", Backends.Names)}");
                    output.WriteLine($"cpu         {Environment.ProcessorCount} threads, {cpu.Width * 32}-bit vectors (EMOTIONXAI_SIMD=512|256|128|1 forces a width; 1 is scalar)");
                    output.WriteLine($"models      {string.Join(", ", ModelNames.All)}");
                    output.WriteLine($"formats     {string.Join(", ", LandmarkDataset.Formats)}");
                    output.WriteLine($"topologies  {string.Join(", ", topologies)}");
                    output.WriteLine($"methods     {string.Join(", ", methods)}");
                }));
        });
        return command;
    }
}
