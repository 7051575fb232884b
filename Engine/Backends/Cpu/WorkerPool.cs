using System.Runtime.CompilerServices;
using System.Runtime.ExceptionServices;

namespace EmotionXai.Engine.Backends.Cpu;

/// <summary>
/// Threads that share the parts of one job at a time with the caller. Parts write to places of their own, so no result depends
/// on which thread takes which. Each thread looks for its own part first, the caller for part 0: one job's rows are mostly the next one's, and so
/// they stay in the caches of one core. A part whose thread does not come goes to whoever has nothing to do: a thread that the machine has put aside
/// holds nobody up before it has taken one.
/// Products of a training step come some microseconds apart and waking a thread takes as many as one of them, so threads
/// watch for a while before they sleep. Whoever comes while another caller's job runs, or asks from inside a job, does all
/// parts by itself: there is nothing to wait for, and no part depends on which thread does it.
/// </summary>
internal sealed unsafe class WorkerPool : IDisposable
{
    // Some 200 microseconds. A job waits for half a round on average: a short round made products of ten microseconds 5 to 12 % faster.
    private const int WatchRounds = 6000;
    private const int RoundLength = 1;

    // Two cache lines, which a machine may fetch together; the first two hold the length of the array, which everybody reads.
    private const int Apart = 128 / sizeof(long);
    private const int PartBits = 16;

    private readonly SemaphoreSlim[] _wake;
    private readonly int[] _asleep;
    private readonly Thread[] _threads;

    // The job on the stack of the caller who holds the pool, and how to do a part of it.
    private void* _job;
    private delegate*<void*, int, int, void> _do;
    private ExceptionDispatchInfo? _failure;

    // The job's number and its parts in one word.
    private long _state;

    // [1 + part, cache lines of its own]: the last job of which the part was taken. A job ends when all its parts are, so whoever still
    // looks at one that is over finds nothing to take.
    private readonly long[] _taken;
    private int _left;

    // The thread that holds the pool, or 0.
    private int _holder;
    private volatile bool _closing, _disposed;

    public WorkerPool(int threads)
    {
        if (threads > ushort.MaxValue) throw new ArgumentException($"{threads} threads are more than any machine has; give {ushort.MaxValue} at most.", nameof(threads));
        Count = threads;
        _taken = new long[(threads + 1) * Apart];
        _wake = new SemaphoreSlim[threads - 1];
        _asleep = new int[threads - 1];
        _threads = new Thread[threads - 1];
        for (int i = 0; i < threads - 1; i++)
        {
            int worker = i;
            _wake[i] = new SemaphoreSlim(0);
            _threads[i] = new Thread(() => Work(worker)) { IsBackground = true, Name = $"emotionxai worker {i + 1}" };
            _threads[i].Start();
        }
    }

    /// <summary>Threads, the caller among them.</summary>
    public int Count { get; }

    /// <summary>Workers that sleep now, until a job wakes them.</summary>
    public int Asleep => _asleep.Sum();

    /// <summary>Does every part from 0 to <paramref name="parts"/> - 1 of a job, and returns when all are done.</summary>
    /// <remarks>An exception of a part reaches the caller, the first one where there are several, once all parts are done.</remarks>
    public void Run<TJob>(int parts, ref TJob job)
        where TJob : struct, IJob
    {
        if (parts == 1)
        {
            job.Do(0, 1);
            return;
        }

        if (_closing || Interlocked.CompareExchange(ref _holder, Environment.CurrentManagedThreadId, 0) != 0)
        {
            Alone(parts, ref job);
            return;
        }

        // The job stays on this stack until nobody works on it any more.
        (_failure, _left) = (null, parts);
        _job = Unsafe.AsPointer(ref job);
        _do = &DoPart<TJob>;
        long state = Announce(parts);
        if (Take(state, 0)) Do(0, parts);
        while (TakeAny(state) is var part and >= 0) Do(part, parts);
        WaitForOthers();
        ExceptionDispatchInfo? failure = _failure;
        Volatile.Write(ref _holder, 0);
        failure?.Throw();
    }

    /// <summary>Calls the work with every number below <paramref name="parts"/>, as <see cref="Run"/> does.</summary>
    public void Run(int parts, Action<int> work)
    {
        Calls calls = new(work);
        Run(parts, ref calls);
    }

