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
    public static Command Create(Terminal terminal)
    {
        Argument<string[]> folders = new("folder") { Description = "Folders that reduce or explain wrote.", Arity = ArgumentArity.ZeroOrMore };
        Option<string> png = Setting.Path("--png", "Also write every figure as PNG and SVG into this folder (reductions only).");
        Option<string[]> compare = Setting.List("--compare", "Reductions to set side by side in one page.");
        Option<string> file = Setting.Path("--out", "The page of --compare.", "runs/comparison.html");
        Verb command = new("report", "Write report.html again from the results of a run; figures for papers; runs side by side.", "report runs/reduce", "report runs/reduce --png runs/figures", "report --compare runs/dense runs/lstm --out runs/comparison.html");
        command.Arguments.Add(folders);
        foreach (Option option in new Option[] { png, compare, file }) command.Options.Add(option);
        terminal.AddTo(command);
        command.SetAction(parsed =>
        {
            string[] runs = parsed.GetValue(folders)!, compared = parsed.GetValue(compare)!;
            string? figures = parsed.GetValue(png);
            if (runs.Length + compared.Length == 0) throw new ArgumentException("report: give the folder of a run, or --compare with two.");
            if (compared.Length == 1) throw new ArgumentException($"--compare {compared[0]}: give two runs or more.");
            if (figures is not null && runs.Length != 1) throw new ArgumentException($"--png {figures}: give the folder of one run, whose figures they are.");
            List<string> written = [.. runs.Select(Rebuild)];
            if (compared.Length > 0)
            {
                string page = parsed.GetValue(file)!;
                Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(page))!);
                AtomicFile.WriteText(page, ComparisonReport.Render([.. compared.Select(c => (c, ResultFiles.Read(c)))]));
                written.Add(page);
            }

            int count = figures is null ? 0 : RunFigures.Write(figures, ResultFiles.Read(runs[0]));
            return Task.FromResult(terminal.Close(
                parsed,
                () => new JsonObject { ["verb"] = "report", ["pages"] = Json.Words(written), ["figures"] = count },
                output =>
                {
                    foreach (string page in written) output.WriteLine($"Wrote {page}");
                    if (figures is not null) output.WriteLine($"Wrote {count} figures to {figures}, each as .png and .svg");
                }));
        });
        return command;
    }

    private static string Rebuild(string folder)
    {
        if (!File.Exists(Path.Combine(folder, ResultFiles.Reduction)) && File.Exists(Path.Combine(folder, ResultFiles.Explanation)))
            ExplanationReport.Write(folder, ResultFiles.ReadExplanation(folder));
        else ReductionReport.Write(folder, ResultFiles.Read(folder));
        return Path.Combine(folder, "report.html");
    }
}
