namespace EmotionXai.Landmarks.Reduction;

/// <summary>Pieces of work side by side, and others that wait for some of them. Pieces that wait have to be begun behind those that they wait for.</summary>
internal sealed class OrderedWork(int pieces) : IDisposable
{
    private static readonly TimeSpan s_look = TimeSpan.FromMilliseconds(100);

    private readonly ManualResetEventSlim[] _done = [.. Enumerable.Range(0, pieces).Select(_ => new ManualResetEventSlim())];
    private volatile bool _failed;

    /// <summary>A piece begins; it has failed if it is not <see cref="Piece.Succeed"/>ed before it is disposed.</summary>
    public Piece Begin(int piece) => new(this, piece);

    /// <summary>Waits for pieces.</summary>
    /// <returns>Whether all of them succeeded; false as soon as any piece failed, since others may then never begin.</returns>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public bool WaitFor(int first, int count, CancellationToken cancellation)
    {
        for (int i = first; i < first + count; i++)
        {
            while (!_done[i].Wait(s_look, cancellation))
                if (_failed) return false;
        }

        return !_failed;
    }

    public void Dispose()
    {
        foreach (ManualResetEventSlim done in _done) done.Dispose();
    }

    /// <summary>A piece at work.</summary>
    internal readonly struct Piece(OrderedWork work, int piece) : IDisposable
    {
        /// <summary>It is done.</summary>
        public void Succeed() => work._done[piece].Set();

        public void Dispose()
        {
            if (!work._done[piece].IsSet) work._failed = true;
        }
    }
}
