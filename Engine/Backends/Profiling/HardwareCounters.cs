using System.Globalization;
using System.Runtime.Intrinsics.X86;

namespace EmotionXai.Engine.Backends.Profiling;

/// <summary>
/// What the processor counts while this process runs: on all threads that there are when it is opened, and on those that they start later. Linux only,
/// and only where the machine shows its counters: many virtual machines do not. Nothing is slower for it: the processor counts by itself.
/// </summary>
internal sealed class HardwareCounters : IDisposable
{
    private const int NotPermitted = 1, NoSuchThread = 3, AccessDenied = 13, NoSystemCall = 38;
    private const uint Generic = 0, Raw = 4;

    private readonly ICounterSource _source;
    private readonly List<(int Handle, double Weight)>[] _handles;

    private HardwareCounters(ICounterSource source, List<(int Handle, double Weight)>[] handles) => (_source, _handles) = (source, handles);

    /// <summary>Opens the counters of this process.</summary>
    /// <param name="missing">Why there are none, in words; empty where there are.</param>
    public static HardwareCounters? Open(out string missing)
    {
        if (!PerfEvents.IsSupported)
        {
            missing = "hardware counters are read on Linux only";
            return null;
        }

        int[] threads = [.. Directory.GetDirectories("/proc/self/task").Select(d => int.Parse(Path.GetFileName(d), CultureInfo.InvariantCulture))];
        return Open(new PerfEvents(), Events(), threads, out missing);
    }

    /// <summary>Opens given events of given threads: those of cycles, instructions, cache misses and floating-point operations, in this order.</summary>
    public static HardwareCounters? Open(ICounterSource source, CounterEvent[][] events, IReadOnlyList<int> threads, out string missing)
    {
        List<(int, double)>[] handles = [.. events.Select(_ => new List<(int, double)>())];
        HardwareCounters counters = new(source, handles);
        int refused = 0;
        for (int i = 0; i < events.Length; i++)
        {
            bool whole = true;
            foreach (CounterEvent counted in events[i])
            {
                foreach (int thread in threads)
                {
                    int handle = source.Open(counted, thread);
                    if (handle >= 0) handles[i].Add((handle, counted.Weight));
                    else if (handle != -NoSuchThread) (whole, refused) = (false, refused == 0 ? -handle : refused);
                    if (!whole) break;
                }

                if (!whole) break;
            }

            // Half a sum would be a wrong number.
            if (!whole) counters.Close(i);
        }

        missing = handles.Any(h => h.Count > 0) ? "" : Why(refused);
        return missing.Length == 0 ? counters : null;
    }

    /// <summary>The sums so far.</summary>
    public CounterReading Read() => new(Sum(0), Sum(1), Sum(2), Sum(3));

    public void Dispose()
    {
        for (int i = 0; i < _handles.Length; i++) Close(i);
    }

    /// <summary>The events of this processor. What its maker calls a floating-point operation is in its manuals; a multiply-add counts as two.</summary>
    internal static CounterEvent[][] Events() => [[new(Generic, 0)], [new(Generic, 1)], [new(Generic, 3)], Operations()];

    /// <summary>By vendor, family and model of the processor; none where they are not known.</summary>
    internal static CounterEvent[] Operations(string vendor, int family, int model, bool hasAvx512) => (vendor, family) switch
    {
        // AMD, PMCx003, retired SSE and AVX operations: additions, multiplications, divisions and multiply-adds. From Zen 2 on.
        ("AuthenticAMD", 25 or 26) => [new(Raw, 0x0f03)],
        ("AuthenticAMD", 23) when model >= 0x30 => [new(Raw, 0x0f03)],

        // Intel, FP_ARITH_INST_RETIRED counts instructions by width: float32 alone, of 32, 128, 256 and 512 bits. Known of the processors with AVX-512.
        ("GenuineIntel", 6) when hasAvx512 => [new(Raw, 0x02c7), new(Raw, 0x08c7, 4), new(Raw, 0x20c7, 8), new(Raw, 0x80c7, 16)],
        _ => [],
    };

