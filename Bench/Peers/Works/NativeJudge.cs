using System.Text.RegularExpressions;

namespace EmotionXai.Bench.Peers.Works;

/// <summary>The native program of <c>docs/packages.md</c>, compiled as its reader does: from packages, in a folder outside the checkout.</summary>
internal static partial class NativeJudge
{
    private const string Page = "docs/packages.md", Heading = "## A native program";

    /// <summary>Its path; null where it cannot be made.</summary>
    /// <param name="root">The checkout.</param>
    /// <param name="folder">Where it is made.</param>
    /// <param name="missing">Why it cannot.</param>
    public static string? Build(string root, string folder, out string missing)
    {
        missing = "";
        string text = File.ReadAllText(Path.Combine(root, Page));
        string section = text[text.IndexOf(Heading, StringComparison.Ordinal)..];
        string work = Directory.CreateDirectory(Path.Combine(folder, "judge")).FullName, feed = Path.Combine(folder, "feed");
        try
        {
            WholeProcess.Run(Path.Combine(root, "pack.sh"), root, feed, "--no-build");
            string version = Path.GetFileNameWithoutExtension(Directory.GetFiles(feed, "EmotionXai.Explain.*.nupkg").Single())["EmotionXai.Explain.".Length..];
            File.WriteAllText(Path.Combine(work, "Program.cs"), Block("csharp"));
            File.WriteAllText(Path.Combine(work, "judge.csproj"), $"""
                <Project Sdk="Microsoft.NET.Sdk">
                  <PropertyGroup>
                    <OutputType>Exe</OutputType>
                    <TargetFramework>net10.0</TargetFramework>
                    <Nullable>enable</Nullable>
                    <ImplicitUsings>enable</ImplicitUsings>
                    {Block("xml")}
                  </PropertyGroup>
                  <ItemGroup><PackageReference Include="EmotionXai.Landmarks" Version="{version}" /></ItemGroup>
                </Project>
                """);

            // Packages of ours must not stay in the user's folder, where the next of the same version would not replace them.
            File.WriteAllText(Path.Combine(work, "NuGet.config"), $"""
                <configuration>
                  <packageSources><add key="emotionxai" value="{feed}" /></packageSources>
                  <config><add key="globalPackagesFolder" value="{Path.Combine(folder, "packages")}" /></config>
                </configuration>
                """);
            WholeProcess.Run("dotnet", work, "publish", "--use-current-runtime", "--nologo", "--output", Path.Combine(folder, "native"));
            return Path.Combine(folder, "native", "judge");
        }
        catch (InvalidOperationException e)
        {
            missing = e.Message.ReplaceLineEndings(" ");
            return null;
        }

        string Block(string language) => Fence().Matches(section).First(m => m.Groups["language"].Value == language).Groups["text"].Value;
    }

    [GeneratedRegex(@"^```(?<language>\w+)\n(?<text>.*?)^```", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Fence();
}
