using System.CommandLine;
using EmotionXai.Cli.View;

namespace EmotionXai.Cli.Verbs;

/// <summary><c>view</c>: the runs of a folder in a browser.</summary>
internal static class ViewVerb
{
    private const int MostPort = 65535;

    public static Command Create(Terminal terminal)
    {
        Argument<string> folder = new("folder") { Description = "The folder that holds the runs.", DefaultValueFactory = _ => "runs" };
        Option<int> port = Setting.Count("--port", "The port; 0 takes a free one.", 0, 0);
        Verb command = new("view", "Show the runs of a folder in a browser, those that still go on too; on this machine only, reading only.", "view", "view runs/mine --port 8080");
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
        return command;
    }
}
