using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;

namespace EmotionXai.Cli.View;

/// <summary>
/// Shows the runs of a folder to browsers on this machine: 127.0.0.1 only, GET only, reading only. Pages of other
/// sites reach nothing: requests under another host's name (DNS rebinding) are refused, and no answer may be framed or shared.
/// </summary>
internal sealed class RunServer : IAsyncDisposable
{
    // The pages are ours; a file of a run may be anyone's. Its scripts run without an origin, so that they can ask nothing of
    // this server.
    private const string PagePolicy = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    private const string FilePolicy = "default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; img-src data: blob:; font-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; sandbox allow-scripts allow-downloads allow-modals";

    private static readonly (string Name, string Value)[] s_headers =
    [
        ("X-Content-Type-Options", "nosniff"),
        ("X-Frame-Options", "DENY"),
        ("Referrer-Policy", "no-referrer"),
        ("Cross-Origin-Opener-Policy", "same-origin"),
        ("Cross-Origin-Resource-Policy", "same-origin"),
        ("Cache-Control", "no-store"),
    ];

    private readonly WebApplication _application;
    private readonly RunFiles _files;
    private readonly RunList _runs;
    private readonly RunPages _pages;
    private int _port;

    private RunServer(string folder, int port)
    {
        _files = new RunFiles(folder);
        (_runs, _pages) = (new RunList(_files), new RunPages(_files));
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = 0;
            kestrel.Listen(IPAddress.Loopback, port);
        });
        _application = builder.Build();
        _application.Run(AnswerAsync);
    }

    /// <summary>Where the pages are.</summary>
    public Uri Address => new($"http://127.0.0.1:{_port}/");

    /// <summary>Starts to serve.</summary>
    /// <param name="folder">The folder of runs.</param>
    /// <param name="port">The port; 0 takes a free one.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <exception cref="IOException">There is no such folder, or the port is taken.</exception>
    public static async Task<RunServer> StartAsync(string folder, int port, CancellationToken cancellation)
    {
        RunServer server = new(folder, port);
        try
        {
            await server._application.StartAsync(cancellation).ConfigureAwait(false);
        }
        catch (IOException e)
        {
            await server.DisposeAsync().ConfigureAwait(false);
            throw new IOException($"--port {port}: another program has that port; give another, or none for a free one.", e);
        }

        server._port = new Uri(server._application.Urls.Single()).Port;
        return server;
    }

    public ValueTask DisposeAsync() => _application.DisposeAsync();

    private async Task AnswerAsync(HttpContext context)
    {
        HttpResponse response = context.Response;
        foreach ((string name, string value) in s_headers) response.Headers[name] = value;
        response.Headers.ContentSecurityPolicy = PagePolicy;
        HostString host = context.Request.Host;
        if (host.Host is not ("127.0.0.1" or "localhost") || (host.Port ?? 80) != _port)
        {
            await SayAsync(context, StatusCodes.Status421MisdirectedRequest, "This server answers to 127.0.0.1 and localhost only.").ConfigureAwait(false);
            return;
        }

        if (!HttpMethods.IsGet(context.Request.Method))
        {
            response.Headers.Allow = "GET";
            await SayAsync(context, StatusCodes.Status405MethodNotAllowed, "This server only shows: GET.").ConfigureAwait(false);
            return;
        }

        string path = context.Request.Path.Value ?? "/";
        Task answer = path switch
        {
            "/" => SendAsync(context, "text/html; charset=utf-8", _pages.List(_runs.All()).Text),
            "/view.css" => SendAsync(context, "text/css; charset=utf-8", ViewAssets.Css),
            "/view.js" => SendAsync(context, "text/javascript; charset=utf-8", ViewAssets.Script),
            _ when path.StartsWith("/run/", StringComparison.Ordinal) && _runs.Find(path["/run/".Length..]) is Run run => SendAsync(context, "text/html; charset=utf-8", _pages.One(run).Text),
            _ when path.StartsWith("/files/", StringComparison.Ordinal) => FileAsync(context, path["/files/".Length..]),
            _ => NothingAsync(context),
        };
        await answer.ConfigureAwait(false);
    }

    private async Task FileAsync(HttpContext context, string relative)
    {
        if (RunFiles.TypeOf(relative) is not string type || _files.Find(relative) is not string path || !File.Exists(path))
        {
            await NothingAsync(context).ConfigureAwait(false);
            return;
        }

        FileStream? file = Open(path);
        if (file is null)
        {
            await NothingAsync(context).ConfigureAwait(false);
            return;
        }

        await using (file.ConfigureAwait(false))
        {
            context.Response.Headers.ContentSecurityPolicy = FilePolicy;
            context.Response.ContentType = type;
            context.Response.ContentLength = file.Length;
            await file.CopyToAsync(context.Response.Body, context.RequestAborted).ConfigureAwait(false);
        }
    }

    // A run may clear a file away, or have it readable by its owner only.
    private static FileStream? Open(string path)
    {
        try
        {
            return new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private static Task NothingAsync(HttpContext context) => SayAsync(context, StatusCodes.Status404NotFound, "There is nothing here.");

    private static Task SayAsync(HttpContext context, int status, string text)
    {
        context.Response.StatusCode = status;
        return SendAsync(context, "text/plain; charset=utf-8", text + "\n");
    }

    private static Task SendAsync(HttpContext context, string type, string text)
    {
        byte[] body = System.Text.Encoding.UTF8.GetBytes(text);
        context.Response.ContentType = type;
        context.Response.ContentLength = body.Length;
        return context.Response.Body.WriteAsync(body, context.RequestAborted).AsTask();
    }
}
