using System.Globalization;
using System.Net;
using System.Text.Json;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using EmotionXai.Cli;
using EmotionXai.Cli.View;
using EmotionXai.Engine.Backends.Cpu;
using EmotionXai.Landmarks.Models;
using EmotionXai.Landmarks.Reduction;
using EmotionXai.Landmarks.Report;
using EmotionXai.Tests.Cli;
using Xunit;

namespace EmotionXai.Tests.Report;

/// <summary>Every surface shows the same landmarks and the numbers of <c>results.json</c>.</summary>
public sealed partial class OneTruthTests : IDisposable
{
    private static readonly string[] s_long = ["logits", "motion", "time_map", "signed_time_map", "kept_by_folds", "targets"];

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Card_slider_figure_model_and_ranking_keep_the_same_landmarks()
    {
        string faces = _folder["faces"], run = _folder["run"];
        Assert.Equal(0, CommandLineTests.Run("synth", "--subjects", "5", "--repetitions", "1", "--frames", "8", "--out", faces).Code);
        (int code, string output, string error) = CommandLineTests.Run(
            "reduce", "--data", Path.Combine(faces, "landmarks.csv"), "--emotion", "happiness", "--keep", "68,17,8", "--folds", "3", "--inner-folds", "2", "--ranking-seeds", "1", "--controls", "random:1,motion",
            "--hidden", "4,3", "--epochs", "4", "--frames", "6", "--out", run, "--json");
        Assert.True(code == 0, error);
        EmotionResult e = ResultFiles.Read(run).Emotions.Single();
        int[] saved;
        using (CpuBackend backend = new(1))
        using (LandmarkModel model = LandmarkModel.Load(Path.Combine(run, "models", "happiness.safetensors"), backend)) saved = [.. model.Landmarks];
        Assert.Equal(e.Chosen.Landmarks, saved.Length);
        Assert.Equal(saved, e.Saved);

        XDocument page = XDocument.Parse(File.ReadAllText(Path.Combine(run, "report.html")));
        Assert.Equal(saved, Drawn(page.Descendants("a").Single(a => a.Attribute("class")?.Value == "card")));
        XElement face = page.Descendants("svg").Single(s => s.Attribute("class")?.Value == "face");
        Assert.Equal(saved.Length == 68 ? [] : saved, face.Elements("g").Where(g => g.Elements("circle").Any(c => c.Attribute("class")!.Value == "ring")).SelectMany(Drawn).Order());

        JsonElement data = JsonDocument.Parse(page.Descendants("script").Single(s => s.Attribute("id")?.Value == "data").Value).RootElement.GetProperty("emotions")[0];
        JsonElement stage = data.GetProperty("stages").EnumerateArray().Single(s => s.GetProperty("landmarks").GetInt32() == data.GetProperty("kept").GetInt32());
        Assert.Equal(saved, stage.GetProperty("drawn").EnumerateArray().Select(l => l.GetInt32()));

        XElement[] circles = [.. XDocument.Parse(EmotionXai.Landmarks.Report.Figures.Of(new RunView(ResultFiles.Read(run))).Single(f => f.Name == "happiness-face").Drawing.File()).Descendants().Where(c => c.Name.LocalName == "circle")];
        Assert.Equal(saved.Length == 68 ? [] : saved, circles.Where((_, i) => i + 1 < circles.Length && circles[i + 1].Attribute("class")!.Value == "ring").Select(c => int.Parse(c.Attribute("data-landmark")!.Value, CultureInfo.InvariantCulture)).Order());

        string[][] rows = [.. File.ReadLines(Path.Combine(run, "ranking.csv")).Skip(1).Select(l => l.Split(','))];
        Assert.Equal(saved, rows.Where(r => r[5] == "1").Select(r => int.Parse(r[2], CultureInfo.InvariantCulture)).Order());
        using JsonDocument json = JsonDocument.Parse(output);
        Assert.Equal(saved, json.RootElement.GetProperty("emotions")[0].GetProperty("landmarks").EnumerateArray().Select(l => l.GetInt32()));
    }

