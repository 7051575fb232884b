using System.Globalization;
using System.Reflection;
using EmotionXai.Bench.Ptx;
using EmotionXai.Engine.Backends;
using EmotionXai.Engine.Gpu;
using EmotionXai.Engine.Gpu.Kernels;
using EmotionXai.Engine.Layers;
using EmotionXai.Engine.Numerics;

namespace EmotionXai.Bench.Gpu;

/// <summary>
/// What kernels do, counted where there is no card: their PTX is run by the interpreter on whole tiles, and counts are of warps, every
/// turn of every loop.
/// </summary>
internal static class KernelTable
{
    private static readonly string[] s_chosen =
    [
        "product-large-nn-aligned", "product-medium-nn-aligned", "product-tf32-nn-aligned", "product-bf16-nn-aligned", "product-skinny",
        "gru-64-forward", "lstm-64-forward", "lstm-64-backward", "gru-64-paths", "lstm-64-paths", "sum-rows", "sum-columns", "adam",
    ];

    /// <summary>Prints the chosen kernels, or all that the calls below launch; the number of findings.</summary>
    public static int Run(bool all)
    {
        HashSet<string> printed = [];
        int found = 0;
        foreach ((ProductMath math, int multiprocessors, Action<IBackend, Arrays> work) in Calls())
        {
            using PtxDevice device = new(multiprocessors, profile: true);
            using (GpuBackend backend = device.Backend(math))
            using (Arrays arrays = new(backend)) work(backend, arrays);
            foreach ((Type type, PtxProgram program) in device.Programs)
            {
                if ((!all && !s_chosen.Contains(program.Name)) || !printed.Add(program.Name)) continue;
                Print(program, new KernelProfile(program, device.Traffic[type]), device.Launches[type]);
            }

            foreach (Finding finding in device.Findings.All) Console.WriteLine($"finding: {finding}");
            found += device.Findings.All.Count;
        }

        Console.WriteLine($"{printed.Count} kernels run, {found} findings. Bounds are of issue slots and units, as if no latency showed; nothing here ran on a card.");
        return found;
    }

    private static IEnumerable<(ProductMath Math, int Multiprocessors, Action<IBackend, Arrays> Work)> Calls()
    {
        foreach ((ProductMath math, int multiprocessors, int side) in ((ProductMath, int, int)[])[(ProductMath.Float32, 1, 128), (ProductMath.Float32, 4, 64), (ProductMath.Tf32, 1, 128), (ProductMath.Bf16, 1, 128)])
        {
            foreach (int choice in Enumerable.Range(0, 8))
            {
                // Rows of an odd length are not aligned.
                int n = side - (choice / 4), k = 256 - (choice / 4);
                MatrixProduct product = new(n, n, k, (choice & 1) != 0, (choice & 2) != 0, Accumulate: false);
                yield return (math, multiprocessors, (backend, arrays) => backend.Multiply(product, arrays.Random(n * k, 1), arrays.Random(k * n, 2), null, arrays.New(n * n)));
            }
        }

        foreach (RecurrentCell cell in Enum.GetValues<RecurrentCell>())
            foreach (int hidden in (int[])[16, 32, 64]) yield return (ProductMath.Float32, 1, (backend, arrays) => Recur(backend, arrays, new Recurrence(cell, 16, 4, hidden, Reverse: false)));
        foreach (RecurrentCell cell in (RecurrentCell[])[RecurrentCell.Gru, RecurrentCell.Lstm])
            foreach (int hidden in (int[])[16, 32, 64]) yield return (ProductMath.Float32, 1, (backend, arrays) => Integrate(backend, arrays, new RecurrentPaths(cell, 2, 10, 4, hidden, Directions: 1, Averaged: 4, Units: 16)));
        yield return (ProductMath.Float32, 1, Others);
        yield return (ProductMath.Float32, 1, Maps);
    }

    private static void Recur(IBackend backend, Arrays arrays, Recurrence shape)
    {
        int units = shape.Batch * shape.Time * shape.Hidden, wide = units * shape.Gates;
        bool gru = shape.Cell == RecurrentCell.Gru;
        Slice weights = arrays.Random(shape.Hidden * shape.Hidden * shape.Gates, 2, 0.1f), states = arrays.New(units), saved = arrays.New(units * shape.SavedPerUnit);
        backend.RecurrentForward(shape, arrays.Random(wide, 1), weights, gru ? arrays.Random(shape.Hidden, 3) : null, states, saved);
        backend.RecurrentBackward(shape, weights, states, saved, arrays.Random(units, 4), arrays.New(wide), gru ? arrays.New(wide) : null);
    }

    private static void Integrate(IBackend backend, Arrays arrays, RecurrentPaths paths)
    {
        int columns = paths.Sequences.Gates * paths.Hidden, length = paths.Pairs * paths.Time * columns;
        RecurrentWeights body = new(new DirectionWeights(arrays.Random(paths.Hidden * columns, 1, 0.1f), null), null, arrays.Random(paths.Hidden * paths.Units, 2), arrays.New(paths.Units), arrays.Random(paths.Units, 3));
        Slice nodes = arrays.Random(paths.Steps, 6);
        ((IIntegratesPaths)backend).IntegratePaths(paths, arrays.Random(length, 4), arrays.Random(length, 5), nodes, nodes, body, new ActivationSlope(Activation.Gelu), arrays.New(length));
    }

