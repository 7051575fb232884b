using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;

namespace EmotionXai.Fuzz;

/// <summary>
/// Mutates files for a time and keeps those that reach new branches of the readers, which SharpFuzz counts in their assemblies: the
/// loop of AFL (Zalewski 2014), in one process.
/// </summary>
internal sealed unsafe class Hunt(FuzzTarget target, string output, int seed)
{
    private const int Branches = 1 << 16, LongestInput = 1 << 18, MostKept = 4000, Hang = 20;
    private readonly byte[] _seen = new byte[Branches];
    private readonly List<byte[]> _corpus = [];
    private readonly HashSet<string> _faults = [];
    private byte[] _current = [];
    private long _started;

    /// <summary>Inputs tried.</summary>
    public long Tried { get; private set; }

    /// <summary>Runs until the time is over; returns a line about it.</summary>
    public string Run(TimeSpan time)
    {
        string work = Directory.CreateTempSubdirectory("emotionxai-fuzz-").FullName;
        byte[] counters = GC.AllocateArray<byte>(Branches, pinned: true);
        fixed (byte* pointer = counters)
        {
            SharpFuzz.Common.Trace.SharedMem = pointer;
            using Timer watch = new(_ => Watch(), null, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(1));
            Stopwatch clock = Stopwatch.StartNew();
            Random random = new(seed);
            double slowest = 0;
            long largest = 0;
            foreach (byte[] whole in target.Seeds())
            {
                // What is refused from the start would hide all that lies behind it.
                _ = Try(work, whole, counters);
                target.Read(Path.Combine(work, target.File));
                _corpus.Add(whole);
            }

            while (clock.Elapsed < time)
            {
                byte[] input = Mutation.Of(_corpus[random.Next(_corpus.Count)], _corpus, random, LongestInput);
                FuzzOutcome outcome = Try(work, input, counters);
                Tried++;
                (slowest, largest) = (Math.Max(slowest, outcome.Seconds), Math.Max(largest, outcome.Bytes));
                if (outcome.Fault is string fault) Report(input, fault);
                if (IsNew(counters) && _corpus.Count < MostKept) _corpus.Add(input);
            }

            Directory.Delete(work, recursive: true);
            return string.Create(
                CultureInfo.InvariantCulture,
                $"{target.Name,-12} {Tried,9} inputs, {Tried / clock.Elapsed.TotalSeconds,7:0}/s, {_corpus.Count,5} kept, {_seen.Count(s => s != 0),6} branches, slowest {slowest:0.000} s, most {largest / 1e6:0.0} MB allocated, {_faults.Count} kinds of fault");
        }
    }

    private FuzzOutcome Try(string work, byte[] input, byte[] counters)
    {
        Array.Clear(counters);
        SharpFuzz.Common.Trace.PrevLocation = 0;
        (_current, _started) = (input, Stopwatch.GetTimestamp());
        FuzzOutcome outcome = target.Try(work, input);
        _started = 0;
        return outcome;
    }

    // Counts in powers of two, as AFL's: how often a branch was taken matters only roughly.
    private bool IsNew(byte[] counters)
    {
        bool fresh = false;
        for (int i = 0; i < counters.Length; i++)
        {
            if (counters[i] == 0) continue;
            byte bucket = (byte)(1 << Math.Min(7, System.Numerics.BitOperations.Log2(counters[i])));
            if ((_seen[i] & bucket) != 0) continue;
            _seen[i] |= bucket;
            fresh = true;
        }

        return fresh;
    }

    private void Report(byte[] input, string fault)
    {
        // A fault is known by where it comes from, not by its numbers.
        string kind = string.Concat(fault.Split('\n').Take(2).SelectMany(l => l.Where(c => !char.IsAsciiDigit(c))).Take(200));
        if (!_faults.Add(kind)) return;
        string file = Save(input, "fault");
        File.WriteAllText(file + ".txt", fault);
        Console.WriteLine($"{target.Name}: {fault.Split('\n')[0]} ({file})");
    }

    private string Save(byte[] input, string kind)
    {
        string folder = Path.Combine(output, target.Name);
        Directory.CreateDirectory(folder);
        string file = Path.Combine(folder, $"{kind}-{Convert.ToHexStringLower(SHA256.HashData(input))[..12]}");
        File.WriteAllBytes(file, input);
        return file;
    }

    // A loop without end cannot be stopped from inside; its input is kept, and the process goes.
    private void Watch()
    {
        long started = _started;
        if (started == 0 || Stopwatch.GetElapsedTime(started).TotalSeconds < Hang || Debugger.IsAttached) return;
        string file = Save(_current, "hang");
        Console.WriteLine($"{target.Name}: it hangs after {Tried} inputs ({file})");
        Environment.Exit(3);
    }
}
