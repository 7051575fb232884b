using System.Text.Json;
using EmotionXai.Engine.Backends.Cpu;
using EmotionXai.Landmarks.Datasets;
using EmotionXai.Landmarks.Models;
using EmotionXai.Landmarks.Reduction;
using EmotionXai.Landmarks.Sequences;
using EmotionXai.Landmarks.Synthesis;
using EmotionXai.Landmarks.Topologies;
using EmotionXai.Tests.Engine.Exchange;
using EmotionXai.Tests.Landmarks.Models;
using Xunit;

namespace EmotionXai.Tests.Cli;

/// <summary>Distances of pictures, from data to every verb that takes a model.</summary>
public sealed class DistanceFeaturesTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("dense", "distances", 1)]
    [InlineData("random-dense", "positions,distances", 1)]
    [InlineData("random-dense", "distances", 3)]
    public void A_reduction_of_pictures_saves_models_that_every_verb_takes(string network, string features, int ensemble)
    {
        string data = Pictures(LandmarkTopology.Ibug68, 6);
        Succeeds(
            "reduce", "--data", data, "--emotion", "happiness", "--network", network, "--hidden", "6", "--epochs", "3", "--features", features, "--ensemble", $"{ensemble}",
            "--keep", "68,8", "--folds", "2", "--inner-folds", "2", "--ranking-seeds", "1", "--controls", "random:1,untrained,fisher", "--out", _folder["run"]);
        ReductionResult result = ResultFiles.Read(_folder["run"]);
        Assert.Equal(features, result.Options["features"].ToString());
        Assert.True(File.Exists(Path.Combine(_folder["run"], "report.html")));

        using CpuBackend backend = new(1);
        foreach (string path in Directory.GetFiles(Path.Combine(_folder["run"], "models")))
        {
            using LandmarkModel model = LandmarkModel.Load(path, backend);
            Assert.Equal(features.Contains("positions", StringComparison.Ordinal), model.Options.Points!.Positions);
            int pairs = model.Landmarks.Count * (model.Landmarks.Count - 1) / 2;
            Assert.Equal(pairs, model.Classifier.Distances!.Pairs);
            SameInOnnx(model, path, data);
            Succeeds("predict", path, "--data", data, "--out", _folder["predicted"], "--force");
            foreach (string of in (string[])["features", "trajectory"]) AddsUp(path, data, of);
        }

        string first = Directory.GetFiles(Path.Combine(_folder["run"], "models")).Order(StringComparer.Ordinal).Last();
        Succeeds("check", first, "--data", data, "--retrain", "2");
    }

    [Fact]
    public void On_all_of_a_mesh_networks_see_positions_and_a_note_says_so()
    {
        string data = Pictures(LandmarkTopology.MediaPipe468, 4);
        (int code, _, string error) = CommandLineTests.Run(
            "reduce", "--data", data, "--emotion", "happiness", "--network", "random-dense", "--hidden", "6", "--features", "distances", "--keep", "8",
            "--folds", "2", "--inner-folds", "2", "--controls", "none", "--out", _folder["run"]);
        Assert.True(code == 0, error);
        Assert.Contains("note: --features distances: distances are taken between at most 100 landmarks; the networks on all 468, with which the others are compared, see positions.", error, StringComparison.Ordinal);
        using CpuBackend backend = new(1);
        LandmarkModel[] models = [.. Directory.GetFiles(Path.Combine(_folder["run"], "models")).Select(p => LandmarkModel.Load(p, backend)).OrderBy(m => m.Landmarks.Count)];
        Assert.All(models, m => Assert.Equal(m.Landmarks.Count == 468, m.Options.Points is null));
        Assert.All(models, m => Assert.Equal(m.Landmarks.Count == 468 ? "positions" : "distances", m.Preprocessing.Features));
        Array.ForEach(models, m => m.Dispose());
    }

    [Fact]
    public void A_model_of_distances_takes_no_network_from_elsewhere()
    {
        string data = Pictures(LandmarkTopology.Ibug68, 6), path = Path.Combine(_folder["trained"], "happiness.safetensors");
        Succeeds("train", "--data", data, "--emotion", "happiness", "--features", "distances", "--landmarks", "30,48,54,57", "--hidden", "3", "--epochs", "2", "--out", _folder["trained"]);
        Succeeds("export", path, "--out", _folder["happiness.onnx"], "--input", "features");
        (int code, _, string error) = CommandLineTests.Run("import", _folder["happiness.onnx"], "--like", path, "--out", _folder["no.safetensors"]);
        Assert.Equal((1, 1), (code, error.TrimEnd('\n').Split('\n').Length));
        Assert.Contains("--features positions", error, StringComparison.Ordinal);
    }

    // The calibrated logits of all pictures, here and in ONNX Runtime, from points.
    private void SameInOnnx(LandmarkModel model, string path, string data)
    {
        string file = _folder[Path.GetFileNameWithoutExtension(path) + ".onnx"];
        Succeeds("export", path, "--out", file);
        LandmarkSet set = LandmarkDataset.Read(data, new());
        double[] ours = model.Calibrated(EmotionJudge.Features(model, set));
        using OnnxRuntimeSession session = new(file);
        float[] points = [.. set.Clips.SelectMany(c => c.Loaded().Coordinates)];
        float[] theirs = session.Run(points, [set.Clips.Count, 68, points.Length / set.Clips.Count / 68], "logit");
        Assert.Equal(ours, theirs.Select(t => (double)t), (a, b) => Math.Abs(a - b) < 1e-5 * Math.Max(1, Math.Abs(a)));
        Assert.True(ours.Max() - ours.Min() > 1e-3, "all pictures have the same logit: nothing was compared");
    }

    private void AddsUp(string path, string data, string of)
    {
        Succeeds("explain", path, "--data", data, "--of", of, "--tolerance", "1e-3", "--out", _folder["why"], "--force");
        using JsonDocument explanation = JsonDocument.Parse(File.ReadAllText(Path.Combine(_folder["why"], "explanation.json")));
        Assert.InRange(explanation.RootElement.GetProperty("relative_gap").GetDouble(), 0, 1e-3);
        Assert.True(explanation.RootElement.GetProperty("is_complete").GetBoolean());
    }

    private string Pictures(LandmarkTopology topology, int subjects)
    {
        SetWriter.Write(_folder["pictures"], Stills.Of(topology, subjects, "happiness", "sadness", "neutral"));
        return Path.Combine(_folder["pictures"], "landmarks.csv");
    }

    private static void Succeeds(params string[] args)
    {
        (int code, _, string error) = CommandLineTests.Run(args);
        Assert.True(code == 0, error);
    }
}
