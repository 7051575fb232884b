using System.CommandLine;
using System.Globalization;
using EmotionXai.Engine.Backends;
using EmotionXai.Explain;
using EmotionXai.Landmarks.Models;
using EmotionXai.Landmarks.Preprocessing;
using EmotionXai.Landmarks.Reduction;
using EmotionXai.Landmarks.Sequences;

namespace EmotionXai.Cli.Verbs;

/// <summary><c>explain</c>: which landmarks a saved model looks at.</summary>
internal static class ExplainVerb
{
    private const int Shown = 10;

    public static Command Create(TextWriter output)
    {
        DataSettings data = new();
        PathSettings path = new();
        ComputeSettings compute = new("runs/explain");
        Argument<string> file = new("model") { Description = "A model that train or reduce has saved." };
        Option<string> baseline = Setting.Text("--baseline", "typical, typical:K, onset, mean or zero.", "typical");
        Option<string> method = Setting.Text("--method", string.Join(", ", AttributionMethods.All.Select(m => m.Name)) + ".", "integrated-gradients");
        Option<bool> every = Setting.Flag("--all-clips", "Explain every clip, not only those that show the emotion.");
        Command command = new("explain", "Rank the landmarks by what they add to a saved model's logit; writes explanation.json and ranking.csv. Example: emotionxai explain runs/reduce/models/happiness.safetensors --data CLIPS --tolerance 1e-3");
        command.Arguments.Add(file);
        data.AddTo(command);
        command.Options.Add(method);
        command.Options.Add(baseline);
        command.Options.Add(every);
        path.AddTo(command);
        compute.AddTo(command);
        command.SetAction((parsed, cancellation) =>
        {
            BaselineSpec against = BaselineSpec.Parse(parsed.GetValue(baseline)!);
            IAttributionMethod attribution = AttributionMethods.Find(parsed.GetValue(method)!);
            if (attribution is IntegratedGradients) attribution = new IntegratedGradients(path.Read(parsed));
            using ProfiledRun run = compute.Begin(parsed, "explain", output);
            using IBackend backend = run.Backend();
            using LandmarkModel model = LandmarkModel.Load(parsed.GetValue(file)!, backend);
            LandmarkSet set = data.Read(parsed, compute, output, cancellation, model.Topology);
            FeatureSet features = SavedModel.Features(model, set, output);
            Explanation explanation = Explanation.Of(model, features, attribution, against, parsed.GetValue(every));
            string folder = compute.Out(parsed);
            explanation.Write(folder);
            output.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"{explanation.Emotion}: {explanation.Clips} clips x {explanation.Baselines} baselines, {explanation.MeanSteps:0.#} steps; completeness gap {explanation.RelativeGap:0.0e+0} of the logit change, worst clip {explanation.WorstClipGap:0.0e+0}, worst pair {explanation.WorstRelativeGap:0.0e+0}"));
            foreach (RankedLandmark r in explanation.Ranking.Take(Shown))
                output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  {r.Landmark,3}  {r.Name,-28} {r.Region,-12} {r.Relevance,7:0.0%}  {r.Signed,8:+0.000;-0.000}"));
            output.WriteLine($"Wrote explanation.json and ranking.csv to {folder}");
            run.Finish();
            return Task.FromResult(0);
        });
        return command;
    }
}
