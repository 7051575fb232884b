using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using EmotionXai.Cli;
using EmotionXai.Cli.View;
using EmotionXai.Landmarks.Reduction;
using Xunit;

namespace EmotionXai.Tests.Cli.View;

/// <summary>The pages of <c>view</c>, and what it refuses.</summary>
public sealed class RunServerTests : IAsyncLifetime
{
    private static readonly CancellationToken s_cancellation = TestContext.Current.CancellationToken;

    private readonly TemporaryFolder _folder = new();
    private readonly HttpClient _client = new(new SocketsHttpHandler { AllowAutoRedirect = false });
    private RunServer _server = null!;

    public async ValueTask InitializeAsync()
    {
        _folder.Write("secret.json", "secret");
        _folder.Write("runs/mine/report.html", "<p>the report</p>");
        _folder.Write("runs/mine/notes.exe", "secret");
        _folder.Write("runs/mine/.hidden.json", "secret");
        WriteResults("runs/mine", SampleRun.Of("<b>joy & co</b>"));
        _server = await RunServer.StartAsync(_folder["runs"], 0, s_cancellation);
    }

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        _client.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task Runs_are_listed_with_what_their_results_say()
    {
        string list = await _client.GetStringAsync(_server.Address, s_cancellation);
        Assert.Contains("<a href=\"/run/mine\">mine</a>", list, StringComparison.Ordinal);
        Assert.Contains("128 of 468", list, StringComparison.Ordinal);
        Assert.Contains(">0.934<", list, StringComparison.Ordinal);
        Assert.Contains(">0.930<", list, StringComparison.Ordinal);
        string run = await _client.GetStringAsync(new Uri(_server.Address, "run/mine"), s_cancellation);
        Assert.Contains("0.930 [0.90, 0.96]", run, StringComparison.Ordinal);
        Assert.Contains("/files/mine/report.html", run, StringComparison.Ordinal);
        Assert.Equal("<p>the report</p>", await _client.GetStringAsync(new Uri(_server.Address, "files/mine/report.html"), s_cancellation));
    }

