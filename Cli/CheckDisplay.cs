using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using EmotionXai.Landmarks.Models;
using EmotionXai.Landmarks.Reduction;

namespace EmotionXai.Cli;

/// <summary>What <c>explain --check</c> closes with: a line a method, and what the columns mean.</summary>
internal static class CheckDisplay
{
    // A lead over random orders counts beyond three of their standard deviations.
    private const double ChanceErrors = 3;

    private static readonly (string Name, string Meaning, Func<MethodCheck, double> Value)[] s_columns =
    [
        ("gap", "attributions miss the logit's change by this part (only where a method promises completeness)", c => c.CompletenessGap),
        ("infidelity", "error in predicting what happens when random landmarks go back to the baseline: 0 perfect, 1 says nothing", c => c.Infidelity),
        ("sensitivity", "largest change of relevance under small noise", c => c.MaxSensitivity),
        ("deletion", "part of the logit's change left while landmarks are taken away, most relevant first: small is good", c => c.Deletion),
        ("insertion", "part reached while they are put in: large is good", c => c.Insertion),
        ("randomized", "agreement (Kendall's tau) with a network of random weights: near 0, or the order speaks of the data alone", c => c.Randomized),
        ("halves", "agreement between two halves of the people: near 1 is stable", c => c.Halves),
        ("top 8", "overlap (Jaccard) of both halves' first eight", c => c.TopHalves),
    ];

    public static int Close(Terminal terminal, ParseResult parsed, LandmarkModel model, IReadOnlyList<MethodCheck> checks, ChanceOrder chance) => terminal.Close(
        parsed,
        () => new JsonObject
        {
            ["verb"] = "explain --check",
            ["emotion"] = model.Emotion,
            ["random_deletion"] = Json.Number(chance.Deletion),
            ["random_insertion"] = Json.Number(chance.Insertion),
            ["methods"] = Json.List(checks.Select(c => new JsonObject(s_columns.Select(k => KeyValuePair.Create(k.Name.Replace(' ', '_'), Json.Number(k.Value(c)))).Prepend(KeyValuePair.Create("method", (JsonNode?)c.Method))))),
        },
        output =>
        {
            int width = checks.Max(c => c.Method.Length);
            output.WriteLine($"{model.Emotion}, {model.Landmarks.Count} landmarks");
            output.WriteLine($"{"method".PadRight(width)}  {string.Join("  ", s_columns.Select(c => c.Name))}");
            foreach (MethodCheck check in checks)
                output.WriteLine($"{check.Method.PadRight(width)}  {string.Join("  ", s_columns.Select(c => Number(c.Value(check)).PadLeft(c.Name.Length)))}");
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"landmarks in random order: deletion {chance.Deletion:0.000}, insertion {chance.Insertion:0.000}, insertion less deletion strays by {chance.Deviation:0.000}"));
            foreach ((string name, string meaning, Func<MethodCheck, double> _) in s_columns) output.WriteLine($"{name}: {meaning}.");
            foreach (MethodCheck check in checks) output.WriteLine($"{check.Method}: {Verdict(check, chance)}.");
        });

    private static string Number(double value) => double.IsFinite(value) ? value.ToString(Math.Abs(value) is > 0 and < 0.001 ? "0e+0" : "0.000", CultureInfo.InvariantCulture) : "-";

    private static string Verdict(MethodCheck check, ChanceOrder chance)
    {
        bool better = check.Insertion - check.Deletion > chance.Insertion - chance.Deletion + (ChanceErrors * chance.Deviation);
        List<string> words = [better ? "finds what the network uses better than chance" : "finds what the network uses no better than chance"];
        words.Add(double.IsNaN(check.Randomized) ? "gives no order on a network that has learnt nothing" : Math.Abs(check.Randomized) < ExplanationCheck.RandomizedBound ? "depends on what was learnt" : "looks much the same on a network that has learnt nothing");
        if (check.Infidelity > 0.5) words.Add("predicts the network's changes badly");
        return string.Join(", ", words);
    }
}
