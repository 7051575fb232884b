using System.Reflection;
using EmotionXai.Engine.Gpu;
using EmotionXai.Engine.Tensors;
using EmotionXai.Explain;
using EmotionXai.Landmarks.Models;
using EmotionXai.Landmarks.Video;
using Xunit;
using Architecture = ArchUnitNET.Domain.Architecture;

namespace EmotionXai.Tests.Structure;

/// <summary>The arrows of <c>docs/architecture.md</c>, taken from the compiled code.</summary>
public sealed class ArchitectureTests
{
    private static readonly Assembly s_engine = typeof(Tensor).Assembly, s_gpu = typeof(GpuBackend).Assembly, s_explain = typeof(Baselines).Assembly,
        s_landmarks = typeof(LandmarkModel).Assembly, s_video = typeof(FaceModel).Assembly;

    private static readonly Lazy<Architecture> s_code = new(() => Arrows.Load(s_engine, s_gpu, s_explain, s_landmarks, s_video));

    [Theory]
    [InlineData("EmotionXai.Engine", true, 20)]
    [InlineData("EmotionXai.Landmarks", false, 20)]
    public void Parts_depend_on_each_other_one_way(string root, bool deep, int least)
    {
        Arrows arrows = new(s_code.Value, root, deep);
        Assert.True(arrows.Count >= least, $"only {arrows.Count} arrows were found");
        string? cycle = arrows.Cycle();
        Assert.True(cycle is null, cycle);
    }

    [Fact]
    public void A_cycle_rings()
    {
        Arrows arrows = new(Arrows.Load(typeof(ArchitectureTests).Assembly), "EmotionXai.Tests.Structure.MadeUp");
        Assert.Equal("One -> Two: Egg uses Hen\nTwo -> One: Hen uses Egg", arrows.Cycle());
    }

    [Theory]
    [InlineData("Layers")]
    [InlineData("Ops")]
    public void Kernels_know_no(string part)
    {
        Arrows arrows = new(s_code.Value, "EmotionXai.Engine", deep: true);
        Assert.NotNull(arrows.Between("Gpu.Kernels", "Numerics"));
        Assert.Null(arrows.Between("Gpu.Kernels", part));
    }

    [Fact]
    public void Assemblies_take_only_what_their_package_says()
    {
        Assert.Equal(["System.Numerics.Tensors"], Foreign(s_engine));
        Assert.Equal(["EmotionXai.Engine", "ILGPU"], Foreign(s_gpu));
        Assert.Equal(["EmotionXai.Engine"], Foreign(s_explain).Where(n => n != "System.Numerics.Tensors"));
        Assert.Equal(["EmotionXai.Engine", "EmotionXai.Explain", "Parquet"], Foreign(s_landmarks).Where(n => n != "System.Numerics.Tensors"));
    }

    // Attribution and landmarks are what others do with the engine.
    [Fact]
    public void The_engine_has_no_word_for_faces()
    {
        const BindingFlags All = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;
        string[] names = [.. s_engine.GetTypes().Concat(s_gpu.GetTypes()).SelectMany(t => t.GetMembers(All).Select(m => $"{t.Name}.{m.Name.Split('.')[^1]}"))];
        Assert.True(names.Length > 1000);
        string[] words = ["landmark", "attribution", "emotion", "face"];
        Assert.Equal([], names.Where(n => words.Any(word => n.Replace("surface", "", StringComparison.OrdinalIgnoreCase).Contains(word, StringComparison.OrdinalIgnoreCase))).ToArray());
    }

    private static string[] Foreign(Assembly assembly) =>
        [.. assembly.GetReferencedAssemblies().Select(a => a.Name!).Where(n => n == "System.Numerics.Tensors" || !n.StartsWith("System.", StringComparison.Ordinal)).Order(StringComparer.Ordinal)];
}
