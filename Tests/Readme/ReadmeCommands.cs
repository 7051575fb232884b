using System.Diagnostics;
using Xunit;

namespace EmotionXai.Tests.Readme;

/// <summary>Runs lines of the README in a folder of their own, as a shell would in a fresh checkout.</summary>
internal sealed class ReadmeCommands : IDisposable
{
    private static readonly string? s_models = SharedData.TryFind("models");

    private readonly TemporaryFolder _folder = new();

    /// <summary>Whether face models are at hand, without which no video can be read.</summary>
    public static bool SeesFaces => s_models is not null;

    /// <summary>A file in the folder.</summary>
    public string this[string path] => _folder[path];

    public void Dispose() => _folder.Dispose();

    /// <summary>The commands of a block, without comments.</summary>
    public static IEnumerable<string> Of(string block) => block.Split('\n').Select(l => l.Split(" #")[0].TrimEnd()).Where(l => l.StartsWith("./emotionxai ", StringComparison.Ordinal) || l.StartsWith("cp ", StringComparison.Ordinal));

    /// <summary>Runs a command and fails where it fails; of a copy only what is copied is looked for.</summary>
    /// <returns>What it said.</returns>
    public string Run(string command, Func<string[], string[]>? change = null)
    {
        string[] words = command.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        if (words[0] == "cp")
        {
            Assert.All(words[1..^1], f => Assert.True(File.Exists(_folder[f]), $"{command}: {f} was not made"));
            return "";
        }

        ProcessStartInfo start = new("dotnet", [Path.Combine(AppContext.BaseDirectory, "emotionxai.dll"), .. (change ?? (a => a))(words[1..])])
        {
            WorkingDirectory = _folder.Path,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["EMOTIONXAI_CACHE"] = _folder["cache"];
        if (s_models is not null) start.Environment["EMOTIONXAI_MODELS"] = s_models;
        using Process process = Process.Start(start)!;
        Task<string> error = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        string said = output + error.GetAwaiter().GetResult();
        Assert.True(process.ExitCode == 0, $"{command}\n{said}");
        return said;
    }
}
