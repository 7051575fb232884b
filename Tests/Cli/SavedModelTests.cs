using System.Globalization;
using System.Text.Json;
using EmotionXai.Engine.Backends.Cpu;
using EmotionXai.Engine.Serialization;
using EmotionXai.Landmarks.Datasets;
using EmotionXai.Landmarks.Models;
using EmotionXai.Landmarks.Preprocessing;
using EmotionXai.Landmarks.Reduction;
using EmotionXai.Landmarks.Sequences;
using Xunit;

namespace EmotionXai.Tests.Cli;

/// <summary>A saved model is what was tested: calibrated, and aware of what it was made from.</summary>
public sealed class SavedModelTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("dense")]
    [InlineData("random-dense")]
    public void Several_networks_are_one_file_that_every_verb_takes(string network)
    {
        string data = Faces(6), path = Path.Combine(_folder["trained"], "happiness.safetensors"), one = Path.Combine(_folder["one"], "happiness.safetensors");
        string[] train = ["train", "--data", data, "--emotion", "happiness", "--network", network, "--hidden", "4", "--epochs", "3", "--frames", "6", "--out"];
        Assert.Equal(0, CommandLineTests.Run([.. train, _folder["trained"], "--ensemble", "3"]).Code);
        Assert.Equal(0, CommandLineTests.Run([.. train, _folder["one"]]).Code);
        using CpuBackend backend = new(1);
        using (LandmarkModel model = LandmarkModel.Load(path, backend), single = LandmarkModel.Load(one, backend))
        {
            Assert.Equal((3, 1), (model.Options.Networks, single.Options.Networks));
            Assert.Equal(3 * single.Classifier.StoredCount, model.Classifier.StoredCount);
            FeatureSet features = EmotionJudge.Features(model, LandmarkDataset.Read(data, new()));
            Assert.NotEqual(single.Logits(features), model.Logits(features));
        }

        Assert.Equal(0, CommandLineTests.Run("predict", path, "--data", data, "--out", _folder["predicted"]).Code);
        (int code, string output, string error) = CommandLineTests.Run("explain", path, "--data", data, "--tolerance", "1e-3", "--out", _folder["why"]);
        Assert.True(code == 0, error);
        Assert.Contains("completeness gap", output, StringComparison.Ordinal);
        (code, output, error) = CommandLineTests.Run("check", path, "--data", data, "--retrain", "2");
        Assert.True(code == 0, error);
        Assert.Equal(0, CommandLineTests.Run("export", path, "--out", _folder["happiness.onnx"]).Code);
    }

    [Fact]
    public void A_model_of_train_knows_its_clips_and_is_scored_on_the_others()
    {
        string data = Faces(6), path = Train(data);
        LandmarkSet set = LandmarkDataset.Read(data, new());
        using CpuBackend backend = new(1);
        using LandmarkModel model = LandmarkModel.Load(path, backend);
        Assert.NotEqual(Calibration.Identity, model.Calibration);
        Assert.Equal(7, model.Typical!.Count);
        Assert.Equal("synthetic faces", model.Origin!.Extractor);
        Assert.Equal(4, model.Origin.Subjects);

        // Of six people two are held out: eight clips each.
        HashSet<string> known = [.. model.Origin.TrainedOn];
        LandmarkClip[] others = [.. set.Clips.Where(c => !known.Contains(ModelOrigin.HashOf(c)))];
        Assert.Equal(32, known.Count);
        Assert.Equal(2, others.Select(c => c.Subject).Distinct().Count());

        JsonElement said = Predict(path, data);
        Assert.Equal(48, said.GetProperty("clips").GetInt32());
        Assert.Equal(32, said.GetProperty("trained_on").GetInt32());
        Assert.Equal(16, said.GetProperty("scored_clips").GetInt32());

        // What is written is calibrated, and says which clips are known.
        FeatureSet features = EmotionJudge.Features(model, set);
        double[] raw = model.Logits(features);
        string[][] rows = [.. File.ReadLines(Path.Combine(_folder["predicted"], "predictions.csv")).Skip(1).Select(l => l.Split(','))];
        Assert.Equal(48, rows.Length);
        for (int i = 0; i < rows.Length; i++)
        {
            double logit = (model.Calibration.Slope * raw[i]) + model.Calibration.Offset;
            Assert.Equal(logit, double.Parse(rows[i][4], CultureInfo.InvariantCulture), 1e-9);
            Assert.Equal(1 / (1 + Math.Exp(-logit)), double.Parse(rows[i][5], CultureInfo.InvariantCulture), 1e-5);
            Assert.Equal(known.Contains(ModelOrigin.HashOf(set.Clips[i])) ? "1" : "0", rows[i][6]);
        }
    }

    [Fact]
    public void A_clip_is_known_by_its_content_whatever_it_is_called()
    {
        LandmarkClip Clip(string name, float x) => new(name, name, name, 1, 2, [1, 2, float.NaN, x], [1, 1]);
        Assert.Equal(ModelOrigin.HashOf(Clip("a", 3)), ModelOrigin.HashOf(Clip("b", 3)));
        Assert.NotEqual(ModelOrigin.HashOf(Clip("a", 3)), ModelOrigin.HashOf(Clip("a", 4)));
    }

    [Fact]
    public void The_models_of_a_reduction_are_calibrated_by_the_outer_folds_and_name_their_run()
    {
        string data = Faces(6), run = _folder["run"];
        (int code, _, string error) = CommandLineTests.Run(
            "reduce", "--data", data, "--emotion", "happiness", "--keep", "68,8", "--folds", "3", "--inner-folds", "2", "--ranking-seeds", "1", "--controls", "none",
            "--network", "random-dense", "--frames", "6", "--out", run);
        Assert.True(code == 0, error);
        ReductionResult result = ResultFiles.Read(run);
        using CpuBackend backend = new(1);
        foreach (string file in Directory.GetFiles(Path.Combine(run, "models")))
        {
            using LandmarkModel model = LandmarkModel.Load(file, backend);
            Assert.NotEqual(Calibration.Identity, model.Calibration);
            Assert.Equal(result.Fingerprint, model.Origin!.Run);
            Assert.Equal(48, model.Origin.TrainedOn.Count);
            Assert.Equal(7, model.Typical!.Count);
        }

        Assert.NotEmpty(result.Fingerprint!);
        Assert.Equal(48, Predict(Path.Combine(run, "models", "happiness.safetensors"), data).GetProperty("trained_on").GetInt32());
    }

    [Fact]
    public void Points_of_another_tool_are_warned_about()
    {
        string data = Faces(4), path = Train(data), other = _folder["other.csv"];
        File.WriteAllLines(other, File.ReadLines(data).Select(l => l.Replace("synthetic faces", "openface", StringComparison.Ordinal)));
        Assert.DoesNotContain("was trained on", CommandLineTests.Run("predict", path, "--data", data, "--out", _folder["p1"]).Error, StringComparison.Ordinal);
        (int code, _, string error) = CommandLineTests.Run("predict", path, "--data", other, "--out", _folder["p2"]);
        Assert.Equal(0, code);
        Assert.Contains("warning: the model for happiness was trained on synthetic faces alone, and these are points of openface", error, StringComparison.Ordinal);
        Assert.Equal(0, CommandLineTests.Run("train", "--data", other, "--emotion", "happiness", "--hidden", "4,3", "--epochs", "1", "--frames", "4", "--out", _folder["t2"]).Code);
        File.WriteAllLines(_folder["third.csv"], File.ReadLines(other).Select(l => l.Replace("openface", "another", StringComparison.Ordinal)));
        error = CommandLineTests.Run("predict", Path.Combine(_folder["t2"], "happiness.safetensors"), "--data", _folder["third.csv"], "--out", _folder["p3"]).Error;
        Assert.Contains("warning: the model for happiness was trained on points of openface, and these are of another", error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_of_before_is_read_with_a_note()
    {
        string data = Faces(4), path = Train(data);
        (IReadOnlyList<NamedTensor> tensors, IReadOnlyDictionary<string, string> metadata) = SafeTensors.Read(path);
        Dictionary<string, string> old = metadata.Where(m => m.Key is not ("calibration" or "origin")).ToDictionary();
        old["format"] = "emotionxai-model-1";
        SafeTensors.Write(path, [.. tensors.Where(t => t.Name != "typical_baselines")], old);
        (int code, string output, string error) = CommandLineTests.Run("predict", path, "--data", data, "--out", _folder["p"]);
        Assert.Equal(0, code);
        Assert.Contains("saved by an earlier version", error, StringComparison.Ordinal);
        Assert.Contains("balanced accuracy", output, StringComparison.Ordinal);
    }

    [Fact]
    public void Of_a_folder_of_before_the_model_on_fewer_landmarks_is_taken()
    {
        string data = Faces(4), all = Train(data), few = _folder["few"];
        Assert.Equal(0, CommandLineTests.Run("train", "--data", data, "--emotion", "happiness", "--landmarks", "48,54", "--hidden", "3", "--epochs", "1", "--out", few).Code);
        File.Copy(all, Path.Combine(few, "happiness-all.safetensors"));
        Assert.Equal(2, Predict(few, data).GetProperty("landmarks").GetInt32());
    }

    private string Faces(int subjects)
    {
        Assert.Equal(0, CommandLineTests.Run("synth", "--subjects", $"{subjects}", "--repetitions", "1", "--frames", "8", "--out", _folder["faces"]).Code);
        return Path.Combine(_folder["faces"], "landmarks.csv");
    }

    private string Train(string data)
    {
        (int code, _, string error) = CommandLineTests.Run("train", "--data", data, "--emotion", "happiness", "--hidden", "4,3", "--epochs", "4", "--frames", "6", "--out", _folder["trained"]);
        Assert.True(code == 0, error);
        return Path.Combine(_folder["trained"], "happiness.safetensors");
    }

    private JsonElement Predict(string model, string data)
    {
        (int code, string output, string error) = CommandLineTests.Run("predict", model, "--data", data, "--out", _folder["predicted"], "--json");
        Assert.True(code == 0, error);
        using JsonDocument document = JsonDocument.Parse(output);
        return document.RootElement.GetProperty("emotions")[0].Clone();
    }
}
