using System.Net;
using System.Net.Sockets;

namespace EmotionXai.Tests.Landmarks.Video;

/// <summary>Serves one file on this machine, as a server of models would; may cut answers off or know no ranges.</summary>
internal sealed class ModelServer : IDisposable
{
    private readonly HttpListener _listener = new();
    private readonly byte[] _content;
    private readonly Task _loop;

    public ModelServer(byte[] content)
    {
        _content = content;
        int port = FreePort();
        Address = new Uri($"http://127.0.0.1:{port}/model.bin");
        _listener.Prefixes.Add($"http://127.0.0.1:{port}/");
        _listener.Start();
        _loop = Task.Run(Serve);
    }

    public Uri Address { get; }

    /// <summary>Where answers begin: the offsets that were asked for.</summary>
    public List<long> Offsets { get; } = [];

    /// <summary>Answers end after so many bytes, as if the line broke.</summary>
    public int CutAfter { get; set; } = int.MaxValue;

    public bool KnowsRanges { get; set; } = true;

    public HttpStatusCode Status { get; set; } = HttpStatusCode.OK;

    public void Dispose()
    {
        _listener.Stop();
        _loop.Wait(TimeSpan.FromSeconds(10));
        _listener.Close();
    }

    private async Task Serve()
    {
        while (_listener.IsListening)
        {
            HttpListenerContext context;
            try
            {
                context = await _listener.GetContextAsync();
            }
            catch (Exception e) when (e is HttpListenerException or ObjectDisposedException)
            {
                return;
            }

            string? range = context.Request.Headers["Range"];
            int from = range is null || !KnowsRanges ? 0 : int.Parse(range["bytes=".Length..].TrimEnd('-'), System.Globalization.CultureInfo.InvariantCulture);
            Offsets.Add(from);
            HttpListenerResponse response = context.Response;
            response.StatusCode = (int)Status;
            if (from > 0)
            {
                response.StatusCode = (int)HttpStatusCode.PartialContent;
                response.Headers["Content-Range"] = $"bytes {from}-{_content.Length - 1}/{_content.Length}";
            }

            response.ContentLength64 = _content.Length - from;
            int length = Math.Min(CutAfter, _content.Length - from);
            await response.OutputStream.WriteAsync(_content.AsMemory(from, length));
            if (length < _content.Length - from) response.Abort();
            else response.Close();
        }
    }

    private static int FreePort()
    {
        using TcpListener probe = new(IPAddress.Loopback, 0);
        probe.Start();
        return ((IPEndPoint)probe.LocalEndpoint).Port;
    }
}
