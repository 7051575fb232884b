using System.Text.RegularExpressions;
using Xunit;

namespace EmotionXai.Tests.Readme;

/// <summary>Links of the README and of the documents lead somewhere; its pictures are small, and made by its commands.</summary>
public sealed partial class LinkTests
{
    private const int MostBytes = 150_000;

    private static readonly string s_root = ReadmeFile.Root();

    public static TheoryData<string> Pages =>
        [.. new[] { "README.md", "CONTRIBUTING.md" }.Concat(Directory.GetFiles(Path.Combine(s_root, "docs"), "*.md").Select(f => Path.GetRelativePath(s_root, f))).Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Pages))]
    public void Every_link_leads_somewhere(string page)
    {
        string text = Prose(page);
        foreach (string target in Link().Matches(text).Select(m => m.Groups["target"].Value))
        {
            if (target.Contains("://", StringComparison.Ordinal))
            {
                // Elsewhere only the form can be checked without a network.
                Assert.True(Uri.TryCreate(target, UriKind.Absolute, out Uri? address) && address.Scheme == Uri.UriSchemeHttps && address.Host.Contains('.', StringComparison.Ordinal), $"{page}: {target}");
                continue;
            }

            string[] parts = target.Split('#');
            string file = parts[0].Length == 0 ? page : Path.Combine(Path.GetDirectoryName(page)!, parts[0]);
            Assert.True(Path.Exists(Path.Combine(s_root, file)), $"{page}: {target} leads nowhere");
            if (parts.Length > 1) Assert.True(Anchors(file).Contains(parts[1]), $"{page}: {target} names no heading of {file}");
        }

        foreach (string named in Mention().Matches(text).Select(m => m.Groups[1].Value)) Assert.True(Path.Exists(Path.Combine(s_root, named)), $"{page}: there is no {named}");
    }

    [Fact]
    public void The_readme_links_to_its_documents() => Assert.True(Link().Count(Prose("README.md")) >= 15);

    [Fact]
    public void Pictures_are_small_shown_and_made_by_commands()
    {
        string readme = File.ReadAllText(Path.Combine(s_root, "README.md"));
        string[] pictures = Directory.GetFiles(Path.Combine(s_root, "docs", "images")), copies = [.. ReadmeFile.Blocks("sh").SelectMany(ReadmeCommands.Of).Where(c => c.StartsWith("cp ", StringComparison.Ordinal))];
        Assert.NotEmpty(pictures);
        foreach (string picture in pictures)
        {
            string name = Path.GetFileName(picture);
            byte[] bytes = File.ReadAllBytes(picture);
            Assert.Equal([0x89, 0x50, 0x4E, 0x47], bytes[..4]);
            Assert.True(bytes.Length < MostBytes, $"{name}: {bytes.Length} bytes");
            Assert.Contains($"](docs/images/{name})", readme, StringComparison.Ordinal);
            Assert.Contains(copies, c => c.Split(' ').Any(w => Path.GetFileName(w) == name) && c.EndsWith(" docs/images/", StringComparison.Ordinal));
        }
    }

    // Without code, in which brackets mean something else.
    private static string Prose(string page) => Fence().Replace(File.ReadAllText(Path.Combine(s_root, page)), "");

    // As forges make them of headings: small letters, no signs but hyphens, blanks as hyphens.
    private static HashSet<string> Anchors(string file) =>
        [.. Heading().Matches(Prose(file)).Select(m => Sign().Replace(m.Groups[1].Value.Trim().ToLowerInvariant(), "").Replace(' ', '-'))];

    [GeneratedRegex(@"\]\((?<target>[^()\s]+)\)")]
    private static partial Regex Link();

    [GeneratedRegex("`((?:docs/|\\./)[\\w./-]+\\.(?:md|sh))`")]
    private static partial Regex Mention();

    [GeneratedRegex("^```.*?^```", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Fence();

    [GeneratedRegex("^#+ (.+)$", RegexOptions.Multiline)]
    private static partial Regex Heading();

    [GeneratedRegex(@"[^\p{L}\p{N} _-]")]
    private static partial Regex Sign();
}
