using EmotionXai.Engine.Backends;

namespace EmotionXai.Engine.Autodiff;

/// <summary>
/// Work that is asked for again and again. The first time it runs as it is, which compiles kernels and fills pools; from the second time on
/// the backend keeps it, where it can, and is asked for all of it at once. Where it cannot, time and again, the work runs as it is for good.
/// </summary>
internal sealed class Repeated(IBackend backend, Action work) : IDisposable
{
    // What other work keeps for good may have been all that lay idle: the run after a refusal leaves as much again.
    private const int Tries = 3;

    private readonly ICapturesWork? _keeper = backend as ICapturesWork;
    private ICapturedWork? _kept;
    private bool _ran;
    private int _refused;

    /// <summary>Whether the backend keeps the work.</summary>
    public bool IsKept => _kept is not null;

    /// <summary>Does the work.</summary>
    /// <returns>Whether it was kept from before; otherwise <c>work</c> was called.</returns>
    public bool Run()
    {
        if (_kept is not null)
        {
            if (_kept.Run()) return true;
            Refuse();
        }
        else if (_ran && _refused < Tries && _keeper is not null)
        {
            _kept = _keeper.Capture(work);
            if (_kept?.Run() == true) return false;
            Refuse();
        }

        _ran = true;
        work();
        return false;
    }

    /// <summary>The work will be another: what is kept of it is of no use.</summary>
    public void Forget()
    {
        _kept?.Dispose();
        _kept = null;
        _ran = false;
    }

    public void Dispose() => Forget();

    private void Refuse()
    {
        Forget();
        _refused++;
    }
}