    private static CounterEvent[] Operations()
    {
        if (!X86Base.IsSupported) return [];
        (int _, int b, int c, int d) = X86Base.CpuId(0, 0);
        string vendor = string.Concat(((int[])[b, d, c]).SelectMany(BitConverter.GetBytes).Select(x => (char)x));
        int signature = X86Base.CpuId(1, 0).Eax, family = (signature >> 8) & 15, model = (signature >> 4) & 15;
        if (family is 6 or 15) model += (signature >> 12) & 0xf0;
        if (family == 15) family += (signature >> 20) & 255;
        return Operations(vendor, family, model, Avx512F.IsSupported);
    }

    private static string Why(int error) => error switch
    {
        NotPermitted or AccessDenied => $"the kernel refuses them (kernel.perf_event_paranoid is {Paranoid()}; with 2 or less a program may count itself, unless a container forbids it)",
        NoSystemCall => "this system does not offer perf_event_open",
        _ => "this machine does not show its hardware counters, as is usual in virtual machines",
    };

    private static string Paranoid()
    {
        try
        {
            return File.ReadAllText("/proc/sys/kernel/perf_event_paranoid").Trim();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return "unknown";
        }
    }

    // Where an event had a counter for a part of the time only, what it would have counted in all of it.
    private double? Sum(int i)
    {
        if (_handles[i].Count == 0) return null;
        double sum = 0;
        foreach ((int handle, double weight) in _handles[i])
        {
            if (_source.Read(handle) is not { Running: > 0 } read) continue;
            sum += weight * read.Value * read.Enabled / read.Running;
        }

        return sum;
    }

    private void Close(int i)
    {
        foreach ((int handle, double _) in _handles[i]) _source.Close(handle);
        _handles[i].Clear();
    }
}

/// <summary>Counts; null of what this machine does not count.</summary>
/// <param name="Cycles">Of busy cores.</param>
/// <param name="Instructions">Retired.</param>
/// <param name="CacheMisses">Of the last level.</param>
/// <param name="Operations">Floating-point operations, two a multiply-add.</param>
internal readonly record struct CounterReading(double? Cycles, double? Instructions, double? CacheMisses, double? Operations)
{
    public static CounterReading operator -(CounterReading a, CounterReading b) =>
        new(a.Cycles - b.Cycles, a.Instructions - b.Instructions, a.CacheMisses - b.CacheMisses, a.Operations - b.Operations);

    public static CounterReading operator +(CounterReading a, CounterReading b) =>
        new(a.Cycles + b.Cycles, a.Instructions + b.Instructions, a.CacheMisses + b.CacheMisses, a.Operations + b.Operations);

    public static CounterReading operator /(CounterReading a, double n) => new(a.Cycles / n, a.Instructions / n, a.CacheMisses / n, a.Operations / n);

    /// <summary>All of it in words.</summary>
    public override string ToString() => string.Join(", ", new[]
    {
        Words(Cycles, "cycles", perCycle: false), Words(Instructions, "instructions", perCycle: true),
        Words(CacheMisses, "cache misses", perCycle: false), Operations is null ? "floating-point operations not known of this processor" : Words(Operations, "floating-point operations", perCycle: true),
    }.OfType<string>());

    private string? Words(double? count, string name, bool perCycle) => count is not { } value ? null
        : string.Create(CultureInfo.InvariantCulture, $"{Figure(value)} {name}{(perCycle && Cycles > 0 ? $" ({value / Cycles:0.0#} a cycle)" : "")}");

    private static string Figure(double value) => (value switch
    {
        >= 1e9 => (value * 1e-9).ToString("0.00", CultureInfo.InvariantCulture) + " billion",
        >= 1e6 => (value * 1e-6).ToString("0.00", CultureInfo.InvariantCulture) + " million",
        _ => value.ToString("0", CultureInfo.InvariantCulture),
    });
}
