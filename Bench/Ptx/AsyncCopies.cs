namespace EmotionXai.Bench.Ptx;

/// <summary>
/// Copies from global to shared memory that go on while their thread works (cp.async): in groups that the thread closes, and there for
/// certain only when it has waited for its group.
/// </summary>
internal sealed class AsyncCopies(GroupRun run, int threads)
{
    private readonly Queue<List<(int Word, uint Value)>>[] _closed = [.. Enumerable.Range(0, threads).Select(_ => new Queue<List<(int, uint)>>())];
    private readonly List<(int Word, uint Value)>[] _open = [.. Enumerable.Range(0, threads).Select(_ => new List<(int, uint)>())];

    public void Clear()
    {
        for (int thread = 0; thread < threads; thread++)
        {
            _closed[thread].Clear();
            _open[thread].Clear();
        }
    }

    public void Add(int thread, int word, uint value) => _open[thread].Add((word, value));

    public void Commit(int thread)
    {
        _closed[thread].Enqueue(_open[thread]);
        _open[thread] = [];
    }

    /// <summary>Waits until at most <paramref name="left"/> groups are on their way.</summary>
    public void Wait(int thread, int left, int warpTime)
    {
        while (_closed[thread].Count > left)
            foreach ((int word, uint value) in _closed[thread].Dequeue()) run.Shared.Arrive(word, thread, warpTime, value);
    }

    public void WaitAll(int thread, int warpTime)
    {
        Commit(thread);
        Wait(thread, 0, warpTime);
    }
}
