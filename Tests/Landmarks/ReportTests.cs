using System.Text.Json;
using System.Xml.Linq;
using EmotionXai.Landmarks.Reduction;
using EmotionXai.Landmarks.Report;
using EmotionXai.Landmarks.Topologies;
using Xunit;

namespace EmotionXai.Tests.Landmarks;

public sealed class ReportTests
{
    private const string Hostile = "<script>alert('x')</script>&\"\u0001";

    public static TheoryData<string, int> Topologies => new() { { "ibug68", 17 }, { "mediapipe468", 128 } };

    [Theory]
    [MemberData(nameof(Topologies))]
    public void The_overview_has_the_numbers_of_the_result(string topology, int kept)
    {
        XDocument page = Parse(ReductionReport.Render(Result(topology, kept)));
        XElement overview = page.Descendants("table").First();
        string[] row = [.. overview.Descendants("tbody").Single().Elements("tr").First().Elements().Select(c => c.Value)];
        int all = LandmarkTopology.Find(topology).Count;
        Assert.Equal(
            [
                "happiness", $"{kept} of {all}", "0.912 [0.853, 0.957]", "0.899 [0.831, 0.949]", "0.951", "0.964", "−0.013 [−0.031, +0.004], 0.240",
                "40,000", "10,000", "16,000", "4,000", "21.5", "8.5", "0.750 at 8",
            ],
            row);
        string[] others = [.. page.Descendants("table").ElementAt(1).Descendants("tbody").Single().Elements("tr").First().Elements().Select(c => c.Value)];
        Assert.Equal(["happiness", "0.951", "0.929 (+0.022, p 0.030)", "0.940 (+0.015)"], others);
        Assert.Equal("en", page.Root!.Attribute("lang")!.Value);
        Assert.All(page.Descendants("table"), t => Assert.Single(t.Elements("caption")));
        Assert.All(page.Descendants("th"), h => Assert.NotNull(h.Attribute("scope")));
    }

    [Theory]
    [MemberData(nameof(Topologies))]
    public void The_stages_have_the_numbers_of_the_result(string topology, int kept)
    {
        XElement section = Section(Parse(ReductionReport.Render(Result(topology, kept))), 1);
        XElement table = section.Descendants("table").Single(t => t.Element("caption")!.Value.Contains("stages", StringComparison.Ordinal));
        string[][] rows = [.. table.Element("tbody")!.Elements("tr").Select(r => r.Elements().Select(c => c.Value).ToArray())];
        int all = LandmarkTopology.Find(topology).Count;
        Assert.Equal([$"{all}", "0.912 [0.853, 0.957]", "0.971", "0.961", "0.833", "4,000", "40,000", "16,000", "21.5", "1.25"], rows[0]);
        Assert.Equal([$"{kept}", "0.899 [0.831, 0.949]", "0.968", "0.955", "0.821", "1,000", "10,000", "4,000", "8.5", "0.50"], rows[1]);
        XElement others = section.Descendants("table").Single(t => t.Element("caption")!.Value.Contains("chosen otherwise", StringComparison.Ordinal));
        Assert.Equal([$"{kept}", "0.877", "0.931", "0.884", "0.940"], others.Element("tbody")!.Elements("tr").Single().Elements().Select(c => c.Value));
        Assert.Equal("marked", table.Descendants("tr").Single(r => r.Attribute("class") is not null).Attribute("class")!.Value);
    }

    [Theory]
    [MemberData(nameof(Topologies))]
    public void The_face_shows_every_landmark_and_rings_those_of_the_saved_model(string topology, int kept)
    {
        LandmarkTopology t = LandmarkTopology.Find(topology);
        ReductionResult result = Result(topology, kept);
        XElement face = Section(Parse(ReductionReport.Render(result)), 1).Descendants("svg").First();
        Assert.Equal(t.Count, Circles(face, "point").Length);
        Assert.Equal(kept, Circles(face, "ring").Length);
        Assert.Equal(
            result.Emotions[0].Saved,
            face.Elements("g").Where(g => g.Elements("circle").Count() == 2).Select(g => int.Parse(g.Element("circle")!.Attribute("data-landmark")!.Value, System.Globalization.CultureInfo.InvariantCulture)).Order());

        // The last drawn is the first ranked: the brightest and largest.
        XElement best = face.Elements("g").Last();
        Assert.StartsWith($"{t.Names[t.Count - 1]} ({t.Regions[t.Count - 1]}): ", best.Element("title")!.Value, StringComparison.Ordinal);
        Assert.EndsWith("rank 1", best.Element("title")!.Value, StringComparison.Ordinal);
        Assert.Equal("#fde725", best.Elements("circle").First().Attribute("fill")!.Value);
        Assert.Equal(t.Edges.Count, face.Element("path")!.Attribute("d")!.Value.Count(c => c == 'M'));
    }

