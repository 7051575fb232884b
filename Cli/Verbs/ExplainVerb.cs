using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using EmotionXai.Engine.Backends;
using EmotionXai.Explain;
using EmotionXai.Landmarks.Models;
using EmotionXai.Landmarks.Preprocessing;
using EmotionXai.Landmarks.Reduction;
using EmotionXai.Landmarks.Report;
using EmotionXai.Landmarks.Sequences;

namespace EmotionXai.Cli.Verbs;

/// <summary><c>explain</c>: which landmarks a saved model looks at.</summary>
internal static class ExplainVerb
{
    private const int Shown = 10;

    public static Command Create(Terminal terminal)
    {
        DataSettings data = new();
        PathSettings path = new();
        ComputeSettings compute = new("runs/explain");
        Argument<string> file = new("model") { Description = "A model that train or reduce has saved." };
        Option<string> baseline = Setting.Text("--baseline", "typical, typical:K, onset, mean or zero.", "typical");
        string[] methods = [.. AttributionMethods.All.Select(m => m.Name), "smoothgrad"];
        Option<string> method = Setting.Word("--method", string.Join(", ", methods) + "; smooth:, squared: or variance: before a name attributes noisy copies.", "integrated-gradients", methods);
        Option<bool> every = Setting.Flag("--all-clips", "Explain every clip, not only those that show the emotion.");
        Option<bool> check = Setting.Flag("--check", "Judge the attribution methods on this model instead: fidelity, stability, and whether they see the network at all.");
        Option<int> retrain = Setting.Count("--retrain", "With --check: networks of each sort (other seeds, halves of the people, permuted labels) trained anew to compare orders; 0 trains none.", 4, 0);
        Verb command = new(
            "explain",
            "Rank the landmarks by what they add to a saved model's logit; writes explanation.json, ranking.csv, frames.csv (landmark x frame) and report.html.",
            "explain runs/reduce/models/happiness.safetensors --data CLIPS",
            "explain runs/train/fear.safetensors --data CLIPS --tolerance 1e-3",
            "explain runs/train/fear.safetensors --data CLIPS --method occlusion",
            "explain runs/train/fear.safetensors --check --retrain 10");
        command.Arguments.Add(file);
        data.AddTo(command);
        command.Options.Add(method);
        command.Options.Add(baseline);
        command.Options.Add(every);
        command.Options.Add(check);
        command.Options.Add(retrain);
        path.AddTo(command);
        compute.AddTo(command);
        terminal.AddTo(command);
        command.SetAction((parsed, cancellation) =>
        {
            BaselineSpec against = BaselineSpec.Parse(parsed.GetValue(baseline)!);
            MethodSettings settings = new() { Path = path.Read(parsed), Seed = compute.Seed(parsed) };
            string name = parsed.GetValue(method)!;
            AttributionMethods.Find(name, settings);
            using ProfiledRun run = compute.Begin(parsed, "explain", terminal);
            using IBackend backend = run.Backend();
            using LandmarkModel model = LandmarkModel.Load(parsed.GetValue(file)!, backend);
            TextWriter notes = terminal.Notes(parsed);
            LandmarkSet set = data.Read(parsed, compute, notes, cancellation, model.Topology);
            FeatureSet features = SavedModel.Features(model, set, notes);
            if (parsed.GetValue(check)) return Task.FromResult(Check(parsed, model, features, set.Truth?.GetValueOrDefault(model.Emotion), parsed.GetValue(retrain), settings.Seed, terminal, cancellation));
            IAttributionMethod attribution = AttributionMethods.Find(name, settings with { Groups = Explanation.Groups(model) });
            Explanation explanation = Explanation.Of(model, features, attribution, against, parsed.GetValue(every));
            string folder = compute.Out(parsed);
            explanation.Write(folder);
            ExplanationReport.Write(folder, explanation);
            int code = terminal.Close(parsed, () => Result(folder, explanation), output => Write(output, folder, explanation));
            run.Finish();
            return Task.FromResult(code);
        });
        return command;
    }

    private static int Check(ParseResult parsed, LandmarkModel model, FeatureSet features, bool[]? truth, int networks, ulong seed, Terminal terminal, CancellationToken cancellation)
    {
        TextWriter notes = terminal.Notes(parsed);
        IReadOnlyList<MethodCheck> checks = ExplanationCheck.Run(model, features, truth, seed, out ChanceOrder chance);
        IReadOnlyList<MethodStability> stability = networks == 0
            ? []
            : StabilityCheck.Run(model, features, truth, networks, seed, sort => notes.WriteLine($"training {networks} networks: {sort}"), cancellation);
        return CheckDisplay.Close(terminal, parsed, model, checks, chance, stability);
    }

    private static void Write(TextWriter output, string folder, Explanation explanation)
    {
        output.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{explanation.Emotion}: {explanation.Clips} clips x {explanation.Baselines} baselines, {explanation.MeanSteps:0.#} steps"));
        string gaps = string.Create(
            CultureInfo.InvariantCulture, $"{explanation.RelativeGap:0.0e+0} of the logit change, worst clip {explanation.WorstClipGap:0.0e+0}, worst pair {explanation.WorstRelativeGap:0.0e+0}");
        output.WriteLine(explanation.IsComplete ? $"completeness gap {gaps}" : $"this method does not promise completeness; its sums miss {gaps}");
        foreach (RankedLandmark r in explanation.Ranking.Take(Shown))
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  {r.Landmark,3}  {r.Name,-28} {r.Region,-12} {r.Relevance,7:0.0%}  {r.Signed,8:+0.000;-0.000}"));
        output.WriteLine($"Wrote explanation.json, ranking.csv{(explanation.ByFrame.Relevance.Length > 0 ? ", frames.csv" : "")} and report.html to {folder}");
    }

    private static JsonObject Result(string folder, Explanation explanation) => new()
    {
        ["verb"] = "explain",
        ["emotion"] = explanation.Emotion,
        ["method"] = explanation.Method,
        ["baseline"] = explanation.Baseline,
        ["clips"] = explanation.Clips,
        ["baselines"] = explanation.Baselines,
        ["mean_steps"] = Json.Number(explanation.MeanSteps),
        ["relative_gap"] = Json.Number(explanation.RelativeGap),
        ["worst_clip_gap"] = Json.Number(explanation.WorstClipGap),
        ["worst_relative_gap"] = Json.Number(explanation.WorstRelativeGap),
        ["ranking"] = Json.List(explanation.Ranking.Select(r => new JsonObject
        {
            ["landmark"] = r.Landmark,
            ["name"] = r.Name,
            ["region"] = r.Region,
            ["relevance"] = Json.Number(r.Relevance),
            ["signed"] = Json.Number(r.Signed),
        })),
        ["out"] = folder,
    };
}
