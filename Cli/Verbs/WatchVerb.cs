using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;
using EmotionXai.Engine.Backends;
using EmotionXai.Landmarks;
using EmotionXai.Landmarks.Models;
using EmotionXai.Landmarks.Video;

namespace EmotionXai.Cli.Verbs;

/// <summary><c>watch</c>: classifiers on a camera or a video, frame by frame.</summary>
internal static class WatchVerb
{
    private const double LinesPerSecond = 1;

    public static Verb Create(Terminal terminal) => new(
        "watch",
        "Judge a camera or video live, with frame rate and latency; Ctrl-C ends it.",
        command => Fill(command, terminal),
        "watch 0 runs/latest/models",
        "watch talk.mp4 runs/mine/happiness.safetensors");

    private static void Fill(Command command, Terminal terminal)
    {
        Argument<string[]> paths = new("path") { Description = "A camera's number or a video, and models or folders of them.", Arity = ArgumentArity.OneOrMore };
        Option<string> models = FaceModelSetting.Create();
        Option<double> window = WindowSetting.Create();
        Option<int> threads = Setting.Count("--threads", "Threads of the classifiers.", 1);
        command.Arguments.Add(paths);
        foreach (Option option in new Option[] { models, window, threads }) command.Options.Add(option);
        terminal.AddTo(command);
        command.SetAction((parsed, cancellation) =>
        {
            (IReadOnlyList<string> files, string? source) = ModelPaths.Split(parsed.GetValue(paths)!, null);
            if (source is null) throw new ArgumentException("watch: give a camera's number or a video.");
            IReadOnlyList<MediaClip> clips = MediaFinder.Find([source]);
            if (clips.Count != 1) throw new ArgumentException($"{source}: {clips.Count} clips are in it; watch takes one video or camera.");
            using IBackend backend = Backends.Create("cpu", parsed.GetValue(threads));
            using EmotionJudge judge = EmotionJudge.Load(files, backend);
            foreach (LandmarkModel model in judge.Models) SavedModel.Warn(model, LiveWatch.Extractor, terminal.Notes(parsed));
            WatchSummary summary = Show(new LiveWatch(ModelStore.Open(parsed.GetValue(models)), judge, parsed.GetValue(window)).Run(clips[0], cancellation), judge.Emotions, terminal.Eyes(parsed));
            return Task.FromResult(terminal.Close(parsed, () => summary.Result(), output => summary.Write(output)));
        });
    }

    private static WatchSummary Show(IEnumerable<LiveFrame> frames, IReadOnlyList<string> emotions, TextWriter output)
    {
        bool live = ReferenceEquals(output, Console.Out) && !Console.IsOutputRedirected;
        List<double> latencies = [];
        int seen = 0;
        double told = double.NegativeInfinity;
        long start = Stopwatch.GetTimestamp();
        double Elapsed() => Stopwatch.GetElapsedTime(start).TotalSeconds;
        foreach (LiveFrame frame in frames)
        {
            latencies.Add(frame.Latency);
            if (frame.IsSeen) seen++;

            // On a terminal a line that changes ten times a second; in a log one line a second of the video.
            double now = live ? Elapsed() * 10 : frame.Seconds * LinesPerSecond;
            if (now - told < 1) continue;
            told = now;
            string judged = frame.IsSeen
                ? string.Join("  ", emotions.Select((e, i) => $"{e} {(double.IsNaN(frame.Probabilities[i]) ? "-" : frame.Probabilities[i].ToString("0.00", CultureInfo.InvariantCulture))}"))
                : "no face";
            string line = string.Create(CultureInfo.InvariantCulture, $"{frame.Seconds,6:0.0} s  {latencies.Count / Elapsed(),4:0} frames/s  {frame.Latency,5:0.0} ms  {judged}");
            if (live) output.Write($"\r\e[K{line}");
            else output.WriteLine(line);
        }

        if (live) output.WriteLine();
        double seconds = Elapsed();
        latencies.Sort();
        return new WatchSummary(latencies.Count, seen, seconds, latencies.Count == 0 ? 0 : latencies[latencies.Count / 2], latencies.Count == 0 ? 0 : latencies[(int)(latencies.Count * 0.95)]);
    }
}

/// <summary>How live judging went; latencies in milliseconds.</summary>
internal sealed record WatchSummary(int Frames, int Seen, double Seconds, double Median, double Late)
{
    public void Write(TextWriter output)
    {
        if (Frames == 0) return;
        output.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{Frames} frames, {Seen} with a face, {Frames / Seconds:0} frames/s; latency of a frame {Median:0.0} ms (median), {Late:0.0} ms (95%)."));
    }

    public JsonObject Result() => new()
    {
        ["verb"] = "watch",
        ["frames"] = Frames,
        ["with_a_face"] = Seen,
        ["seconds"] = Json.Number(Seconds),
        ["latency_ms_median"] = Json.Number(Median),
        ["latency_ms_95"] = Json.Number(Late),
    };
}
