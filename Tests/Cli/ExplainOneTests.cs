using System.Globalization;
using System.Text.Json;
using EmotionXai.Engine.Backends.Cpu;
using EmotionXai.Engine.Serialization;
using EmotionXai.Engine.Training;
using EmotionXai.Landmarks.Datasets;
using EmotionXai.Landmarks.Models;
using EmotionXai.Landmarks.Preprocessing;
using Xunit;

namespace EmotionXai.Tests.Cli;

/// <summary>One clip is explained by itself, labelled or not, against what the model carries.</summary>
public sealed class ExplainOneTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Landmark_by_time_adds_up_to_the_change_of_the_calibrated_logit(bool labelled)
    {
        string model = Train(), clip = OneClip(labelled);
        (int code, string output, string error) = CommandLineTests.Run("explain", model, clip, "--tolerance", "1e-4", "--out", _folder["why"]);
        Assert.True(code == 0, error);
        Assert.Contains("probability 0.", output, StringComparison.Ordinal);

        using CpuBackend backend = new(1);
        using LandmarkModel loaded = LandmarkModel.Load(model, backend);
        FeatureSet features = EmotionJudge.Features(loaded, LandmarkDataset.Read(clip, new() { RequireLabels = false }));
        double logit = loaded.Calibrated(features)[0];
        double typical = Enumerable.Range(0, loaded.Typical!.Count).Average(b => loaded.Calibration.Apply(Predictor.Logits(loaded.Classifier, loaded.Typical.Of(0, b).ToArray())[0]));
        string[][] rows = [.. File.ReadLines(Path.Combine(_folder["why"], "frames.csv")).Skip(1).Select(l => l.Split(','))];
        double[] signed = [.. rows.Select(r => double.Parse(r[4], CultureInfo.InvariantCulture))];
        Assert.Equal(6 * 68, signed.Length);
        Assert.Contains(signed, s => s > 0);
        Assert.Contains(signed, s => s < 0);
        Assert.Equal(logit - typical, signed.Sum(), 2e-3 * signed.Sum(Math.Abs));

        using JsonDocument explanation = JsonDocument.Parse(File.ReadAllText(Path.Combine(_folder["why"], "explanation.json")));
        Assert.Equal(1, explanation.RootElement.GetProperty("clips").GetInt32());
        Assert.Equal(Calibration.Probability(logit), explanation.RootElement.GetProperty("probability").GetDouble(), 1e-9);
        Assert.NotEmpty(explanation.RootElement.GetProperty("clip").GetString()!);
    }

    [Fact]
    public void The_trajectory_of_a_clip_is_explained_on_request()
    {
        string model = Train("displacement,steadied,fourier"), clip = OneClip(labelled: false);
        (int code, string output, string error) = CommandLineTests.Run("explain", model, clip, "--of", "trajectory", "--tolerance", "1e-3", "--out", _folder["why"]);
        Assert.True(code == 0, error);
        Assert.Contains("of the trajectory", output, StringComparison.Ordinal);
        string[][] rows = [.. File.ReadLines(Path.Combine(_folder["why"], "frames.csv")).Skip(1).Select(l => l.Split(','))];
        Assert.Equal(6 * 68, rows.Length);

        // Fourier magnitudes say nothing of when; their relevance is in the trajectory's moments all the same.
        Assert.Equal(1, rows.Sum(r => double.Parse(r[3], CultureInfo.InvariantCulture)), 1e-9);
        using JsonDocument explanation = JsonDocument.Parse(File.ReadAllText(Path.Combine(_folder["why"], "explanation.json")));
        Assert.Equal(("trajectory", "onset"), (explanation.RootElement.GetProperty("input").GetString(), explanation.RootElement.GetProperty("baseline").GetString()));
        Assert.Contains("the trajectories of 1 clip", File.ReadAllText(Path.Combine(_folder["why"], "report.html")), StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_of_before_carries_nothing_to_compare_with_and_says_so()
    {
        string model = Train(), clip = OneClip(labelled: false);
        (IReadOnlyList<NamedTensor> tensors, IReadOnlyDictionary<string, string> metadata) = SafeTensors.Read(model);
        SafeTensors.Write(model, [.. tensors.Where(t => t.Name != "typical_baselines")], metadata);
        (int code, _, string error) = CommandLineTests.Run("explain", model, clip, "--out", _folder["why"]);
        Assert.Equal(1, code);
        Assert.Contains("--baseline mean", error, StringComparison.Ordinal);
        Assert.Equal(0, CommandLineTests.Run("explain", model, clip, "--baseline", "zero", "--out", _folder["why"]).Code);
    }

    [Theory]
    [InlineData("explain MODEL", "no data are given")]
    [InlineData("explain MODEL CLIP --data CLIP", "give one of the two")]
    [InlineData("explain MODEL CLIP --overlay o.mp4", "nothing to draw into")]
    [InlineData("explain MODEL CLIP --of face", "take features or trajectory")]
    [InlineData("explain MODEL CLIP --of trajectory --method occlusion", "leave --method out")]
    [InlineData("explain MODEL CLIP --of trajectory --baseline zero", "choose onset")]
    public void What_is_not_clear_is_asked(string line, string says)
    {
        string model = Train(), clip = OneClip(labelled: true);
        (int code, _, string error) = CommandLineTests.Run([.. line.Split(' ').Select(w => w switch { "MODEL" => model, "CLIP" => clip, _ => w })]);
        Assert.Equal(2, code);
        Assert.Contains(says, error, StringComparison.Ordinal);
    }

    private string Train(string features = "displacement")
    {
        Assert.Equal(0, CommandLineTests.Run("synth", "--subjects", "4", "--repetitions", "1", "--frames", "8", "--out", _folder["faces"]).Code);
        (int code, _, string error) = CommandLineTests.Run(
            "train", "--data", _folder["faces"], "--emotion", "happiness", "--features", features, "--hidden", "4,3", "--epochs", "4", "--frames", "6", "--out", _folder["trained"]);
        Assert.True(code == 0, error);
        return Path.Combine(_folder["trained"], "happiness.safetensors");
    }

    // The first clip of the file, with its label or without.
    private string OneClip(bool labelled)
    {
        string[] lines = File.ReadAllLines(Path.Combine(_folder["faces"], "landmarks.csv"));
        string name = lines[1].Split(',')[0];
        return _folder.Write("one.csv", string.Join('\n', lines.Where((l, i) => i == 0 || l.StartsWith(name + ",", StringComparison.Ordinal)).Select(l => labelled ? l : string.Join(',', l.Split(',').Where((_, i) => i != 2)))) + "\n");
    }
}
