using EmotionXai.Engine.Backends;
using EmotionXai.Engine.Backends.Cpu;
using EmotionXai.Engine.Backends.Reference;
using EmotionXai.Engine.Gpu;
using Xunit;

namespace EmotionXai.Tests.Engine;

/// <summary>The backends that every test of the engine runs on, and how far each may be from the truth.</summary>
internal static class TestBackends
{
    private static readonly (string Name, Func<IBackend> Make)[] s_all =
    [
        ("reference", () => new ReferenceBackend()),
        ("cpu", () => new CpuBackend()),
        ("emulated", () => GpuBackend.Emulated()),
    ];

    public static TheoryData<string> Names => [.. s_all.Select(b => b.Name)];

    /// <summary>All but Reference: those that are measured against it.</summary>
    public static IEnumerable<string> Fast => s_all.Skip(1).Select(b => b.Name);

    public static IBackend Create(string name) => s_all.Single(b => b.Name == name).Make();

    /// <summary>The bound that holds for the backend's numbers: float64 or float32.</summary>
    public static double Bound(IBackend backend, double exact, double single) => backend.UnitRoundoff < 1e-12 ? exact : single;
}
