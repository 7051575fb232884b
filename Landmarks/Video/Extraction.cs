using System.Collections.Concurrent;
using System.Diagnostics;
using OpenCvSharp;

namespace EmotionXai.Landmarks.Video;

/// <summary>What became of a clip.</summary>
/// <param name="Clip">The clip.</param>
/// <param name="Faces">What was seen; null where it failed.</param>
/// <param name="Fault">What went wrong, one line; null where nothing did.</param>
/// <param name="Seconds">How long it took.</param>
/// <param name="Kept">Whether an earlier run had kept it.</param>
internal sealed record ClipOutcome(MediaClip Clip, ClipFaces? Faces, string? Fault, double Seconds, bool Kept);

/// <summary>
/// Extracts many clips: as many at once as there are threads, in a window that bounds memory, given out in order. A clip that
/// fails is told and does not stop the others. What is finished is kept, so that a run that was stopped goes on.
/// </summary>
internal sealed class Extraction : IDisposable
{
    private const int Window = 4;
    private readonly ModelStore _store;
    private readonly ExtractionOptions _options;
    private readonly FaceCache? _cache;
    private readonly ConcurrentBag<FaceExtractor> _idle = [];
    private readonly SemaphoreSlim _places;
    private int _frames;

    /// <summary>Checks the models and loads them.</summary>
    /// <exception cref="IOException">A model is missing, or OpenCV's native library.</exception>
    /// <exception cref="InvalidDataException">A model is damaged.</exception>
    public Extraction(ModelStore store, ExtractionOptions options)
    {
        (_store, _options) = (store, options);
        _cache = options.Cache is null ? null : new FaceCache(options.Cache);
        _places = new SemaphoreSlim(options.Threads);
        _idle.Add(new FaceExtractor(store, options.MostFaces));
    }

    /// <summary>Frames done so far, of all clips.</summary>
    public int Frames => Volatile.Read(ref _frames);

    /// <summary>The outcomes of clips, in their order.</summary>
    /// <exception cref="OperationCanceledException">Stopped; what was finished is kept.</exception>
    public IEnumerable<ClipOutcome> Run(IReadOnlyList<MediaClip> clips, CancellationToken cancellation)
    {
        Queue<Task<ClipOutcome>> running = [];
        try
        {
            foreach (MediaClip clip in clips)
            {
                running.Enqueue(Task.Run(() => WorkAsync(clip, cancellation), CancellationToken.None));
                if (running.Count >= Window * _options.Threads) yield return running.Dequeue().GetAwaiter().GetResult();
            }

            while (running.Count > 0) yield return running.Dequeue().GetAwaiter().GetResult();
        }
        finally
        {
            // Clips under way end by themselves, stopped or whole, before the models go.
            foreach (Task<ClipOutcome> task in running) ((IAsyncResult)task).AsyncWaitHandle.WaitOne();
        }
    }

    /// <summary>Why finished clips cannot be kept for the next run; null where they can.</summary>
    public string? CacheFault { get; private set; }

    public void Dispose()
    {
        foreach (FaceExtractor extractor in _idle) extractor.Dispose();
        _places.Dispose();
    }

    // A full disk or a folder of another user costs the next run its start, not this one its result.
    private void Keep(string key, ClipFaces faces)
    {
        try
        {
            _cache!.Keep(key, faces);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            CacheFault = $"{_options.Cache}: finished clips cannot be kept for the next run ({e.Message.ReplaceLineEndings(" ")}). Set {CacheFolder.Variable} to a folder that can be written.";
        }
    }

    private async Task<ClipOutcome> WorkAsync(MediaClip clip, CancellationToken cancellation)
    {
        await _places.WaitAsync(cancellation).ConfigureAwait(false);
        try
        {
            return Work(clip, cancellation);
        }
        finally
        {
            _places.Release();
        }
    }

    private ClipOutcome Work(MediaClip clip, CancellationToken cancellation)
    {
        long start = Stopwatch.GetTimestamp();
        try
        {
            string? key = _cache is null || clip.Camera is not null ? null : FaceCache.KeyOf(clip, _options.MostFaces);
            if (key is not null && _cache!.Find(key) is ClipFaces kept)
            {
                Interlocked.Add(ref _frames, kept.Frames);
                return Outcome(kept, true);
            }

            FaceExtractor extractor = _idle.TryTake(out FaceExtractor? idle) ? idle : new FaceExtractor(_store, _options.MostFaces);
            try
            {
                ClipFaces faces = extractor.Extract(clip, _options.Threads > 1, () => Interlocked.Increment(ref _frames), cancellation);
                if (key is not null) Keep(key, faces);
                return Outcome(faces, false);
            }
            finally
            {
                _idle.Add(extractor);
            }
        }
        catch (UnauthorizedAccessException)
        {
            return Fault($"{clip.Files[0]}: it may not be read. Grant this user permission to read it.");
        }
        catch (Exception e) when (e is IOException or InvalidDataException)
        {
            return Fault(e.Message);
        }
        catch (OpenCVException e)
        {
            return Fault($"{(clip.Files.Count > 0 ? clip.Files[0] : clip.Name)}: OpenCV cannot work on it ({e.ErrMsg}). Give it smaller, or convert it.");
        }

        ClipOutcome Outcome(ClipFaces faces, bool kept) => new(clip, faces, null, Stopwatch.GetElapsedTime(start).TotalSeconds, kept);
        ClipOutcome Fault(string message) => new(clip, null, message.ReplaceLineEndings(" "), Stopwatch.GetElapsedTime(start).TotalSeconds, false);
    }
}
