using EmotionXai.Engine.Backends;
using EmotionXai.Engine.Backends.Profiling;
using EmotionXai.Landmarks;

namespace EmotionXai.Cli;

/// <summary>The computing part of a verb: its backend, and the trace and table that <c>--profile</c> asks for. Without it nothing is watched.</summary>
internal sealed class ProfiledRun : IDisposable
{
    private readonly string _device;
    private readonly int _threads;
    private readonly string? _file;
    private readonly TextWriter _output;
    private readonly IDisposable? _stretch;

    public ProfiledRun(string verb, string device, int threads, string? file, TextWriter output)
    {
        (_device, _threads, _file, _output) = (device, threads, file, output);
        if (file is null) return;
        if (Directory.Exists(file)) throw new ArgumentException($"--profile {file}: this is a folder; name a file, such as {Path.Combine(file, "trace.json")}.");

        // What cannot be written at the end had better fail at the start.
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(file))!);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new IOException($"--profile {file}: its folder cannot be made ({e.Message}); name a file where you may write.", e);
        }

        Profile = new Profile(MachineLimits.Measure(threads));
        _stretch = Profile.Section(verb);
    }

    /// <summary>The record; null without <c>--profile</c>.</summary>
    public Profile? Profile { get; }

    public IBackend Backend() => Backends.Create(_device, _threads, Profile);

    /// <summary>Writes the trace and closes with the table.</summary>
    public void Finish()
    {
        if (Profile is null) return;
        _stretch!.Dispose();
        AtomicFile.Write(_file!, Profile.WriteTrace);
        RooflineTable.Write(_output, Profile);
        _output.WriteLine($"Wrote the trace to {_file}; open it at https://ui.perfetto.dev{(Profile.Truncated ? $" (its first {Profile.MostSlices} slices; the table counts all)" : "")}.");
    }

    public void Dispose() => _stretch?.Dispose();
}
