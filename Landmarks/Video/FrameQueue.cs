using System.Collections.Concurrent;
using System.Runtime.ExceptionServices;
using OpenCvSharp;

namespace EmotionXai.Landmarks.Video;

/// <summary>
/// Reads the frames of a clip ahead on a thread of its own, a few at most, so that decoding overlaps with what is done with them.
/// Frames come in order and are the same as without it.
/// </summary>
internal sealed class FrameQueue : IDisposable
{
    private const int Ahead = 4;
    private readonly ClipFrames _source;
    private readonly BlockingCollection<(Mat Frame, double Seconds)> _ready = new(Ahead);
    private readonly ConcurrentBag<Mat> _free = [];
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _reader;
    private Mat? _shown;
    private ExceptionDispatchInfo? _fault;

    public FrameQueue(ClipFrames source)
    {
        _source = source;
        _reader = Task.Factory.StartNew(ReadAll, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
    }

    /// <summary>The next frame, which is the caller's until it asks for another; null at the end.</summary>
    public Mat? Next(out double seconds)
    {
        if (_shown is not null) _free.Add(_shown);
        _shown = null;
        if (_ready.TryTake(out (Mat Frame, double Seconds) next, Timeout.Infinite))
        {
            seconds = next.Seconds;
            return _shown = next.Frame;
        }

        seconds = 0;
        _fault?.Throw();
        return null;
    }

    public void Dispose()
    {
        _stop.Cancel();
        _reader.Wait();
        foreach (Mat frame in _free.Concat(_ready.Select(r => r.Frame))) frame.Dispose();
        _shown?.Dispose();
        _ready.Dispose();
        _stop.Dispose();
        _source.Dispose();
    }

    private void ReadAll()
    {
        Mat? frame = null;
        try
        {
            while (!_stop.IsCancellationRequested)
            {
                frame = _free.TryTake(out Mat? used) ? used : new Mat();
                if (!_source.Read(frame, out double seconds)) break;
                _ready.Add((frame, seconds), _stop.Token);
                frame = null;
            }
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            // Nobody waits for this frame.
        }
        catch (Exception e) when (e is InvalidDataException or IOException or UnauthorizedAccessException or OpenCVException)
        {
            _fault = ExceptionDispatchInfo.Capture(e);
        }
        finally
        {
            frame?.Dispose();
            _ready.CompleteAdding();
        }
    }
}
