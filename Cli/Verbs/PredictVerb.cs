using System.CommandLine;
using System.Globalization;
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
    public static Command Create(TextWriter output)
    {
        DataSettings data = new();
        ComputeSettings compute = new("runs/predict");
        Argument<string> file = new("model") { Description = "A model that train or reduce has saved." };
        Command command = new("predict", "Judge clips with a saved model; writes predictions.csv. Example: emotionxai predict runs/reduce/models/happiness.safetensors --data CLIPS");
        command.Arguments.Add(file);
        data.AddTo(command);
        compute.AddTo(command);
        command.SetAction(parsed =>
        {
            using ProfiledRun run = compute.Begin(parsed, "predict", output);
            using IBackend backend = run.Backend();
            using LandmarkModel model = LandmarkModel.Load(parsed.GetValue(file)!, backend);
            LandmarkSet set = data.Read(parsed, compute.Seed(parsed), output, requireLabels: false);
            FeatureSet features = SavedModel.Features(model, set, output);
            double[] logits = model.Logits(features);
            string folder = compute.Out(parsed);
            Directory.CreateDirectory(folder);
            AtomicFile.Write(Path.Combine(folder, "predictions.csv"), writer =>
            {
                writer.WriteLine("clip,subject,label,emotion,logit,probability");
                for (int i = 0; i < logits.Length; i++)
                {
                    double probability = 1 / (1 + Math.Exp(-logits[i]));
                    writer.WriteLine(string.Create(CultureInfo.InvariantCulture,
                        $"{CsvText.Cell(features.Names[i])},{CsvText.Cell(features.Subjects[i])},{CsvText.Cell(features.Labels[i])},{CsvText.Cell(model.Emotion)},{logits[i]:R},{probability:0.######}"));
                }
            });
            string judged = Judgement(model.Emotion, logits, features.Labels);
            output.WriteLine($"{model.Emotion}, {model.Landmarks.Count} of {model.Topology.Count} landmarks, {logits.Length} clips: {judged}.");
            output.WriteLine($"Wrote {Path.Combine(folder, "predictions.csv")}");
            run.Finish();
            return Task.FromResult(0);
        });
        return command;
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
        if (set.Topology != model.Topology)
            throw new InvalidDataException($"{set.Source}: the clips are {set.Topology.Name}, but the model was trained on {model.Topology.Name}; take data of that topology.");
        FeatureSet features = new Preprocessor(model.Preprocessing).Apply(set);
        foreach (string skipped in features.Skipped) output.WriteLine($"note: left out {skipped}");
        return features.Clips > 0 ? features : throw new InvalidDataException($"{set.Source}: no clip has enough sure frames.");
    }
}
