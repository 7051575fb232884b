using System.CommandLine;
using System.Text.Json.Nodes;
using EmotionXai.Engine.Layers;
using EmotionXai.Engine.Training;
using EmotionXai.Landmarks;
using EmotionXai.Landmarks.Benchmark;
using EmotionXai.Landmarks.Datasets;
using EmotionXai.Landmarks.Reduction;
using EmotionXai.Landmarks.Runs;
using EmotionXai.Landmarks.Sequences;

namespace EmotionXai.Cli.Verbs;

/// <summary><c>benchmark</c>: the selection of landmarks against the truth, and against the bars of docs/protocol.md.</summary>
internal static class BenchmarkVerb
{
    public static Verb Create(Terminal terminal) => new(
        "benchmark",
        "Hold the selection of landmarks against known truth. Exit code 1 where a bar is missed.",
        command => Fill(command, terminal),
        "benchmark --quick",
        "benchmark --data CLIPS --out runs/benchmark",
        "benchmark --quick --part graded nothing");

    private static void Fill(Command command, Terminal terminal)
    {
        Option<bool> quick = Setting.Flag("--quick", "Fewer cases and draws.");
        Option<string[]> parts = Setting.List("--part", $"What to run: {string.Join(", ", Setting.Names<BenchmarkPart>())}. By default all.");
        Option<string> real = Setting.Path("--data", "Real clips for the part spoilt. Without them it is left out.");
        Option<string> neutral = Setting.Text("--neutral", "The label of the real clips that show nothing.", new BenchmarkOptions().Neutral);
        Option<string> model = Setting.Word("--network", "The network that is trained on what a rule keeps: " + string.Join(", ", ModelNames.All) + ". Without it the part default takes that of reduce.", "random-dense", ModelNames.All);
        model.Aliases.Add("--model");
        Option<int> networks = NetworksSetting.Create();
        Option<bool> insideRegions = Setting.Flag("--inside-regions", "Every rule chooses inside the set of regions that best predicts training people left out.");
        ComputeSettings compute = new("benchmark");
        foreach (Option option in new Option[] { quick, parts, real, neutral, model, networks, insideRegions }) command.Options.Add(option);
        compute.AddTo(command);
        terminal.AddTo(command);
        command.SetAction((parsed, cancellation) =>
        {
            TextWriter notes = terminal.Notes(parsed);
            LandmarkSet? clips = parsed.GetValue(real) is { } path ? LandmarkDataset.Read(path, new DatasetOptions()) : null;
            ModelKind kind = ModelNames.Find(parsed.GetValue(model)!);
            string[] asked = parsed.GetValue(parts)!;
            ReductionOptions unsaid = new()
            {
                Networks = parsed.GetValue(networks),
                InsideRegions = parsed.GetValue(insideRegions),
                Seed = compute.Seed(parsed),
                Threads = compute.Threads(parsed),
                Device = compute.Device(parsed),
            };
            ReductionOptions reduction = unsaid with
            {
                Model = new ClassifierOptions { Kind = kind, Hidden = ClassifierOptions.DefaultHidden(kind), Activation = ClassifierOptions.DefaultActivation(kind) },
                Training = new TrainingOptions { LearningRate = TrainingOptions.DefaultRate(kind) },
            };
            BenchmarkOptions options = new()
            {
                Reduction = reduction,
                Default = parsed.GetResult(model) is { Implicit: false } ? reduction : unsaid,
                Quick = parsed.GetValue(quick),
                Parts = asked.Length > 0 ? [.. asked.Select(p => Setting.Choice<BenchmarkPart>("--part", p))] : Enum.GetValues<BenchmarkPart>(),
                Real = clips,
                Neutral = parsed.GetValue(neutral)!,
            };
            if (clips is null && options.Parts.Contains(BenchmarkPart.Spoilt)) notes.WriteLine("note: no --data: real clips are left out.");
            using ProfiledRun run = compute.Begin(parsed, "benchmark", terminal);
            using RunFolder output = compute.Output.Claim(parsed);
            string folder = output.Path;
            Lock writing = new();
            string last = "";
            BenchmarkResult result = new SelectionBenchmark(options).Run(folder, (part, done, of) =>
            {
                lock (writing)
                {
                    // A line a tenth of a part.
                    string now = $"{part}: {(of == 0 ? 10 : 10 * done / of) * 10} %";
                    if (now != last) notes.WriteLine(last = now);
                }
            }, cancellation);
            BenchmarkFiles.Write(folder, result);
            output.Finish();
            terminal.Close(parsed, () => Json(folder, result), text => Table(text, folder, result));
            run.Finish();
            return Task.FromResult(result.Passed ? 0 : 1);
        });
    }

    private static JsonObject Json(string folder, BenchmarkResult result) => new()
    {
        ["verb"] = "benchmark",
        ["out"] = folder,
        ["page"] = Path.Combine(folder, BenchmarkFiles.Page),
        ["table"] = Path.Combine(folder, BenchmarkFiles.Table),
        ["quick"] = result.Quick,
        ["rule"] = result.Rule,
        ["passed"] = result.Passed,
        ["seconds"] = Cli.Json.Number(result.Seconds),
        ["criteria"] = Cli.Json.List(result.Criteria.Select(c => new JsonObject { ["name"] = c.Name, ["bar"] = c.Bar, ["measured"] = c.Measured, ["passed"] = c.Passed })),
    };

    private static void Table(TextWriter output, string folder, BenchmarkResult result)
    {
        output.WriteLine($"The rule under test: {result.Rule}. Bars of docs/protocol.md:");
        output.WriteLine();
        foreach (Criterion c in result.Criteria)
        {
            output.WriteLine($"{c.Passed switch { true => "met    ", false => "MISSED ", null => "not run" }}  {c.Name}");
            if (c.Passed is null) continue;
            output.WriteLine($"         asked for: {c.Bar}");
            output.WriteLine($"         measured:  {c.Measured}");
        }

        output.WriteLine();
        int missed = result.Criteria.Count(c => c.Passed == false);
        output.WriteLine(missed == 0 ? "Every bar that was run is met." : $"{missed} of {result.Criteria.Count(c => c.Passed is not null)} bars are missed.");
        output.WriteLine($"Wrote {BenchmarkFiles.Page}, {BenchmarkFiles.Table} and {BenchmarkFiles.Numbers}");
        output.WriteLine($"to {folder} in {Duration.Of(result.Seconds)}.");
    }
}
