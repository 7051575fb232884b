using System.CommandLine;
using System.Globalization;
using EmotionXai.Engine.Backends;
using EmotionXai.Engine.Training;
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
    public static Command Create(TextWriter output)
    {
        DataSettings data = new();
        ComputeSettings compute = new("runs/predict");
        Argument<string[]> paths = new("model-or-clips")
        {
            Description = "Models that train or reduce has saved, or folders of them (by default runs/reduce/models), and clips as for --data.",
            Arity = ArgumentArity.OneOrMore,
        };
        Option<string> overlay = Setting.Text("--overlay", "For videos: also draw probabilities over time and the landmarks' relevance, into a file .mp4 or a folder.");
        Option<double> window = WindowSetting.Create();
        Command command = new("predict", "Judge clips with saved models; writes predictions.csv. Example: emotionxai predict runs/reduce/models clip.mp4 --overlay runs/clip.mp4");
        command.Arguments.Add(paths);
        data.AddTo(command);
        command.Options.Add(overlay);
        command.Options.Add(window);
        compute.AddTo(command);
        command.SetAction((parsed, cancellation) =>
        {
            (IReadOnlyList<string> models, string? clips) = ModelPaths.Split(parsed.GetValue(paths)!, data.Path(parsed));
            string? pictures = parsed.GetValue(overlay);
            if (pictures is not null)
            {
                if (clips is null || !MediaFinder.IsMedia(clips, new DatasetOptions())) throw new ArgumentException($"--overlay {pictures}: there is nothing to draw into; give videos or pictures.");
                PredictionOverlay.Check(MediaFinder.Find([clips]), pictures);
            }

            using ProfiledRun run = compute.Begin(parsed, "predict", output);
            using IBackend backend = run.Backend();
            using EmotionJudge judge = EmotionJudge.Load(models, backend);
            LandmarkSet set = data.Read(parsed, compute, output, cancellation, judge.Topology, clips, unlabelled: true);
            string folder = compute.Out(parsed);
            Directory.CreateDirectory(folder);
            AtomicFile.Write(Path.Combine(folder, "predictions.csv"), writer =>
            {
                writer.WriteLine("clip,subject,label,emotion,logit,probability");
                foreach (LandmarkModel model in judge.Models) Judge(model, set, writer, output);
            });
            output.WriteLine($"Wrote {Path.Combine(folder, "predictions.csv")}");
            run.Finish();
            if (pictures is null) return Task.FromResult(0);

            ExtractionOptions options = data.Video.Read(parsed, judge.Topology, compute.Threads(parsed));
            foreach (string problem in new PredictionOverlay(data.Video.Models(parsed), options, judge, parsed.GetValue(window)).Write(MediaFinder.Find([clips!]), pictures, cancellation))
                output.WriteLine($"note: not drawn: {problem}");
            output.WriteLine($"Drew them into {pictures}");
            return Task.FromResult(0);
        });
        return command;
    }

    // A model of pictures judges every frame of a clip: the clip's logit is their mean.
    private static void Judge(LandmarkModel model, LandmarkSet set, TextWriter writer, TextWriter output)
    {
        FeatureSet features = SavedModel.Features(model, set, output);
        double[] all = model.Logits(features);
        (string Name, string Subject, string Label, double Logit)[] clips =
            [.. Enumerable.Range(0, features.Clips).GroupBy(i => features.Names[i]).Select(g => (g.Key, features.Subjects[g.First()], features.Labels[g.First()], g.Average(i => all[i])))];
        foreach ((string name, string subject, string label, double logit) in clips)
        {
            double probability = 1 / (1 + Math.Exp(-logit));
            writer.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"{CsvText.Cell(name)},{CsvText.Cell(subject)},{CsvText.Cell(label)},{CsvText.Cell(model.Emotion)},{logit:R},{probability:0.######}"));
        }

        string judged = Judgement(model.Emotion, [.. clips.Select(c => c.Logit)], [.. clips.Select(c => c.Label)]);
        output.WriteLine($"{model.Emotion}, {model.Landmarks.Count} of {model.Topology.Count} landmarks, {clips.Length} clips: {judged}.");
    }

    // Clips without a label are predicted, but say nothing of the accuracy.
    private static string Judgement(string emotion, double[] logits, IReadOnlyList<string> labels)
    {
        int[] labelled = [.. Enumerable.Range(0, logits.Length).Where(i => labels[i] != DatasetOptions.Unlabelled)];
        Metrics metrics = Metrics.Of([.. labelled.Select(i => logits[i])], [.. labelled.Select(i => labels[i] == emotion ? 1f : 0f)]);
        return double.IsNaN(metrics.Auc)
            ? string.Create(CultureInfo.InvariantCulture, $"{logits.Count(l => l > 0)} judged to show it (the labels hold {(labelled.Length == 0 ? "no" : "one")} class, so no accuracy)")
            : string.Create(CultureInfo.InvariantCulture, $"balanced accuracy {metrics.BalancedAccuracy:0.000}, AUC {metrics.Auc:0.000}");
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
