namespace EmotionXai.Engine.Backends.Cpu;

/// <summary>
/// Threads that share the parts of one job at a time with the caller. Parts write to places of their own, so it does not
/// matter which thread takes which, and a thread that the machine has put aside holds nobody up before it has taken one.
/// Products of a training step come some microseconds apart and waking a thread takes as many as one of them, so threads
/// watch for a while before they sleep.
/// </summary>
internal sealed class WorkerPool : IDisposable
{
    // Some 200 microseconds, about 0.7 each.
    private const int WatchRounds = 300;
    private const int RoundLength = 20;

    private readonly SemaphoreSlim[] _wake;
    private readonly int[] _asleep;
    private readonly Thread[] _threads;
    private Action<int>? _job;
    private Exception? _failure;

    // The job's number, its parts, and the next part to take, in one word: a part taken is one of the job that was looked at.
    private long _state;
    private int _left;
    private volatile bool _disposed;

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

    /// <summary>Calls the job with every part from 0 to <paramref name="parts"/> - 1, and waits for all.</summary>
    public void Run(int parts, Action<int> job)
    {
        if (parts == 1)
        {
            job(0);
            return;
        }

        (_job, _failure, _left) = (job, null, parts);
        Announce(parts);
        while (Take() is var part and >= 0) Do(part);
        SpinWait wait = default;
        while (Volatile.Read(ref _left) > 0) wait.SpinOnce(sleep1Threshold: -1);
        if (_failure is not null) throw _failure;
    }

    public void Dispose()
    {
        if (_disposed) return;
        _disposed = true;
        foreach (SemaphoreSlim wake in _wake) wake.Release();
        foreach (Thread thread in _threads) thread.Join();
        foreach (SemaphoreSlim wake in _wake) wake.Dispose();
    }

    // The exchange is a full fence: a worker that goes to sleep either is seen asleep here, or sees the job itself.
    private void Announce(int parts)
    {
        long number = (_state >> 32) + 1;
        Interlocked.Exchange(ref _state, (number << 32) | ((long)parts << 16));
        for (int i = 0; i < Math.Min(parts - 1, _asleep.Length); i++)
            if (Interlocked.CompareExchange(ref _asleep[i], 0, 1) == 1) _wake[i].Release();
    }

    // A part that nobody has taken, or -1.
    private int Take()
    {
        while (true)
        {
            long state = Volatile.Read(ref _state);
            int next = (ushort)state;
            if (next >= (ushort)(state >> 16)) return -1;
            if (Interlocked.CompareExchange(ref _state, state + 1, state) == state) return next;
        }
    }

    private void Do(int part)
    {
        try
        {
            _job!(part);
        }
        catch (Exception e)
        {
            // Handed to the caller once all parts are done: a worker must not take the process down, and the caller must not
            // go on while others write to its memory.
            _failure = e;
        }

        Interlocked.Decrement(ref _left);
    }

    private void Work(int worker)
    {
        while (!_disposed)
        {
            int part = -1;
            for (int round = 0; round < WatchRounds && (part = Take()) < 0 && !_disposed; round++) Thread.SpinWait(RoundLength);
            if (part >= 0) Do(part);
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
}
