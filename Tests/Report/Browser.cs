using Microsoft.Playwright;
using Xunit;

namespace EmotionXai.Tests.Report;

/// <summary>A real browser without a window. Tests skip where there is none; <c>test.sh</c> installs Debian's chromium where it can.</summary>
public sealed class Browser : IAsyncLifetime
{
    private static readonly string[] s_places = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];

    private IPlaywright? _playwright;
    private IBrowser? _browser;

    public async ValueTask InitializeAsync()
    {
        if (s_places.FirstOrDefault(File.Exists) is not string program) return;
        _playwright = await Playwright.CreateAsync();
        _browser = await _playwright.Chromium.LaunchAsync(new() { ExecutablePath = program, Args = ["--no-sandbox"] });
    }

    public async ValueTask DisposeAsync()
    {
        if (_browser is not null) await _browser.DisposeAsync();
        _playwright?.Dispose();
    }

    /// <summary>A page that keeps what the console and the network are told.</summary>
    public async Task<Watched> OpenAsync(string url, ColorScheme scheme = ColorScheme.Light)
    {
        if (_browser is null) Assert.Skip($"No browser at {string.Join(", ", s_places)}: install chromium to test pages.");
        IBrowserContext context = await _browser.NewContextAsync(new() { ColorScheme = scheme, ViewportSize = new() { Width = 1280, Height = 900 } });
        IPage page = await context.NewPageAsync();
        Watched watched = new(context, page);
        await page.GotoAsync(url, new() { WaitUntil = WaitUntilState.Load });
        return watched;
    }
}

/// <summary>A page and what went on around it.</summary>
public sealed class Watched : IAsyncDisposable
{
    private readonly IBrowserContext _context;

    public Watched(IBrowserContext context, IPage page)
    {
        (_context, Page) = (context, page);
        page.Console += (_, message) => Messages.Add(message.Text);
        page.PageError += (_, error) => Messages.Add(error);
        page.Request += (_, request) => Requests.Add(request.Url);
    }

    public IPage Page { get; }

    /// <summary>What the console said.</summary>
    public List<string> Messages { get; } = [];

    /// <summary>What was asked for, the page itself first.</summary>
    public List<string> Requests { get; } = [];

    public ValueTask DisposeAsync() => _context.DisposeAsync();
}
