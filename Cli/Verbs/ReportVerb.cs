using System.CommandLine;
using System.Text.Json.Nodes;
using EmotionXai.Cli.Figures;
using EmotionXai.Landmarks;
using EmotionXai.Landmarks.Reduction;
using EmotionXai.Landmarks.Report;

namespace EmotionXai.Cli.Verbs;

/// <summary><c>report</c>: pages and figures from the results of finished runs.</summary>
internal static class ReportVerb
{
    public static Verb Create(Terminal terminal) => new(
        "report",
        "Write report.html again from the results of a run; figures for papers; runs side by side.",
        command => Fill(command, terminal),
        "report runs/reduce",
        "report runs/reduce --figures runs/figures",
        "report --compare runs/dense runs/lstm --out runs/comparison.html");

    private static void Fill(Command command, Terminal terminal)
    {
        Argument<string[]> folders = new("folder") { Description = "Folders that reduce or explain wrote.", Arity = ArgumentArity.ZeroOrMore };
        Option<string> figures = Setting.Path("--figures", "Also write every figure of one run as SVG, PNG and PDF into this folder.");
        Option<int> dots = Setting.Count("--dpi", "With --figures: dots an inch of the PNGs.", FigureFiles.Dots);
        Option<bool> heat = Setting.Flag("--heat", "With --figures: faces under smooth heat instead of dots.");
        Option<string[]> between = Setting.List("--difference", "With --figures: two emotions, the relevance of the first less that of the second.");
        Option<string[]> compare = Setting.List("--compare", "Reductions to set side by side in one page.");
        Option<string> file = Setting.Path("--out", "The page of --compare.", "runs/comparison.html");
        Option<bool> force = OutputFile.Force();
        command.Arguments.Add(folders);
        foreach (Option option in new Option[] { figures, dots, heat, between, compare, file, force }) command.Options.Add(option);
        terminal.AddTo(command);
        command.SetAction(parsed =>
        {
            string[] runs = parsed.GetValue(folders)!, compared = parsed.GetValue(compare)!, two = Setting.Words(parsed.GetValue(between));
            string? folder = parsed.GetValue(figures);
            if (runs.Length + compared.Length == 0) throw new ArgumentException("report: give the folder of a run, or --compare with two.");
            if (compared.Length == 1) throw new ArgumentException($"--compare {compared[0]}: give two runs or more.");
            if (folder is not null && runs.Length != 1) throw new ArgumentException($"--figures {folder}: give the folder of one run, whose figures they are.");
            if (folder is null && (parsed.GetValue(heat) || two.Length > 0)) throw new ArgumentException("--heat and --difference: give --figures, the folder to write to.");
            if (compared.Length > 0) OutputFile.Check("--out", [parsed.GetValue(file)!], parsed.GetValue(force));
            (string Name, Drawing Drawing)[] drawings = folder is null ? [] : [.. Drawn(runs[0], parsed.GetValue(heat), two)];
            if (folder is not null) OutputFile.Check("--figures", drawings.Select(d => FigureFiles.Path(folder, d.Name)), parsed.GetValue(force));
            List<string> written = [.. runs.Select(Rebuild)];
            if (compared.Length > 0)
            {
                string page = parsed.GetValue(file)!;
                Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(page))!);
                AtomicFile.WriteText(page, ComparisonReport.Render([.. Names(compared).Zip(compared.Select(ResultFiles.Read))]));
                written.Add(page);
            }

            int count = folder is null ? 0 : FigureFiles.Write(folder, drawings, parsed.GetValue(dots));
            return Task.FromResult(terminal.Close(
                parsed,
                () => new JsonObject { ["verb"] = "report", ["pages"] = Json.Words(written), ["figures"] = count },
                output =>
                {
                    foreach (string page in written) output.WriteLine($"Wrote {page}");
                    if (folder is not null) output.WriteLine($"Wrote {count} figures to {folder}, each as .svg, .png and .pdf");
                }));
        });
    }

    private static IEnumerable<(string Name, Drawing Drawing)> Drawn(string folder, bool heat, string[] between)
    {
        if (IsExplanation(folder))
        {
            return between.Length == 0
                ? EmotionXai.Landmarks.Report.Figures.Of(ResultFiles.ReadExplanation(folder), heat)
                : throw new ArgumentException($"--difference {string.Join(' ', between)}: {folder} explains one emotion; give the folder of a reduction.");
        }

        RunView run = new(ResultFiles.Read(folder));
        if (between.Length == 0) return EmotionXai.Landmarks.Report.Figures.Of(run, heat);
        EmotionView[] two = [.. between.Select(name => run.Emotions.FirstOrDefault(e => e.Name == name)
            ?? throw new ArgumentException($"--difference {name}: the run has no such emotion; it has {string.Join(", ", run.Emotions.Select(e => e.Name))}."))];
        if (two.Length != 2) throw new ArgumentException($"--difference {string.Join(' ', between)}: give two emotions.");
        return EmotionXai.Landmarks.Report.Figures.Of(run, heat).Append(EmotionXai.Landmarks.Report.Figures.Between(run, two[0], two[1]));
    }

    // The folders' own names, where they tell them apart.
    private static string[] Names(string[] folders)
    {
        string[] names = [.. folders.Select(f => Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(f))))];
        return names.Distinct().Count() == names.Length ? names : folders;
    }

    private static bool IsExplanation(string folder) => !File.Exists(Path.Combine(folder, ResultFiles.Reduction)) && File.Exists(Path.Combine(folder, ResultFiles.Explanation));

    private static string Rebuild(string folder)
    {
        if (IsExplanation(folder)) ExplanationReport.Write(folder, ResultFiles.ReadExplanation(folder));
        else ReductionReport.Write(folder, ResultFiles.Read(folder));
        return Path.Combine(folder, "report.html");
    }
}
