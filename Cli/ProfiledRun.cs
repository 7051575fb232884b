using System.Globalization;
using EmotionXai.Engine.Backends;
using EmotionXai.Engine.Backends.Profiling;
using EmotionXai.Engine.Gpu;
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
    private readonly List<IBackend> _backends = [];

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
        Profile.StartCounters();
        _stretch = Profile.Section(verb);
    }

    /// <summary>The record; null without <c>--profile</c>.</summary>
    public Profile? Profile { get; }

    public IBackend Backend()
    {
        IBackend backend = Backends.Create(_device, _threads, Profile);
        _backends.Add(backend);
        return backend;
    }

    /// <summary>Writes the trace and closes with the table. Without <c>--profile</c> it says only whether a device was full.</summary>
    public void Finish()
    {
        long refusals = _backends.Sum(b => b.Traffic?.Refusals ?? 0);
        if (refusals > 0) _output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"The device was full ({refusals} buffers refused); what did not fit was done in smaller parts, so last digits may differ from a run with more memory."));
        if (GpuDevices.GraphsRefused is { } why) _output.WriteLine($"The device keeps no launches ({why}), so every kernel was launched by itself.");
        if (Profile is null) return;
        _stretch!.Dispose();
        string counted = Profile.StopCounters();
        AtomicFile.Write(_file!, Profile.WriteTrace);
        RooflineTable.Write(_output, Profile);
        _output.WriteLine(counted);
        if (Profile.Traffic is { } traffic)
        {
            _output.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"Device: {traffic.Launches} launches, {traffic.BytesUp * 1e-6:0.0} MB up, {traffic.BytesDown * 1e-6:0.0} MB down, {traffic.Allocations} buffers, {traffic.Waits} waits (a profile waits after every launch)."));
        }

        _output.WriteLine($"Wrote the trace to {_file}; open it at https://ui.perfetto.dev{(Profile.Truncated ? $" (its first {Profile.MostSlices} slices; the table counts all)" : "")}.");
    }

    public void Dispose()
    {
        _stretch?.Dispose();
        Profile?.StopCounters();
    }
}
