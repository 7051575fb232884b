using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using EmotionXai.Engine.Backends;
using EmotionXai.Engine.Training;
using EmotionXai.Landmarks;
using EmotionXai.Landmarks.Datasets;
using EmotionXai.Landmarks.Models;
using EmotionXai.Landmarks.Preprocessing;
using EmotionXai.Landmarks.Sequences;

namespace EmotionXai.Cli.Verbs;

/// <summary><c>predict</c>: what a saved model says of clips.</summary>
internal static class PredictVerb
{
    public static Command Create(Terminal terminal)
    {
        DataSettings data = new();
        ComputeSettings compute = new("runs/predict");
        Argument<string> file = new("model") { Description = "A model that train or reduce has saved." };
        Verb command = new(
            "predict",
            "Judge clips with a saved model; writes predictions.csv.",
            "predict runs/reduce/models/happiness.safetensors --data CLIPS",
            "predict runs/train/happiness.safetensors --data CLIPS --json");
        command.Arguments.Add(file);
        data.AddTo(command);
        compute.AddTo(command);
        terminal.AddTo(command);
        command.SetAction(parsed =>
        {
            using IBackend backend = Backends.Create(compute.Device(parsed), compute.Threads(parsed));
            using LandmarkModel model = LandmarkModel.Load(parsed.GetValue(file)!, backend);
            TextWriter notes = terminal.Notes(parsed);
            LandmarkSet set = data.Read(parsed, compute.Seed(parsed), notes, requireLabels: false);
            FeatureSet features = SavedModel.Features(model, set, notes);
            double[] logits = model.Logits(features);
            string folder = compute.Out(parsed);
            Directory.CreateDirectory(folder);
            string path = Path.Combine(folder, "predictions.csv");
            AtomicFile.Write(path, writer =>
            {
                writer.WriteLine("clip,subject,label,emotion,logit,probability");
                for (int i = 0; i < logits.Length; i++)
                {
                    double probability = 1 / (1 + Math.Exp(-logits[i]));
                    writer.WriteLine(string.Create(CultureInfo.InvariantCulture,
                        $"{CsvText.Cell(features.Names[i])},{CsvText.Cell(features.Subjects[i])},{CsvText.Cell(features.Labels[i])},{CsvText.Cell(model.Emotion)},{logits[i]:R},{probability:0.######}"));
                }
            });
            return Task.FromResult(terminal.Close(parsed, () => Result(model, path, logits, features.Labels), output =>
            {
                output.WriteLine($"{model.Emotion}, {model.Landmarks.Count} of {model.Topology.Count} landmarks, {logits.Length} clips: {Judgement(model.Emotion, logits, features.Labels)}.");
                output.WriteLine($"Wrote {path}");
            }));
        });
        return command;
    }

    private static string Judgement(string emotion, double[] logits, IReadOnlyList<string> labels)
    {
        (Metrics metrics, int labelled) = Judge(emotion, logits, labels);
        return double.IsNaN(metrics.Auc)
            ? string.Create(CultureInfo.InvariantCulture, $"{logits.Count(l => l > 0)} judged to show it (the labels hold {(labelled == 0 ? "no" : "one")} class, so no accuracy)")
            : string.Create(CultureInfo.InvariantCulture, $"balanced accuracy {metrics.BalancedAccuracy:0.000}, AUC {metrics.Auc:0.000}");
    }

    private static JsonObject Result(LandmarkModel model, string path, double[] logits, IReadOnlyList<string> labels)
    {
        (Metrics metrics, int labelled) = Judge(model.Emotion, logits, labels);
        bool judged = !double.IsNaN(metrics.Auc);
        return new()
        {
            ["verb"] = "predict",
            ["emotion"] = model.Emotion,
            ["landmarks"] = model.Landmarks.Count,
            ["landmarks_of"] = model.Topology.Count,
            ["clips"] = logits.Length,
            ["labelled_clips"] = labelled,
            ["judged_to_show_it"] = logits.Count(l => l > 0),
            ["balanced_accuracy"] = judged ? Json.Number(metrics.BalancedAccuracy) : null,
            ["auc"] = judged ? Json.Number(metrics.Auc) : null,
            ["predictions"] = path,
        };
    }

    // Clips without a label are predicted, but say nothing of the accuracy.
    private static (Metrics Metrics, int Labelled) Judge(string emotion, double[] logits, IReadOnlyList<string> labels)
    {
        int[] labelled = [.. Enumerable.Range(0, logits.Length).Where(i => labels[i] != DatasetOptions.Unlabelled)];
        return (Metrics.Of([.. labelled.Select(i => logits[i])], [.. labelled.Select(i => labels[i] == emotion ? 1f : 0f)]), labelled.Length);
    }
}

/// <summary>What the verbs that take a saved model share.</summary>
internal static class SavedModel
{
    /// <summary>The clips as the model wants them.</summary>
    public static FeatureSet Features(LandmarkModel model, LandmarkSet set, TextWriter notes)
    {
        if (set.Topology != model.Topology)
            throw new InvalidDataException($"{set.Source}: the clips are {set.Topology.Name}, but the model was trained on {model.Topology.Name}; take data of that topology.");
        FeatureSet features = new Preprocessor(model.Preprocessing).Apply(set);
        foreach (string skipped in features.Skipped) notes.WriteLine($"note: left out {skipped}");
        return features.Clips > 0 ? features : throw new InvalidDataException($"{set.Source}: no clip has enough sure frames.");
    }
}
