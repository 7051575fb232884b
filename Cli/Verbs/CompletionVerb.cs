using System.CommandLine;
using EmotionXai.Cli.Completion;

namespace EmotionXai.Cli.Verbs;

/// <summary><c>completion</c>: what a shell needs to finish a command line.</summary>
internal static class CompletionVerb
{
    public static Verb Create(Terminal terminal, RootCommand root) => new(
        "completion",
        "Print a script by which a shell completes verbs, options and their words.",
        command => Fill(command, terminal, root),
        "completion bash >> ~/.bash_completion",
        "completion zsh > ~/.zfunc/_emotionxai",
        "completion fish > ~/.config/fish/completions/emotionxai.fish");

    private static void Fill(Command command, Terminal terminal, RootCommand root)
    {
        Argument<string> shell = new("shell") { Description = string.Join(", ", Shells.Names) + "." };
        shell.CompletionSources.Add([.. Shells.Names]);
        command.Arguments.Add(shell);
        command.SetAction(parsed =>
        {
            terminal.Output.Write(Shells.Script(parsed.GetValue(shell)!, CompletionTree.Of(root)));
            return Task.FromResult(0);
        });
    }
}