    [Fact]
    public async Task Names_from_files_are_text_and_never_markup()
    {
        string run = await _client.GetStringAsync(new Uri(_server.Address, "run/mine"), s_cancellation);
        Assert.Contains("&lt;b&gt;joy &amp; co&lt;/b&gt;", run, StringComparison.Ordinal);
        Assert.DoesNotContain("<b>joy", run, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_run_is_seen_as_it_goes_on_stops_and_ends()
    {
        const string Run = "runs/live";
        ReductionProgress progress = new(3, 8, 0.375, 30, 50, [new("fear", 2, "stage 17", 0.5, 0.1234)]);
        WriteProgress(new(true, Plan, progress));
        string list = await _client.GetStringAsync(_server.Address, s_cancellation);
        Assert.Contains("3 of 8 folds", list, StringComparison.Ordinal);

        // Inside from 0; shown from 1, as in every table.
        Assert.Contains("fear fold 3: stage 17, loss 0.1234", list, StringComparison.Ordinal);
        Assert.StartsWith("3/8 folds, fear fold 3, ", ProgressDisplay.Plain(progress, progress.Active[0]), StringComparison.Ordinal);

        WriteProgress(new(true, Plan, progress with { Done = 4 }));
        Assert.Contains("4 of 8 folds", await _client.GetStringAsync(new Uri(_server.Address, "run/live"), s_cancellation), StringComparison.Ordinal);

        // A killed run writes no more.
        File.SetLastWriteTimeUtc(ProgressFile.PathIn(_folder[Run]), DateTime.UtcNow - RunList.Silence);
        Assert.Contains("stopped after 4 of 8 folds", await _client.GetStringAsync(_server.Address, s_cancellation), StringComparison.Ordinal);

        Directory.Delete(_folder[Path.Combine(Run, "unfinished")], recursive: true);
        WriteResults(Run, SampleRun.Of("fear"));
        Assert.Contains("data-state=\"Finished\"", await _client.GetStringAsync(new Uri(_server.Address, "run/live"), s_cancellation), StringComparison.Ordinal);

        void WriteProgress(RunStatus status) => _folder.Write($"{Run}/unfinished/{ProgressFile.Name}", JsonSerializer.Serialize(status, ResultJson.Default.RunStatus));
    }

    [Fact]
    public async Task Damaged_results_are_said_to_be_damaged()
    {
        _folder.Write("runs/bad/results.json", "{ \"emotions\": [");
        string run = await _client.GetStringAsync(new Uri(_server.Address, "run/bad"), s_cancellation);
        Assert.Contains("damaged", run, StringComparison.Ordinal);
        Assert.Contains("run reduce again", run, StringComparison.Ordinal);

        // The list goes on beside it.
        string list = await _client.GetStringAsync(_server.Address, s_cancellation);
        Assert.Contains("<a href=\"/run/mine\">mine</a>", list, StringComparison.Ordinal);
        Assert.Contains("<a href=\"/run/bad\">bad</a>", list, StringComparison.Ordinal);
        Assert.Contains("128 of 468", list, StringComparison.Ordinal);
    }

    // Sent as they are: HttpClient would tidy them up.
    [Theory]
    [InlineData("/files/../secret.json")]
    [InlineData("/files/mine/../../secret.json")]
    [InlineData("/files/%2e%2e/secret.json")]
    [InlineData("/files/..%2fsecret.json")]
    [InlineData("/files/mine/%2e%2e%2f%2e%2e%2fsecret.json")]
    [InlineData("/files/..%5csecret.json")]
    [InlineData("/files/%252e%252e/secret.json")]
    [InlineData("/files//etc/passwd.json")]
    [InlineData("/files/linked/secret.json")]
    [InlineData("/files/secret-link.json")]
    [InlineData("/files/mine/notes.exe")]
    [InlineData("/files/mine/.hidden.json")]
    [InlineData("/files/mine")]
    [InlineData("/run/nowhere")]
    [InlineData("/../secret.json")]
    [InlineData("/secret.json")]
    public async Task What_is_not_a_file_of_a_run_is_not_there(string target)
    {
        Directory.CreateSymbolicLink(_folder["runs/linked"], _folder.Path);
        File.CreateSymbolicLink(_folder["runs/secret-link.json"], _folder["secret.json"]);
        string answer = await SendAsync($"GET {target} HTTP/1.1\r\nHost: 127.0.0.1:{_server.Address.Port}\r\nConnection: close\r\n\r\n");
        Assert.Matches("^HTTP/1.1 40[04] ", answer);
        Assert.DoesNotContain("secret\r\n", answer + "\r\n", StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("POST")]
    [InlineData("PUT")]
    [InlineData("DELETE")]
    [InlineData("PATCH")]
    [InlineData("HEAD")]
    [InlineData("OPTIONS")]
    public async Task Only_reading_is_allowed(string method)
    {
        using HttpRequestMessage request = new(new HttpMethod(method), new Uri(_server.Address, "files/mine/report.html"));
        using HttpResponseMessage answer = await _client.SendAsync(request, s_cancellation);
        Assert.Equal(HttpStatusCode.MethodNotAllowed, answer.StatusCode);
        Assert.True(File.Exists(_folder["runs/mine/report.html"]));
    }

    [Fact]
    public async Task Another_name_of_this_machine_is_refused()
    {
        Assert.StartsWith("HTTP/1.1 421 ", await SendAsync($"GET / HTTP/1.1\r\nHost: evil.example:{_server.Address.Port}\r\nConnection: close\r\n\r\n"), StringComparison.Ordinal);
        Assert.Equal("127.0.0.1", _server.Address.Host);
    }

    [Fact]
    public async Task A_taken_port_and_a_missing_folder_are_one_line_each()
    {
        IOException taken = await Assert.ThrowsAsync<IOException>(() => RunServer.StartAsync(_folder["runs"], _server.Address.Port, s_cancellation));
        Assert.Contains($"--port {_server.Address.Port}", taken.Message, StringComparison.Ordinal);
        (int code, _, string error) = CommandLineTests.Run("view", _folder["nowhere"]);
        Assert.Equal(1, code);
        Assert.Contains("there is no such folder", error, StringComparison.Ordinal);
    }

    private static RunPlan Plan => new("faces.csv", "ibug68", ["fear"], [68, 17], 4, DateTime.UnixEpoch);

    private void WriteResults(string run, ReductionResult result) => _folder.Write($"{run}/results.json", JsonSerializer.Serialize(result, ResultJson.Default.ReductionResult));

    private async Task<string> SendAsync(string request)
    {
        using TcpClient client = new();
        await client.ConnectAsync(IPAddress.Loopback, _server.Address.Port, s_cancellation);
        await using NetworkStream stream = client.GetStream();
        await stream.WriteAsync(Encoding.ASCII.GetBytes(request), s_cancellation);
        using StreamReader reader = new(stream, Encoding.UTF8);
        return await reader.ReadToEndAsync(s_cancellation);
    }
}
