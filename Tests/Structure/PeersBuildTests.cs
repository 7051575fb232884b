using EmotionXai.Tests.Packages;
using EmotionXai.Tests.Readme;
using Xunit;

namespace EmotionXai.Tests.Structure;

/// <summary>The contest with TorchSharp is no part of the solution, since its packages are large; it goes on compiling all the same.</summary>
public sealed class PeersBuildTests
{
    [Fact]
    public void The_contest_compiles_against_the_engine_as_it_is()
    {
        string root = ReadmeFile.Root(), packages = LocalFeed.Packages(root);
        Assert.SkipUnless(Directory.Exists(Path.Combine(packages, "torchsharp-cpu")), "TorchSharp's packages have not been fetched here; ./bench.sh peers does.");
        (int code, string output, string error) = LocalFeed.Run(
            root, "dotnet", "msbuild", "Bench/Peers/Peers.csproj", "-restore", "-t:Compile", "-p:Configuration=Release", "-p:BuildProjectReferences=false", "-v:quiet", "-nologo");
        Assert.True(code == 0, output + error);
    }
}
