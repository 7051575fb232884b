using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using EmotionXai.Engine.Backends;
using EmotionXai.Landmarks;
using EmotionXai.Landmarks.Models;
using EmotionXai.Landmarks.Preprocessing;
using EmotionXai.Landmarks.Runs;
using EmotionXai.Landmarks.Sequences;
using EmotionXai.Landmarks.Video;

namespace EmotionXai.Cli.Verbs;

/// <summary><c>predict</c>: what saved models say of clips.</summary>
internal static class PredictVerb
{
    public static Verb Create(Terminal terminal) => new(
        "predict",
        "Judge clips with saved models; writes predictions.csv.",
        command => Fill(command, terminal),
        "predict runs/latest/models CLIPS",
        "predict runs/mine/happiness.safetensors --data CLIPS --json",
        "predict runs/latest/models clip.mp4 --overlay runs/clip.mp4");

    private static void Fill(Command command, Terminal terminal)
    {
        DataSettings data = new();
        ComputeSettings compute = new("predict");
        Argument<string[]> paths = new("model-or-clips")
        {
            Description = "Models that train or reduce has saved, or folders of them, and clips as for --data.",
            Arity = ArgumentArity.OneOrMore,
        };
        Option<string> overlay = Setting.Path("--overlay", "For videos: also draw probabilities over time and the landmarks' relevance, into a file .mp4 or a folder.");
        Option<double> window = WindowSetting.Create();
        command.Arguments.Add(paths);
        data.AddTo(command);
        command.Options.Add(overlay);
        command.Options.Add(window);
        compute.AddTo(command);
        terminal.AddTo(command);
        command.SetAction((parsed, cancellation) =>
        {
            (IReadOnlyList<string> models, string? given) = ModelPaths.Split(parsed.GetValue(paths)!, data.Path(parsed));
            string clips = given ?? throw new ArgumentException($"predict: give the clips to judge: a path, or {DataSettings.Synthetic} for the synthetic faces.");
            string? pictures = parsed.GetValue(overlay);
            if (pictures is not null) OverlaySetting.Check(clips, pictures, compute.Output.Force(parsed));

            TextWriter notes = terminal.Notes(parsed);
            using ProfiledRun run = compute.Begin(parsed, "predict", terminal);
            using IBackend backend = run.Backend();
            using EmotionJudge judge = EmotionJudge.Load(models, backend);
            if (run.Profile is null) judge.Prepare();
            LandmarkSet set = data.Read(parsed, compute, notes, cancellation, judge.Topology, clips, unlabelled: true);
            using RunFolder folder = compute.Output.Claim(parsed);
            string path = Path.Combine(folder.Path, "predictions.csv");
            List<Judgement> judgements = [];
            Dictionary<string, string> contents = set.Clips.ToDictionary(c => c.Name, ModelOrigin.HashOf, StringComparer.Ordinal);
            AtomicFile.Write(path, writer =>
            {
                writer.WriteLine("clip,subject,label,emotion,logit,probability,trained_on");
                foreach (LandmarkModel model in judge.Models) judgements.Add(Judge(model, set, contents, writer, notes));
            });
            if (pictures is not null)
                OverlaySetting.Draw(new PredictionOverlay(data.Video.Models(parsed), data.Video.Read(parsed, judge.Topology, compute.Threads(parsed)), judge, parsed.GetValue(window)), clips, pictures, notes, cancellation);
            folder.Finish();
            int code = terminal.Close(parsed, () => Result(judgements, path, pictures), output =>
            {
                foreach (Judgement judgement in judgements) output.WriteLine(judgement.Text());
                output.WriteLine($"Wrote {path}");
                if (pictures is not null) output.WriteLine($"Drew them into {pictures}");
            });
            run.Finish();
            return Task.FromResult(code);
        });
    }

    private static JsonObject Result(IEnumerable<Judgement> judgements, string path, string? pictures) => new()
    {
        ["verb"] = "predict",
        ["emotions"] = Json.List(judgements.Select(j => j.Result())),
        ["predictions"] = path,
        ["overlay"] = pictures,
    };

    // A model of pictures judges every frame of a clip: the clip's logit is their mean.
    private static Judgement Judge(LandmarkModel model, LandmarkSet set, Dictionary<string, string> contents, TextWriter writer, TextWriter notes)
    {
        SavedModel.Warn(model, set.Extractor, notes);
        FeatureSet features = SavedModel.Features(model, set, notes);
        double[] all = model.Calibrated(features);
        HashSet<string> trainedOn = [.. model.Origin?.TrainedOn ?? []];
        List<JudgedClip> clips =
        [
            .. Enumerable.Range(0, features.Clips).GroupBy(i => features.Names[i])
                .Select(g => new JudgedClip(g.Key, features.Subjects[g.First()], features.Labels[g.First()], g.Average(i => all[i]), trainedOn.Contains(contents[g.Key]))),
        ];
        foreach (JudgedClip clip in clips)
        {
            writer.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"{CsvText.Cell(clip.Name)},{CsvText.Cell(clip.Subject)},{CsvText.Cell(clip.Label)},{CsvText.Cell(model.Emotion)},{clip.Logit:R},{Calibration.Probability(clip.Logit):0.######},{(clip.TrainedOn ? 1 : 0)}"));
        }

        return Judgement.From(model, clips);
    }
}
