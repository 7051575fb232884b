using EmotionXai.Tests.Packages;
using EmotionXai.Tests.Readme;
using Xunit;

namespace EmotionXai.Tests.Structure;

/// <summary>The contest with TorchSharp and the fuzzer are no part of the solution, since they need packages of their own; they go on compiling all the same.</summary>
public sealed class OutsideSolutionTests
{
    [Theory]
    [InlineData("Bench/Peers/Peers.csproj", "torchsharp-cpu", "./bench.sh peers")]
    [InlineData("Fuzz/Fuzz.csproj", "sharpfuzz", "./fuzz.sh")]
    public void It_compiles_against_the_engine_as_it_is(string project, string package, string command)
    {
        string root = ReadmeFile.Root(), packages = LocalFeed.Packages(root);
        Assert.SkipUnless(Directory.Exists(Path.Combine(packages, package)), $"The package {package} has not been fetched here; {command} does.");
        (int code, string output, string error) = LocalFeed.Run(root, "dotnet", "msbuild", project, "-restore", "-t:Compile", "-p:Configuration=Release", "-p:BuildProjectReferences=false", "-v:quiet", "-nologo");
        Assert.True(code == 0, output + error);
    }
}
