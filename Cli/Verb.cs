using System.CommandLine;

namespace EmotionXai.Cli;

/// <summary>A verb whose help ends with examples: what follows <c>emotionxai</c> on a command line that works.</summary>
internal sealed class Verb(string name, string description, params string[] examples) : Command(name, description)
{
    public IReadOnlyList<string> Examples => examples;
}
