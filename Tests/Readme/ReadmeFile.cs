using System.Text.RegularExpressions;
using Xunit;

namespace EmotionXai.Tests.Readme;

/// <summary>The README of this checkout: what it tells a reader to type is what the tests run.</summary>
internal static partial class ReadmeFile
{
    /// <summary>The fenced blocks of a language, in order, of the README or another page.</summary>
    internal static IReadOnlyList<string> Blocks(string language, string page = "README.md") =>
        [.. Fence().Matches(File.ReadAllText(Path.Combine(Root(), page))).Where(m => m.Groups["language"].Value == language).Select(m => m.Groups["text"].Value)];

    /// <summary>The folder of the solution.</summary>
    internal static string Root()
    {
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            if (File.Exists(Path.Combine(folder.FullName, "EmotionXai.Engine.sln"))) return folder.FullName;
        Assert.Skip($"No EmotionXai.Engine.sln in any folder above {AppContext.BaseDirectory}: the tests run outside a checkout.");
        return "";
    }

    [GeneratedRegex(@"^```(?<language>\w+)\n(?<text>.*?)^```", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Fence();
}
