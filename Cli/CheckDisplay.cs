using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using EmotionXai.Landmarks.Models;
using EmotionXai.Landmarks.Reduction;

namespace EmotionXai.Cli;

/// <summary>What <c>check</c> closes with: a line a method, what the columns mean, and a verdict in a sentence.</summary>
internal static class CheckDisplay
{
    // Of the bootstrap behind the last sentence.
    private const ulong Seed = 1;

    private static readonly Column<MethodCheck>[] s_removal =
    [
        new("deletion", "part of the logit's change left while landmarks are taken away, most relevant first: small is good", c => c.Deletion),
        new("insertion", "part reached while they are put in: large is good", c => c.Insertion),
        new("lead", "insertion less deletion, above that of landmarks in random order", c => c.Lead),
        new("low", "the lower end of its 95% interval over people", c => c.LeadCi95[0]),
        new("high", "the upper end", c => c.LeadCi95[1]),
        new("first 8", "part of the change that the first eight landmarks alone bring (sufficiency)", c => c.Sufficiency),
        new("lost 8", "part that goes with them (necessity)", c => c.Necessity),
    ];

    private static readonly Column<MethodCheck>[] s_fidelity =
    [
        new("gap", "attributions miss the logit's change by this part (only where a method promises completeness)", c => c.CompletenessGap),
        new("infidelity", "error in predicting what happens when random landmarks go back to the baseline: 0 perfect, 1 says nothing", c => c.Infidelity),
        new("over time", "the same where they go back for a quarter of the time", c => c.TimeInfidelity),
        new("sensitivity", "largest change of relevance under small noise", c => c.MaxSensitivity),
    ];

    private static readonly Column<MethodCheck>[] s_order =
    [
        new("effective", "landmarks that would have the same entropy were they equally relevant: small is simple", c => c.EffectiveLandmarks),
        new("baselines", "agreement (Kendall's tau) with the order against other baselines: near 1, or the order is the baseline's", c => c.Baselines),
        new("cascade", "agreement with the network whose read-out alone is drawn anew", c => c.Cascade.Count > 0 ? c.Cascade[0] : double.NaN),
        new("randomized", "agreement with a network of random weights: near 0, or the order speaks of the data alone", c => c.Randomized),
        new("precision", "part of the first landmarks that is evidence, where the data know it", c => c.Precision),
    ];

    private static readonly Column<MethodCheck>[] s_checks = [.. s_removal, .. s_fidelity, .. s_order];

    private static readonly Column<MethodStability>[] s_stability =
    [
        new("seeds", "agreement (Kendall's tau) of two networks of other seeds, the mean over pairs", c => c.Seeds.Tau),
        new("+-", "its standard deviation over pairs", c => c.Seeds.Deviation),
        new("top 8", "overlap (Jaccard) of their first eight", c => c.Seeds.Top),
        new("sets", "agreement of the averages of two disjoint sets of these networks", c => c.Sets),
        new("halves", "agreement of networks trained on either half of the people, averaged", c => c.Halves.Tau),
        new("h +-", "its standard deviation over single networks", c => c.Halves.Deviation),
        new("h top 8", "overlap of their first eight, single networks", c => c.Halves.Top),
        new("labels", "agreement with networks trained on permuted labels, averaged: near 1, or well above 0, and the order owes much to what moves (reduce --null)", c => c.Labels),
        new("random weights", "agreement with networks of random weights, averaged", c => c.Randomized),
        new("mean precision", "part of the average's first landmarks that is evidence, where the data know it", c => c.Precision),
    ];

