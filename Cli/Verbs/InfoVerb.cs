using System.CommandLine;
using System.Runtime.InteropServices;
using EmotionXai.Engine.Backends.Cpu;
using EmotionXai.Engine.Backends.Profiling;
using EmotionXai.Explain;
using EmotionXai.Landmarks;
using EmotionXai.Landmarks.Datasets;
using EmotionXai.Landmarks.Topologies;

namespace EmotionXai.Cli.Verbs;

/// <summary><c>info</c>: what this build can do on this machine.</summary>
internal static class InfoVerb
{
    public static Command Create(TextWriter output)
    {
        Option<bool> limits = Setting.Flag("--limits", "Measure what this machine can do at most: multiply-adds and bytes a second.");
        Option<int> threads = Setting.Count("--threads", "Threads that are measured together.", Environment.ProcessorCount);
        Command command = new("info", "Version, devices, vector width, networks, formats, topologies and attribution methods; the machine's limits with --limits.");
        command.Options.Add(limits);
        command.Options.Add(threads);
        command.SetAction(parsed =>
        {
            using CpuBackend cpu = new();
            output.WriteLine($"emotionxai {typeof(InfoVerb).Assembly.GetName().Version!.ToString(3)} on {RuntimeInformation.FrameworkDescription}, {RuntimeInformation.ProcessArchitecture}");
            output.WriteLine($"devices     {string.Join(", ", Backends.Names)}");
            output.WriteLine($"cpu         {Environment.ProcessorCount} threads, {cpu.Width * 32}-bit vectors (EMOTIONXAI_SIMD=512|256|128|1 forces a width; 1 is scalar)");
            output.WriteLine($"models      {string.Join(", ", ModelNames.All)}");
            output.WriteLine($"formats     {string.Join(", ", LandmarkDataset.Formats)}");
            output.WriteLine($"topologies  {LandmarkTopology.Ibug68.Name}, {LandmarkTopology.MediaPipe468.Name}");
            output.WriteLine($"methods     {string.Join(", ", AttributionMethods.All.Select(m => m.Name))}");
            if (parsed.GetValue(limits)) output.WriteLine($"limits      {RooflineTable.Describe(MachineLimits.Measure(parsed.GetValue(threads)))}");
            return Task.FromResult(0);
        });
        return command;
    }
}
