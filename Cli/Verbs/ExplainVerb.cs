using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using EmotionXai.Engine.Backends;
using EmotionXai.Explain;
using EmotionXai.Landmarks.Models;
using EmotionXai.Landmarks.Preprocessing;
using EmotionXai.Landmarks.Reduction;
using EmotionXai.Landmarks.Report;
using EmotionXai.Landmarks.Runs;
using EmotionXai.Landmarks.Sequences;
using EmotionXai.Landmarks.Video;

namespace EmotionXai.Cli.Verbs;

/// <summary><c>explain</c>: which landmarks a saved model looks at.</summary>
internal static class ExplainVerb
{
    private const int Shown = 10;

    // Features bend the paths of a trajectory: magnitudes, extremes, steadying. A fixed number of steps may miss much.
    private const double TrajectoryTolerance = 1e-2;

    public static Verb Create(Terminal terminal) => new(
        "explain",
        "Say what each landmark adds to a saved model's judgement: of one clip or video, or over clips of its emotion. Writes explanation.json, ranking.csv, frames.csv (landmark x frame, with sign) and report.html.",
        command => Fill(command, terminal, onlyCheck: false),
        "explain runs/latest/models/happiness.safetensors talk.mp4",
        "explain runs/mine/fear.safetensors talk.mp4 --overlay runs/why.mp4",
        "explain runs/latest/models/happiness.safetensors --data CLIPS",
        "explain runs/mine/fear.safetensors --data CLIPS --tolerance 1e-3",
        "explain runs/mine/fear.safetensors --data CLIPS --of trajectory",
        "explain runs/mine/fear.safetensors --data CLIPS --method occlusion");

    /// <summary><c>check</c>: which attribution methods to believe on a model.</summary>
    public static Verb CreateCheck(Terminal terminal) => new(
        "check",
        "Judge the attribution methods on a saved model: fidelity, stability, and whether they see the network at all.",
        command => Fill(command, terminal, onlyCheck: true),
        "check runs/mine/fear.safetensors --data CLIPS",
        "check runs/mine/fear.safetensors --data CLIPS --retrain 10");

    private static void Fill(Command command, Terminal terminal, bool onlyCheck)
    {
        DataSettings data = new();
        PathSettings path = new();
        ComputeSettings compute = new("explain");
        Argument<string> file = new("model") { Description = "A model that train or reduce has saved." };
        Argument<string?> clips = new("clips") { Description = "The clip, clips or video to explain; or --data.", Arity = ArgumentArity.ZeroOrOne };
        Option<string> overlay = Setting.Path("--overlay", "For videos: also draw what each landmark adds at every moment, into a file .mp4 or a folder.");
        Option<double> window = WindowSetting.Create();
        Option<string> baseline = Setting.Text("--baseline", "typical, typical:K, onset, mean or zero. Of a trajectory the default is onset (of a picture typical, from the clips given).", "typical");
        Option<string> of = Setting.Word("--of", "features, as the network takes them, or the trajectory that they are made of: each landmark at each moment, also where features say nothing of when (--tolerance 1e-2 unless --steps are given).", "features", ["features", TrajectoryExplanation.Input]);
        string[] methods = [.. AttributionMethods.All.Select(m => m.Name), "smoothgrad"];
        Option<string> method = Setting.Word("--method", string.Join(", ", methods) + "; smooth:, squared: or variance: before a name attributes noisy copies.", "integrated-gradients", methods);
        Option<bool> every = Setting.Flag("--all-clips", "Explain every clip, not only those that show the emotion.");
        Option<bool> check = Setting.Flag("--check", "");
        check.Hidden = true;
        Option<int> retrain = Setting.Count("--retrain", "Networks of each sort (other seeds, halves of the people, permuted labels) trained anew to compare orders; 0 trains none.", 4, 0);
        retrain.Hidden = !onlyCheck;
        command.Arguments.Add(file);
        command.Arguments.Add(clips);
        data.AddTo(command);
        foreach (Option option in onlyCheck ? [retrain] : new Option[] { overlay, window, of, method, baseline, every, check, retrain }) command.Options.Add(option);
        if (!onlyCheck) path.AddTo(command);
        compute.AddTo(command);
        terminal.AddTo(command);
        command.SetAction((parsed, cancellation) =>
        {
            bool judges = onlyCheck || parsed.GetValue(check);
            bool trajectory = !judges && Trajectory(parsed.GetValue(of)!);
            BaselineSpec against = BaselineSpec.Parse(judges ? "typical" : parsed.GetValue(baseline)!);
            MethodSettings settings = new() { Path = judges ? new() : path.Read(parsed, trajectory ? TrajectoryTolerance : 0), Seed = compute.Seed(parsed) };
            string name = judges ? "integrated-gradients" : parsed.GetValue(method)!;
            AttributionMethods.Find(name, settings);
            if (trajectory && name != "integrated-gradients") throw new ArgumentException($"--of trajectory --method {name}: trajectories are followed by integrated-gradients alone; leave --method out.");
            using ProfiledRun run = compute.Begin(parsed, "explain", terminal);
            using IBackend backend = run.Backend();
            using LandmarkModel model = LandmarkModel.Load(parsed.GetValue(file)!, backend);
            TextWriter notes = terminal.Notes(parsed);
            string? source = parsed.GetValue(clips) ?? data.Path(parsed), pictures = judges ? null : parsed.GetValue(overlay);
            if (parsed.GetValue(clips) is string both && data.Path(parsed) is string named) throw new ArgumentException($"explain: the clips are '{both}' and '{named}'; give one of the two.");
            if (pictures is not null) OverlaySetting.Check(source, pictures, compute.Output.Force(parsed));
            LandmarkSet set = data.Read(parsed, compute, notes, cancellation, model.Topology, source, unlabelled: !judges);
            SavedModel.Warn(model, set.Extractor, notes);
            FeatureSet features = SavedModel.Features(model, set, notes);
            if (judges) return Task.FromResult(Check(parsed, model, features, set.Truth?.GetValueOrDefault(model.Emotion), parsed.GetValue(retrain), settings.Seed, terminal, cancellation));
            using RunFolder folder = compute.Output.Claim(parsed);
            if (trajectory && parsed.GetResult(baseline) is not { Implicit: false } && features.Frames > 1) against = BaselineSpec.Parse("onset");
            Explanation explanation = trajectory
                ? TrajectoryExplanation.Of(model, set, settings.Path, against, parsed.GetValue(every))
                : Explanation.Of(model, features, AttributionMethods.Find(name, settings with { Groups = Explanation.Groups(model) }), against, parsed.GetValue(every));
            explanation.Write(folder.Path);
            ExplanationReport.Write(folder.Path, explanation);
            if (pictures is not null)
            {
                using EmotionJudge judge = EmotionJudge.Load([parsed.GetValue(file)!], backend);
                OverlaySetting.Draw(new PredictionOverlay(data.Video.Models(parsed), data.Video.Read(parsed, model.Topology, compute.Threads(parsed)), judge, parsed.GetValue(window)), source!, pictures, notes, cancellation);
            }

            folder.Finish();
            int code = terminal.Close(parsed, () => Result(folder.Path, explanation, pictures), output => Write(output, folder.Path, explanation, pictures));
            run.Finish();
            return Task.FromResult(code);
        });
    }

