using System.Diagnostics;
using EmotionXai.Tests.Readme;
using Xunit;

namespace EmotionXai.Tests.Cli;

/// <summary>The script at the root: it says that it builds, builds once, and what it builds is small. The SDK is a stand-in here.</summary>
public sealed class LauncherTests : IDisposable
{
    private const int MostMegabytes = 160;

    // What a build leaves, in the stand-in's words.
    private const string Built = """mkdir -p Cli/bin/Release/start; printf '#!/bin/sh\necho ran "$@"\n' > Cli/bin/Release/start/emotionxai; chmod +x Cli/bin/Release/start/emotionxai; echo built "$@" >> builds""";

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void It_says_that_it_builds_and_builds_again_only_for_a_newer_source()
    {
        Checkout(Built);
        (int code, string output, string error) = Launch();
        Assert.Equal((0, "ran info\n"), (code, output));
        Assert.StartsWith("building the program; the first time takes a minute", error, StringComparison.Ordinal);
        Assert.Equal((0, "ran info\n", ""), Launch());
        File.SetLastWriteTimeUtc(_folder["Landmarks/Video/A.cs"], DateTime.UtcNow.AddMinutes(1));
        Assert.Contains("building the program", Launch().Error, StringComparison.Ordinal);
        Assert.Equal(2, File.ReadLines(_folder["builds"]).Count());
    }

    [Fact]
    public void A_build_that_fails_is_shown_and_ends_it()
    {
        Checkout("echo A.cs: missing semicolon; exit 1");
        (int code, string output, string error) = Launch();
        Assert.Equal((1, ""), (code, output));
        Assert.Contains("A.cs: missing semicolon\nerror: the build failed", error, StringComparison.Ordinal);
    }

    [Fact]
    public void Without_the_compiler_to_machine_code_it_builds_all_the_same()
    {
        Checkout("case \"$*\" in *Precompile*) echo 'error NU1101: Unable to find package Microsoft.NETCore.App.Crossgen2.linux-x64.'; exit 1;; esac; " + Built);
        (int code, string output, string error) = Launch();
        Assert.Equal((0, "ran info\n"), (code, output));
        Assert.DoesNotContain("NU1101", error, StringComparison.Ordinal);
        Assert.DoesNotContain("Precompile", Assert.Single(File.ReadLines(_folder["builds"])), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("net10.0")]
    [InlineData("start")]
    public void What_a_build_leaves_is_small_and_of_one_platform(string folder)
    {
        DirectoryInfo built = new(Path.Combine(ReadmeFile.Root(), "Cli", "bin", "Release", folder));
        if (!built.Exists) Assert.Skip($"{built.FullName} is not built: ./emotionxai makes it, and the build of the solution all but start.");

        // What ./pack.sh publishes there is no part of a build.
        string published = Path.Combine(built.FullName, "publish") + Path.DirectorySeparatorChar;
        long bytes = built.EnumerateFiles("*", SearchOption.AllDirectories).Where(f => !f.FullName.StartsWith(published, StringComparison.Ordinal)).Sum(f => f.Length);
        Assert.True(bytes < MostMegabytes * 1_000_000L, $"{bytes} bytes in {built.FullName}");
        DirectoryInfo platforms = new(Path.Combine(built.FullName, "runtimes"));
        if (platforms.Exists) Assert.All(platforms.GetDirectories(), p => Assert.DoesNotMatch("^(win|osx|android|ios|tvos|browser)", OperatingSystem.IsLinux() ? p.Name : ""));
    }

    // A checkout whose 'dotnet' is a script.
    private void Checkout(string build)
    {
        if (OperatingSystem.IsWindows())
        {
            Assert.Skip("The script is for shells of Unix.");
            return;
        }

        File.Copy(Path.Combine(ReadmeFile.Root(), "emotionxai"), _folder["emotionxai"]);
        foreach (string source in new[] { "Engine/A.cs", "Explain/A.cs", "Landmarks/Video/A.cs", "Cli/A.cs", "Directory.Build.props", "Directory.Build.targets" }) _folder.Write(source, "");
        foreach ((string name, string script) in new[] { ("native.sh", ""), ("sdk/dotnet", build) })
            File.SetUnixFileMode(_folder.Write(name, $"#!/bin/sh\ncd '{_folder.Path}'\n{script}\n"), UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    private (int Code, string Output, string Error) Launch()
    {
        ProcessStartInfo start = new("bash", [_folder["emotionxai"], "info"]) { RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["PATH"] = $"{_folder["sdk"]}:{Environment.GetEnvironmentVariable("PATH")}";
        using Process process = Process.Start(start)!;
        string output = process.StandardOutput.ReadToEnd(), error = process.StandardError.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, output, error);
    }
}
