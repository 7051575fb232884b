using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;
using EmotionXai.Landmarks.Runs;
using EmotionXai.Landmarks.Topologies;
using EmotionXai.Landmarks.Video;

namespace EmotionXai.Cli.Verbs;

/// <summary><c>extract</c>: from video to landmarks.</summary>
internal static class ExtractVerb
{
    public static Verb Create(Terminal terminal) => new(
        "extract",
        "Find faces in videos and pictures and write their landmarks.",
        command => Fill(command, terminal),
        "extract CLIPS --out runs/clips.csv",
        "extract talk.mp4 --out runs/talk.csv --overlay runs/talk.mp4",
        "extract CLIPS --out runs/clips.parquet --points 68 --smooth");

    private static void Fill(Command command, Terminal terminal)
    {
        VideoSettings video = new();
        Argument<string[]> paths = new("path") { Description = "Videos, pictures, folders of them (also one folder a label, or CK+'s pictures), or a camera's number.", Arity = ArgumentArity.OneOrMore };
        Option<string> file = Setting.Path("--out", $"The file to write: .csv or .parquet. By default {RunFolders.Root}/DATE-TIME-extract/landmarks.csv.");
        Option<int> points = Setting.Count("--points", "468 (face mesh, MediaPipe's columns) or 68 (those nearest to iBUG's, OpenFace's columns).", 468);
        Option<bool> all = Setting.Flag("--all-faces", "Keep every face, not only the one that fills most of the clip.");
        Option<string> labels = Setting.Path("--labels", "CSV of file, subject, label. By default labels.csv in a folder, else the names of its folders.");
        Option<string> overlay = Setting.Path("--overlay", "Also draw mesh, box and score: a file .mp4 for one video, else a folder.");
        Option<bool> force = OutputFile.Force();
        Option<int> threads = Setting.Count("--threads", "Clips worked on at once; changes no result.", Environment.ProcessorCount);
        command.Arguments.Add(paths);
        foreach (Option option in new Option[] { file, points, all, labels, overlay, force, threads }) command.Options.Add(option);
        video.AddTo(command);
        terminal.AddTo(command);
        command.SetAction((parsed, cancellation) =>
        {
            string target = parsed.GetValue(file) ?? Path.Combine(RunFolders.For(new RunRecord { Verb = "extract" }), "landmarks.csv");
            ExtractionRun.CheckExtension(target);
            LandmarkTopology topology = parsed.GetValue(points) switch
            {
                468 => LandmarkTopology.MediaPipe468,
                68 => LandmarkTopology.Ibug68,
                int other => throw new ArgumentException($"--points {other}: choose 468 or 68."),
            };
            ExtractionOptions options = video.Read(parsed, topology, parsed.GetValue(threads)) with { AllFaces = parsed.GetValue(all) };
            ModelStore models = video.Models(parsed);
            IReadOnlyList<MediaClip> clips = MediaFinder.Find(parsed.GetValue(paths)!, parsed.GetValue(labels));
            OutputFile.Check("--out", [target], parsed.GetValue(force));
            if (parsed.GetValue(overlay) is string drawn) OutputFile.Check("--overlay", PredictionOverlay.Check(clips, drawn), parsed.GetValue(force));
            TextWriter notes = terminal.Notes(parsed);
            long start = Stopwatch.GetTimestamp();
            try
            {
                ExtractionSummary summary;
                using (ExtractionDisplay display = new(notes))
                    summary = new ExtractionRun(models, options) { Progress = display.Show, Overlay = parsed.GetValue(overlay) }.Write(clips, target, cancellation);
                double seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
                terminal.Close(parsed, () => Result(summary, seconds, target), output =>
                {
                    output.WriteLine($"Wrote {summary.Faces} {(options.AllFaces ? "face" : "clip")}{(summary.Faces == 1 ? "" : "s")} of {topology.Count} points to {target}.");
                    if (parsed.GetValue(overlay) is string pictures) output.WriteLine($"Drew them into {pictures}.");
                    output.WriteLine(Count(summary, seconds));
                });
                if (parsed.GetValue(overlay) is not null && !VideoEncoder.IsThere && clips.Any(c => !c.IsStill)) notes.WriteLine($"note: {VideoEncoder.Remedy}.");
                return Task.FromResult(summary.Faults.Count > 0 ? 1 : 0);
            }
            catch (OperationCanceledException)
            {
                throw new StoppedException(options.Cache is null
                    ? "nothing is written, and with --no-cache nothing is kept."
                    : "nothing is written yet, but finished clips are kept; the same command goes on from there.");
            }
        });
    }

    // The closing count.
    private static string Count(ExtractionSummary summary, double seconds)
    {
        string kept = summary.Kept > 0 ? $"; {summary.Kept} were kept from an earlier run" : "";
        return string.Create(CultureInfo.InvariantCulture,
            $"{summary.Clips} clip{(summary.Clips == 1 ? "" : "s")}: {Extracted(summary)} extracted, {summary.LeftOut.Count} left out, {summary.Faults.Count} failed; {summary.Frames} frame{(summary.Frames == 1 ? "" : "s")} in {seconds:0.0} s{(summary.Kept == 0 ? $", {summary.Frames / seconds:0} frames/s" : kept)}.");
    }

    private static JsonObject Result(ExtractionSummary summary, double seconds, string target) => new()
    {
        ["verb"] = "extract",
        ["clips"] = summary.Clips,
        ["extracted"] = Extracted(summary),
        ["left_out"] = summary.LeftOut.Count,
        ["failed"] = summary.Faults.Count,
        ["kept_from_an_earlier_run"] = summary.Kept,
        ["faces"] = summary.Faces,
        ["frames"] = summary.Frames,
        ["seconds"] = Json.Number(seconds),
        ["out"] = target,
    };

    private static int Extracted(ExtractionSummary summary) => summary.Clips - summary.Faults.Count - summary.LeftOut.Count;
}
