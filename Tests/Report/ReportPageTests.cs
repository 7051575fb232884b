using System.Globalization;
using System.Text.RegularExpressions;
using EmotionXai.Landmarks.Reduction;
using EmotionXai.Landmarks.Report;
using Microsoft.Playwright;
using Xunit;

namespace EmotionXai.Tests.Report;

/// <summary>The report in a real browser.</summary>
public sealed class ReportPageTests(Browser browser) : IClassFixture<Browser>, IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public static TheoryData<string, ColorScheme> Pages => new() { { "ibug68", ColorScheme.Light }, { "ibug68", ColorScheme.Dark }, { "mediapipe468", ColorScheme.Light } };

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(Pages))]
    public async Task It_opens_without_a_word_or_a_request(string topology, ColorScheme scheme)
    {
        await using Watched watched = await OpenAsync(topology, scheme);
        Assert.Empty(watched.Messages);
        Assert.Single(watched.Requests, r => !r.StartsWith("data:", StringComparison.Ordinal));
        foreach (string kind in new[] { "accuracy", "cost", "signed", "map", "regions", "roc", "pr" }) Assert.Equal(2, await watched.Page.Locator($"section svg.drawing.{kind}:visible").CountAsync());
        Assert.Equal(2, await watched.Page.Locator("svg.faces:visible").CountAsync());
        Assert.True(new FileInfo(_folder["report.html"]).Length < 6_000_000);
    }

    [Theory]
    [InlineData("ibug68")]
    [InlineData("mediapipe468")]
    public async Task Eight_emotions_and_seven_stages_stay_small(string topology)
    {
        ReductionReport.Write(_folder.Path, Runs.Large(topology));
        await using Watched watched = await browser.OpenAsync(new Uri(_folder["report.html"]).AbsoluteUri);
        Assert.Empty(watched.Messages);
        Assert.Single(watched.Requests, r => !r.StartsWith("data:", StringComparison.Ordinal));
        Assert.Equal(8, await watched.Page.Locator(".card").CountAsync());
        long bytes = new FileInfo(_folder["report.html"]).Length;
        Assert.True(bytes < 6_000_000, $"{bytes} bytes");
        double opened = await watched.Page.EvaluateAsync<double>("() => performance.getEntriesByType('navigation')[0].loadEventEnd");
        TestContext.Current.TestOutputHelper?.WriteLine(FormattableString.Invariant($"{topology}: {bytes} bytes, opened in {opened:0} ms"));
    }

    [Fact]
    public async Task Numbers_on_the_page_are_those_of_the_results()
    {
        ReductionResult result = Runs.Of("ibug68");
        await using Watched watched = await OpenAsync("ibug68");
        ILocator card = watched.Page.Locator(".card").First;
        EmotionView e = new RunView(result).Emotions[0];
        Assert.Equal($"{e.Landmarks.Count} of 68 landmarks", await card.Locator(".kept").InnerTextAsync());
        string[] scores = [.. await card.Locator(".scores span").AllInnerTextsAsync()];
        Assert.Equal(FormattableString.Invariant($"{e.Kept.BalancedAccuracy:0.000} [{e.Kept.Ci95[0]:0.000}, {e.Kept.Ci95[1]:0.000}]"), scores[1]);
        Assert.Equal(["AUC, kept", "0.931", "all landmarks", "0.944, not told apart", "as many random", "0.888, kept better"], scores[2..]);
        Assert.Contains("models/happiness.safetensors", await card.Locator(".saved").InnerTextAsync(), StringComparison.Ordinal);
        string[] counts = [.. await watched.Page.Locator("#emotion-1 table:has(caption:text('judged')) tbody tr:first-child td").AllInnerTextsAsync()];
        int hits = e.All.Logits.Where((l, i) => l > 0 && e.Result.Targets[i] == 1).Count();
        Assert.Equal(["20", hits.ToString(CultureInfo.InvariantCulture)], counts[..2]);
    }

    [Fact]
    public async Task The_slider_shows_as_many_rings_as_a_stage_keeps()
    {
        ReductionResult result = Runs.Of("ibug68");
        await using Watched watched = await OpenAsync("ibug68");
        ILocator section = watched.Page.Locator("#emotion-1"), slider = section.Locator("input.stage");
        StageResult[] stages = [.. result.Emotions[0].Stages];
        for (int s = 0; s < stages.Length; s++)
        {
            await slider.FillAsync(s.ToString(CultureInfo.InvariantCulture));
            int rings = await section.Locator("svg.face circle.ring:visible").CountAsync();
            Assert.Equal(s == 0 ? 0 : stages[s].Landmarks, rings);
            Assert.StartsWith(FormattableString.Invariant($"{stages[s].Landmarks} of 68: balanced accuracy {stages[s].BalancedAccuracy:0.000}"), await section.Locator("output.stage").InnerTextAsync(), StringComparison.Ordinal);
        }

        // The saved model's at K*, what most folds keep elsewhere.
        EmotionView view = new RunView(result).Emotions[0];
        for (int s = 1; s < stages.Length; s++)
        {
            await slider.FillAsync(s.ToString(CultureInfo.InvariantCulture));
            string[] ringed = [.. (await section.Locator("svg.face g:has(circle.ring:visible) circle.point").EvaluateAllAsync<string[]>("all => all.map(c => c.dataset.landmark)"))];
            Assert.Equal(view.LandmarksAt(stages[s]), ringed.Select(r => int.Parse(r, CultureInfo.InvariantCulture)).Order());
            Assert.EndsWith(s == 1 ? "rings: the saved model" : "rings: what most folds keep", await section.Locator("output.stage").InnerTextAsync(), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_landmark_tells_its_name_to_the_pointer_and_to_the_keys()
    {
        await using Watched watched = await OpenAsync("ibug68");
        ILocator face = watched.Page.Locator("#emotion-1 svg.face"), tip = watched.Page.Locator("#tip");
        Assert.False(await tip.IsVisibleAsync());
        RankedLandmark first = Runs.Of("ibug68").Emotions[0].Ranking[0];
        await face.Locator($"circle.point[data-landmark='{first.Landmark}']").HoverAsync(new() { Force = true });
        Assert.Matches($"^{Regex.Escape(first.Name)} \\({first.Region}\\), rank 1: ", await tip.InnerTextAsync());
        await face.FocusAsync();
        await watched.Page.Keyboard.PressAsync("ArrowRight");
        Assert.Contains("rank 2: ", await tip.InnerTextAsync(), StringComparison.Ordinal);
        await watched.Page.Keyboard.PressAsync("Escape");
        Assert.False(await tip.IsVisibleAsync());
    }

    [Fact]
    public async Task The_mean_motion_plays_and_the_face_comes_back()
    {
        await using Watched watched = await OpenAsync("ibug68");
        ILocator point = watched.Page.Locator("#emotion-1 svg.face circle.point[data-landmark='48']"), button = watched.Page.Locator("#emotion-1 button.play");
        string? before = await point.GetAttributeAsync("cx");
        await button.ClickAsync();
        await Assertions.Expect(point).Not.ToHaveAttributeAsync("cx", before!);
        await button.ClickAsync();
        await Assertions.Expect(point).ToHaveAttributeAsync("cx", before!);
        Assert.Empty(watched.Messages);
    }

    // By script what an audit would look at: names of what can be worked, order of the focus, contrast of the text.
    [Theory]
    [InlineData(ColorScheme.Light)]
    [InlineData(ColorScheme.Dark)]
    public async Task Everything_has_a_name_a_place_in_the_order_and_contrast(ColorScheme scheme)
    {
        await using Watched watched = await OpenAsync("ibug68", scheme);
        string[] nameless = await watched.Page.EvaluateAsync<string[]>("""
            () => [...document.querySelectorAll("a, button, input, svg[role=img], [role=region]")].filter(e => !e.hidden && !e.closest("[hidden]"))
              .filter(e => !(e.ariaLabel || e.textContent.trim() || e.labels?.[0]?.textContent.trim() || e.querySelector("title")?.textContent)).map(e => e.outerHTML.slice(0, 80))
            """);
        Assert.Empty(nameless);
        Assert.Empty(await watched.Page.EvaluateAsync<string[]>("() => [...document.querySelectorAll('[tabindex]')].filter(e => e.tabIndex > 0).map(e => e.outerHTML.slice(0, 80))"));
        Assert.Equal(["en", "1", "true"], await watched.Page.EvaluateAsync<string[]>("() => [document.documentElement.lang, String(document.querySelectorAll('h1').length), String([...document.querySelectorAll('th')].every(h => h.scope))]"));
        double[] contrasts = await watched.Page.EvaluateAsync<double[]>("""
            () => {
              const parse = c => c.match(/[\d.]+/g).map(Number);
              const light = ([r, g, b]) => [r, g, b].map(v => v / 255).map(v => v <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4).reduce((s, v, i) => s + v * [0.2126, 0.7152, 0.0722][i], 0);
              const behind = e => { for (; e; e = e.parentElement) { const c = parse(getComputedStyle(e).backgroundColor); if (c.length < 4 || c[3] > 0) return c; } return [255, 255, 255]; };
              return [...document.querySelectorAll("p, td, th, dt, dd, a, h1, h2, caption, span, strong, button, output, label")].filter(e => e.textContent.trim() && e.offsetParent)
                .map(e => [light(parse(getComputedStyle(e).color)), light(behind(e))]).map(([a, b]) => (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05));
            }
            """);
        Assert.True(contrasts.Length > 100);
        Assert.True(contrasts.Min() >= 4.5, FormattableString.Invariant($"least contrast {contrasts.Min():0.00}"));
    }

    [Fact]
    public async Task An_explanation_and_a_comparison_open_without_a_word()
    {
        ReductionResult result = Runs.Of("ibug68");
        _folder.Write("compare.html", ComparisonReport.Render([("one", result), ("two", result with { Options = new Dictionary<string, object> { ["model"] = "lstm" } })]));
        await using (Watched compared = await browser.OpenAsync(new Uri(_folder["compare.html"]).AbsoluteUri))
        {
            Assert.Empty(compared.Messages);
            Assert.Equal(4, await compared.Page.Locator("svg.two, svg.difference").CountAsync());
            Assert.Equal(2, await compared.Page.Locator("svg.accuracy").CountAsync());
            Assert.Equal(["dense", "lstm"], (await compared.Page.Locator("table:has(caption:text('differ')) tbody td").AllInnerTextsAsync()).Take(2));
        }

        ExplanationReport.Write(_folder["why"], Runs.Explained());
        await using Watched explained = await browser.OpenAsync(new Uri(_folder["why/report.html"]).AbsoluteUri);
        Assert.Empty(explained.Messages);
        Assert.Equal(68, await explained.Page.Locator("svg.face circle.point").CountAsync());
        Assert.Equal(68, await explained.Page.Locator("svg.signed circle.point").CountAsync());
        Assert.Equal(1, await explained.Page.Locator("svg.map:visible").CountAsync());
        Assert.Equal(0, await explained.Page.Locator("circle.ring").CountAsync());
    }

    private async Task<Watched> OpenAsync(string topology, ColorScheme scheme = ColorScheme.Light)
    {
        ReductionReport.Write(_folder.Path, Runs.Of(topology));
        return await browser.OpenAsync(new Uri(_folder["report.html"]).AbsoluteUri, scheme);
    }
}
