using System.Globalization;
using EmotionXai.Bench.Peers.Native;
using EmotionXai.Bench.Peers.Works;
using EmotionXai.Engine.Backends.Cpu;
using EmotionXai.Engine.Backends.Profiling;

namespace EmotionXai.Bench.Peers;

/// <summary>The contest: reads its options, runs the works that they name, writes the rows.</summary>
internal static class PeersCommand
{
    /// <summary>The exit code: 1 where the sides disagree or libtorch is missing, 2 where an option is wrong.</summary>
    public static int Run(string[] args)
    {
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
                Console.Error.WriteLine($"error: '{args[i]}' is no option, or lacks its value. Usage: ./bench.sh peers [--quick] [--json FILE] [--filter TEXT], ./bench.sh compare A.json B.json, ./bench.sh tables [--check], or ./bench.sh twin");
                return 2;
            }
        }

        if (Torch.Load(settings.Threads) is { } missing)
        {
            Console.Error.WriteLine($"error: {missing}");
            return 1;
        }

        MachineLimits limits = MachineLimits.Measure(settings.Threads);
        using HardwareCounters? counters = HardwareCounters.Open(out string notCounted);
        settings = settings with { Limits = limits, Counters = counters };
        SortedDictionary<string, string> versions = new(StringComparer.Ordinal)
        {
            [".NET"] = Environment.Version.ToString(),
            ["libtorch"] = TorchSharp.torch.__version__,
            ["ONNX Runtime"] = Versions.Onnx,
            ["OpenBLAS"] = Versions.After("OpenBLAS ", OpenBlas.Open(settings.Threads)) ?? "absent (libopenblas.so.0 is not here)",
            ["oneDNN"] = Versions.After("oneDNN ", OneDnn.Open(settings.Threads)) ?? "absent (libdnnl.so.2 is not here)",
        };
        Result result = new(
            ThisMachine.Read(VectorWidths.Choose()), new Reach(limits.Threads, limits.Peak * 1e-9, limits.MemoryBandwidth * 1e-9, limits.CacheBandwidth * 1e-9), versions,
            Environment.GetEnvironmentVariable("PEERS_COMMIT") ?? "", DateTime.Now.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture), "", []);
        Result? stored = null;
        if (json is not null && File.Exists(json))
        {
            // Before hours are spent: what cannot be stored at the end is not begun.
            try
            {
                stored = Result.Read(json);
            }
            catch (InvalidDataException e)
            {
                Console.Error.WriteLine($"error: {e.Message} Name another file.");
                return 2;
            }

            if (stored.Differs(result) is { } why)
            {
                if (settings.Filter.Length > 0)
                {
                    Console.Error.WriteLine($"error: {json} holds rows {why}: a part cannot be added to it. Measure everything, without --filter, or name another file.");
                    return 2;
                }

                stored = null;
            }
        }

        Console.WriteLine(RowText.Describe(result));
        if (counters is null) Console.WriteLine($"Nothing is counted beside the clock: {notCounted}.");
        Table table = new(Console.Out);
        List<Row> rows = [];
        foreach ((string name, Func<IEnumerable<Row>> work) in Suite.Of(settings))
        {
            if (!name.Contains(settings.Filter, StringComparison.OrdinalIgnoreCase)) continue;
            foreach (Row row in work())
            {
                rows.Add(row);
                table.Add(row);

                // What is measured is kept, whatever becomes of the rest.
                if (json is not null) (stored?.Merge(result with { Rows = rows }) ?? result with { Rows = rows }).Write(json);
            }
        }

        table.Close(rows);
        return rows.TrueForAll(r => r.Agrees) ? 0 : 1;
    }
}
