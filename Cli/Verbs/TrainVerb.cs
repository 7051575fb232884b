using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using EmotionXai.Engine.Backends;
using EmotionXai.Landmarks;
using EmotionXai.Landmarks.Reduction;
using EmotionXai.Landmarks.Runs;
using EmotionXai.Landmarks.Sequences;

namespace EmotionXai.Cli.Verbs;

/// <summary><c>train</c>: one model, saved with all it needs.</summary>
internal static class TrainVerb
{
    public static Verb Create(Terminal terminal) => new(
        "train",
        "Train one classifier and save it. A fifth of the subjects is held out.",
        command => Fill(command, terminal),
        "train --data synthetic --emotion happiness",
        "train --data CLIPS --emotion fear --network lstm --out runs/lstm",
        "train --data CLIPS --emotion sadness --landmarks 48,54,60,64");

    private static void Fill(Command command, Terminal terminal)
    {
        DataSettings data = new();
        FeatureSettings features = new();
        ModelSettings model = new();
        ComputeSettings compute = new("train");
        Option<string> emotion = new("--emotion") { Description = "The emotion, against the rest.", Required = true };
        Option<string[]> landmarks = Setting.List("--landmarks", "Landmarks to look at, such as 48,54,60; by default all.");
        Option<int> networks = NetworksSetting.Create();
        Option<int> patience = Setting.Count("--patience", "Stop after so many epochs without a better loss on the subjects held out; 0 never.", 0, 0);

        data.AddTo(command);
        foreach (Option option in new Option[] { emotion, landmarks, networks, patience }) command.Options.Add(option);
        features.AddTo(command);
        model.AddTo(command);
        compute.AddTo(command);
        terminal.AddTo(command);
        command.SetAction((parsed, cancellation) =>
        {
            ReductionOptions options = new()
            {
                Model = model.Model(parsed),
                Training = model.Training(parsed) with { Patience = parsed.GetValue(patience) },
                Preprocessing = features.Read(parsed),
                Networks = parsed.GetValue(networks),
                Seed = compute.Seed(parsed),
            };
            string name = parsed.GetValue(emotion)!.ToLowerInvariant();
            int[] kept = Setting.Integers("--landmarks", parsed.GetValue(landmarks));
            using ProfiledRun run = compute.Begin(parsed, "train", terminal);
            TextWriter notes = terminal.Notes(parsed);
            LandmarkSet set = data.Read(parsed, compute, notes, cancellation);
            using IBackend backend = run.Backend();
            string file = FileNames.Safe(name) + ".safetensors";
            using RunFolder folder = compute.Output.Claim(parsed, adds: file);
            TrainedModel trained;
            using (TrainingDisplay display = new(notes, options.Training.Epochs))
                trained = ModelTrainer.Train(set, name, kept, options, backend, display.Show, cancellation);
            using (trained.Model)
            {
                string path = Path.Combine(folder.Path, file);
                trained.Model.Save(path);
                folder.Finish();
                int code = terminal.Close(parsed, () => Result(name, path, trained), output =>
                {
                    output.WriteLine(string.Create(CultureInfo.InvariantCulture,
                        $"{name}: balanced accuracy {trained.HeldOut.BalancedAccuracy:0.000}, AUC {trained.HeldOut.Auc:0.000} on {trained.HeldOutClips} clips of subjects held out; {Effort(trained)}; {trained.Model.Classifier.ParameterCount} parameters."));
                    output.WriteLine($"Wrote {path}");
                });
                run.Finish();
                return Task.FromResult(code);
            }
        });
    }

    private static JsonObject Result(string emotion, string path, TrainedModel trained) => new()
    {
        ["verb"] = "train",
        ["emotion"] = emotion,
        ["balanced_accuracy"] = Json.Number(trained.HeldOut.BalancedAccuracy),
        ["auc"] = Json.Number(trained.HeldOut.Auc),
        ["held_out_clips"] = trained.HeldOutClips,
        ["epochs"] = trained.Report?.Epochs,
        ["loss"] = trained.Report is { } report ? Json.Number(report.Losses[^1]) : null,
        ["ridge_penalty"] = Json.Number(trained.Penalty),
        ["parameters"] = trained.Model.Classifier.ParameterCount,
        ["model"] = path,
    };

    private static string Effort(TrainedModel trained) => trained.Report is { } report
        ? string.Create(CultureInfo.InvariantCulture, $"{report.Epochs} epochs, loss {report.Losses[^1]:0.0000}")
        : string.Create(CultureInfo.InvariantCulture, $"read-out in closed form, ridge penalty {trained.Penalty:0.0e+0}");
}
