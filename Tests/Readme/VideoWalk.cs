using System.Diagnostics;
using EmotionXai.Engine.Backends.Cpu;
using EmotionXai.Landmarks.Datasets;
using EmotionXai.Landmarks.Models;
using EmotionXai.Landmarks.Sequences;
using EmotionXai.Landmarks.Synthesis;
using EmotionXai.Landmarks.Video;
using Xunit;

namespace EmotionXai.Tests.Readme;

/// <summary>The README's way from one video to a figure, as it is written: at most five commands. Of the video the first seconds.</summary>
public sealed class VideoWalk : IDisposable
{
    private readonly ReadmeCommands _commands = new();

    public void Dispose() => _commands.Dispose();

    /// <summary>Whether a block of the README belongs to this way.</summary>
    internal static bool IsPart(string block) => block.Contains(" face-models fetch", StringComparison.Ordinal) || block.Contains("runs/why/figures/", StringComparison.Ordinal);

    [Fact]
    public void Five_commands_lead_from_a_video_to_a_figure()
    {
        string video = SharedData.RequireVideo("WolfgangLanger_Pexels.mp4");
        SharedData.RequireModels();
        if (!VideoEncoder.IsThere) Assert.Skip("The program ffmpeg is not installed: nothing cuts the video, nor makes what browsers play.");
        Program("ffmpeg", "-loglevel", "error", "-i", video, "-t", "3", "-c", "copy", _commands["talk.mp4"]);
        string[] blocks = [.. ReadmeFile.Blocks("sh").Where(IsPart)], walk = [.. ReadmeCommands.Of(blocks[0])];
        Assert.InRange(walk.Length, 1, 5);
        string[] said = [.. walk.Concat(blocks[1..].SelectMany(ReadmeCommands.Of)).Select(c => _commands.Run(c))];

        // Landmarks.
        LandmarkSet set = LandmarkDataset.Read(_commands["runs/talk.csv"], new() { RequireLabels = false });
        Assert.Equal("mediapipe468", set.Topology.Name);
        Assert.InRange(set.Clips[0].Frames, 60, 80);

        // A model on 468 points, of synthetic faces, and said so.
        using CpuBackend backend = new(1);
        using LandmarkModel model = LandmarkModel.Load(_commands["runs/mesh/happiness.safetensors"], backend);
        Assert.Equal((468, FaceSynthesizer.Name), (model.Landmarks.Count, model.Origin!.Extractor));
        Assert.Contains("was trained on synthetic faces alone", said[3], StringComparison.Ordinal);

        // What a browser plays, with the sound.
        Assert.Contains("Drew them into runs/why.mp4", said[3], StringComparison.Ordinal);
        string streams = Program("ffprobe", "-v", "error", "-show_entries", "stream=codec_name,pix_fmt", "-of", "csv=p=0", _commands["runs/why.mp4"]);
        Assert.Contains("h264,yuv420p", streams, StringComparison.Ordinal);
        Assert.Contains("aac", streams, StringComparison.Ordinal);

        // An explanation of this one video.
        string page = File.ReadAllText(_commands["runs/why/report.html"]);
        Assert.Matches(@"talk\.mp4: probability [01]\.\d\d, calibrated", page);
        foreach (string drawing in new[] { "drawing signed", "drawing map" }) Assert.Contains($"class=\"{drawing}\"", page, StringComparison.Ordinal);
        Assert.True(File.Exists(_commands["runs/why/figures/happiness-time.pdf"]));
    }

    private static string Program(string name, params string[] arguments)
    {
        using Process process = Process.Start(new ProcessStartInfo(name, arguments) { RedirectStandardOutput = true })!;
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.Equal(0, process.ExitCode);
        return output;
    }
}
