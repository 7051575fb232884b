using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using EmotionXai.Landmarks.Datasets;
using EmotionXai.Landmarks.Preprocessing;
using EmotionXai.Landmarks.Sequences;

namespace EmotionXai.Cli.Verbs;

/// <summary><c>data</c>: what the program sees in data, before any work.</summary>
internal static class DataVerb
{
    private const int Columns = 36, Rows = 16;

    public static Verb Create(Terminal terminal) => new(
        "data",
        "Show what data hold: people, labels, lengths, what is missing, the mean face, and what looks wrong.",
        command => Fill(command, terminal),
        "data CLIPS",
        "data CLIPS --json");

    private static void Fill(Command command, Terminal terminal)
    {
        DataSettings data = new();
        FeatureSettings features = new();
        ComputeSettings compute = new("data");
        Argument<string?> path = new("clips") { Description = "Landmark file or folder, or videos and pictures, as for --data.", Arity = ArgumentArity.ZeroOrOne };
        command.Arguments.Add(path);
        data.AddTo(command);
        features.AddTo(command);
        compute.AddTo(command);
        terminal.AddTo(command);
        command.SetAction((parsed, cancellation) =>
        {
            LandmarkSet set = data.Read(parsed, compute, terminal.Notes(parsed), cancellation, path: parsed.GetValue(path), unlabelled: true);
            FeatureSet used = new Preprocessor(features.Read(parsed)).Apply(set);
            IReadOnlyList<string> notes = [.. set.Warnings, .. DataFindings.Of(set)];
            return Task.FromResult(terminal.Close(parsed, () => Result(set, used, notes), output => Text(output, set, used, notes)));
        });
    }

    private static void Text(TextWriter output, LandmarkSet set, FeatureSet used, IReadOnlyList<string> notes)
    {
        (double unsure, double missing) = Gaps(set);
        output.WriteLine($"{set.Source}: {set.Topology.Name}, {set.Topology.Count} landmarks of {set.Clips[0].Dimensions} coordinates");
        output.WriteLine($"clips     {set.Clips.Count} of {set.Subjects.Count} people, {Lengths(set.Clips)}");
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"missing   {100 * unsure:0.0}% of the frames are unsure (confidence below 0.5), {100 * missing:0.0}% of the points in the others"));
        output.WriteLine(used.Skipped.Count == 0 ? "left out  no clip" : $"left out  {used.Skipped.Count} clips, first {used.Skipped[0]}");
        output.WriteLine();
        int width = Math.Max(5, set.Labels.Max(l => l.Length));
        output.WriteLine($"{"label".PadRight(width)}  clips  people  frames");
        foreach (string label in set.Labels)
        {
            LandmarkClip[] clips = [.. set.Clips.Where(c => c.Label == label)];
            output.WriteLine($"{label.PadRight(width)}  {clips.Length,5}  {clips.Select(c => c.Subject).Distinct().Count(),6}  {Lengths(clips)}");
        }

        output.WriteLine();
        foreach (string line in DotPicture.MeanFace(set, Columns, Rows)) output.WriteLine(line);
        output.WriteLine(notes.Count == 0 ? "Nothing looks wrong." : $"{notes.Count} note(s) above tell what looks wrong.");
    }

    private static JsonObject Result(LandmarkSet set, FeatureSet used, IReadOnlyList<string> notes)
    {
        (double unsure, double missing) = Gaps(set);
        return new JsonObject
        {
            ["verb"] = "data",
            ["source"] = set.Source,
            ["topology"] = set.Topology.Name,
            ["clips"] = set.Clips.Count,
            ["subjects"] = set.Subjects.Count,
            ["frames_least"] = set.Clips.Min(c => c.Frames),
            ["frames_most"] = set.Clips.Max(c => c.Frames),
            ["unsure_frames"] = Json.Number(unsure),
            ["missing_points"] = Json.Number(missing),
            ["labels"] = new JsonObject(set.Labels.Select(l => KeyValuePair.Create(l, (JsonNode?)new JsonObject
            {
                ["clips"] = set.Clips.Count(c => c.Label == l),
                ["subjects"] = set.Clips.Where(c => c.Label == l).Select(c => c.Subject).Distinct().Count(),
            }))),
            ["left_out"] = Json.Words(used.Skipped),
            ["notes"] = Json.Words(notes),
        };
    }

    private static string Lengths(IReadOnlyList<LandmarkClip> clips)
    {
        int[] sorted = [.. clips.Select(c => c.Frames).Order()];
        return sorted[0] == sorted[^1] ? $"{sorted[0]} frame(s) each" : $"{sorted[0]} to {sorted[^1]} frames, median {sorted[sorted.Length / 2]}";
    }

    private static (double Unsure, double Missing) Gaps(LandmarkSet set)
    {
        long frames = 0, unsure = 0, points = 0, missing = 0;
        double least = new PreprocessingOptions().MinConfidence;
        foreach (LandmarkClip clip in set.Clips.Select(c => c.Loaded()))
        {
            frames += clip.Frames;
            for (int t = 0; t < clip.Frames; t++)
            {
                if (!(clip.Confidence[t] >= least))
                {
                    unsure++;
                    continue;
                }

                points += clip.Points;
                for (int p = 0; p < clip.Points; p++)
                    if (!float.IsFinite(clip.Point(t, p)[0]) || !float.IsFinite(clip.Point(t, p)[1])) missing++;
            }
        }

        return ((double)unsure / frames, points == 0 ? 0 : (double)missing / points);
    }
}
