using System.CommandLine;
using System.Runtime.InteropServices;
using System.Text.Json.Nodes;
using EmotionXai.Engine.Backends.Cpu;
using EmotionXai.Engine.Backends.Profiling;
using EmotionXai.Engine.Gpu;
using EmotionXai.Explain;
using EmotionXai.Landmarks;
using EmotionXai.Landmarks.Datasets;
using EmotionXai.Landmarks.Topologies;

namespace EmotionXai.Cli.Verbs;

/// <summary><c>info</c>: what this build can do on this machine.</summary>
internal static class InfoVerb
{
    public static Verb Create(Terminal terminal) => new(
        "info",
        "Version, devices, vector width, networks, formats, topologies and attribution methods; the machine's limits with --limits.",
        command => Fill(command, terminal),
        "info",
        "info --limits",
        "info --kernels runs/ptx",
        "info --json");

    private static void Fill(Command command, Terminal terminal)
    {
        Option<bool> limits = Setting.Flag("--limits", "Measure what this machine can do at most: multiply-adds and bytes a second.");
        Option<int> threads = Setting.Count("--threads", "Threads that are measured together.", Environment.ProcessorCount);
        Option<string> kernels = Setting.Path("--kernels", "Compile every GPU kernel for sm_80 and sm_90, which needs no GPU, and write the PTX into this folder.");
        command.Options.Add(limits);
        command.Options.Add(threads);
        command.Options.Add(kernels);
        terminal.AddTo(command);
        command.SetAction(parsed =>
        {
            using CpuBackend cpu = new();
            string version = typeof(InfoVerb).Assembly.GetName().Version!.ToString(3);
            string[] topologies = [LandmarkTopology.Ibug68.Name, LandmarkTopology.MediaPipe468.Name], methods = [.. AttributionMethods.All.Select(m => m.Name)];
            IReadOnlyList<string> gpus = GpuDevices.Describe();
            MachineLimits? measured = parsed.GetValue(limits) ? MachineLimits.Measure(parsed.GetValue(threads)) : null;
            IReadOnlyList<KernelReport>? compiled = parsed.GetValue(kernels) is string folder ? KernelFiles.Write(folder, terminal.Eyes(parsed)) : null;
            return Task.FromResult(terminal.Close(
                parsed,
                () =>
                {
                    JsonObject result = new()
                    {
                        ["verb"] = "info",
                        ["version"] = version,
                        ["runtime"] = RuntimeInformation.FrameworkDescription,
                        ["devices"] = Json.Words(Backends.Names),
                        ["gpus"] = Json.Words(gpus),
                        ["memory_mib"] = MemoryMiB,
                        ["threads"] = Environment.ProcessorCount,
                        ["vector_bits"] = cpu.Width * 32,
                        ["networks"] = Json.Words(ModelNames.All),
                        ["formats"] = Json.Words(LandmarkDataset.Formats),
                        ["topologies"] = Json.Words(topologies),
                        ["methods"] = Json.Words(methods),
                    };
                    if (measured is not null) result["limits"] = Limits(measured);
                    if (compiled is not null) result["kernels"] = KernelFiles.Describe(compiled);
                    return result;
                },
                output =>
                {
                    output.WriteLine($"emotionxai {version} on {RuntimeInformation.FrameworkDescription}, {RuntimeInformation.ProcessArchitecture}");
                    output.WriteLine($"devices     {string.Join(", ", Backends.Names)}");
                    output.WriteLine($"cpu         {Environment.ProcessorCount} threads, {MemoryMiB} MiB, {cpu.Width * 32}-bit vectors (EMOTIONXAI_SIMD=512|256|128|1 forces a width; 1 is scalar)");
                    foreach (string gpu in gpus) output.WriteLine($"gpu         {gpu}");
                    if (gpus.Count == 0) output.WriteLine($"gpu         none: {GpuDevices.Missing}");
                    output.WriteLine($"emulated    {GpuDevices.DescribeEmulated()}");
                    output.WriteLine($"networks    {string.Join(", ", ModelNames.All)}");
                    output.WriteLine($"formats     {string.Join(", ", LandmarkDataset.Formats)}");
                    output.WriteLine($"topologies  {string.Join(", ", topologies)}");
                    output.WriteLine($"methods     {string.Join(", ", methods)}");
                    if (measured is not null) output.WriteLine($"limits      {RooflineTable.Describe(measured)}");
                }));
        });
    }

    private static long MemoryMiB => GC.GetGCMemoryInfo().TotalAvailableMemoryBytes >> 20;

    private static JsonObject Limits(MachineLimits limits) => new()
    {
        ["threads"] = limits.Threads,
        ["flops"] = limits.Peak,
        ["memory_bytes_per_second"] = limits.MemoryBandwidth,
        ["cache_bytes_per_second"] = limits.CacheBandwidth,
    };
}
