using System.Runtime.CompilerServices;
using System.Runtime.ExceptionServices;

namespace EmotionXai.Engine.Backends.Cpu;

/// <summary>
/// Threads that share the parts of one job at a time with the caller. Parts write to places of their own, so it does not
/// matter which thread takes which, and a thread that the machine has put aside holds nobody up before it has taken one.
/// Products of a training step come some microseconds apart and waking a thread takes as many as one of them, so threads
/// watch for a while before they sleep. Whoever comes while another caller's job runs, or asks from inside a job, does all
/// parts by itself: there is nothing to wait for, and no part depends on which thread does it.
/// </summary>
internal sealed unsafe class WorkerPool : IDisposable
{
    // Some 200 microseconds. A job waits for half a round on average: a short round made products of ten microseconds 5 to 12 % faster.
    private const int WatchRounds = 6000;
    private const int RoundLength = 1;

    private readonly SemaphoreSlim[] _wake;
    private readonly int[] _asleep;
    private readonly Thread[] _threads;

    // The job on the stack of the caller who holds the pool, and how to do a part of it.
    private void* _job;
    private delegate*<void*, int, int, void> _do;
    private ExceptionDispatchInfo? _failure;

    // The job's number, its parts, and the next part to take, in one word: a part taken is one of the job that was looked at.
    private long _state;
    private int _left;

    // The thread that holds the pool, or 0.
    private int _holder;
    private volatile bool _closing, _disposed;

    public WorkerPool(int threads)
    {
        if (threads > ushort.MaxValue) throw new ArgumentException($"{threads} threads are more than any machine has; give {ushort.MaxValue} at most.", nameof(threads));
        Count = threads;
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
        Announce(parts);
        while (Take() is var part and >= 0) Do(part, parts);
        SpinWait wait = default;
        while (Volatile.Read(ref _left) > 0) wait.SpinOnce(sleep1Threshold: -1);
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
    private void Announce(int parts)
    {
        long number = (_state >> 32) + 1;
        Interlocked.Exchange(ref _state, (number << 32) | ((long)parts << 16));
        for (int i = 0; i < Math.Min(parts - 1, _asleep.Length); i++)
            if (Interlocked.CompareExchange(ref _asleep[i], 0, 1) == 1) _wake[i].Release();
    }

    // A part that nobody has taken, or -1.
    private int Take() => Take(out _);

    private int Take(out int parts)
    {
        while (true)
        {
            long state = Volatile.Read(ref _state);
            int next = (ushort)state;
            parts = (ushort)(state >> 16);
            if (next >= parts) return -1;
            if (Interlocked.CompareExchange(ref _state, state + 1, state) == state) return next;
        }
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
        while (!_disposed)
        {
            int part = -1, parts = 0;
            for (int round = 0; round < WatchRounds && (part = Take(out parts)) < 0 && !_disposed; round++) Thread.SpinWait(RoundLength);
            if (part >= 0) Do(part, parts);
            else Sleep(worker);
        }
    }

    private void Sleep(int worker)
    {
        Interlocked.Exchange(ref _asleep[worker], 1);

        // Announced in between: unless the caller has seen the mark and released the semaphore, there is nothing to wait for.
        long state = Volatile.Read(ref _state);
        bool work = (ushort)state < (ushort)(state >> 16);
        if ((work || _disposed) && Interlocked.CompareExchange(ref _asleep[worker], 0, 1) == 1) return;
        _wake[worker].Wait();
    }

    private readonly struct Calls(Action<int> work) : IJob
    {
        public void Do(int part, int parts) => work(part);
    }
}
