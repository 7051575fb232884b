using System.Diagnostics;

namespace EmotionXai.Engine.Backends.Profiling;

/// <summary>
/// What a run's backends did, when, and how near to the machine's limits. Wrap every backend of the run
/// (<see cref="Watch"/>); one that is not wrapped costs nothing. Safe for any number of backends at once.
/// </summary>
public sealed class Profile
{
    /// <summary>Slices that a trace holds at most; calls beyond it are counted in the totals only.</summary>
    public const int MostSlices = 1 << 20;

    private readonly Lock _gate = new();
    private readonly List<Recorder> _recorders = [];
    private readonly List<IBackend> _watched = [];
    private readonly Recorder _sections;
    private int _slices;
    private HardwareCounters? _counters;
    private string _notCounted = "nobody has asked for it";

    /// <summary>A profile that begins now.</summary>
    /// <param name="limits">What rates are compared with.</param>
    public Profile(MachineLimits limits)
    {
        Limits = limits;
        Start = Stopwatch.GetTimestamp();
        _sections = new Recorder(this, 0, limits.Threads);
    }

    /// <summary>What rates are compared with.</summary>
    public MachineLimits Limits { get; }

    /// <summary>Whether calls were left out of the trace because there were too many.</summary>
    public bool Truncated => Volatile.Read(ref _slices) > MostSlices;

    /// <summary>When it began.</summary>
    internal long Start { get; }

    /// <summary>A backend that does what <paramref name="inner"/> does and keeps a record. It owns the inner one.</summary>
    /// <param name="inner">Any backend whose calls return when the work is done.</param>
    /// <param name="threads">Threads that a call of it may share.</param>
    public IBackend Watch(IBackend inner, int threads)
    {
        lock (_gate) _watched.Add(inner);
        return new ProfilingBackend(inner, this, threads);
    }

    /// <summary>What all its backends have asked of their devices; null where none has one.</summary>
    public Traffic? Traffic
    {
        get
        {
            lock (_gate) return _watched.Aggregate((Traffic?)null, (sum, backend) => backend.Traffic is { } own ? (sum ?? default) + own : sum);
        }
    }

    /// <summary>Lets the processor count cycles, instructions, cache misses and floating-point operations of this process, on Linux where the machine shows them. Calls are no slower for it.</summary>
    public void StartCounters()
    {
        StopCounters();
        _counters = HardwareCounters.Open(out _notCounted);
    }

    /// <summary>Ends what <see cref="StartCounters"/> began.</summary>
    /// <returns>What was counted on all threads, or why nothing was: a sentence.</returns>
    public string StopCounters()
    {
        string said = _counters is null ? $"Hardware counters: none; {_notCounted}." : $"Hardware counters, of all threads: {_counters.Read()}.";
        _counters?.Dispose();
        _counters = null;
        return said;
    }

    /// <summary>Names a section of the caller's thread until the result is disposed of; calls inside it appear below it.</summary>
    public IDisposable Section(string name) => new Open(this, name);

    /// <summary>All kinds of calls, those that took longest first.</summary>
    public IReadOnlyList<OpKind> Kinds()
    {
        Dictionary<(string, string, long, long, int), OpKind> merged = [];
        foreach (OpKind kind in Recorders().SelectMany(r => r.Kinds))
        {
            (string, string, long, long, int) key = (kind.Name, kind.Shapes, kind.MultiplyAdds, kind.Bytes, kind.Threads);
            if (!merged.TryGetValue(key, out OpKind? total)) merged.Add(key, kind.Copy());
            else
            {
                total.Calls += kind.Calls;
                total.Seconds += kind.Seconds;
            }
        }

        return [.. merged.Values.OrderByDescending(k => k.Seconds)];
    }

    /// <summary>Writes the trace in the Trace Event Format, which Perfetto and chrome://tracing open.</summary>
    public void WriteTrace(TextWriter writer) => ChromeTrace.Write(writer, this);

    internal Recorder NewRecorder(int elementSize, int threads)
    {
        Recorder recorder = new(this, elementSize, threads);
        lock (_gate) _recorders.Add(recorder);
        return recorder;
    }

    internal IReadOnlyList<Recorder> Recorders()
    {
        lock (_gate) return [.. _recorders, _sections];
    }

    internal bool TakeSlice() => Volatile.Read(ref _slices) <= MostSlices && Interlocked.Increment(ref _slices) <= MostSlices;

    private sealed class Open(Profile profile, string name) : IDisposable
    {
        private readonly long _start = Recorder.Now;
        private bool _closed;

        public void Dispose()
        {
            if (_closed) return;
            _closed = true;
            lock (profile._gate) profile._sections.AddSection(_start, name);
        }
    }
}
