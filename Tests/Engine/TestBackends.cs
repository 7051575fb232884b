using EmotionXai.Engine.Backends;
using EmotionXai.Engine.Backends.Reference;
using Xunit;

namespace EmotionXai.Tests.Engine;

/// <summary>The backends that every test of the engine runs on, and how far each may be from the truth.</summary>
internal static class TestBackends
{
    public static TheoryData<string> Names => ["reference"];

    public static IBackend Create(string name) => name switch
    {
        "reference" => new ReferenceBackend(),
        _ => throw new ArgumentOutOfRangeException(nameof(name), name, "There is no such backend."),
    };

    /// <summary>A bound for float64, widened by 2^29 times the rounding of float32 where the backend holds that.</summary>
    public static double Bound(IBackend backend, double exact, double single) => backend.UnitRoundoff < 1e-12 ? exact : single;
}
