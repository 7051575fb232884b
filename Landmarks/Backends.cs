using EmotionXai.Engine;
using EmotionXai.Engine.Backends;
using EmotionXai.Engine.Backends.Cpu;
using EmotionXai.Engine.Backends.Profiling;
using EmotionXai.Engine.Backends.Reference;

namespace EmotionXai.Landmarks;

/// <summary>The backends, by their names on the command line. Those of other packages are there once they are registered.</summary>
public static class Backends
{
    /// <summary>The device whose weights float32 does not hold.</summary>
    internal const string Exact = "reference";

    private static readonly Lock s_registering = new();

    // Replaced and never changed, so that whoever reads it needs no lock.
    private static volatile Known[] s_known = [new("cpu", threads => new CpuBackend(threads)), new(Exact, _ => new ReferenceBackend())];

    /// <summary>The names; a colon and what products are rounded to may follow (<c>gpu:tf32</c>).</summary>
    public static IReadOnlyList<string> Names => [.. s_known.Select(k => k.Name).Where(n => !n.Contains(':'))];

    /// <summary>Makes a backend of another package known. A name that is known already stays what it is.</summary>
    /// <param name="name">What <see cref="Create(string, int)"/> will call it.</param>
    /// <param name="create">Opens it. It says in an <see cref="EngineException"/> why it cannot.</param>
    public static void Register(string name, Func<IBackend> create)
    {
        lock (s_registering)
        {
            if (Find(name) is null) s_known = [.. s_known, new(name, _ => create())];
        }
    }

    /// <summary>A backend.</summary>
    /// <param name="name">One of <see cref="Names"/>; <c>gpu:tf32</c> and its like name what a GPU's products are rounded to.</param>
    /// <param name="threads">Threads that share its products; results do not depend on them.</param>
    /// <exception cref="ArgumentException">There is none of that name.</exception>
    /// <exception cref="EngineException">The machine has no such device, or it cannot be opened.</exception>
    public static IBackend Create(string name, int threads = 1) => Find(name)?.Create(threads)
        ?? throw new ArgumentException($"--device {name}: there is no such device; choose {string.Join(", ", Names)}.", nameof(name));

    /// <summary>The same, watched by a profile where one is given.</summary>
    /// <inheritdoc cref="Create(string, int)"/>
    public static IBackend Create(string name, int threads, Profile? profile)
    {
        IBackend backend = Create(name, threads);
        return profile?.Watch(backend, threads) ?? backend;
    }

    /// <summary>Opens a device and gives it back, so that a run fails at its start.</summary>
    /// <exception cref="EngineException">The machine has no such device, or it cannot be opened.</exception>
    public static void Require(string name) => Create(name).Dispose();

    /// <summary>The width of the vectors that a device computes with, where results depend on it; else an empty text.</summary>
    internal static string VectorsOf(string name)
    {
        if (name != "cpu") return "";
        using CpuBackend cpu = new(1);
        return string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{cpu.Width * 32}-bit");
    }
    private static Known? Find(string name) => Array.Find(s_known, k => k.Name == name);

    private sealed record Known(string Name, Func<int, IBackend> Create);
}
