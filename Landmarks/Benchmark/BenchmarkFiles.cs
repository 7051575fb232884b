using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using EmotionXai.Landmarks.Report;
using static EmotionXai.Landmarks.Report.ReportText;

namespace EmotionXai.Landmarks.Benchmark;

/// <summary>The benchmark on disk: a page, and the same numbers as a table and as JSON.</summary>
public static class BenchmarkFiles
{
    /// <summary>Their names.</summary>
    public const string Page = "benchmark.html", Table = "benchmark.csv", Numbers = "benchmark.json";

    /// <summary>Writes all three.</summary>
    public static void Write(string folder, BenchmarkResult result)
    {
        Directory.CreateDirectory(folder);
        AtomicFile.WriteText(Path.Combine(folder, Numbers), JsonSerializer.Serialize(result, BenchmarkJson.Default.BenchmarkResult) + "\n");
        AtomicFile.Write(Path.Combine(folder, Table), writer => WriteTable(writer, result.Scores));
        AtomicFile.WriteText(Path.Combine(folder, Page), Render(result));
    }

    internal static void WriteTable(TextWriter writer, IReadOnlyList<RuleScore> scores)
    {
        writer.WriteLine("group,rule,landmarks,cases,people,auc,regret,regret_low,regret_high,gain,gain_low,gain_high,accuracy_gain,unit_coverage,evidence_share,clean_share");
        foreach (RuleScore s in scores)
        {
            writer.WriteLine(string.Join(',', (string[])
            [
                CsvText.Cell(s.Group), CsvText.Cell(s.Rule), Whole(s.Keep), Whole(s.Cases), Whole(s.People), Real(s.Auc), Real(s.Regret?.Mean), Real(s.Regret?.Low), Real(s.Regret?.High),
                Real(s.Gain.Mean), Real(s.Gain.Low), Real(s.Gain.High), Real(s.AccuracyGain), Real(s.Coverage), Real(s.Precision), Real(s.Clean),
            ]));
        }
    }

    /// <summary>The page.</summary>
    internal static string Render(BenchmarkResult result)
    {
        int missed = result.Criteria.Count(c => c.Passed == false), met = result.Criteria.Count(c => c.Passed == true), left = result.Criteria.Count - missed - met;
        StringBuilder html = new("<header>\n<h1>Selection of landmarks against the truth</h1>\n");
        html.Append("<p class=\"lead\">").Append(Encode($"{met} bars met, {missed} missed, {left} not run. The rule under test is {result.Rule}; {(result.Quick ? "quick" : "full")} form, {Duration(result.Seconds)}.")).Append("</p>\n</header>\n");
        HtmlTable bars = new("Bars, fixed in docs/protocol.md before the run");
        bars.Column("Bar").Column("Asked for", text: true).Column("Measured", text: true).Column("Verdict", text: true);
        foreach (Criterion c in result.Criteria) bars.Row(c.Name, [c.Bar, c.Measured, c.Passed switch { true => "met", false => "missed", null => "not run" }], marked: c.Passed == false);
        html.Append("<section>\n<h2>Bars</h2>\n").Append(bars).Append("</section>\n");
        html.Append("<section>\n<h2>Rules, group by group</h2>\n<p>AUC: mean over new people of the AUC within their clips. Gain: that less the AUC with all landmarks; regret: that of the oracle less that of the rule; intervals of 95% over people. ");
        html.Append("Units: share of action units of which a landmark is kept. Evidence, clean: their shares among the kept landmarks.</p>\n");
        foreach (IGrouping<string, RuleScore> group in result.Scores.GroupBy(s => s.Group)) html.Append(Group(group));
        html.Append("</section>\n");
        return PageShell.Page("Benchmark of selections", html.ToString(), data: null);
    }

    private static string Group(IGrouping<string, RuleScore> group)
    {
        RuleScore any = group.First();
        HtmlTable table = new($"{group.Key}: {Whole(any.Cases)} cases, {Whole(any.People)} new people");
        table.Column("Rule").Column("Landmarks").Column("AUC").Column("Regret [95% CI]").Column("Gain [95% CI]").Column("Accuracy gain").Column("Units").Column("Evidence").Column("Clean");
        foreach (RuleScore s in group.OrderBy(s => s.Keep).ThenByDescending(s => s.Auc))
        {
            table.Row(s.Rule,
            [
                Whole(s.Keep), Score(s.Auc), s.Regret is { } r ? Signed(r) : None, Signed(s.Gain), Difference(s.AccuracyGain),
                Part(s.Coverage), Part(s.Precision), Part(s.Clean),
            ]);
        }

        return table.ToString();
    }

    private static string Signed(Estimate e) => $"{Difference(e.Mean)} [{Difference(e.Low)}, {Difference(e.High)}]";

    private static string Part(double? share) => share is { } s ? Number(s, "0.00") : None;

    private static string Duration(double seconds) => string.Create(CultureInfo.InvariantCulture, $"{seconds:0} s");

    private static string Whole(int value) => value.ToString(CultureInfo.InvariantCulture);

    private static string Real(double? value) => value is { } v && double.IsFinite(v) ? v.ToString("0.#####", CultureInfo.InvariantCulture) : "";
}

/// <summary>The one way in which the benchmark's numbers are written.</summary>
[JsonSourceGenerationOptions(
    WriteIndented = true,
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DictionaryKeyPolicy = JsonKnownNamingPolicy.Unspecified,
    NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(BenchmarkResult))]
[JsonSerializable(typeof(string))]
[JsonSerializable(typeof(int))]
[JsonSerializable(typeof(int[]))]
[JsonSerializable(typeof(double))]
[JsonSerializable(typeof(bool))]
[JsonSerializable(typeof(ulong))]
internal sealed partial class BenchmarkJson : JsonSerializerContext;
