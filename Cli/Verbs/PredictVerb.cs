using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using EmotionXai.Engine.Backends;
using EmotionXai.Landmarks;
using EmotionXai.Landmarks.Datasets;
using EmotionXai.Landmarks.Models;
using EmotionXai.Landmarks.Preprocessing;
using EmotionXai.Landmarks.Sequences;
using EmotionXai.Landmarks.Video;

namespace EmotionXai.Cli.Verbs;

/// <summary><c>predict</c>: what saved models say of clips.</summary>
internal static class PredictVerb
{
    public static Command Create(Terminal terminal)
    {
        DataSettings data = new();
        ComputeSettings compute = new("runs/predict");
        Argument<string[]> paths = new("model-or-clips")
        {
            Description = "Models that train or reduce has saved, or folders of them (by default runs/reduce/models), and clips as for --data.",
            Arity = ArgumentArity.OneOrMore,
        };
        Option<string> overlay = Setting.Path("--overlay", "For videos: also draw probabilities over time and the landmarks' relevance, into a file .mp4 or a folder.");
        Option<double> window = WindowSetting.Create();
        Verb command = new(
            "predict",
            "Judge clips with saved models; writes predictions.csv.",
            "predict runs/reduce/models CLIPS",
            "predict runs/train/happiness.safetensors --data CLIPS --json",
            "predict runs/reduce/models clip.mp4 --overlay runs/clip.mp4");
        command.Arguments.Add(paths);
        data.AddTo(command);
        command.Options.Add(overlay);
        command.Options.Add(window);
        compute.AddTo(command);
        terminal.AddTo(command);
        command.SetAction((parsed, cancellation) =>
        {
            (IReadOnlyList<string> models, string? clips) = ModelPaths.Split(parsed.GetValue(paths)!, data.Path(parsed));
            string? pictures = parsed.GetValue(overlay);
            if (pictures is not null)
            {
                if (clips is null || !MediaFinder.IsMedia(clips, new DatasetOptions())) throw new ArgumentException($"--overlay {pictures}: there is nothing to draw into; give videos or pictures.");
                PredictionOverlay.Check(MediaFinder.Find([clips]), pictures);
            }

            TextWriter notes = terminal.Notes(parsed);
            using ProfiledRun run = compute.Begin(parsed, "predict", terminal);
            using IBackend backend = run.Backend();
            using EmotionJudge judge = EmotionJudge.Load(models, backend);
            LandmarkSet set = data.Read(parsed, compute, notes, cancellation, judge.Topology, clips, unlabelled: true);
            string folder = compute.Out(parsed), path = Path.Combine(folder, "predictions.csv");
            Directory.CreateDirectory(folder);
            List<Judgement> judgements = [];
            AtomicFile.Write(path, writer =>
            {
                writer.WriteLine("clip,subject,label,emotion,logit,probability");
                foreach (LandmarkModel model in judge.Models) judgements.Add(Judge(model, set, writer, notes));
            });
            if (pictures is not null)
            {
                ExtractionOptions options = data.Video.Read(parsed, judge.Topology, compute.Threads(parsed));
                foreach (string problem in new PredictionOverlay(data.Video.Models(parsed), options, judge, parsed.GetValue(window)).Write(MediaFinder.Find([clips!]), pictures, cancellation))
                    notes.WriteLine($"note: not drawn: {problem}");
            }

            int code = terminal.Close(parsed, () => Result(judgements, path, pictures), output =>
            {
                foreach (Judgement judgement in judgements) output.WriteLine(judgement.Text());
                output.WriteLine($"Wrote {path}");
                if (pictures is not null) output.WriteLine($"Drew them into {pictures}");
            });
            run.Finish();
            return Task.FromResult(code);
        });
        return command;
    }

    private static JsonObject Result(IEnumerable<Judgement> judgements, string path, string? pictures) => new()
    {
        ["verb"] = "predict",
        ["emotions"] = Json.List(judgements.Select(j => j.Result())),
        ["predictions"] = path,
        ["overlay"] = pictures,
    };

    // A model of pictures judges every frame of a clip: the clip's logit is their mean.
    private static Judgement Judge(LandmarkModel model, LandmarkSet set, TextWriter writer, TextWriter notes)
    {
        FeatureSet features = SavedModel.Features(model, set, notes);
        double[] all = model.Logits(features);
        (string Name, string Subject, string Label, double Logit)[] clips =
            [.. Enumerable.Range(0, features.Clips).GroupBy(i => features.Names[i]).Select(g => (g.Key, features.Subjects[g.First()], features.Labels[g.First()], g.Average(i => all[i])))];
        foreach ((string name, string subject, string label, double logit) in clips)
        {
            double probability = 1 / (1 + Math.Exp(-logit));
            writer.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"{CsvText.Cell(name)},{CsvText.Cell(subject)},{CsvText.Cell(label)},{CsvText.Cell(model.Emotion)},{logit:R},{probability:0.######}"));
        }

        return Judgement.From(model, [.. clips.Select(c => c.Logit)], [.. clips.Select(c => c.Label)]);
    }
}

/// <summary>What the verbs that take a saved model share.</summary>
internal static class SavedModel
{
    /// <summary>The clips as the model wants them.</summary>
    public static FeatureSet Features(LandmarkModel model, LandmarkSet set, TextWriter output)
    {
        FeatureSet features = EmotionJudge.Features(model, set);
        foreach (IGrouping<string, string> skipped in features.Skipped.GroupBy(s => s)) output.WriteLine($"note: left out {skipped.Key}{(skipped.Count() > 1 ? $" ({skipped.Count()} times)" : "")}");
        return features;
    }
}