    private static void Others(IBackend backend, Arrays arrays)
    {
        const int Rows = 8, Length = 4096;
        Slice x = arrays.Random(Rows * Length, 1), top = arrays.New(Rows), index = arrays.New(Rows), moments = arrays.New(Length);
        backend.Sum(new AxisSplit(Rows, Length, 1), x, arrays.New(Rows), 1, accumulate: false);
        backend.Sum(new AxisSplit(1, Rows, Length), x, arrays.New(Length), 1, accumulate: false);
        backend.Max(new AxisSplit(Rows, Length, 1), x, top, index);
        backend.Scatter(new AxisSplit(Rows, Length, 1), top, index, arrays.New(Rows * Length));
        backend.Multiply(new MatrixProduct(Rows, 1, Length, false, false, Accumulate: false), x, arrays.Random(Length, 2), null, arrays.New(Rows));
        backend.BinaryCrossEntropy(arrays.Random(512, 1), arrays.New(512), 1, arrays.New(1), arrays.New(512));
        backend.Adam(new AdamStep(1e-2, 0.9, 0.999, 1e-8, 0, false, 1, 1), arrays.Random(Length, 3), arrays.Random(Length, 4), moments, arrays.New(Length));
        backend.SgdMomentum(1e-2, 0.9, 0, 1, arrays.Random(Length, 3), arrays.Random(Length, 4), moments);
        backend.Random(Distribution.Normal, new RandomKey(1, 2), 0, arrays.New(Length));
    }

    // Ops with parameters of zero: what they are does not change what is counted.
    private static void Maps(IBackend backend, Arrays arrays)
    {
        const int Length = 4096, Row = 64;
        foreach (Type[] arguments in KernelCatalog.All.Where(k => k.Name.StartsWith("map-", StringComparison.Ordinal)).Select(k => k.Type.GetGenericArguments()))
        {
            string method = arguments[0].IsAssignableTo(typeof(IUnary)) ? nameof(Unary) : arguments[0].IsAssignableTo(typeof(IBinary)) ? nameof(Binary) : nameof(Ternary);
            Slice[] slices = [arrays.Random(arguments[1] == typeof(Yes) ? Row : Length, 1), arrays.Random(Length, 2), arrays.Random(Length, 3), arrays.New(Length)];
            typeof(KernelTable).GetMethod(method, BindingFlags.NonPublic | BindingFlags.Static)!.MakeGenericMethod(arguments[0]).Invoke(null, [backend, slices]);
        }
    }

    private static void Unary<TOp>(IBackend backend, Slice[] x)
        where TOp : struct, IUnary => backend.Map(default(TOp), x[0], x[3], accumulate: false);

    private static void Binary<TOp>(IBackend backend, Slice[] x)
        where TOp : struct, IBinary => backend.Map(default(TOp), x[0], x[1], x[3], accumulate: false);

    private static void Ternary<TOp>(IBackend backend, Slice[] x)
        where TOp : struct, ITernary => backend.Map(default(TOp), x[0], x[1], x[2], x[3], accumulate: false);

    private static void Print(PtxProgram program, KernelProfile profile, Launch launch)
    {
        Console.WriteLine($"{program.Name}: {launch.Grid.Count} groups of {launch.Threads} threads, {launch.SharedBytes} bytes of shared memory");
        Line("instructions of warps", string.Join(", ", Enum.GetValues<Kind>().Where(k => k != Kind.Merged && profile.All(k) > 0).Select(k => profile.Count(k) is var (inside, outside)
            ? Text($"{Name(k)} {inside:#,0} + {outside:#,0}") : "")) + " (in innermost loops + outside)");
        (long Accesses, long Bytes, long Parts) loads = profile.Memory(Kind.Global, false), stores = profile.Memory(Kind.Global, true);
        (long Accesses, long Bytes, long Parts) reads = profile.Memory(Kind.Shared, false), writes = profile.Memory(Kind.Shared, true), copies = profile.Memory(Kind.Copy, false);
        Line("multiply-adds", Text($"{profile.Arithmetic / Math.Max(1, profile.Issued) / 32:0.00} a lane and instruction, {profile.Arithmetic / Math.Max(1, loads.Bytes + stores.Bytes + copies.Bytes):0.00} a byte of global memory"));
        Line("sectors", $"{Each(loads)} a load, {Each(stores)} a store, {Each(copies)} a copy");
        Line("wavefronts", $"{Each(reads)} a load, {Each(writes)} a store");
        Line("barriers", Text($"{profile.Barriers / Math.Max(1, launch.Grid.Count * ((launch.Threads + 31) / 32))} a group"));
        if (profile.All(Kind.MultiplyAdd) + profile.All(Kind.Tensor) > 0)
            Line("at most", string.Join("; ", Scheduler.All.Select(profile.On).Select(b => Text($"{100 * b.Share:0} % of the peak of {b.Architecture} ({b.By})"))));
        foreach (string architecture in Scheduler.All.Select(s => s.Name))
            if (Assembler.Of(string.Join('\n', program.Text.Lines), architecture) is { } made)
                Line(architecture, Text($"{made.Registers} registers, {made.SpillBytes} bytes spilled, {made.Groups(launch.Threads, launch.SharedBytes, architecture)} groups a multiprocessor"));
        Console.WriteLine();
    }

    private static string Each((long Accesses, long Bytes, long Parts) m) =>
        m.Accesses == 0 ? "-" : Text($"{(double)m.Parts / m.Accesses:0.0}");

    private static string Name(Kind kind) => kind == Kind.MultiplyAdd ? "multiply-add" : kind.ToString().ToLowerInvariant();

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    private static void Line(string what, string text) => Console.WriteLine($"  {what,-22} {text}");
}
