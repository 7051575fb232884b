namespace EmotionXai.Engine.Backends.Cpu;

/// <summary>
/// Threads that wait for parts of one job at a time. The caller works on part 0. Which thread works on which part is fixed and
/// parts write to places of their own, so results do not depend on timing. Products of a training step come some
/// microseconds apart and waking a sleeping thread takes as many as one of them, so threads watch for a while before they sleep.
/// </summary>
internal sealed class WorkerPool : IDisposable
{
    // Some 200 microseconds, about 0.7 each.
    private const int WatchRounds = 300;
    private const int RoundLength = 20;

    // Jobs carry how many parts they have in their number, so that one read tells a worker both.
    private const int PartsBits = 16;

    private readonly SemaphoreSlim[] _wake;
    private readonly int[] _asleep;
    private readonly Thread[] _threads;
    private Action<int>? _job;
    private Exception? _failure;
    private long _number;
    private int _left;
    private volatile bool _disposed;

    public WorkerPool(int threads)
    {
        if (threads >= 1 << PartsBits) throw new ArgumentException($"{threads} threads are more than any machine has; give fewer than {1 << PartsBits}.", nameof(threads));
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

    /// <summary>Calls the job with every part from 0 to <paramref name="parts"/> - 1, at most <see cref="Count"/>, and waits for all.</summary>
    public void Run(int parts, Action<int> job)
    {
        if (parts > 1)
        {
            (_job, _failure, _left) = (job, null, parts - 1);
            Announce(parts);
        }

        try
        {
            job(0);
        }
        finally
        {
            // Also when part 0 failed: the others still write to the caller's memory.
            if (parts > 1) WaitForOthers();
        }

        if (parts > 1 && _failure is not null) throw _failure;
    }

    public void Dispose()
    {
        if (_disposed) return;
        _disposed = true;
        _job = null;
        Announce(Count);
        foreach (Thread thread in _threads) thread.Join();
        foreach (SemaphoreSlim wake in _wake) wake.Dispose();
    }

    // The exchange is a full fence: a worker that goes to sleep either is seen asleep here, or sees the new number itself.
    private void Announce(int parts)
    {
        Interlocked.Exchange(ref _number, (((_number >> PartsBits) + 1) << PartsBits) | (uint)parts);
        for (int i = 0; i < parts - 1; i++)
            if (Interlocked.CompareExchange(ref _asleep[i], 0, 1) == 1) _wake[i].Release();
    }

    private void WaitForOthers()
    {
        SpinWait wait = default;
        while (Volatile.Read(ref _left) > 0) wait.SpinOnce(sleep1Threshold: -1);
    }

    private void Work(int worker)
    {
        long done = 0;
        while (true)
        {
            long number = Next(worker, done);
            if (_disposed) return;
            done = number;
            if (worker + 1 >= (number & ((1 << PartsBits) - 1))) continue;
            try
            {
                _job!(worker + 1);
            }
            catch (Exception e)
            {
                // Handed to the caller, who waits for it: a worker must not take the process down.
                _failure = e;
            }

            Interlocked.Decrement(ref _left);
        }
    }

    // The number of the next job.
    private long Next(int worker, long done)
    {
        while (true)
        {
            for (int round = 0; round < WatchRounds; round++)
            {
                long number = Volatile.Read(ref _number);
                if (number != done) return number;
                Thread.SpinWait(RoundLength);
            }

            Interlocked.Exchange(ref _asleep[worker], 1);

            // Announced in between: unless the caller has seen the mark and released the semaphore, there is nothing to wait for.
            if (Volatile.Read(ref _number) != done && Interlocked.CompareExchange(ref _asleep[worker], 0, 1) == 1) continue;
            _wake[worker].Wait();
        }
    }
}