    private static bool Trajectory(string of) => of switch
    {
        "features" => false,
        TrajectoryExplanation.Input => true,
        _ => throw new ArgumentException($"--of {of}: there is no such choice; take features or {TrajectoryExplanation.Input}."),
    };

    private static int Check(ParseResult parsed, LandmarkModel model, FeatureSet features, bool[]? truth, int networks, ulong seed, Terminal terminal, CancellationToken cancellation)
    {
        TextWriter notes = terminal.Notes(parsed);
        IReadOnlyList<MethodCheck> checks = ExplanationCheck.Run(model, features, truth, seed, out ChanceOrder chance);
        IReadOnlyList<MethodStability> stability = networks == 0
            ? []
            : StabilityCheck.Run(model, features, truth, networks, seed, sort => notes.WriteLine($"training {networks} networks: {sort}"), cancellation);
        return CheckDisplay.Close(terminal, parsed, model, checks, chance, stability);
    }

    private static void Write(TextWriter output, string folder, Explanation explanation, string? pictures)
    {
        output.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{explanation.Emotion}: {(explanation.Clip is string clip ? $"{clip}, probability {explanation.Probability:0.00}," : $"{explanation.Clips} clips")} against {explanation.Baselines} baselines, {explanation.MeanSteps:0.#} steps{(explanation.Input == TrajectoryExplanation.Input ? ", of the trajectory" : "")}"));
        string gaps = string.Create(
            CultureInfo.InvariantCulture, $"{explanation.RelativeGap:0.0e+0} of the logit change, worst clip {explanation.WorstClipGap:0.0e+0}, worst pair {explanation.WorstRelativeGap:0.0e+0}");
        output.WriteLine(explanation.IsComplete ? $"completeness gap {gaps}" : $"this method does not promise completeness; its sums miss {gaps}");
        foreach (RankedLandmark r in explanation.Ranking.Take(Shown))
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  {r.Landmark,3}  {r.Name,-28} {r.Region,-12} {r.Relevance,7:0.0%}  {r.Signed,8:+0.000;-0.000}"));
        output.WriteLine($"Wrote explanation.json, ranking.csv{(explanation.TimeMap.Count > 0 ? ", frames.csv" : "")} and report.html to {folder}");
        if (pictures is not null) output.WriteLine($"Drew them into {pictures}");
    }

    private static JsonObject Result(string folder, Explanation explanation, string? pictures) => new()
    {
        ["verb"] = "explain",
        ["emotion"] = explanation.Emotion,
        ["method"] = explanation.Method,
        ["baseline"] = explanation.Baseline,
        ["of"] = explanation.Input,
        ["clip"] = explanation.Clip,
        ["probability"] = explanation.Probability is double probability ? Json.Number(probability) : null,
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
        ["overlay"] = pictures,
    };
}
