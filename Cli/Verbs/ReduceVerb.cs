using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using EmotionXai.Landmarks.Reduction;
using EmotionXai.Landmarks.Reduction.Regions;
using EmotionXai.Landmarks.Reduction.Selection;
using EmotionXai.Landmarks.Report;
using EmotionXai.Landmarks.Runs;
using EmotionXai.Landmarks.Sequences;

namespace EmotionXai.Cli.Verbs;

/// <summary><c>reduce</c>: the main job.</summary>
internal static class ReduceVerb
{
    public static Verb Create(Terminal terminal) => new(
        "reduce",
        "Train, explain and retrain on ever fewer landmarks.",
        command => Fill(command, terminal, onlyCheck: false),
        "reduce",
        "reduce --data CLIPS --emotion fear --keep 68,34,17 --out runs/mine",
        "reduce --data CLIPS --by region --keep 68,40,20,8",
        "reduce --data CLIPS --network lstm --controls random:1 --json",
        "reduce --data CLIPS --shard 2/7 --out runs/part2");

    /// <summary><c>self-check</c>: the same protocol where nothing is to be found.</summary>
    public static Verb CreateSelfCheck(Terminal terminal) => new(
        "self-check",
        "Sound the pipeline for leaks: it must find nothing in permuted labels nor in noise features. Exit code 1 where it does.",
        command => Fill(command, terminal, onlyCheck: true),
        "self-check --data CLIPS",
        "self-check --data CLIPS --network random-dense");