    /// <summary>Waits for the job that runs, and stops the threads. Later jobs are done by their callers alone.</summary>
    /// <exception cref="InvalidOperationException">Called from inside a job, which would wait for itself.</exception>
    public void Dispose()
    {
        if (_disposed) return;
        if (_holder == Environment.CurrentManagedThreadId || Array.IndexOf(_threads, Thread.CurrentThread) >= 0)
            throw new InvalidOperationException("A backend cannot be disposed from inside its own work (OnLanes); dispose it after the call.");
        _closing = true;
        SpinWait wait = default;
        while (Interlocked.CompareExchange(ref _holder, -1, 0) != 0)
            if (_disposed) return;
            else wait.SpinOnce();
        _disposed = true;
        foreach (SemaphoreSlim wake in _wake) wake.Release();
        foreach (Thread thread in _threads) thread.Join();
        foreach (SemaphoreSlim wake in _wake) wake.Dispose();
    }

    private static void Alone<TJob>(int parts, ref TJob job)
        where TJob : struct, IJob
    {
        ExceptionDispatchInfo? failure = null;
        for (int part = 0; part < parts; part++)
        {
            try
            {
                job.Do(part, parts);
            }
            catch (Exception e)
            {
                failure ??= ExceptionDispatchInfo.Capture(e);
            }
        }

        failure?.Throw();
    }

    private static void DoPart<TJob>(void* job, int part, int parts)
        where TJob : struct, IJob => Unsafe.AsRef<TJob>(job).Do(part, parts);

    // The exchange is a full fence: a worker that goes to sleep either is seen asleep here, or sees the job itself.
    private long Announce(int parts)
    {
        long state = (((_state >> PartBits) + 1) << PartBits) | (long)parts;
        Interlocked.Exchange(ref _state, state);
        for (int i = 0; i < Math.Min(parts - 1, _asleep.Length); i++)
            if (Interlocked.CompareExchange(ref _asleep[i], 0, 1) == 1) _wake[i].Release();
        return state;
    }

    // Parts end nearly together, so the others are watched closely at first: SpinWait looks ever more seldom.
    private void WaitForOthers()
    {
        for (int round = 0; round < WatchRounds; round++)
        {
            if (Volatile.Read(ref _left) == 0) return;
            Thread.SpinWait(RoundLength);
        }

        SpinWait wait = default;
        while (Volatile.Read(ref _left) > 0) wait.SpinOnce(sleep1Threshold: -1);
    }

    private static int PartsOf(long state) => (ushort)state;

    // Whether the part was there to be taken.
    private bool Take(long state, int part)
    {
        if (part >= PartsOf(state)) return false;
        ref long taken = ref _taken[(1 + part) * Apart];
        long last = Volatile.Read(ref taken);
        return last < state && Interlocked.CompareExchange(ref taken, state, last) == last;
    }

    // A part that nobody has taken, or -1.
    private int TakeAny(long state)
    {
        for (int part = PartsOf(state) - 1; part >= 0; part--)
            if (Take(state, part)) return part;
        return -1;
    }

    private void Do(int part, int parts)
    {
        try
        {
            _do(_job, part, parts);
        }
        catch (Exception e)
        {
            // Handed to the caller once all parts are done: a worker must not take the process down, and the caller must not
            // go on while others write to its memory.
            Interlocked.CompareExchange(ref _failure, ExceptionDispatchInfo.Capture(e), null);
        }

        Interlocked.Decrement(ref _left);
    }

    private void Work(int worker)
    {
        long seen = 0;
        while (!_disposed)
        {
            int part = -1;
            for (int round = 0; round < WatchRounds && !_disposed; round++)
            {
                // What belongs to others is left to them at the first look at a job.
                long state = Volatile.Read(ref _state);
                part = Take(state, worker + 1) ? worker + 1 : state == seen ? TakeAny(state) : -1;
                seen = state;
                if (part >= 0) break;
                Thread.SpinWait(RoundLength);
            }

            if (part >= 0) Do(part, PartsOf(seen));
            else Sleep(worker);
        }
    }

    private void Sleep(int worker)
    {
        Interlocked.Exchange(ref _asleep[worker], 1);

        // Announced in between: unless the caller has seen the mark and released the semaphore, there is nothing to wait for.
        if ((HasPart(Volatile.Read(ref _state)) || _disposed) && Interlocked.CompareExchange(ref _asleep[worker], 0, 1) == 1) return;
        _wake[worker].Wait();
    }

    private bool HasPart(long state)
    {
        for (int part = 0; part < PartsOf(state); part++)
            if (Volatile.Read(ref _taken[(1 + part) * Apart]) < state) return true;
        return false;
    }

    private readonly struct Calls(Action<int> work) : IJob
    {
        public void Do(int part, int parts) => work(part);
    }
}
