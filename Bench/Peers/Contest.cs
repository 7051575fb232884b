using System.Diagnostics;
using System.Globalization;
using EmotionXai.Engine.Backends.Profiling;

namespace EmotionXai.Bench.Peers;

/// <summary>Seconds a call: the median of the rounds and its quartiles.</summary>
internal readonly record struct Timing(double Median, double Low, double High)
{
    /// <summary>What the processor counted in a call; null where it does not count.</summary>
    public CounterReading? Counts { get; init; }

    /// <summary>Nanoseconds from one core to another and back, before and after the rounds (<see cref="CoreDistance"/>); 0 where only one thread works.</summary>
    public (double Before, double After) Apart { get; init; }

    /// <summary>Half the distance between the quartiles, relative to the median.</summary>
    public double Spread => 0.5 * (High - Low) / Median;

    public static Timing Of(IEnumerable<double> seconds)
    {
        double[] sorted = [.. seconds.Order()];
        return new Timing(At(0.5), At(0.25), At(0.75));

        double At(double part) => sorted[(int)Math.Round(part * (sorted.Length - 1))];
    }
}

/// <summary>
/// Times two sides in alternating rounds of one process, so that what the machine does meanwhile meets both alike. Both
/// keep threads that watch for work for a while after their last (those of OpenMP for more than 25 milliseconds, which doubled the time of our
/// dense training), so a turn starts only after a pause in which the other side's have gone to sleep. A virtual machine
/// gives a core that rests back, and has it whole again after some ten milliseconds only: calls for as long as a turn come first and are not timed.
/// </summary>
internal sealed class Contest(Settings settings)
{
    private const int PauseMilliseconds = 150;

    // The runtime compiles a method anew after thirty calls and a moment of rest, twice over where it counts what the first form does:
    // bouts of so many calls with pauses between; a slow call waits no longer for them than this.
    private const int WarmBouts = 3, BoutCalls = 32;
    private const double MostBoutSeconds = 0.6;

    public (Timing Ours, Timing Peer) Run(Action ours, Action peer)
    {
        (int ourCalls, int peerCalls) = (Warm(ours), Warm(peer));
        double[] ourSeconds = new double[settings.Rounds], peerSeconds = new double[settings.Rounds];
        CounterReading? counts = settings.Counters is null ? null : new CounterReading(0, 0, 0, 0);
        double before = Apart();
        for (int round = 0; round < settings.Rounds; round++)
        {
            if (round % 2 == 0) ourSeconds[round] = Ours();
            peerSeconds[round] = Seconds(peer, peerCalls);
            if (round % 2 == 1) ourSeconds[round] = Ours();
        }

        return (Timing.Of(ourSeconds) with { Counts = counts / settings.Rounds, Apart = (before, Apart()) }, Timing.Of(peerSeconds));

        double Apart() => settings.Threads > 1 ? CoreDistance.Measure() : 0;

        double Ours()
        {
            double seconds = Seconds(ours, ourCalls, out CounterReading? counted);
            counts += counted / ourCalls;
            return seconds;
        }
    }

    /// <summary>The fastest of several ways to do the same by name, and all of them in words: what each does in the unit of the row.</summary>
    public (Action Way, string Note) Fastest(IReadOnlyList<(string Name, Action Way)> ways, Func<double, double> figure)
    {
        int best = Fastest([.. ways.Select(w => w.Way)], out double[] seconds);
        IEnumerable<string> others = ways.Index().Where(w => w.Index != best).Select(w => string.Create(CultureInfo.InvariantCulture, $"{w.Item.Name} {figure(seconds[w.Index]):0.#}"));
        return (ways[best].Way, $"{ways[best].Name} ({string.Join(", ", others)})");
    }

    /// <summary>The fastest of several ways to do the same, each warmed and tried a few times.</summary>
    /// <param name="ways">The ways.</param>
    /// <param name="best">What a call of each took in its best try.</param>
    public int Fastest(IReadOnlyList<Action> ways, out double[] best)
    {
        best = new double[ways.Count];
        for (int i = 0; i < ways.Count; i++)
        {
            int calls = Warm(ways[i]);
            best[i] = Enumerable.Range(0, 3).Min(_ => Seconds(ways[i], calls));
        }

        return Array.IndexOf(best, best.Min());
    }

    private int Warm(Action action)
    {
        int calls = 0;
        double last = 0;
        for (int bout = 0; bout < WarmBouts; bout++)
        {
            Thread.Sleep(PauseMilliseconds);
            long start = Stopwatch.GetTimestamp();
            double spent;
            int before = calls;
            do
            {
                long begin = Stopwatch.GetTimestamp();
                action();
                last = Stopwatch.GetElapsedTime(begin).TotalSeconds;
                calls++;
                spent = Stopwatch.GetElapsedTime(start).TotalSeconds;
            }
            while (spent < settings.WarmSeconds / WarmBouts || (calls - before < BoutCalls && spent < MostBoutSeconds));
        }

        // The last calls are what a call takes when warm; a single one is too short to be told when it is a microsecond.
        int some = (int)Math.Clamp(0.1 * calls, 1, 1000);
        long again = Stopwatch.GetTimestamp();
        for (int i = 0; i < some; i++) action();
        double each = Stopwatch.GetElapsedTime(again).TotalSeconds / some;
        return Math.Max(1, (int)Math.Ceiling(settings.LeastSeconds / Math.Min(each, last)));
    }

    private double Seconds(Action action, int calls) => Seconds(action, calls, out _);

    private double Seconds(Action action, int calls, out CounterReading? counted)
    {
        Thread.Sleep(PauseMilliseconds);
        long awake = Stopwatch.GetTimestamp();
        do action();
        while (Stopwatch.GetElapsedTime(awake).TotalSeconds < settings.LeastSeconds);
        CounterReading? before = settings.Counters?.Read();
        long start = Stopwatch.GetTimestamp();
        for (int i = 0; i < calls; i++) action();
        double seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        counted = settings.Counters?.Read() - before;
        return seconds / calls;
    }
}
