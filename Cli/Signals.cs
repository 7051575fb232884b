using System.Runtime.InteropServices;

namespace EmotionXai.Cli;

/// <summary>Ctrl-C and SIGTERM ask the verb to stop; a second one ends the program at once.</summary>
internal sealed class Signals : IDisposable
{
    private const int SignalBase = 128, Interrupted = 2, Terminated = 15;

    private readonly CancellationTokenSource _stop = new();
    private readonly PosixSignalRegistration _interrupt, _terminate;

    public Signals()
    {
        _interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, context => Take(context, Interrupted));
        _terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, context => Take(context, Terminated));
    }

    /// <summary>Cancelled by the first signal.</summary>
    public CancellationToken Stop => _stop.Token;

    /// <summary>What a shell expects of a program that the signal has stopped; 130 for Ctrl-C.</summary>
    public int ExitCode { get; private set; } = SignalBase + Interrupted;

    public void Dispose()
    {
        _interrupt.Dispose();
        _terminate.Dispose();
        _stop.Dispose();
    }

    private void Take(PosixSignalContext context, int number)
    {
        if (_stop.IsCancellationRequested) return;
        context.Cancel = true;
        ExitCode = SignalBase + number;
        _stop.Cancel();
    }
}

/// <summary>A verb was stopped and has something to say of what is left.</summary>
internal sealed class StoppedException(string message) : OperationCanceledException(message);
