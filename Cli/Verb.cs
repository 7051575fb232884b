using System.CommandLine;

namespace EmotionXai.Cli;

/// <summary>
/// A verb whose help ends with examples. It has its options once it is opened: a start needs those of one verb, and all of them would
/// be most of its time.
/// </summary>
/// <param name="name">Its name.</param>
/// <param name="description">What it does.</param>
/// <param name="fill">Adds arguments, options and the action when it is opened; null where they are there.</param>
/// <param name="examples">What follows <c>emotionxai</c> on a command line that works.</param>
internal sealed class Verb(string name, string description, Action<Command>? fill, params string[] examples) : Command(name, description)
{
    private Action<Command>? _fill = fill;

    public IReadOnlyList<string> Examples => examples;

    /// <summary>Gives some verbs their options, each once.</summary>
    /// <param name="root">The program.</param>
    /// <param name="asked">Which; null for all.</param>
    public static void Open(RootCommand root, Func<Verb, bool>? asked = null)
    {
        foreach (Command command in root.Subcommands)
        {
            if (command is not Verb { _fill: { } fill } verb || asked?.Invoke(verb) == false) continue;
            verb._fill = null;
            fill(verb);
        }
    }
}