    private static void Fill(Command command, Terminal terminal, bool onlyCheck)
    {
        ReductionOptions byDefault = new();
        DataSettings data = new();
        FeatureSettings features = new();
        ModelSettings model = new();
        PathSettings path = new();
        ComputeSettings compute = new("reduce");
        ShardSettings shards = new();
        Option<string[]> emotions = Setting.List("--emotion", "Emotions, each against the rest. By default every label but neutral.");
        Option<string[]> keep = Setting.List("--keep", "Landmarks kept at each stage, such as 68,51,34,17,8.");
        Option<string> folds = Setting.Text("--folds", "Outer folds: subject, or a number of groups of subjects. By default by subject up to 12 subjects, else 5.", byDefault.Folds);
        Option<int> inner = Setting.Count("--inner-folds", "Groups of training subjects that choose K*.", byDefault.InnerFolds, 2);
        Option<string> baseline = Setting.Text("--baseline", "typical, typical:K, onset, mean or zero.", byDefault.Baseline.Text);
        Option<int> rankingSeeds = Setting.Count("--ranking-seeds", "Networks whose rankings are averaged.", byDefault.RankingSeeds);
        Option<int> innerSeeds = Setting.Count("--inner-ranking-seeds", "The same inside the inner folds.", byDefault.InnerRankingSeeds);
        Option<int> networks = NetworksSetting.Create();
        Option<string[]> controls = Setting.List("--controls", $"Landmarks to compare with at the same number: random:N, motion, fisher, fisher-mrmr, untrained, spread, lowest, swap:N (other emotions' landmarks); all, or none. [{byDefault.Controls.Text}]");
        Option<double> margin = Setting.Number("--margin", "A loss of mean AUC of less than this counts as none.", byDefault.Margin);
        Option<bool> rerank = new("--rerank") { Description = "Rank the kept landmarks again at every stage; --rerank false ranks once.", DefaultValueFactory = _ => byDefault.Rerank };
        Option<string> select = Setting.Word("--select", "What decides which landmarks are kept: explained (Integrated Gradients of people left out propose, the loss on people left out chooses), aligned (the former alone), forward (the latter alone), pursuit (regression on the former), lasso (a group lasso), gain (|attribution| over that of networks before training), paper (mean |attribution| of the training clips).", "explained", Setting.Names<SelectionRule>());
        Option<int> patches = Setting.Count("--patches", "Patches over which the relevance of neighbours is summed; 0 takes 32 on a mesh, and single landmarks on a face of few.", byDefault.Patches, 0);
        Option<int> nulls = new("--null") { Description = "Permute the labels so often (19 where no number is given) and train on them too: a z-score and corrected p-value a landmark.", Arity = ArgumentArity.ZeroOrOne, DefaultValueFactory = _ => 0 };
        Option<bool> symmetric = Setting.Flag("--symmetric", "Keep mirror partners together.");
        Option<string> by = Setting.Word("--by", "What goes at a time: landmark, or region: whole regions, the most relevant that fit into a stage's number.", "landmark", Setting.Names<Unit>());
        Option<int> samples = Setting.Count("--bootstrap-samples", "Draws of people behind every interval.", byDefault.BootstrapSamples, 100);
        Option<string> regions = Setting.Word("--regions", "Also what every subset of the face's regions is worth, each retrained: pairs (left and right together) or apart.", "none", Setting.Names<RegionSides>());
        Option<bool> insideRegions = Setting.Flag("--inside-regions", "Choose landmarks inside the set of regions that best predicts training people left out; every fold chooses it for itself.");
        Option<int> stability = Setting.Count("--stability", "Pairs of halves of the people that choose landmarks each for itself, such as 25: which are chosen by all, with a bound on chance.", byDefault.Stability, 0);

        // Words of before: a stopped run goes on by itself, self-check is a verb, and regions are a choice of --by.
        Option<bool> resume = Setting.Flag("--resume", ""), check = Setting.Flag("--self-check", ""), byRegion = Setting.Flag("--by-region", "");
        nulls.Aliases.Add("--nulls");
        resume.Hidden = check.Hidden = byRegion.Hidden = true;

        data.AddTo(command);
        foreach (Option option in new Option[] { emotions, keep, folds, inner, baseline, rankingSeeds, innerSeeds, networks, controls, margin, rerank, select, patches, nulls, symmetric, by, regions, insideRegions, stability, samples, check, byRegion, resume }) command.Options.Add(option);
        features.AddTo(command);
        model.AddTo(command);
        path.AddTo(command);
        compute.AddTo(command);
        if (!onlyCheck) shards.AddTo(command);
        terminal.AddTo(command);
        command.SetAction((parsed, cancellation) =>
        {
            ReductionOptions options = new()
            {
                Emotions = [.. Setting.Words(parsed.GetValue(emotions)).Select(e => e.ToLowerInvariant())],
                Model = model.Model(parsed),
                Training = model.Training(parsed),
                Preprocessing = features.Read(parsed),
                Path = path.Read(parsed),
                Keep = Setting.Integers("--keep", parsed.GetValue(keep)),
                Folds = parsed.GetValue(folds)!,
                InnerFolds = parsed.GetValue(inner),
                Baseline = BaselineSpec.Parse(parsed.GetValue(baseline)!),
                Select = Setting.Choice<SelectionRule>("--select", parsed.GetValue(select)!),
                Patches = parsed.GetValue(patches),
                Nulls = parsed.GetResult(nulls) is { Implicit: false, Tokens.Count: 0 } ? 19 : parsed.GetValue(nulls),
                Symmetric = parsed.GetValue(symmetric),
                ByRegion = Setting.Choice<Unit>("--by", parsed.GetValue(by)!) == Unit.Region || parsed.GetValue(byRegion),
                Regions = Setting.Choice<RegionSides>("--regions", parsed.GetValue(regions)!),
                InsideRegions = parsed.GetValue(insideRegions),
                Stability = parsed.GetValue(stability),
                RankingSeeds = parsed.GetValue(rankingSeeds),
                InnerRankingSeeds = parsed.GetValue(innerSeeds),
                Networks = parsed.GetValue(networks),
                Controls = parsed.GetValue(controls) is { Length: > 0 } compared ? ControlSpec.Parse(string.Join(',', Setting.Words(compared))) : byDefault.Controls,
                Margin = parsed.GetValue(margin),
                Rerank = parsed.GetValue(rerank),
                BootstrapSamples = parsed.GetValue(samples),
                Seed = compute.Seed(parsed),
                Threads = compute.Threads(parsed),
                Device = compute.Device(parsed),
            };
            TextWriter notes = terminal.Notes(parsed);
            LandmarkSet set = data.Read(parsed, compute, notes, cancellation, path: data.Path(parsed) ?? (onlyCheck ? null : DataSettings.Synthetic));
            using ProfiledRun run = compute.Begin(parsed, "reduce", terminal);
            ReductionDriver driver = new(set, options) { Profile = run.Profile, Origin = Origins.Of(parsed), Note = line => notes.WriteLine($"note: {line}") };
            foreach (string line in driver.LeftOut) notes.WriteLine($"note: {line}");
            if (data.Path(parsed) is null && !onlyCheck) notes.WriteLine($"no --data: the embedded synthetic faces are taken (--data {DataSettings.Synthetic}).");
            notes.WriteLine($"{set.Source}: {set.Clips.Count} clips, {set.Subjects.Count} subjects, {set.Topology.Name}; {driver.Emotions.Count} emotion(s) x {driver.FoldCount} folds x {driver.Stages.Count} stages");
            if (onlyCheck || parsed.GetValue(check)) return Task.FromResult(Check(terminal, parsed, SelfCheck.Run(set, options, cancellation)));
            if (shards.Shard(parsed) is { } shard)
            {
                int ended = ShardSettings.Run(driver, shard, parsed, compute.Output, terminal, cancellation);
                run.Finish();
                return Task.FromResult(ended);
            }

            using RunFolder output = compute.Output.Claim(parsed, driver.Record);
            string folder = output.Path;
            bool done = output.IsFinished;
            ReductionResult result;
            string[] merged = shards.Folders(parsed);
            using (ProgressDisplay progress = new(notes))
                result = merged.Length > 0 ? driver.Merge(output, merged, progress.Show, cancellation) : driver.Run(output, progress.Show, cancellation);
            if (!done) ReductionReport.Write(folder, result);
            int code = terminal.Close(parsed, () => ReductionJson.Of(folder, result), output =>
            {
                ClosingTable.Write(output, result);
                RegionTable.Write(output, result);
                StabilityLines.Write(output, result);
                output.WriteLine("Wrote results.json, five tables, models and report.html");
                output.WriteLine($"to {folder} in {Duration.Of(result.Seconds)}.");
            });
            run.Finish();
            return Task.FromResult(code);
        });
    }

    /// <summary>What goes at a time.</summary>
    private enum Unit
    {
        Landmark,
        Region,
    }

    private static int Check(Terminal terminal, ParseResult parsed, IReadOnlyList<NullScore> scores)
    {
        bool rings = scores.Any(s => s.Rings);
        terminal.Close(
            parsed,
            () => new JsonObject
            {
                ["verb"] = "self-check",
                ["leak"] = rings,
                ["nulls"] = Json.List(scores.Select(s => new JsonObject { ["null"] = s.Null, ["all"] = Json.Number(s.All), ["kept"] = Json.Number(s.Kept), ["margin"] = Json.Number(s.Margin), ["rings"] = s.Rings })),
            },
            output =>
            {
                foreach (NullScore s in scores)
                    output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{s.Null}: balanced accuracy {s.All:0.000} with all landmarks, {s.Kept:0.000} at K*; 0.500 +/- {s.Margin:0.000} is chance{(s.Rings ? ": THE ALARM RINGS" : "")}"));
                output.WriteLine(rings ? "Something reaches the networks that should not: results of this pipeline cannot be trusted." : "Nothing was found where nothing is.");
            });
        return rings ? 1 : 0;
    }
}