    public static int Close(
        Terminal terminal, ParseResult parsed, LandmarkModel model, IReadOnlyList<MethodCheck> checks, ChanceOrder chance, IReadOnlyList<MethodStability> stability) => terminal.Close(
        parsed,
        () => new JsonObject
        {
            ["verb"] = "check",
            ["emotion"] = model.Emotion,
            ["random_deletion"] = Json.Number(chance.Deletion),
            ["random_insertion"] = Json.Number(chance.Insertion),
            ["methods"] = List(checks, c => c.Method, s_checks),
            ["retrained"] = List(stability, c => c.Method, s_stability),
            ["agreement"] = Json.Number(ExplanationCheck.Agreement(checks)),
            ["advice"] = ExplanationCheck.Advice(checks, Seed),
            ["stablest"] = Stablest(stability)?.Method,
        },
        output =>
        {
            output.WriteLine($"{model.Emotion}, {model.Landmarks.Count} landmarks");
            foreach (Column<MethodCheck>[] columns in new[] { s_removal, s_fidelity, s_order })
            {
                output.WriteLine();
                Table(output, checks, c => c.Method, columns);
            }

            output.WriteLine();
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"landmarks in random order: deletion {chance.Deletion:0.000}, insertion {chance.Insertion:0.000}, insertion less deletion strays by {chance.Deviation:0.000}"));
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"the measures put the methods into orders that agree at {ExplanationCheck.Agreement(checks):0.00} (Kendall's tau, the mean over pairs of measures)."));
            foreach (MethodCheck check in checks) output.WriteLine($"{check.Method}: {Verdict(check)}.");
            if (stability.Count > 0) Retrained(output, stability);
            output.WriteLine(ExplanationCheck.Advice(checks, Seed));
        });

    private static void Retrained(TextWriter output, IReadOnlyList<MethodStability> stability)
    {
        output.WriteLine();
        output.WriteLine("networks trained anew");
        Table(output, stability, c => c.Method, s_stability);
        output.WriteLine($"{StabilityCheck.Gain}: integrated-gradients over the same of networks before training (reduce --select gain).");
        if (Stablest(stability) is { } best)
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"stablest between halves of the people: {best.Method} ({best.Halves.Tau:0.000})."));
    }

    private static void Table<T>(TextWriter output, IReadOnlyList<T> rows, Func<T, string> name, Column<T>[] columns)
    {
        // What the data cannot say takes no room.
        Column<T>[] shown = [.. columns.Where(c => rows.Any(r => double.IsFinite(c.Value(r))))];
        int width = rows.Max(r => name(r).Length);
        output.WriteLine($"{"method".PadRight(width)}  {string.Join("  ", shown.Select(c => c.Name.PadLeft(Width(c))))}");
        foreach (T row in rows) output.WriteLine($"{name(row).PadRight(width)}  {string.Join("  ", shown.Select(c => Number(c.Value(row)).PadLeft(Width(c))))}");
        foreach (Column<T> column in shown) output.WriteLine($"{column.Name}: {column.Meaning}.");

        static int Width(Column<T> column) => Math.Max(column.Name.Length, 5);
    }

    private static JsonArray List<T>(IEnumerable<T> rows, Func<T, string> name, Column<T>[] columns) => Json.List(rows.Select(r =>
        new JsonObject(columns.Select(c => KeyValuePair.Create(Key(c.Name), Json.Number(c.Value(r)))).Prepend(KeyValuePair.Create("method", (JsonNode?)name(r))))));

    private static string Key(string name) => name.Replace("h ", "halves_", StringComparison.Ordinal).Replace("+-", "deviation", StringComparison.Ordinal).Replace(' ', '_');

    private static MethodStability? Stablest(IReadOnlyList<MethodStability> stability) => stability.Where(s => double.IsFinite(s.Halves.Tau)).MaxBy(s => s.Halves.Tau);

    private static string Number(double value) => double.IsFinite(value) ? value.ToString(Math.Abs(value) is > 0 and < 0.001 ? "0e+0" : "0.000", CultureInfo.InvariantCulture) : "-";

    private static string Verdict(MethodCheck check)
    {
        List<string> words = [check.LeadCi95[0] > 0 ? "finds what the network uses better than chance" : "finds what the network uses no better than chance"];
        words.Add(double.IsNaN(check.Randomized) ? "gives no order on a network that has learnt nothing" : Math.Abs(check.Randomized) < ExplanationCheck.RandomizedBound ? "depends on what was learnt" : "looks much the same on a network that has learnt nothing");
        if (check.Infidelity > 0.5) words.Add("predicts the network's changes badly");
        return string.Join(", ", words);
    }

    /// <summary>A column: its head, what it means, and its value.</summary>
    private sealed record Column<T>(string Name, string Meaning, Func<T, double> Value);
}
