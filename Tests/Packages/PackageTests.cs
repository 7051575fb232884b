using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Json;
using EmotionXai.Tests.Readme;
using Xunit;

namespace EmotionXai.Tests.Packages;

/// <summary>What <c>docs/packages.md</c> shows, done as a user does it: outside the checkout, with packages from a feed.</summary>
public sealed class PackageTests(LocalFeed feed) : IClassFixture<LocalFeed>
{
    private const string Page = "docs/packages.md";

    private static IReadOnlyList<string> Programs => ReadmeFile.Blocks("csharp", Page);

    [Fact]
    public void A_short_program_trains_three_classes_saves_loads_and_explains()
    {
        Assert.True(Programs[0].Split('\n').Length < 30, "the sample has under 30 lines");
        string[] said = DotnetRun(feed.Project("classes", "EmotionXai.Explain", Programs[0])).Split('\n');
        Assert.InRange(NumberAfter("right ", said[0]), 86, 90);
        Assert.InRange(NumberAfter("feature 0 ", said[1]), 0.8, 1);
    }

    [Fact]
    public void Another_defines_an_op_checks_and_trains_it_with_the_engine_s_one_dependency()
    {
        string folder = feed.Project("op", "EmotionXai.Engine", Programs[1]);
        string said = DotnetRun(folder);
        Assert.True(NumberAfter(" to ", said) < 0.05 * NumberAfter("loss ", said), said);

        using JsonDocument list = JsonDocument.Parse(LocalFeed.Succeeds(folder, "dotnet", "list", "package", "--include-transitive", "--format", "json"));
        JsonElement packages = list.RootElement.GetProperty("projects")[0].GetProperty("frameworks")[0];
        Assert.Equal(["EmotionXai.Engine"], Ids(packages, "topLevelPackages"));
        Assert.Equal(["System.Numerics.Tensors"], Ids(packages, "transitivePackages"));
    }

    [Fact]
    public void The_tool_trains_a_model_that_a_native_program_uses()
    {
        string work = Directory.CreateDirectory(feed["work"]).FullName;
        LocalFeed.Succeeds(feed.Folder, "dotnet", "tool", "install", "emotionxai", "--tool-path", feed["tool"], "--version", feed.Version);
        string tool = Path.Combine(feed["tool"], "emotionxai");
        Assert.StartsWith(feed.Version, LocalFeed.Succeeds(work, tool, "--version"), StringComparison.Ordinal);
        LocalFeed.Succeeds(work, tool, "synth", "--subjects", "4", "--repetitions", "1", "--frames", "6", "--out", "faces");
        LocalFeed.Succeeds(work, tool, "train", "--data", "faces/landmarks.csv", "--emotion", "happiness", "--network", "lstm", "--hidden", "8,4", "--frames", "6", "--epochs", "3", "--out", "model");
        LocalFeed.Succeeds(work, tool, "predict", "model/happiness.safetensors", "--data", "faces/landmarks.csv", "--out", "predicted");
        Dictionary<string, double> told = [];
        foreach (string[] row in File.ReadLines(Path.Combine(work, "predicted/predictions.csv")).Skip(1).Select(line => line.Split(',')))
            told[row[0]] = double.Parse(row[5], CultureInfo.InvariantCulture);

        Assert.SkipUnless(OnPath("clang") || OnPath("gcc"), "the tool was tried; native AOT needs clang or gcc, on Debian: apt-get install gcc zlib1g-dev (as root).");
        string properties = ReadmeFile.Blocks("xml", Page)[1];
        if (RuntimeInformation.ProcessArchitecture != Architecture.X64) properties = properties.Replace("x86-64-v3", "native", StringComparison.Ordinal);
        string folder = feed.Project("judge", "EmotionXai.Landmarks", Programs[2], properties);
        (int code, string output, _) = LocalFeed.Run(folder, "dotnet", "publish", "--use-current-runtime", "-o", feed["native"]);
        Assert.SkipWhen(code != 0 && output.Contains("NU1101", StringComparison.Ordinal), "the tool was tried; the compiler of native AOT is in no package source that is reached.");
        Assert.True(code == 0, output);
        string program = Path.Combine(feed["native"], "judge");
        long bytes = new FileInfo(program).Length;
        Assert.True(bytes < 15_000_000, $"the program has {bytes} bytes");

        Stopwatch watch = Stopwatch.StartNew();
        string[] judged = LocalFeed.Succeeds(work, program, "model/happiness.safetensors", "faces/landmarks.csv").Trim().Split('\n');
        TestContext.Current.TestOutputHelper?.WriteLine($"native program: {bytes} bytes, {watch.ElapsedMilliseconds} ms from start to end");
        Assert.Equal(told.Count, judged.Length);
        foreach (string[] row in judged.Select(line => line.Split(',')))
            Assert.Equal(told[row[0]], double.Parse(row[1], CultureInfo.InvariantCulture), 1e-5);
    }

    private static string DotnetRun(string folder) => LocalFeed.Succeeds(folder, "dotnet", "run", "-c", "Release");

    private static string?[] Ids(JsonElement packages, string kind) => [.. packages.GetProperty(kind).EnumerateArray().Select(p => p.GetProperty("id").GetString())];

    private static double NumberAfter(string words, string text)
    {
        int at = text.IndexOf(words, StringComparison.Ordinal);
        Assert.True(at >= 0, text);
        string number = new([.. text[(at + words.Length)..].TakeWhile(c => char.IsAsciiDigit(c) || c == '.')]);
        return double.Parse(number, CultureInfo.InvariantCulture);
    }

    private static bool OnPath(string program) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Any(folder => File.Exists(Path.Combine(folder, program)));
}
