using System.Diagnostics;
using EmotionXai.Engine.Backends.Cpu;
using EmotionXai.Engine.Layers;

namespace EmotionXai.Bench.Peers.Works;

/// <summary>
/// The job that the engine is for, from clips to the landmarks that matter: one emotion, one outer fold, seven stages. At each, five networks
/// are trained on the landmarks kept, the first is tested on the people left out, and mean |Integrated Gradients| of all five (50 steps, the
/// clips of the emotion against a typical clip of every other label) order what the next stage keeps. Both sides start from equal
/// weights and take the same batches, so they take the same number of gradient steps.
/// </summary>
internal static class WholeJob
{
    private const int Networks = 5, Epochs = 30;
    private const string Emotion = "happiness";

    private static readonly int[] s_stages = [68, 51, 34, 24, 17, 12, 8];

    public static IEnumerable<Row> Reduction(Settings settings, ModelKind kind, int[] hidden, double bar)
    {
        if (JobData.Find() is not { } folder)
        {
            Console.Error.WriteLine("note: the whole job is left out; it needs ../shared/data/buhmap.");
            yield break;
        }

        JobData data = JobData.Read(folder, Emotion);
        string name = kind == ModelKind.Dense ? $"dense {string.Join('-', hidden)}" : $"LSTM H {hidden[0]}";
        using OurJob ours = new(settings.Threads, threads => new CpuBackend(threads));
        using TorchJob theirs = new();

        // The peer's best way, found before anything is timed; ours starts cold.
        theirs.FindBest(Case(s_stages[0]), data);

        List<double> ourSeconds = [], theirSeconds = [];
        JobResult our = default!, their = default!;
        for (int round = 0; round < Math.Max(1, settings.Rounds / 5); round++)
        {
            if (round % 2 == 0) our = Run(ours, ourSeconds);
            their = Run(theirs, theirSeconds);
            if (round % 2 == 1) our = Run(ours, ourSeconds);
        }

        (Timing Ours, Timing Peer) timing = (Timing.Of(ourSeconds), Timing.Of(theirSeconds));
        int shared = our.Kept[^1].Intersect(their.Kept[^1]).Count();
        Floor? floor = Floor.OfSeveral(settings, open =>
        {
            OurJob watched = new(settings.Threads, open);
            return (watched, () => Run(watched, []));
        });
        double apart = Math.Abs(our.Accuracy - their.Accuracy);
        yield return new Row($"whole job, {name}, {data.Count} clips, {s_stages.Length} stages of {Networks} networks", timing.Ours.Median, timing.Peer.Median, "s", timing.Peer.Median / timing.Ours.Median, bar, apart <= 0.05)
        {
            Note = $"libtorch, {theirs.Way}; balanced accuracy on people left out, mean of the stages, {our.Accuracy:0.000} and {their.Accuracy:0.000}; of the last {s_stages[^1]} landmarks {shared} are the same; ±{timing.Ours.Spread:0%} / ±{timing.Peer.Spread:0%}",
            OurSpread = timing.Ours.Spread,
            PeerSpread = timing.Peer.Spread,
            Floor = floor?.Seconds ?? 0,
            Limit = floor?.Limit ?? "",
        };

        NetworkCase Case(int landmarks) => new(name, kind, data.Time, landmarks * JobData.Channels, hidden);

        JobResult Run(IJobSide side, List<double> seconds)
        {
            Thread.Sleep(150);
            long start = Stopwatch.GetTimestamp();
            List<int[]> kept = [];
            List<double> accuracies = [];
            int[] order = data.AllLandmarks;
            foreach (int landmarks in s_stages)
            {
                int[] keep = [.. order.Take(landmarks).Order()];
                double[] relevance = side.Stage(Case(landmarks), data, keep, Networks, Epochs, out float[] tested);
                kept.Add(keep);
                accuracies.Add(data.BalancedAccuracy(tested));
                order = [.. keep.Select((landmark, i) => (landmark, relevance[i])).OrderByDescending(p => p.Item2).Select(p => p.landmark)];
            }

            seconds.Add(Stopwatch.GetElapsedTime(start).TotalSeconds);
            return new JobResult(kept, accuracies.Average());
        }
    }

    private sealed record JobResult(IReadOnlyList<int[]> Kept, double Accuracy);
}

/// <summary>One of the two sides of the whole job.</summary>
internal interface IJobSide : IDisposable
{
    /// <summary>Trains networks on the landmarks kept and explains them.</summary>
    /// <param name="network">What is trained.</param>
    /// <param name="data">The clips.</param>
    /// <param name="kept">The landmarks.</param>
    /// <param name="networks">Networks, of the seeds from 1 on.</param>
    /// <param name="epochs">Epochs of each.</param>
    /// <param name="tested">[clip left out]: the logits of the first network.</param>
    /// <returns>[landmark kept]: the sum of |attribution|.</returns>
    double[] Stage(NetworkCase network, JobData data, int[] kept, int networks, int epochs, out float[] tested);
}