    [Fact]
    public void Hostile_names_stay_text()
    {
        ReductionResult result = Result("ibug68", 17);
        result = result with
        {
            Data = result.Data with { Source = Hostile, Skipped = [Hostile] },
            Emotions = [result.Emotions[0] with { Name = Hostile }],
            Options = new Dictionary<string, object> { [Hostile] = Hostile },
        };
        string html = ReductionReport.Render(result);
        Assert.DoesNotContain("<script>alert", html, StringComparison.OrdinalIgnoreCase);
        Assert.Equal(Hostile, Parsed(html).GetProperty("emotions")[0].GetProperty("name").GetString());
        Assert.Equal(Hostile.Replace('\u0001', '\uFFFD'), Section(Parse(html), 1).Element("h2")!.Value);
    }

    [Theory]
    [MemberData(nameof(Topologies))]
    public void The_page_loads_nothing(string topology, int kept)
    {
        string html = ReductionReport.Render(Result(topology, kept));
        XDocument page = Parse(html);
        Assert.DoesNotContain("url(", html, StringComparison.Ordinal);
        Assert.DoesNotContain("@import", html, StringComparison.Ordinal);
        Assert.Empty(page.Descendants("img"));
        Assert.All(page.Descendants("script"), s => Assert.Null(s.Attribute("src")));
        Assert.Equal("data:,", page.Descendants("link").Single().Attribute("href")!.Value);
        page.Descendants("link").Remove();
        HashSet<string> ids = [.. page.Descendants().Attributes("id").Select(a => "#" + a.Value)];
        Assert.All(page.Descendants().Attributes().Where(a => a.Name.LocalName is "href" or "src"), a => Assert.Contains(a.Value, ids));
    }

    [Fact]
    public void The_paper_stands_beside_468_landmarks_only()
    {
        string html = ReductionReport.Render(Result("mediapipe468", 128));
        Assert.Contains("arXiv 2407.14865", html, StringComparison.Ordinal);
        Assert.Contains("not comparable", html, StringComparison.Ordinal);
        XElement table = Parse(html).Descendants("table").Single(t => t.Element("caption")!.Value.StartsWith("Measured here", StringComparison.Ordinal));
        Assert.Equal(["happiness", "0.912", "0.971", "0.899", "0.968"], table.Element("tbody")!.Element("tr")!.Elements().Select(c => c.Value));
        Assert.Contains("no stage of 128", ReductionReport.Render(Result("mediapipe468", 64)), StringComparison.Ordinal);
        Assert.DoesNotContain("2407.14865", ReductionReport.Render(Result("ibug68", 17)), StringComparison.Ordinal);
    }

    [Fact]
    public void Options_read_from_a_file_look_like_those_of_a_run()
    {
        ReductionResult result = Result("ibug68", 17);
        Dictionary<string, object> read = result.Options.ToDictionary(o => o.Key, o => (object)JsonSerializer.SerializeToElement(o.Value));
        string html = ReductionReport.Render(result);
        Assert.Equal(html, ReductionReport.Render(result with { Options = read }));
        Assert.Contains("<th scope=\"row\">keep</th><td class=\"text\">68, 17</td>", html, StringComparison.Ordinal);
        Assert.Contains("<th scope=\"row\">rerank</th><td class=\"text\">no</td>", html, StringComparison.Ordinal);
    }

    [Fact]
    public void Missing_numbers_are_dashes_and_damaged_results_are_refused()
    {
        ReductionResult result = Result("ibug68", 17);
        EmotionResult e = result.Emotions[0];
        EmotionResult empty = e with
        {
            Stages = [e.Stages[0] with { Auc = double.NaN, Ci95 = [] }],
            Chosen = e.Chosen with { Landmarks = 68 },
            Saved = [],
            Ranking = [],
            TimeProfile = [double.NaN],
            RelativeGap = double.NaN,
            Truth = null,
        };
        string html = ReductionReport.Render(result with { Emotions = [empty] });
        XDocument page = Parse(html);
        page.Descendants("script").Where(s => s.Attribute("id") is null).Remove();
        Assert.DoesNotContain("NaN", page.ToString(), StringComparison.Ordinal);
        Parse(ReductionReport.Render(result with { Emotions = [] }));

        EmotionResult wrong = e with { Ranking = [e.Ranking[0] with { Landmark = 68 }] };
        Assert.Throws<InvalidDataException>(() => ReductionReport.Render(result with { Emotions = [wrong] }));
        Assert.Throws<InvalidDataException>(() => ReductionReport.Render(result with { Data = result.Data with { Topology = "none" } }));
    }

