namespace EmotionXai.Engine.Backends.Cpu;

/// <summary>
/// Threads that wait for parts of one job at a time. The caller works on part 0. Which thread works on which part is fixed and
/// parts write to places of their own, so results do not depend on timing.
/// </summary>
internal sealed class WorkerPool : IDisposable
{
    private readonly SemaphoreSlim[] _start;
    private readonly Thread[] _threads;
    private readonly CountdownEvent _left = new(1);
    private Action<int>? _job;
    private Exception? _failure;
    private bool _disposed;

    public WorkerPool(int threads)
    {
        Count = threads;
        _start = new SemaphoreSlim[threads - 1];
        _threads = new Thread[threads - 1];
        for (int i = 0; i < threads - 1; i++)
        {
            int part = i + 1;
            _start[i] = new SemaphoreSlim(0);
            _threads[i] = new Thread(() => Work(part)) { IsBackground = true, Name = $"emotionxai worker {part}" };
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
            _failure = null;
            _job = job;
            _left.Reset(parts - 1);
            for (int i = 0; i < parts - 1; i++) _start[i].Release();
        }

        try
        {
            job(0);
        }
        finally
        {
            // Also when part 0 failed: the others still write to the caller's memory.
            if (parts > 1) _left.Wait();
        }

        if (parts > 1 && _failure is not null) throw _failure;
    }

    public void Dispose()
    {
        if (_disposed) return;
        _disposed = true;
        _job = null;
        foreach (SemaphoreSlim start in _start) start.Release();
        foreach (Thread thread in _threads) thread.Join();
        foreach (SemaphoreSlim start in _start) start.Dispose();
        _left.Dispose();
    }

    private void Work(int part)
    {
        while (true)
        {
            _start[part - 1].Wait();
            if (_disposed) return;
            try
            {
                _job!(part);
            }
            catch (Exception e)
            {
                // Handed to the caller, who waits for it: a worker must not take the process down.
                _failure = e;
            }

            _left.Signal();
        }
    }
}
