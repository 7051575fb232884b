using System.Diagnostics;
using EmotionXai.Tests.Readme;
using Xunit;

namespace EmotionXai.Tests.Packages;

/// <summary>
/// The packages, made from the build that the tests run, and a folder outside the checkout where projects take them. Packages of
/// others come from where they come from anyway.
/// </summary>
public sealed class LocalFeed : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public LocalFeed()
    {
        Assert.SkipUnless(AppContext.BaseDirectory.Contains("Release", StringComparison.Ordinal), "Packages are made of the Release build; this is another.");
        if (OperatingSystem.IsWindows()) Assert.Skip("pack.sh needs a shell of Unix.");
        Succeeds(ReadmeFile.Root(), Path.Combine(ReadmeFile.Root(), "pack.sh"), this["feed"], "--no-build");
        Version = Path.GetFileNameWithoutExtension(Directory.GetFiles(this["feed"], "EmotionXai.Explain.*.nupkg").Single())["EmotionXai.Explain.".Length..];

        // Packages of ours must not stay in the user's folder, where the next of the same version would not replace them; and such as
        // a user has put there must not be taken for these.
        Directory.CreateDirectory(this["known"]);
        foreach (string known in Directory.GetDirectories(Packages(Folder)))
        {
            string name = Path.GetFileName(known);
            if (!name.StartsWith("emotionxai", StringComparison.OrdinalIgnoreCase)) Directory.CreateSymbolicLink(Path.Combine(this["known"], name), known);
        }

        _folder.Write("NuGet.config", $"""
            <configuration>
              <packageSources><add key="emotionxai" value="{this["feed"]}" /></packageSources>
              <config><add key="globalPackagesFolder" value="{this["packages"]}" /></config>
              <fallbackPackageFolders><add key="user" value="{this["known"]}" /></fallbackPackageFolders>
            </configuration>
            """);
    }

    public string Folder => _folder.Path;

    /// <summary>The version of all packages.</summary>
    public string Version { get; }

    public string this[string name] => _folder[name];

    /// <summary>Writes a project with one package and one file of code; the path of its folder.</summary>
    public string Project(string name, string package, string code, string properties = "")
    {
        _folder.Write($"{name}/Program.cs", code);
        _folder.Write($"{name}/{name}.csproj", $"""
            <Project Sdk="Microsoft.NET.Sdk">
              <PropertyGroup>
                <OutputType>Exe</OutputType>
                <TargetFramework>net10.0</TargetFramework>
                <Nullable>enable</Nullable>
                <ImplicitUsings>enable</ImplicitUsings>
                {properties}
              </PropertyGroup>
              <ItemGroup><PackageReference Include="{package}" Version="{Version}" /></ItemGroup>
            </Project>
            """);
        return this[name];
    }

    /// <summary>What a program writes to its output; it is to end with 0.</summary>
    public static string Succeeds(string folder, string program, params string[] arguments)
    {
        (int code, string output, string error) = Run(folder, program, arguments);
        Assert.True(code == 0, $"{Path.GetFileName(program)} {string.Join(' ', arguments)}\n{output}\n{error}");
        return output;
    }

    /// <summary>The folder of fetched packages.</summary>
    public static string Packages(string folder) => Succeeds(folder, "dotnet", "nuget", "locals", "global-packages", "--list").Trim().Split(": ", 2)[1];

    public static (int Code, string Output, string Error) Run(string folder, string program, params string[] arguments)
    {
        ProcessStartInfo start = new(program, arguments) { WorkingDirectory = folder, RedirectStandardOutput = true, RedirectStandardError = true };

        // Servers of a build would hold its output open long after it.
        start.Environment["MSBUILDDISABLENODEREUSE"] = "1";
        start.Environment["UseSharedCompilation"] = "false";
        start.Environment["DOTNET_CLI_USE_MSBUILD_SERVER"] = "0";
        start.Environment["DOTNET_NOLOGO"] = "1";
        using Process process = Process.Start(start)!;
        Task<string> error = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, output, error.GetAwaiter().GetResult());
    }

    public void Dispose() => _folder.Dispose();
}