    [Fact]
    public void Write_makes_the_folder_and_leaves_only_the_page()
    {
        string folder = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());
        try
        {
            ReductionResult result = Result("ibug68", 17);
            ReductionReport.Write(folder, result);
            Assert.Equal(["report.html"], Directory.GetFiles(folder).Select(Path.GetFileName));
            Assert.Equal(ReductionReport.Render(result), File.ReadAllText(Path.Combine(folder, "report.html")));
        }
        finally
        {
            if (Directory.Exists(folder)) Directory.Delete(folder, recursive: true);
        }
    }

    // What the script draws from.
    private static JsonElement Parsed(string html) => JsonDocument.Parse(Parse(html).Descendants("script").Single(s => s.Attribute("id")?.Value == "data").Value).RootElement;

    private static XDocument Parse(string html) => XDocument.Parse(html);

    private static XElement Section(XDocument page, int number) => page.Descendants("section").Single(s => s.Attribute("id")?.Value == $"emotion-{number}");

    private static XElement[] Circles(XElement face, string name) => [.. face.Descendants("circle").Where(c => c.Attribute("class")!.Value == name)];

    private static ReductionResult Result(string topology, int kept)
    {
        LandmarkTopology t = LandmarkTopology.Find(topology);
        double sum = t.Count * (t.Count + 1) / 2.0;
        StageResult all = new()
        {
            Landmarks = t.Count,
            BalancedAccuracy = 0.912,
            Accuracy = 0.971,
            Auc = 0.961,
            F1 = 0.833,
            Ci95 = [0.853, 0.957],
            Parameters = 4000,
            MacsPerClip = 40000,
            ModelBytes = 16000,
            MicrosecondsPerClip = 21.5,
            TrainSeconds = 1.25,
            Controls = new Dictionary<string, ControlResult>(),
        };
        StageResult few = new()
        {
            Landmarks = kept,
            BalancedAccuracy = 0.899,
            Accuracy = 0.968,
            Auc = 0.955,
            F1 = 0.821,
            Ci95 = [0.831, 0.949],
            Parameters = 1000,
            MacsPerClip = 10000,
            ModelBytes = 4000,
            MicrosecondsPerClip = 8.5,
            TrainSeconds = 0.5,
            Controls = new Dictionary<string, ControlResult> { ["random"] = new(0.877, 0.931), ["motion"] = new(0.884, 0.940) },
        };
        EmotionResult emotion = new()
        {
            Name = "happiness",
            Classes = new ClassCounts(40, 200),
            Folds = 3,
            Stages = [all, few],
            Chosen = new ChosenResult
            {
                Landmarks = kept,
                ByFold = [kept, kept, t.Count],
                BalancedAccuracy = 0.905,
                Accuracy = 0.969,
                Auc = 0.958,
                F1 = 0.827,
                Ci95 = [0.841, 0.951],
            },
            Ranking = [.. Enumerable.Range(0, t.Count).Reverse().Select(i => new RankedLandmark
            {
                Landmark = i,
                Name = t.Names[i],
                Region = t.Regions[i],
                Relevance = (i + 1) / sum,
                Signed = i - 30,
                RankByFold = [1, 2, 3],
            })],
            Saved = [.. Enumerable.Range(0, kept)],
            Differences =
            [
                new("all", -0.013, [-0.031, 0.004], -1.5, 0.12, 0.24) { Auc = 0.951, AucAgainst = 0.964, NotWorse = 0.5 },
                new("random", 0.022, [0.003, 0.041], 2, 0.015, 0.03) { Auc = 0.951, AucAgainst = 0.929 },
            ],
            TimeProfile = [0.1, 0.2, 0.4, 0.3],
            RelativeGap = 0.002,
            Truth = new PrecisionResult(8, 20, new Dictionary<string, double> { ["relevance"] = 0.75, ["random"] = 0.25 }),
        };
        return new ReductionResult
        {
            Data = new DataSummary("made by hand", topology, 240, [], 12, new Dictionary<string, int> { ["happiness"] = 40, ["anger"] = 200 }, 4, 2),
            Options = new Dictionary<string, object> { ["model"] = "dense", ["keep"] = new[] { t.Count, kept }, ["dropout"] = 0.5, ["rerank"] = false, ["seed"] = 7 },
            Seconds = 12.5,
            Emotions = [emotion, emotion with { Name = "surprise" }],
        };
    }
}
