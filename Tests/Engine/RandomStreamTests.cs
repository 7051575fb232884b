using System.Runtime.CompilerServices;
using EmotionXai.Engine.Numerics;
using Xunit;

namespace EmotionXai.Tests.Engine;

/// <summary>One use, one stream.</summary>
public sealed class RandomStreamTests
{
    [Fact]
    public void No_two_uses_share_a_stream()
    {
        List<(ulong First, ulong Last, RandomUse Use)> ranges = [];
        foreach (RandomUse use in Enum.GetValues<RandomUse>())
        {
            (ulong first, ulong count) = RandomStream.Range(use);
            ranges.Add((RandomStream.Key(7, use, 0).Stream, RandomStream.Key(7, use, count - 1).Stream, use));
            Assert.Equal(first, ranges[^1].First);
            Assert.Throws<ArgumentOutOfRangeException>(() => RandomStream.Key(7, use, count));
        }

        ranges.Sort();
        for (int i = 1; i < ranges.Count; i++) Assert.True(ranges[i - 1].Last < ranges[i].First, $"{ranges[i - 1].Use} runs into {ranges[i].Use}.");
    }

    [Fact]
    public void Models_and_runs_of_before_keep_their_streams()
    {
        Assert.Equal(new RandomKey(3, 1), RandomStream.Key(3, RandomUse.Shuffling, 0));
        Assert.Equal(new RandomKey(3, (1UL << 32) + 2), RandomStream.Key(3, RandomUse.Initialisation, 2));
    }

    // The list above is worth something only as long as nobody draws past it.
    [Fact]
    public void Engine_and_Explain_make_keys_in_one_place_only()
    {
        string root = Root();
        string[] makers = [.. new[] { "Engine", "Explain" }
            .SelectMany(folder => Directory.EnumerateFiles(Path.Combine(root, folder), "*.cs", SearchOption.AllDirectories))
            .Where(file => !file.Contains($"{Path.DirectorySeparatorChar}obj{Path.DirectorySeparatorChar}", StringComparison.Ordinal))
            .Where(file => File.ReadAllText(file).Contains("new RandomKey(", StringComparison.Ordinal))
            .Select(file => Path.GetFileName(file))];
        Assert.Equal(["RandomStream.cs"], makers);
    }

    private static string Root([CallerFilePath] string here = "") => Path.GetFullPath(Path.Combine(Path.GetDirectoryName(here)!, "..", ".."));
}
