using System.Reflection;
using EmotionXai.Bench.Ptx;
using EmotionXai.Engine.Backends;
using EmotionXai.Engine.Gpu;
using EmotionXai.Engine.Gpu.Kernels;
using EmotionXai.Engine.Numerics;
using EmotionXai.Tests.Engine;
using Xunit;

namespace EmotionXai.Tests.Gpu.Ptx;

/// <summary>Every elementwise kernel of the catalogue, run as PTX: each result lies as near to the formula as float32 must bring it.</summary>
public sealed class MapsExecutedTests
{
    // More than a group's threads, and no multiple of them.
    private const int Length = 299;
    private const int Row = 23;

    // The bound says something where it is no looser than this.
    private const double Loosest = 1e-4;

    // As it is written, and as an assembler fuses it: no formula may need one of the two.
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Maps_follow_their_formulas_within_the_roundings_of_float32(bool fused)
    {
        using PtxDevice device = new(fused: fused);
        using GpuBackend backend = device.Backend();
        KernelSource[] kernels = [.. KernelCatalog.All.Where(k => k.Name.StartsWith("map-", StringComparison.Ordinal))];
        Assert.True(kernels.Length > 80);
        foreach (KernelSource kernel in kernels)
        {
            Type[] arguments = kernel.Type.GetGenericArguments();
            string method = arguments[0].IsAssignableTo(typeof(IUnary)) ? nameof(Unary) : arguments[0].IsAssignableTo(typeof(IBinary)) ? nameof(Binary) : nameof(Ternary);
            MethodInfo check = typeof(MapsExecutedTests).GetMethod(method, BindingFlags.NonPublic | BindingFlags.Static)!.MakeGenericMethod(arguments[0]);
            foreach (bool accumulate in (bool[])[false, true]) check.Invoke(null, [backend, kernel.Name, arguments[1] == typeof(Yes), accumulate]);
        }

        Assert.Equal([], device.Findings.All);
        Assert.Equal([], kernels.Select(k => k.Name).Except(Executed.Names(device)));
    }

    private static void Unary<TOp>(GpuBackend backend, string name, bool repeats, bool accumulate)
        where TOp : struct, IUnary =>
        Check(backend, name, [repeats ? Row : Length], accumulate, (x, y) => backend.Map(Make<TOp>(), x[0], y, accumulate), x => Make<TOp>().Apply(x[0]));

    private static void Binary<TOp>(GpuBackend backend, string name, bool repeats, bool accumulate)
        where TOp : struct, IBinary =>
        Check(backend, name, [Row * 13, repeats ? Row : Row * 13], accumulate, (x, y) => backend.Map(Make<TOp>(), x[0], x[1], y, accumulate), x => Make<TOp>().Apply(x[0], x[1]));

    private static void Ternary<TOp>(GpuBackend backend, string name, bool repeats, bool accumulate)
        where TOp : struct, ITernary =>
        Check(
            backend,
            name,
            [Row * 13, repeats ? 1 : Row * 13, repeats ? Row : Row * 13],
            accumulate,
            (x, y) => backend.Map(Make<TOp>(), x[0], x[1], x[2], y, accumulate),
            x => Make<TOp>().Apply(x[0], x[1], x[2]));

    private static void Check(GpuBackend backend, string name, int[] lengths, bool accumulate, Action<Slice[], Slice> run, Func<Bounded[], Bounded> formula)
    {
        Assert.Equal(Length, Row * 13);
        Arrays arrays = new(backend);
        bool positive = new[] { "log", "sqrt", "divide", "clip" }.Any(word => name.Contains(word, StringComparison.Ordinal));
        float[][] inputs = [.. lengths.Select((length, i) => Numbers.Singles(i + 1, length, positive ? 0.25 : -2, 2))];
        float[] held = Numbers.Singles(9, Length);
        Slice y = accumulate ? arrays.Of(held) : arrays.New(Length);
        run([.. inputs.Select(arrays.Of)], y);
        double[] got = new double[Length];
        backend.Read(y, got);
        for (int i = 0; i < Length; i++)
        {
            Bounded want = formula([.. inputs.Select(x => new Bounded(x[i % x.Length], 0))]);
            if (accumulate) want += new Bounded(held[i], 0);
            Assert.True(want.Error <= Loosest, $"{name} at {i}: a bound of {want.Error:E1} says nothing");
            Assert.True(Math.Abs(got[i] - want.Value) <= want.Error, $"{name} at {i}: {got[i]:R}, expected {want.Value:R} within {want.Error:E1}");
        }
    }

    // Ops with parameters take numbers of an ordinary size.
    private static TOp Make<TOp>()
        where TOp : struct
    {
        ConstructorInfo? constructor = typeof(TOp).GetConstructors(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic).SingleOrDefault(c => c.GetParameters().Length > 0);
        return constructor is null ? default : (TOp)constructor.Invoke([.. constructor.GetParameters().Select((p, i) => p.ParameterType == typeof(double) ? 0.3 + (0.5 * i) : (object)new FormulaNumber(0.3 + (0.5 * i)))]);
    }
}
