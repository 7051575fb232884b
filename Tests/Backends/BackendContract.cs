using CsCheck;
using EmotionXai.Engine.Backends;
using EmotionXai.Engine.Backends.Reference;
using Xunit;

namespace EmotionXai.Tests.Backends;

/// <summary>
/// What every backend must do, run by a thin class for each. Inputs are float32 values, so that all backends start from
/// the same numbers; every buffer stands between guards, at an odd offset, and outputs are full of NaN before a call.
/// Bounds are stated in units of the backend's roundoff u, so the same analysis serves float64 and float32.
/// </summary>
public abstract partial class BackendContract : IDisposable
{
    private const double Guard = 12345;
    private const int Margin = 3;

    private readonly List<(IBackend Backend, Slice Whole)> _owned = [];
    private readonly ReferenceBackend _reference = new();
    private IBackend? _backend;

    /// <summary>The lengths around zero, one and several vectors of any width.</summary>
    public static IEnumerable<int> Lengths => Enumerable.Range(0, 71).Concat([127, 255, 1023, 4097]);

    protected abstract IBackend Create();

    protected IBackend Backend => _backend ??= Create();

    // The seed of a property's samples. Where the machine has no such backend, the test is skipped here, before the first sample.
    private Gen<int> Seed
    {
        get
        {
            _ = Backend;
            return Gen.Int[0, 1000];
        }
    }

    private double U => Backend.UnitRoundoff;

    private bool IsSingle => U > 1e-12;

    /// <summary>What is lost where a result underflows: half the smallest subnormal number, rounded up.</summary>
    private double Tiny => IsSingle ? float.Epsilon : double.Epsilon;

    public virtual void Dispose()
    {
        CheckGuards();
        foreach ((IBackend backend, Slice whole) in _owned) backend.Free(whole.Storage);
        Assert.Equal(0, _backend?.LiveBuffers ?? 0);
        _backend?.Dispose();
        _reference.Dispose();
        GC.SuppressFinalize(this);
    }

    /// <summary>A slice with these contents between two guards.</summary>
    private Slice Put(double[] values) => Put(Backend, values);

    private Slice Put(IBackend backend, double[] values)
    {
        Storage storage = backend.Allocate(values.Length + (2 * Margin));
        Slice whole = new(storage, 0, storage.Length);
        backend.Fill(whole, Guard);
        backend.Write(values, whole.Part(Margin, values.Length));
        _owned.Add((backend, whole));
        return whole.Part(Margin, values.Length);
    }

    /// <summary>A slice of NaN between two guards.</summary>
    private Slice Output(int length) => Put(Full(length, double.NaN));

    private Slice Output(IBackend backend, int length) => Put(backend, Full(length, double.NaN));

    private double[] Get(Slice slice) => Get(Backend, slice);

    private static double[] Get(IBackend backend, Slice slice)
    {
        double[] values = new double[slice.Length];
        backend.Read(slice, values);
        return values;
    }

    /// <summary>Frees what a test has put so far, after a look at the guards: for tests that loop over many cases.</summary>
    private void Release()
    {
        CheckGuards();
        foreach ((IBackend backend, Slice whole) in _owned) backend.Free(whole.Storage);
        _owned.Clear();
    }

    private void CheckGuards()
    {
        foreach ((IBackend backend, Slice whole) in _owned)
        {
            double[] before = Get(backend, whole.Part(0, Margin));
            double[] after = Get(backend, whole.Part(whole.Length - Margin, Margin));
            if (before.Concat(after).Any(value => value != Guard)) Assert.Fail($"A guard was overwritten: [{string.Join(", ", before)}], [{string.Join(", ", after)}]");
        }
    }

    private static double[] Full(int length, double value)
    {
        double[] values = new double[length];
        Array.Fill(values, value);
        return values;
    }

    /// <summary>Uniform float32 values in [low, high).</summary>
    private static double[] Values(int seed, int length, double low = -2, double high = 2)
    {
        Random random = new(seed);
        double[] values = new double[length];
        for (int i = 0; i < length; i++) values[i] = (float)(low + ((high - low) * random.NextDouble()));
        return values;
    }

    private static double[] Singles(double[] values) => Array.ConvertAll(values, value => (double)(float)value);

    /// <summary>Whether |got - want| is within the bound; NaN is met by NaN, and what overflows the backend's type by infinity.</summary>
    private bool Near(double want, double got, double bound)
    {
        if (double.IsNaN(want)) return double.IsNaN(got);
        double rounded = IsSingle ? (float)want : want;
        return double.IsInfinity(rounded) ? got == rounded : Math.Abs(got - want) <= bound + Tiny;
    }

    /// <summary>Fails unless near; the text is made only then, for the loops here are long.</summary>
    private void Close(double want, double got, double bound, FormattableString where)
    {
        if (!Near(want, got, bound)) Assert.Fail($"{where}: {got:R}, expected {want:R}, off by {Math.Abs(got - want):E2}, bound {bound:E2}");
    }

    private void AllClose(double[] want, double[] got, double bound, string where)
    {
        Assert.Equal(want.Length, got.Length);
        for (int i = 0; i < want.Length; i++)
            if (!Near(want[i], got[i], bound)) Close(want[i], got[i], bound, $"{where} at {i}");
    }

    private static void Refuses(Action call) => Assert.ThrowsAny<ArgumentException>(call);
}
