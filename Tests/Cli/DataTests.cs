using System.Text.Json;
using EmotionXai.Cli;
using EmotionXai.Landmarks.Reduction;
using EmotionXai.Landmarks.Sequences;
using EmotionXai.Landmarks.Synthesis;
using Xunit;

namespace EmotionXai.Tests.Cli;

/// <summary>Data looked at before work, and the last catch.</summary>
public sealed class DataTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void The_program_shows_what_it_sees()
    {
        string data = Faces(subjects: 3, rare: true);
        (int code, string output, string error) = CommandLineTests.Run("data", data);
        Assert.Equal(0, code);
        Assert.Contains("ibug68, 68 landmarks of 2 coordinates", output, StringComparison.Ordinal);
        Assert.Contains("of 3 people, 4 frame(s) each", output, StringComparison.Ordinal);
        Assert.Matches(@"(?m)^boredom +1 +1 ", output);
        Assert.Contains(output, c => c is > '\u2800' and <= '\u28FF');
        Assert.Contains("label 'boredom' has one clip", error, StringComparison.Ordinal);
        using JsonDocument json = JsonDocument.Parse(CommandLineTests.Run("data", data, "--json").Output);
        Assert.Equal(1, json.RootElement.GetProperty("labels").GetProperty("boredom").GetProperty("subjects").GetInt32());
        Assert.Contains("boredom", json.RootElement.GetProperty("notes")[0].GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_class_of_one_person_is_left_out_or_refused_before_work()
    {
        string data = Faces(subjects: 4, rare: true), run = _folder["run"];
        string[] reduce = ["reduce", "--data", data, "--hidden", "3", "--epochs", "1", "--frames", "4", "--keep", "68,8", "--folds", "2", "--inner-folds", "2", "--ranking-seeds", "1", "--controls", "motion", "--out", run];
        (int code, _, string error) = CommandLineTests.Run([.. reduce, "--emotion", "boredom"]);
        Assert.Equal(1, code);
        Assert.Contains("'boredom' has one clip, of 's", error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(run));
        (code, _, error) = CommandLineTests.Run(reduce);
        Assert.True(code == 0, error);
        Assert.Contains("it is no emotion of this run", error, StringComparison.Ordinal);
        Assert.Equal(["happiness"], ResultFiles.Read(run).Emotions.Select(e => e.Name));
    }

    [Fact]
    public void Whatever_goes_wrong_is_one_line()
    {
        StringWriter error = new() { NewLine = "\n" };
        Assert.Equal(1, Application.Explain(Fault(), trace: false, error));
        Assert.Matches(@"^error: InvalidOperationException: a ␛\[31m b [^\n]*--trace[^\n]*\n$", error.ToString());
        error.GetStringBuilder().Clear();
        Assert.Equal(1, Application.Explain(Fault(), trace: true, error));
        Assert.Contains(nameof(Fault), error.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain('\u001b', error.ToString());
        error.GetStringBuilder().Clear();
        Assert.Equal(1, Application.Explain(new InsufficientMemoryException(), trace: false, error));
        Assert.Contains("memory", error.ToString(), StringComparison.Ordinal);
        Assert.Contains("   at ", CommandLineTests.Run("reduce", "--data", _folder["nowhere.csv"], "--trace").Error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", CommandLineTests.Run("reduce", "--data", _folder["nowhere.csv"]).Error, StringComparison.Ordinal);
    }

    private static InvalidOperationException Fault()
    {
        try
        {
            throw new InvalidOperationException("a \u001b[31m\nb");
        }
        catch (InvalidOperationException e)
        {
            return e;
        }
    }

    private string Faces(int subjects, bool rare)
    {
        LandmarkSet set = FaceSynthesizer.Generate(new SynthesisOptions { Subjects = subjects, Repetitions = 2, Frames = 4, Emotions = ["happiness", "neutral"] });
        LandmarkClip first = set.Clips[0];
        LandmarkClip renamed = new(first.Name, first.Subject, "boredom", first.Points, first.Dimensions, first.Coordinates, first.Confidence);
        SetWriter.Write(_folder["faces"], rare ? set with { Clips = [renamed, .. set.Clips.Skip(1)], Truth = null } : set);
        return _folder["faces"];
    }
}
