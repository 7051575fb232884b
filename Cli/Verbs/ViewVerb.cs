using System.CommandLine;
using EmotionXai.Cli.View;

namespace EmotionXai.Cli.Verbs;

/// <summary><c>view</c>: the runs of a folder in a browser.</summary>
internal static class ViewVerb
{
    private const int MostPort = 65535;

    public static Verb Create(Terminal terminal) => new(
        "view",
        "Show the runs of a folder in a browser, those that still go on too; on this machine only, reading only.",
        command => Fill(command, terminal),
        "view",
        "view runs/mine --port 8080");

    private static void Fill(Command command, Terminal terminal)
    {
        Argument<string> folder = new("folder") { Description = "The folder that holds the runs.", DefaultValueFactory = _ => "runs" };
        Option<int> port = Setting.Count("--port", "The port; 0 takes a free one.", 0, 0);
        command.Arguments.Add(folder);
        command.Options.Add(port);
        command.SetAction(async (parsed, cancellation) =>
        {
            if (parsed.GetValue(port) > MostPort) throw new ArgumentException($"--port {parsed.GetValue(port)}: give 0 to {MostPort}.");
            RunServer server = await RunServer.StartAsync(parsed.GetValue(folder)!, parsed.GetValue(port), cancellation).ConfigureAwait(false);
            await using (server.ConfigureAwait(false))
            {
                terminal.Output.WriteLine($"Open {server.Address} in a browser; Ctrl-C ends.");
                await Task.Delay(Timeout.Infinite, cancellation).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }

            return 0;
        });
    }
}
