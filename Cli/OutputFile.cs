using System.CommandLine;

namespace EmotionXai.Cli;

/// <summary>Files that a command line names: what lies there is replaced only where that is asked for.</summary>
internal static class OutputFile
{
    /// <summary>The option that asks for it, of verbs whose results are no folder.</summary>
    public static Option<bool> Force() => Setting.Flag("--force", "Replace the files that lie there.");

    /// <summary>Refuses files that would be replaced, before any work.</summary>
    /// <param name="option">The option that names them.</param>
    /// <param name="files">Where they would go.</param>
    /// <param name="force">Whether they may be replaced.</param>
    /// <exception cref="IOException">One lies there; one line with the remedy.</exception>
    public static void Check(string option, IEnumerable<string> files, bool force)
    {
        if (!force && files.FirstOrDefault(File.Exists) is string there) throw new IOException($"{there}: a file lies there; give another {option}, or replace it with --force.");
    }
}
