using System.Globalization;
using System.Text.Json;
using EmotionXai.Landmarks.Datasets;
using EmotionXai.Landmarks.Sequences;
using EmotionXai.Tests.Engine.Exchange;
using Xunit;

namespace EmotionXai.Tests.Cli;

/// <summary><c>export</c>, as a user calls it: what ONNX Runtime says of raw points is what <c>predict</c> wrote.</summary>
public sealed class ExportTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void An_exported_model_judges_raw_points_as_predict_does() => JudgesAlike(Train(), Path.Combine(_folder["faces"], "landmarks.csv"), 10);

    [Fact]
    public void So_it_does_with_real_clips()
    {
        string data = SharedData.Require("buhmap");
        (int code, _, string error) = CommandLineTests.Run("train", "--data", data, "--emotion", "happiness", "--network", "random-dense", "--hidden", "64", "--out", _folder["trained"]);
        Assert.True(code == 0, error);
        JudgesAlike(Path.Combine(_folder["trained"], "happiness.safetensors"), data, 300);
    }

    private void JudgesAlike(string model, string data, int least)
    {
        string onnx = _folder["joy/model.onnx"];
        (int code, string output, string error) = CommandLineTests.Run("export", model, "--out", onnx, "--json");
        Assert.True(code == 0, error);
        using JsonDocument said = JsonDocument.Parse(output);
        Assert.Equal(("happiness", "landmarks", 20), (said.RootElement.GetProperty("emotion").GetString(), said.RootElement.GetProperty("input").GetString(), said.RootElement.GetProperty("opset").GetInt32()));

        Assert.Equal(0, CommandLineTests.Run("predict", model, "--data", data, "--out", _folder["p"]).Code);
        Dictionary<string, double> predicted = File.ReadLines(Path.Combine(_folder["p"], "predictions.csv")).Skip(1).Select(l => l.Split(',')).ToDictionary(c => c[0], c => double.Parse(c[4], CultureInfo.InvariantCulture));
        LandmarkSet set = LandmarkDataset.Read(data, new());
        using OnnxRuntimeSession session = new(onnx);
        int judged = 0;
        foreach (LandmarkClip clip in set.Clips.Where(c => c.Confidence.All(s => s >= 0.5f)))
        {
            double ours = predicted[clip.Name], theirs = session.Run(clip.Coordinates, [1, clip.Frames, clip.Points, clip.Dimensions], "logit")[0];

            // of a logit above 1, 1e-5 of it: 6,528 products in one chain of float32 end up to 2e-5 from float64 here, 3e-6 in ONNX Runtime.
            Assert.Equal(ours, theirs, 1e-5 * Math.Max(1, Math.Abs(ours)));
            judged++;
        }

        Assert.True(judged > least, $"{judged} clips were sure throughout.");
    }

    [Fact]
    public void Mistakes_are_told_in_one_line_and_nothing_is_replaced()
    {
        string model = Train(), onnx = Path.ChangeExtension(model, ".onnx");
        Assert.Equal(0, CommandLineTests.Run("export", model).Code);
        byte[] before = File.ReadAllBytes(onnx);
        (int code, _, string error) = CommandLineTests.Run("export", model, "--input", "features");
        Assert.Equal((2, true), (code, error.Contains("--force", StringComparison.Ordinal)));
        Assert.Equal(before, File.ReadAllBytes(onnx));
        Assert.Equal(0, CommandLineTests.Run("export", model, "--input", "features", "--force").Code);
        Assert.NotEqual(before, File.ReadAllBytes(onnx));
        (code, _, error) = CommandLineTests.Run("export", model, "--input", "pixels", "--force");
        Assert.Equal((2, true), (code, error.Contains("landmarks, features", StringComparison.Ordinal)));
        (code, _, error) = CommandLineTests.Run("export", Path.Combine(_folder["faces"], "landmarks.csv"), "--out", _folder["x.onnx"]);
        Assert.Equal((1, false), (code, File.Exists(_folder["x.onnx"])));
        Assert.Single(error.TrimEnd().Split('\n'));
    }

    private string Train()
    {
        Assert.Equal(0, CommandLineTests.Run("synth", "--subjects", "4", "--repetitions", "1", "--frames", "8", "--out", _folder["faces"]).Code);
        (int code, _, string error) = CommandLineTests.Run(
            "train", "--data", Path.Combine(_folder["faces"], "landmarks.csv"), "--emotion", "happiness", "--hidden", "8", "--epochs", "2", "--frames", "6", "--out", _folder["trained"]);
        Assert.True(code == 0, error);
        return Path.Combine(_folder["trained"], "happiness.safetensors");
    }
}
