using System.Collections.Concurrent;
using System.Diagnostics;
using EmotionXai.Engine.Backends;
using EmotionXai.Landmarks.Reduction;
using EmotionXai.Landmarks.Synthesis;

namespace EmotionXai.Landmarks.Benchmark;

/// <summary>
/// Holds the selection of landmarks against what is known to be true, and against bars that were fixed before: docs/protocol.md.
/// Results do not depend on the number of threads.
/// </summary>
/// <param name="options">What is run.</param>
public sealed class SelectionBenchmark(BenchmarkOptions options)
{
    /// <summary>Runs all parts that are asked for.</summary>
    /// <param name="output">A folder for the reduction of the default part; removed again.</param>
    /// <param name="progress">Told what is going on: a part, how many of its pieces are done, and how many there are.</param>
    /// <param name="cancellation">Stops.</param>
    public BenchmarkResult Run(string output, Action<string, int, int>? progress = null, CancellationToken cancellation = default)
    {
        long start = Stopwatch.GetTimestamp();
        ReductionOptions reduction = options.Reduction;
        List<RuleOutcome> outcomes = [];
        if (options.Parts.Contains(BenchmarkPart.Graded)) outcomes.AddRange(Tasks("graded cases", BenchmarkGrid.Graded(options)));
        if (options.Parts.Contains(BenchmarkPart.Spoilt)) outcomes.AddRange(Tasks("real clips", BenchmarkGrid.RealCases(options)));
        NothingFound? nothing = options.Parts.Contains(BenchmarkPart.Nothing) ? Nothing() : null;
        ReductionResult? byDefault = options.Parts.Contains(BenchmarkPart.Default) ? Default() : null;

        string rule = SelectionRow.DefaultOf(reduction);
        RuleScores scores = new(outcomes, reduction.BootstrapSamples, reduction.Seed);
        return new BenchmarkResult
        {
            Quick = options.Quick,
            Rule = rule,
            Criteria = Criteria.Judge(scores, outcomes.Select(o => o.Task.Group).ToHashSet(), rule, nothing, byDefault),
            Scores = scores.All(),
            Nothing = nothing,
            Options = OptionSummary.Describe(reduction, []),
            Seconds = Stopwatch.GetElapsedTime(start).TotalSeconds,
        };

        IEnumerable<RuleOutcome> Tasks(string name, IEnumerable<Func<IReadOnlyList<BenchmarkTask>>> cases)
        {
            Func<IReadOnlyList<BenchmarkTask>>[] all = [.. cases];
            return Each(name, all.Length, (i, backend) => all[i]().SelectMany(task => new TaskRun(task, reduction, SelectionRow.All, cancellation).Run(backend)).ToArray()).SelectMany(o => o);
        }

        NothingFound Nothing()
        {
            (bool Above, bool Better, bool Landmark)[] runs = Each("nothing to find", NothingRuns.Count(options.Quick), (i, backend) => NothingRuns.Run(reduction, BenchmarkGrid.SeedOf(reduction, i), backend, cancellation));
            return new NothingFound(runs.Length, runs.Count(r => r.Above), runs.Count(r => r.Better), runs.Count(r => r.Landmark));
        }

        ReductionResult Default()
        {
            progress?.Invoke("reduce without data", 0, 1);
            string folder = Path.Combine(output, "reduce");
            ReductionResult result = new ReductionDriver(FaceSynthesizer.Generate(new SynthesisOptions { Seed = options.Default.Seed }), options.Default).Run(folder, force: true, null, cancellation);
            Directory.Delete(folder, recursive: true);
            return result;
        }

        T[] Each<T>(string name, int count, Func<int, IBackend, T> run)
        {
            T[] results = new T[count];
            int done = 0;
            ParallelOptions parallel = new() { MaxDegreeOfParallelism = Math.Max(1, reduction.Threads), CancellationToken = cancellation };
            try
            {
                Parallel.ForEach(Partitioner.Create(Enumerable.Range(0, count), EnumerablePartitionerOptions.NoBuffering), parallel, i =>
                {
                    using IBackend backend = Backends.Create(reduction.Device, threads: 1);
                    results[i] = run(i, backend);
                    progress?.Invoke(name, Interlocked.Increment(ref done), count);
                });
            }
            catch (AggregateException e) when (e.InnerExceptions.Count > 0)
            {
                System.Runtime.ExceptionServices.ExceptionDispatchInfo.Capture(e.InnerExceptions[0]).Throw();
            }

            return results;
        }
    }
}
