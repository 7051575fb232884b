using System.Globalization;
using BenchmarkDotNet.Columns;
using BenchmarkDotNet.Parameters;
using BenchmarkDotNet.Reports;
using BenchmarkDotNet.Running;
using EmotionXai.Engine.Backends.Profiling;

namespace EmotionXai.Bench;

/// <summary>A rate of a benchmark, from what its call has to do, its mean time and the limits measured in this run.</summary>
internal sealed class RateColumn(string name, string legend, Func<Work, double> value) : IColumn
{
    private static readonly Dictionary<string, (long MultiplyAdds, long Bytes)> s_costs = [];

    public static IReadOnlyList<IColumn> All { get; } =
    [
        new RateColumn("GFLOP/s", "Floating-point operations, two a multiply-add of a product", w => 2e-9 * w.MultiplyAdds / w.Seconds),
        new RateColumn("% peak", "Of the peak of fused multiply-adds that as many threads reach", w => 100 * 2 * w.MultiplyAdds / w.Seconds / w.Limits.Peak),
        new RateColumn("GB/s", "Bytes of the operands, each read or written once", w => 1e-9 * w.Bytes / w.Seconds),
        new RateColumn("% bandwidth", "Of the second-level cache's bandwidth, or of memory's where the operands do not fit", w => 100 * w.Bytes / w.Seconds / w.Limits.BandwidthOf(w.Bytes, w.Limits.Threads)),
    ];

    public string Id => name;

    public string ColumnName => name;

    public bool AlwaysShow => true;

    public ColumnCategory Category => ColumnCategory.Custom;

    public int PriorityInCategory => 0;

    public bool IsNumeric => true;

    public UnitType UnitType => UnitType.Dimensionless;

    public string Legend => legend;

    public string GetValue(Summary summary, BenchmarkCase benchmarkCase)
    {
        if (summary[benchmarkCase]?.ResultStatistics is not { } statistics) return "-";
        (long multiplyAdds, long bytes) = Cost(benchmarkCase);
        double rate = value(new Work(multiplyAdds, bytes, statistics.Mean * 1e-9, Limits.Of(Threads(benchmarkCase))));
        return rate == 0 ? "" : rate.ToString(rate >= 100 ? "0" : "0.0", CultureInfo.InvariantCulture);
    }

    public string GetValue(Summary summary, BenchmarkCase benchmarkCase, SummaryStyle style) => GetValue(summary, benchmarkCase);

    public bool IsDefault(Summary summary, BenchmarkCase benchmarkCase) => false;

    public bool IsAvailable(Summary summary) => true;

    private static int Threads(BenchmarkCase benchmark) => (int)benchmark.Parameters[nameof(Kernel.Threads)];

    private static (long MultiplyAdds, long Bytes) Cost(BenchmarkCase benchmark)
    {
        string key = benchmark.DisplayInfo;
        if (s_costs.TryGetValue(key, out (long, long) known)) return known;
        Kernel kernel = (Kernel)Activator.CreateInstance(benchmark.Descriptor.Type)!;
        foreach (ParameterInstance parameter in benchmark.Parameters.Items) benchmark.Descriptor.Type.GetProperty(parameter.Name)!.SetValue(kernel, parameter.Value);
        return s_costs[key] = kernel.Cost();
    }
}

/// <summary>What a column is made of.</summary>
internal readonly record struct Work(long MultiplyAdds, long Bytes, double Seconds, MachineLimits Limits);

/// <summary>The machine's limits by threads, measured once a run.</summary>
internal static class Limits
{
    private static readonly Dictionary<int, MachineLimits> s_known = [];

    public static MachineLimits Of(int threads) => s_known.TryGetValue(threads, out MachineLimits? limits) ? limits : s_known[threads] = MachineLimits.Measure(threads);
}
