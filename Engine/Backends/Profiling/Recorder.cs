using System.Diagnostics;

namespace EmotionXai.Engine.Backends.Profiling;

/// <summary>What one backend, or one lane of it, has done. Callers at the same time take turns.</summary>
internal sealed class Recorder(Profile profile, int elementSize, int threads)
{
    private readonly Dictionary<Key, OpKind> _kinds = [];
    private readonly List<Slice> _slices = [];

    public IReadOnlyCollection<OpKind> Kinds => _kinds.Values;

    public IReadOnlyList<Slice> Slices => _slices;

    public Profile Profile => profile;

    public static long Now => Stopwatch.GetTimestamp();

    /// <summary>Keeps a call that began at <paramref name="start"/> and has just ended. The shapes are only put into words for the first of a kind.</summary>
    public void Add(long start, in Key key, OpCost cost, Func<Key, string> shapes)
    {
        long end = Now;
        lock (_kinds) Add(start, end, key, cost, shapes);
    }

    /// <summary>Keeps a section of time that holds calls.</summary>
    public void AddSection(long start, string name)
    {
        if (!profile.TakeSlice()) return;
        lock (_kinds) _slices.Add(new Slice(null, name, start, Now, Environment.CurrentManagedThreadId));
    }

    private void Add(long start, long end, in Key key, OpCost cost, Func<Key, string> shapes)
    {
        if (!_kinds.TryGetValue(key, out OpKind? kind))
        {
            kind = new OpKind(key.Name, shapes(key), cost.MultiplyAdds, cost.Elements * elementSize, threads);
            _kinds.Add(key, kind);
        }

        kind.Calls++;
        kind.Seconds += Stopwatch.GetElapsedTime(start, end).TotalSeconds;
        if (profile.TakeSlice()) _slices.Add(new Slice(kind, null, start, end, Environment.CurrentManagedThreadId));
    }

    /// <summary>What tells one kind of call from another.</summary>
    internal readonly record struct Key(string Name, long A, long B = 0, long C = 0, long D = 0, int Flags = 0);

    /// <summary>A call, or a named section of time.</summary>
    internal readonly record struct Slice(OpKind? Kind, string? Name, long Start, long End, int Thread);
}

/// <summary>The words for an elementwise formula: the op's and, where it has several, the part's.</summary>
internal static class FormulaName<TOp>
    where TOp : struct
{
    public static string Value { get; } = Of(typeof(TOp));

    /// <summary>Of a product that applies it.</summary>
    public static string AfterProduct { get; } = "Multiply + " + (typeof(TOp).DeclaringType is { } op ? Short(op) : typeof(TOp).Name);

    private static string Of(Type formula) => formula.DeclaringType is { } op ? $"Map {Short(op)}.{formula.Name}" : "Map " + formula.Name;

    private static string Short(Type op) => op.Name.EndsWith("Op", StringComparison.Ordinal) ? op.Name[..^2] : op.Name;
}
