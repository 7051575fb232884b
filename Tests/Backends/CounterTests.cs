using System.Runtime.InteropServices;
using EmotionXai.Engine.Backends.Profiling;
using Xunit;

namespace EmotionXai.Tests.Backends;

/// <summary>
/// What the processor counts, through the kernel. Few virtual machines show counters, so the way to the kernel is tried with events of its own, which
/// every Linux counts, and what becomes of answers with answers that are made up.
/// </summary>
public sealed class CounterTests
{
    private const int NotPermitted = 1, NoEntry = 2, NoSuchThread = 3;

    [Fact]
    public void Page_faults_of_threads_that_start_later_are_counted()
    {
        Assert.SkipUnless(PerfEvents.IsSupported, "perf_event_open is Linux's.");
        const uint Software = 1;
        const ulong PageFaults = 2;
        int[] threads = [.. Directory.GetDirectories("/proc/self/task").Select(d => int.Parse(Path.GetFileName(d)))];
        using HardwareCounters? counters = HardwareCounters.Open(new PerfEvents(), [[new(Software, PageFaults)], [], [], []], threads, out string missing);
        Assert.SkipWhen(counters is null, missing);
        double before = counters.Read().Cycles!.Value;
        Thread late = new(Touch);
        late.Start();
        late.Join();
        CounterReading read = counters.Read();

        // Every two megabytes of fresh memory are a fault at least, whatever the size of a page.
        Assert.True(read.Cycles - before >= 32, $"{before} to {read.Cycles}");
        Assert.Null(read.Instructions);
    }

    private static void Touch()
    {
        const int Bytes = 128 << 20;
        nint fresh = Marshal.AllocHGlobal(Bytes);
        for (int at = 0; at < Bytes; at += 4096) Marshal.WriteByte(fresh, at, 1);
        Marshal.FreeHGlobal(fresh);
    }

    [Fact]
    public void Events_are_summed_over_threads_weighed_and_made_whole()
    {
        MadeUp source = new();
        CounterEvent cycles = new(0, 0), single = new(4, 1), wide = new(4, 2, Weight: 8);
        HardwareCounters counters = HardwareCounters.Open(source, [[cycles], [], [], [single, wide]], [11, 12, 13], out string missing)!;
        Assert.Equal("", missing);
        source.Set(cycles, 11, value: 100, enabled: 10, running: 10);
        source.Set(cycles, 12, value: 50, enabled: 10, running: 5);
        source.Set(cycles, 13, value: 0, enabled: 10, running: 0);
        source.Set(single, 11, value: 3, enabled: 1, running: 1);
        source.Set(wide, 12, value: 2, enabled: 1, running: 1);
        Assert.Equal(new CounterReading(200, null, null, 3 + (8 * 2)), counters.Read());
        counters.Dispose();
        Assert.Equal(0, source.Opened);
    }

    [Fact]
    public void A_thread_that_has_ended_is_left_out_and_an_event_that_is_refused_is_left_out_alone()
    {
        MadeUp source = new();
        CounterEvent cycles = new(0, 0), misses = new(0, 3);
        source.Refuse(cycles, 12, NoSuchThread);
        source.Refuse(misses, 12, NoEntry);
        using HardwareCounters counters = HardwareCounters.Open(source, [[cycles], [], [misses], []], [11, 12], out _)!;
        source.Set(cycles, 11, value: 7, enabled: 1, running: 1);
        Assert.Equal(new CounterReading(7, null, null, null), counters.Read());
        Assert.Equal(1, source.Opened);
    }

    [Theory]
    [InlineData(NoEntry, "virtual machines")]
    [InlineData(NotPermitted, "perf_event_paranoid")]
    [InlineData(13, "perf_event_paranoid")]
    [InlineData(38, "perf_event_open")]
    public void Where_nothing_is_counted_it_is_said_why(int error, string word)
    {
        MadeUp source = new();
        foreach (CounterEvent counted in HardwareCounters.Events().SelectMany(e => e)) source.Refuse(counted, 11, error);
        Assert.Null(HardwareCounters.Open(source, HardwareCounters.Events(), [11], out string missing));
        Assert.Contains(word, missing, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', missing);
        Assert.Equal(0, source.Opened);
    }

    // The numbers stand in the makers' manuals and in the tables of Linux's perf.
    [Theory]
    [InlineData("AuthenticAMD", 26, 2, true, 1)]
    [InlineData("AuthenticAMD", 25, 17, true, 1)]
    [InlineData("AuthenticAMD", 23, 0x31, false, 1)]
    [InlineData("AuthenticAMD", 23, 1, false, 0)]
    [InlineData("GenuineIntel", 6, 0x55, true, 4)]
    [InlineData("GenuineIntel", 6, 0x3c, false, 0)]
    [InlineData("Somebody", 1, 1, false, 0)]
    public void Operations_are_counted_where_the_event_is_known(string vendor, int family, int model, bool hasAvx512, int events)
    {
        CounterEvent[] found = HardwareCounters.Operations(vendor, family, model, hasAvx512);
        Assert.Equal(events, found.Length);
        if (vendor == "GenuineIntel" && events > 0) Assert.Equal([1.0, 4, 8, 16], found.Select(e => e.Weight));
    }

    [Fact]
    public void Counts_are_told_in_words()
    {
        Assert.Equal(
            "2.00 billion cycles, 5.00 billion instructions (2.5 a cycle), 1.25 million cache misses, 60.00 billion floating-point operations (30.0 a cycle)",
            new CounterReading(2e9, 5e9, 1.25e6, 60e9).ToString());
        Assert.Equal("900 instructions, floating-point operations not known of this processor", new CounterReading(null, 900, null, null).ToString());
    }

    private sealed class MadeUp : ICounterSource
    {
        private readonly List<(CounterEvent Event, int Thread)> _opened = [];
        private readonly Dictionary<(CounterEvent, int), (ulong, ulong, ulong)> _answers = [];
        private readonly Dictionary<(CounterEvent, int), int> _refused = [];

        public int Opened { get; private set; }

        public void Set(CounterEvent counted, int thread, ulong value, ulong enabled, ulong running) => _answers[(counted, thread)] = (value, enabled, running);

        public void Refuse(CounterEvent counted, int thread, int error) => _refused[(counted, thread)] = error;

        public int Open(in CounterEvent counted, int thread)
        {
            if (_refused.TryGetValue((counted, thread), out int error)) return -error;
            _opened.Add((counted, thread));
            Opened++;
            return _opened.Count - 1;
        }

        public (ulong Value, ulong Enabled, ulong Running)? Read(int handle) => _answers.TryGetValue(_opened[handle], out (ulong, ulong, ulong) answer) ? answer : null;

        public void Close(int handle) => Opened--;
    }
}
