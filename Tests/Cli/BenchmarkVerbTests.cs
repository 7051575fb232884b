using EmotionXai.Landmarks.Benchmark;
using EmotionXai.Landmarks.Datasets;
using EmotionXai.Landmarks.Sequences;
using EmotionXai.Landmarks.Synthesis.Graded;
using Xunit;

namespace EmotionXai.Tests.Cli;

public sealed class BenchmarkVerbTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_part_that_lacks_its_data_is_not_run_and_said_so()
    {
        (int code, string output, string error) = CommandLineTests.Run("benchmark", "--quick", "--part", "spoilt", "--out", _folder["none"]);
        Assert.Equal(0, code);
        Assert.Contains("no --data", error, StringComparison.Ordinal);
        Assert.Contains("not run", output, StringComparison.Ordinal);
        Assert.DoesNotContain("MISSED", output, StringComparison.Ordinal);
        foreach (string file in new[] { BenchmarkFiles.Page, BenchmarkFiles.Table, BenchmarkFiles.Numbers }) Assert.True(File.Exists(Path.Combine(_folder["none"], file)), file);
        Assert.Equal(0, CommandLineTests.Run("benchmark", "--quick", "--part", "spoilt", "--ensemble", "3", "--inside-regions", "--out", _folder["other"]).Code);
        foreach ((string folder, bool other) in new[] { ("none", false), ("other", true) })
        {
            string numbers = File.ReadAllText(Path.Combine(_folder[folder], BenchmarkFiles.Numbers));
            Assert.Equal(other, numbers.Contains("\"ensemble\": 3", StringComparison.Ordinal) && numbers.Contains("\"inside_regions\": true", StringComparison.Ordinal));
        }

        Assert.Equal(2, CommandLineTests.Run("benchmark", "--part", "everything", "--out", _folder["bad"]).Code);
        Assert.Equal(1, CommandLineTests.Run("benchmark", "--data", _folder["missing"], "--out", _folder["bad"]).Code);
    }

    [Fact]
    public void Graded_cases_can_be_written_and_read_back_with_their_truth()
    {
        Assert.Equal(0, CommandLineTests.Run("synth", "--case", "redundant", "--subjects", "3", "--repetitions", "1", "--frames", "4", "--out", _folder["case"]).Code);
        LandmarkSet set = LandmarkDataset.Read(Path.Combine(_folder["case"], "landmarks.csv"), new DatasetOptions());
        Assert.Equal([GradedCase.Rest, GradedCase.Signal], set.Labels);
        Assert.Equal(63, set.Subjects.Count);
        Assert.Equal(60, set.Subjects.Count(GradedCase.IsNew));
        string[] truth = File.ReadAllLines(Path.Combine(_folder["case"], "truth.csv"));
        GradedCase made = GradedFaces.Generate(new GradedOptions { Kind = GradedKind.Redundant, People = 3, Clips = 1, Frames = 4 });
        Assert.Equal(made.Truth.Evidence.Count(e => e), truth.Length - 1);

        // Pictures of a mesh have depth.
        Assert.Equal(0, CommandLineTests.Run("synth", "--case", "noise", "--topology", "mediapipe468", "--subjects", "3", "--repetitions", "1", "--frames", "1", "--turn", "15", "--out", _folder["pictures"]).Code);
        LandmarkClip picture = LandmarkDataset.Read(Path.Combine(_folder["pictures"], "landmarks.csv"), new DatasetOptions()).Clips[0];
        Assert.Equal((1, 3), (picture.Frames, picture.Dimensions));
        Assert.True(Enumerable.Range(0, 468).Select(p => picture.Point(0, p)[2]).Distinct().Count() > 400);
    }
}
