using System.Globalization;
using System.Runtime.InteropServices;
using EmotionXai.Bench.Peers;
using EmotionXai.Bench.Peers.Native;
using EmotionXai.Bench.Peers.Works;
using EmotionXai.Engine.Backends.Cpu;
using EmotionXai.Engine.Backends.Profiling;

if (args is [Memory.Verb, var side, var clips, var batch, var threads])
{
    Memory.Child(side, int.Parse(clips, CultureInfo.InvariantCulture), int.Parse(batch, CultureInfo.InvariantCulture), int.Parse(threads, CultureInfo.InvariantCulture));
    return 0;
}

if (args is [Comparison.Verb, var before, var after]) return Comparison.Run(before, after);

Settings settings = Settings.Full;
if (args is [Twin.Verb])
{
    if (Torch.Load(settings.Threads) is not { } absent) return Twin.Run();
    Console.Error.WriteLine($"error: {absent}");
    return 1;
}

string? json = null;
for (int i = 0; i < args.Length; i++)
{
    if (args[i] == "--quick") settings = Settings.Quick with { Filter = settings.Filter };
    else if (args[i] == "--json" && i + 1 < args.Length) json = args[++i];
    else if (args[i] == "--filter" && i + 1 < args.Length) settings = settings with { Filter = args[++i] };
    else
    {
        Console.Error.WriteLine($"error: '{args[i]}' is no option, or lacks its value. Usage: ./bench.sh peers [--quick] [--json FILE] [--filter TEXT], ./bench.sh compare A.json B.json, or ./bench.sh twin");
        return 2;
    }
}

if (Torch.Load(settings.Threads) is { } missing)
{
    Console.Error.WriteLine($"error: {missing}");
    return 1;
}

string machine;
using (CpuBackend cpu = new())
{
    MachineLimits limits = MachineLimits.Measure(settings.Threads);
    settings = settings with { Limits = limits };
    string blas = OpenBlas.Open(settings.Threads) ?? "no OpenBLAS (libopenblas.so.0 is not here)", dnn = OneDnn.Open(settings.Threads) ?? "no oneDNN (libdnnl.so.2 is not here)";
    string system = $"{RuntimeInformation.FrameworkDescription}, {RuntimeInformation.RuntimeIdentifier}, {Environment.ProcessorCount} processors, {cpu.Width * 32}-bit vectors; libtorch {TorchSharp.torch.__version__}, ONNX Runtime {Versions.Onnx}, {blas}, {dnn}";
    string reach = string.Create(CultureInfo.InvariantCulture, $"{settings.Threads} threads each; FMA peak {limits.Peak * 1e-9:0} GFLOP/s, memory {limits.MemoryBandwidth * 1e-9:0.0} GB/s, cache {limits.CacheBandwidth * 1e-9:0} GB/s");
    machine = $"{system}; {reach}";
    Console.WriteLine(system);
    Console.WriteLine($"{reach}; medians of {settings.Rounds} alternating rounds, ± half the distance of the quartiles, ours / peer");
}

string commit = Environment.GetEnvironmentVariable("PEERS_COMMIT") ?? "";
List<Row> rows = [];
Table table = new(Console.Out);
foreach ((string name, Func<IEnumerable<Row>> work) in Suite.Of(settings))
{
    if (!name.Contains(settings.Filter, StringComparison.OrdinalIgnoreCase)) continue;
    foreach (Row row in work())
    {
        rows.Add(row with { Machine = machine, Commit = commit });
        table.Add(row);
    }
}

table.Close(rows);
if (json is not null)
{
    string temporary = json + ".tmp";
    File.WriteAllText(temporary, Row.Json(rows));
    File.Move(temporary, json, overwrite: true);
}

return rows.TrueForAll(r => r.Agrees) ? 0 : 1;
