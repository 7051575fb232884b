using System.Globalization;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Diagnosers;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.Emit;
using EmotionXai.Bench;
using EmotionXai.Engine.Backends.Profiling;
using Perfolizer.Horology;

if (args is ["ulp", .. var rest]) return Ulp.Run(every: rest is [var text] ? int.Parse(text, CultureInfo.InvariantCulture) : 1);

// Iterations of a tenth of a second: a kernel takes microseconds, and the machine's state should not change between the first and the last.
// In this process: the generated projects of the default toolchain would be looked for by the assembly's name.
Job job = Job.Default.WithToolchain(new InProcessEmitToolchain(new())).WithWarmupCount(4).WithIterationCount(9).WithIterationTime(TimeInterval.FromMilliseconds(100));
IConfig config = DefaultConfig.Instance.AddJob(job).AddDiagnoser(MemoryDiagnoser.Default).AddColumn([.. RateColumn.All]);
foreach (int threads in new[] { 1, 2 })
{
    MachineLimits limits = Limits.Of(threads);
    Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
        $"limits of {threads} thread(s): {limits.Peak * 1e-9:0} GFLOP/s, memory {limits.MemoryBandwidth * 1e-9:0.0} GB/s, second-level cache {limits.CacheBandwidth * 1e-9:0} GB/s"));
}

BenchmarkSwitcher.FromTypes(Kernels.All).Run(args, config);
return 0;
