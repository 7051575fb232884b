using System.Globalization;
using System.Xml.Linq;
using EmotionXai.Cli.Figures;
using EmotionXai.Landmarks.Reduction;
using EmotionXai.Landmarks.Report;
using EmotionXai.Tests.Report;
using Xunit;

namespace EmotionXai.Tests.Cli;

public sealed class FigureTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    // Falling: hit, alarm, two tied hits, alarm; three positives, two negatives.
    [Fact]
    public void Curves_by_hand()
    {
        double[] logits = [5, 4, 3, 3, 1];
        int[] targets = [1, 0, 1, 1, 0];
        (double[] alarms, double[] recall) = ThresholdCurve.Roc(logits, targets);
        Assert.Equal([0, 0, 0.5, 0.5, 1], alarms);
        Assert.Equal([0, 1 / 3.0, 1 / 3.0, 1, 1], recall);
        (recall, double[] precision) = ThresholdCurve.Precision(logits, targets);
        Assert.Equal([1 / 3.0, 1 / 3.0, 1, 1], recall);
        Assert.Equal([1, 0.5, 0.75, 0.6], precision);
    }

    [Theory]
    [InlineData("ibug68")]
    [InlineData("mediapipe468")]
    public void Every_figure_is_an_svg_that_stands_alone_and_has_a_title(string topology)
    {
        RunView run = new(Runs.Of(topology));
        (string Name, Drawing Drawing)[] figures = [.. Figures.Of(run)];
        Assert.Equal(3 + (8 * run.Emotions.Count), figures.Length);
        Assert.Equal(figures.Length, figures.Select(f => f.Name).Distinct().Count());
        foreach ((string name, Drawing drawing) in figures)
        {
            XDocument svg = XDocument.Parse(drawing.File());
            Assert.Equal("http://www.w3.org/2000/svg", svg.Root!.Name.NamespaceName);
            Assert.True(svg.Descendants().Any(t => t.Name.LocalName == "text" && t.Attribute("font-weight")?.Value == "bold"), name);
            Assert.DoesNotContain("NaN", svg.ToString(), StringComparison.Ordinal);
            Assert.InRange(drawing.Width, Drawing.Column, Drawing.TwoColumns);
        }
    }

    [Fact]
    public void A_face_rings_the_landmarks_of_the_saved_model_and_marks_uniform()
    {
        RunView run = new(Runs.Of("ibug68"));
        XDocument svg = XDocument.Parse(Figures.Of(run).Single(f => f.Name == "happiness-face").Drawing.File());
        XElement[] circles = [.. svg.Descendants().Where(e => e.Name.LocalName == "circle")];

        // A ring follows its dot.
        int[] ringed = [.. circles.Where((_, i) => i + 1 < circles.Length && circles[i + 1].Attribute("class")!.Value == "ring").Select(c => int.Parse(c.Attribute("data-landmark")!.Value, CultureInfo.InvariantCulture)).Order()];
        Assert.Equal(run.Emotions[0].Landmarks, ringed);
        Assert.Contains(svg.Descendants(), e => e.Name.LocalName == "text" && e.Value == "uniform 1.47%");
    }

    [Fact]
    public void One_scale_serves_all_faces()
    {
        ReductionResult result = Runs.Of("ibug68");
        EmotionResult second = result.Emotions[1];
        RunView run = new(result with { Emotions = [result.Emotions[0], second with { Ranking = [.. second.Ranking.Select((r, i) => r with { Relevance = i == 0 ? 0.5 : 0.5 / 67 })] }] });
        ColourScale scale = Figures.RelevanceScale(run);
        Assert.Equal(0.5, scale.Most);
        Assert.Equal((Viridis.At(1), Viridis.At(0)), (scale.Colour(0.5), scale.Colour(0)));
        foreach (string face in new[] { "happiness-face", "sadness-face" })
            Assert.Contains(XDocument.Parse(Figures.Of(run).Single(f => f.Name == face).Drawing.File()).Descendants(), e => e.Name.LocalName == "text" && e.Value == "50.0%");
        ColourScale signed = ColourScale.Signed([-2, 1], "logits");
        Assert.Equal(("#2166ac", "#f7f7f7"), (signed.Colour(-2), signed.Colour(0)));
        Assert.NotEqual("#b2182b", signed.Colour(1));
    }

    // Landmark l: a null of mean 0.01 and deviation 0.001 (l + 1) / 68; the first two stand above it.
    [Fact]
    public void Faces_show_where_a_null_lies_and_which_landmarks_stand_above_it()
    {
        ReductionResult result = Runs.Of("ibug68");
        RankedLandmark Against(RankedLandmark r, int i) => r with { NullRelevance = 0.01, Z = (r.Relevance - 0.01) / (0.001 * (i + 1) / 68), P = i < 2 ? 0.05 : 0.1 };
        RunView run = new(result with { Emotions = [.. result.Emotions.Select(e => e with { Ranking = [.. e.Ranking.Select(Against)] })] });
        double half = 1.959964 * 0.001 * 69 / 2 / 68;
        Assert.Equal(0.01 - half, run.Null!.Low, 1e-12);
        Assert.Equal(0.01 + half, run.Null.High, 1e-12);
        XElement svg = XElement.Parse(Figures.Of(run).Single(f => f.Name == "faces").Drawing.File());
        XElement[] pale = [.. svg.Descendants().Where(e => e.Attribute("fill-opacity") is not null)];
        Assert.Equal(2 * 66, pale.Length);
        Assert.DoesNotContain(result.Emotions[0].Ranking[0].Landmark.ToString(System.Globalization.CultureInfo.InvariantCulture), pale.Take(66).Select(c => c.Attribute("data-landmark")!.Value));
        Assert.Contains(svg.Descendants(), e => e.Name.LocalName == "title" && e.Value.StartsWith("permuted labels: 95% between 0.9", StringComparison.Ordinal));
        Assert.Null(new RunView(result).Null);
    }

    // Folds 1.1, 0.9 around a mean of 1: the jackknife's variance is 1/2 of the sum of squares 0.02; Student's quantile of one degree is 12.7.
    [Fact]
    public void Regions_have_intervals_of_a_jackknife_over_people()
    {
        EmotionResult e = Runs.Of("ibug68").Emotions[0];
        FoldResult Fold(double times) => e.ByFold[0] with { Relevance = [.. Enumerable.Range(0, 68).Select(_ => times / 68)] };
        RegionRelevance jaw = RegionRelevance.Of(e with { ByFold = [Fold(1.1), Fold(0.9)] }).Single(r => r.Name == "jaw");
        Assert.Equal(0.1 * 17 / 68, jaw.Deviation, 1e-12);
        Assert.Equal(12.706 * 0.1 * 17 / 68, jaw.HalfWidth, 1e-9);

        // A share is not below zero.
        Assert.Equal((0, jaw.Sum + jaw.HalfWidth), jaw.Interval);
        Assert.Equal(jaw.Sum / 17, jaw.Mean);
        Assert.Equal(2.776, RegionRelevance.Quantile(4), 0.01);
        Assert.Equal(2.228, RegionRelevance.Quantile(10), 0.001);
        Assert.True(double.IsNaN(RegionRelevance.Of(e with { ByFold = [] })[0].HalfWidth));

        // The jaw has 17 points and by their number alone much of the sum: what one landmark has on average decides.
        RegionRelevance[] regions = [.. RegionRelevance.Of(e)];
        Assert.Equal(regions.OrderByDescending(r => r.Mean), regions);
        Assert.NotEqual(regions.OrderByDescending(r => r.Sum), regions);
    }

    [Fact]
    public void Png_and_pdf_come_from_the_same_drawing()
    {
        RunView run = new(Runs.Of("ibug68"));
        Assert.Equal(2, FigureFiles.Write(_folder.Path, Figures.Of(run).Where(f => f.Name is "happiness-face" or "faces")));
        byte[] png = File.ReadAllBytes(_folder["happiness-face.png"]);
        Assert.Equal([0x89, 0x50, 0x4E, 0x47], png[..4]);

        // 85 mm at 300 dots an inch.
        Assert.Equal(1004, (png[18] << 8) | png[19], 2.0);
        Assert.Equal("%PDF"u8.ToArray(), File.ReadAllBytes(_folder["faces.pdf"])[..4]);

        // Letters are drawn: a picture of the title alone is not white.
        using SkiaSharp.SKBitmap bitmap = SkiaSharp.SKBitmap.Decode(_folder["happiness-face.png"]);
        Assert.Contains(Enumerable.Range(0, bitmap.Width), x => bitmap.GetPixel(x, 30).Red < 128);
    }

    [Fact]
    public void Heat_is_smooth_and_stays_on_the_face()
    {
        RunView run = new(Runs.Of("ibug68"));
        FaceArt art = new(run.Topology);
        double[] values = new double[68];
        values[48] = 1;
        XElement heat = XElement.Parse($"<g>{art.Heat(values, ColourScale.Relevance(values, 68), [48])}</g>");
        Assert.InRange(heat.Elements("path").Count(), 5, 60);
        Assert.Single(heat.Elements("circle"));
        Assert.True(Figures.Of(run, heat: true).First().Drawing.File().Length < 2_000_000);
    }

    [Fact]
    public void The_report_verb_writes_pages_and_figures_and_names_what_is_missing()
    {
        _folder.Write("run/results.json", System.Text.Json.JsonSerializer.Serialize(Runs.Of("ibug68"), EmotionXai.Landmarks.Reduction.ResultJson.Default.ReductionResult));
        (int code, string output, string error) = CommandLineTests.Run("report", _folder["run"], "--figures", _folder["figures"], "--difference", "happiness", "sadness");
        Assert.True(code == 0, error);
        Assert.Contains("Wrote 20 figures", output, StringComparison.Ordinal);
        Assert.True(File.Exists(_folder["run/report.html"]));
        Assert.Equal(60, Directory.GetFiles(_folder["figures"]).Length);
        Assert.True(File.Exists(_folder["figures/happiness-less-sadness.svg"]));
        Assert.Equal(0, CommandLineTests.Run("report", "--compare", _folder["run"], _folder["run"], "--out", _folder["c.html"]).Code);
        Assert.True(File.Exists(_folder["c.html"]));
        (code, _, error) = CommandLineTests.Run("report", _folder["figures"]);
        Assert.Equal(1, code);
        Assert.Contains("there is no finished run in this folder", error, StringComparison.Ordinal);
        Assert.Equal(2, CommandLineTests.Run("report").Code);
        Runs.Explained().Write(_folder["why"]);
        (code, output, error) = CommandLineTests.Run("report", _folder["why"], "--figures", _folder["why/figures"], "--dpi", "150");
        Assert.True(code == 0, error);
        Assert.Contains("Wrote 3 figures", output, StringComparison.Ordinal);
        byte[] png = File.ReadAllBytes(_folder["why/figures/happiness-time.png"]);
        Assert.Equal(502, (png[18] << 8) | png[19], 2.0);
        Assert.Equal(2, CommandLineTests.Run("report", _folder["why"], "--figures", _folder["f"], "--difference", "happiness", "sadness").Code);
        Assert.Equal(2, CommandLineTests.Run("report", "--compare", _folder["run"]).Code);
        (code, _, error) = CommandLineTests.Run("report", _folder["run"], "--figures", _folder["figures"], "--difference", "happiness", "boredom");
        Assert.Equal(2, code);
        Assert.Contains("the run has no such emotion; it has happiness, sadness", error, StringComparison.Ordinal);
    }
}
