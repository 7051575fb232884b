using CsCheck;
using EmotionXai.Fuzz;
using Xunit;

namespace EmotionXai.Tests;

/// <summary>A short form of ./fuzz.sh: whole files are read, and mutants of them read or refused in one line, quickly and in little memory.</summary>
public sealed class FuzzTests : IDisposable
{
    private const int Mutants = 60, LongestInput = 1 << 16;

    private readonly TemporaryFolder _folder = new();

    public static TheoryData<string> Names => [.. Targets.All.Select(t => t.Name)];

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(Names))]
    public void Mutants_are_read_or_refused(string name)
    {
        FuzzTarget target = Targets.All.Single(t => t.Name == name);
        IReadOnlyList<byte[]> seeds = target.Seeds();
        Assert.All(seeds, whole =>
        {
            File.WriteAllBytes(Path.Combine(Directory.CreateDirectory(Path.GetDirectoryName(_folder[target.File])!).FullName, Path.GetFileName(target.File)), whole);
            target.Read(_folder[target.File]);
        });
        Gen.Int[0, int.MaxValue - 1].Sample(
            seed =>
            {
                Random random = new(seed);
                byte[] input = Mutation.Of(seeds[random.Next(seeds.Count)], seeds, random, LongestInput);
                FuzzOutcome outcome = target.Try(_folder.Path, input, timed: false);
                Assert.True(outcome.Fault is null, $"{name}, {seed}: {outcome.Fault}");
            },
            iter: Mutants,
            threads: 1);
    }
}
