using System.Globalization;
using CsCheck;
using EmotionXai.Landmarks.Reduction;
using Xunit;

namespace EmotionXai.Tests.Landmarks.Reduction;

public sealed class SubjectFoldsTests
{
    // Clips as (subject, label), with at least two subjects.
    private static readonly Gen<(string Subject, string Label)[]> s_clips =
        Gen.Select(Gen.Int[0, 11], Gen.Int[0, 3], (s, l) => ($"s{s}", $"l{l}")).Array[2, 80].Where(c => c.Select(x => x.Item1).Distinct().Count() > 1);

    private static IReadOnlyList<Fold> Split((string Subject, string Label)[] clips, string folds, ulong seed = 1) =>
        SubjectFolds.Split([.. clips.Select(c => c.Subject)], [.. clips.Select(c => c.Label)], folds, seed);

    [Fact]
    public void No_subject_is_in_two_folds_and_every_clip_is_tested_once() => Gen.Select(s_clips, Gen.Int[0, 11], Gen.ULong).Sample((clips, pick, seed) =>
    {
        int subjects = clips.Select(c => c.Subject).Distinct().Count();
        int count = 2 + (pick % (subjects - 1));
        foreach (string spec in new[] { "subject", count.ToString(CultureInfo.InvariantCulture) })
        {
            IReadOnlyList<Fold> folds = Split(clips, spec, seed);
            Assert.Equal(spec == "subject" ? subjects : count, folds.Count);
            Assert.Equal(Enumerable.Range(0, clips.Length), folds.SelectMany(f => f.Test).Order());
            foreach (Fold fold in folds)
            {
                Assert.NotEmpty(fold.Test);
                Assert.Equal(Enumerable.Range(0, clips.Length), fold.Train.Concat(fold.Test).Order());
                Assert.Empty(fold.Train.Select(i => clips[i].Subject).Intersect(fold.Test.Select(i => clips[i].Subject)));
            }
        }
    }, iter: 300);

    [Fact]
    public void The_same_seed_gives_the_same_folds() => Gen.Select(s_clips, Gen.ULong).Sample((clips, seed) =>
        Assert.Equal(Split(clips, "2", seed).Select(f => string.Join(' ', f.Test)), Split(clips, "2", seed).Select(f => string.Join(' ', f.Test))), iter: 50);

    [Fact]
    public void Groups_are_alike_in_size_and_labels()
    {
        (string, string)[] clips = [.. Enumerable.Range(0, 240).Select(i => ($"s{i / 20}", $"l{i % 4}"))];
        Assert.All(Split(clips, "4"), fold =>
        {
            Assert.Equal(60, fold.Test.Count);
            Assert.All(fold.Test.GroupBy(i => clips[i].Item2), g => Assert.Equal(15, g.Count()));
        });
    }

    [Fact]
    public void Subjects_that_show_one_label_each_are_spread()
    {
        (string, string)[] clips = [.. Enumerable.Range(0, 120).Select(i => ($"s{i / 10}", i / 10 % 2 == 0 ? "joy" : "fear"))];
        Assert.All(Split(clips, "3"), fold => Assert.Equal(20, fold.Test.Count(i => clips[i].Item2 == "joy")));
    }

    [Theory]
    [InlineData("1")]
    [InlineData("4")]
    [InlineData("-2")]
    [InlineData("two")]
    [InlineData("")]
    public void Wrong_numbers(string folds)
    {
        ArgumentException e = Assert.Throws<ArgumentException>(() => Split([("a", "x"), ("b", "y"), ("c", "x")], folds));
        Assert.Contains($"--folds {folds}: give subject, or a number of groups from 2 to the 3 subjects", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void One_subject_cannot_be_tested() => Assert.Throws<ArgumentException>(() => Split([("a", "x"), ("a", "y")], "subject"));
}