    [Theory]
    [InlineData("ibug68")]
    [InlineData("mediapipe468")]
    public async Task Every_number_on_every_surface_stands_in_the_results(string topology)
    {
        string json = JsonSerializer.Serialize(Runs.Of(topology), ResultJson.Default.ReductionResult);
        _folder.Write("run/results.json", json);
        ReductionResult result = ResultFiles.Read(_folder["run"]);
        double[] known = [.. Numbers(JsonDocument.Parse(json).RootElement), .. result.Emotions.SelectMany(RegionRelevance.Of).SelectMany(r => new[] { 1.0, r.Landmarks }.SelectMany(n => new[] { r.Interval.Low, r.Sum, r.Interval.High }.Select(v => v / n)))];

        using StringWriter terminal = new();
        ClosingTable.Write(terminal, result);
        Check("terminal", terminal.ToString(), known);

        foreach (XElement part in XDocument.Parse(ReductionReport.Render(result)).Descendants().Where(e => e.Name.LocalName is "td" or "p" && e.Attribute("class")?.Value is not ("note" or "controls") || e.Attribute("class")?.Value == "words"))
            Check("report", string.Join(' ', part.DescendantNodes().OfType<XText>().Select(t => t.Value)), known);
        foreach (XElement cell in XDocument.Parse(ComparisonReport.Render([("a", result), ("b", result)])).Descendants().Where(e => e.Name.LocalName is "td" or "dd")) Check("comparison", cell.Value, known);

        RunServer server = await RunServer.StartAsync(_folder.Path, 0, TestContext.Current.CancellationToken);
        await using (server.ConfigureAwait(false))
        {
            using HttpClient client = new();
            foreach (string path in new[] { "", "run/run" })
            {
                string page = await client.GetStringAsync(new Uri(server.Address, path), TestContext.Current.CancellationToken);
                foreach (Match cell in Cell().Matches(page)) Check("view", WebUtility.HtmlDecode(Tag().Replace(cell.Value, " ")), known);
            }
        }

        double[] said = [.. Numbers(JsonDocument.Parse(ReductionJson.Of("run", result).ToJsonString()).RootElement, "agreement", "landmarks", "clips", "subjects")];
        Assert.True(said.Length > 40);
        Assert.All(said, v => Assert.Contains(v, known));
    }

    // Every number with a decimal point, a percentage, or thousands: as results.json has it, rounded as it is written.
    private static void Check(string surface, string text, double[] known)
    {
        foreach (Match number in Figure().Matches(text))
        {
            string digits = number.Groups["digits"].Value.Replace(",", "", StringComparison.Ordinal);
            bool percent = number.Groups["percent"].Success;
            int decimals = digits.Contains('.', StringComparison.Ordinal) ? digits.Length - digits.IndexOf('.', StringComparison.Ordinal) - 1 : 0;
            if (number.Value is "0.01" or "95%" or "2407.14865" || (percent && decimals == 0)) continue;
            string format = decimals == 0 ? "0" : "0." + new string('0', decimals);
            Assert.True(known.Any(k => Math.Abs(percent ? 100 * k : k).ToString(format, CultureInfo.InvariantCulture) == digits), $"{surface}: {number.Value} in '{text.Trim()}' is not in results.json");
        }
    }

    private static IEnumerable<double> Numbers(JsonElement element, params string[] without) => element.ValueKind switch
    {
        JsonValueKind.Number => [element.GetDouble()],
        JsonValueKind.Array => element.EnumerateArray().SelectMany(e => Numbers(e, without)),
        JsonValueKind.Object => element.EnumerateObject().Where(p => !(p.Value.ValueKind == JsonValueKind.Array && s_long.Contains(p.Name)) && !without.Contains(p.Name)).SelectMany(p => Numbers(p.Value, without)),
        _ => [],
    };

    private static IEnumerable<int> Drawn(XElement element) =>
        element.Descendants("circle").Select(c => c.Attribute("data-landmark")).OfType<XAttribute>().Select(a => int.Parse(a.Value, CultureInfo.InvariantCulture)).Order();

    [GeneratedRegex(@"(?<![\w.#])(?<digits>\d{1,3}(,\d{3})+(\.\d+)?|\d+\.\d+|\d+(?=%))(?<percent>%)?(?![\w×-])")]
    private static partial Regex Figure();

    [GeneratedRegex("<t[dh][^>]*>.*?</t[dh]>|<p class=\"says\">.*?</p>|<dd>.*?</dd>", RegexOptions.Singleline)]
    private static partial Regex Cell();

    [GeneratedRegex("<[^>]*>")]
    private static partial Regex Tag();
}
