using EmotionXai.Engine.Backends.Cpu;
using EmotionXai.Engine.Exchange;
using EmotionXai.Engine.Layers;
using EmotionXai.Engine.Training;
using EmotionXai.Landmarks.Datasets;
using EmotionXai.Landmarks.Models;
using EmotionXai.Landmarks.Preprocessing;
using EmotionXai.Landmarks.Sequences;
using EmotionXai.Tests.Engine;
using Xunit;

namespace EmotionXai.Tests.Cli;

/// <summary><c>import</c>: networks trained elsewhere are judged by and explained as the program's own.</summary>
public sealed class ImportTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly CpuBackend _backend = new();

    private string Data => Path.Combine(_folder["faces"], "landmarks.csv");

    public void Dispose()
    {
        _backend.Dispose();
        _folder.Dispose();
    }

    [Theory]
    [InlineData(ModelKind.Gru, true, Activation.Tanh)]
    [InlineData(ModelKind.BiLstm, false, Activation.Gelu)]
    [InlineData(ModelKind.Rnn, false, Activation.Relu)]
    public void A_recurrent_network_of_any_size_takes_the_place_of_a_model_s_own_and_is_explained(ModelKind kind, bool normalize, Activation activation) =>
        Explained("lstm", new ClassifierOptions { Kind = kind, Hidden = [7, 5, 3], Normalize = normalize, Pooling = Pooling.Max, Activation = activation });

    [Fact]
    public void So_does_a_dense_one() => Explained("dense", new ClassifierOptions { Hidden = [9], Normalize = true, Activation = Activation.Softplus });

    [Theory]
    [InlineData(ModelKind.RandomDense, 1)]
    [InlineData(ModelKind.RandomGru, 1)]
    [InlineData(ModelKind.RandomLstm, 0)]
    public void So_does_a_random_one(ModelKind kind, double direct) =>
        Explained(kind.IsDense() ? "dense" : "lstm", new ClassifierOptions { Kind = kind, Hidden = [7, 5], Activation = Activation.Tanh, Random = new() { Direct = direct } });

    [Fact]
    public void Weights_with_PyTorch_s_names_go_into_the_model_s_own_network()
    {
        string like = Train("lstm"), weights = _folder["state.safetensors"], imported = _folder["imported.safetensors"];
        using LandmarkModel model = LandmarkModel.Load(like, _backend);
        TorchWeights.Save(model.Classifier, weights, new Dictionary<string, string> { ["recurrent"] = "encoder.lstm", ["readout"] = "fc" });
        (int code, _, string error) = CommandLineTests.Run("import", weights, "--like", like, "--out", imported, "--modules", "recurrent=encoder.lstm", "readout=fc");
        Assert.True(code == 0, error);
        Assert.Contains("not calibrated", error, StringComparison.Ordinal);
        using LandmarkModel read = LandmarkModel.Load(imported, _backend);
        FeatureSet features = EmotionJudge.Features(model, LandmarkDataset.Read(Data, new()));
        Assert.Equal(model.Logits(features), read.Calibrated(features));

        (code, _, error) = CommandLineTests.Run("import", weights, "--like", like, "--out", _folder["no.safetensors"]);
        Assert.Equal((1, true, false), (code, error.Contains("it lacks 'recurrent.weight_ih_l0'", StringComparison.Ordinal), File.Exists(_folder["no.safetensors"])));
        (code, _, error) = CommandLineTests.Run("import", weights, "--like", like, "--out", _folder["no.safetensors"], "--modules", "recurrent");
        Assert.Equal((2, true), (code, error.Contains("LAYER=MODULE", StringComparison.Ordinal)));
        (code, _, error) = CommandLineTests.Run("import", weights, "--like", like, "--out", imported);
        Assert.Equal((2, true), (code, error.Contains("--force", StringComparison.Ordinal)));
    }

    [Fact]
    public void A_network_on_other_features_or_of_other_layers_is_refused_with_the_reason()
    {
        string like = Train("dense"), onnx = _folder["n.onnx"];
        using LandmarkModel model = LandmarkModel.Load(like, _backend);
        (int time, int features) = (model.Classifier.Time, model.Classifier.Features);
        Initializer draw = new(_backend, 1);
        Refused(new Model(_backend, time, features + 1, new Dense(draw, "a", time * (features + 1), 1, Activation.Identity)), $"it takes {features + 1} features a step");
        Refused(new Model(_backend, time, features, new Dense(draw, "a", time * features, 3, Activation.Relu), new Dense(draw, "b", 3, 2, Activation.Identity)), "none of this program's networks");
        Refused(new Model(_backend, time, features, new Dense(draw, "a", time * features, 3, Activation.Relu), new Dense(draw, "b", 3, 2, Activation.Tanh), new Dense(draw, "c", 2, 1, Activation.Identity)), "none of this program's networks");

        void Refused(Model network, string said)
        {
            OnnxExport.Write(network, onnx);
            network.Dispose();
            (int code, _, string error) = CommandLineTests.Run("import", onnx, "--like", like, "--out", _folder["no.safetensors"]);
            Assert.Equal(1, code);
            Assert.Contains(said, error, StringComparison.Ordinal);
            Assert.False(File.Exists(_folder["no.safetensors"]));
        }
    }

    private void Explained(string own, ClassifierOptions options)
    {
        string like = Train(own), onnx = _folder["n.onnx"], imported = _folder["imported.safetensors"];
        using LandmarkModel model = LandmarkModel.Load(like, _backend);
        using Classifier network = options.Build(_backend, model.Classifier.Time, model.Classifier.Features, seed: 5);
        OnnxExport.Write(network, onnx);
        (int code, string output, string error) = CommandLineTests.Run("import", onnx, "--like", like, "--out", imported);
        Assert.True(code == 0, error);
        Assert.Contains($"of {string.Join(", ", options.Hidden)} units for happiness", output, StringComparison.Ordinal);
        using LandmarkModel read = LandmarkModel.Load(imported, _backend);
        Assert.Equal((options.Kind, network.StoredCount), (read.Options.Kind, read.Classifier.StoredCount));
        LandmarkSet set = LandmarkDataset.Read(Data, new());
        FeatureSet features = EmotionJudge.Features(model, set);
        Numbers.Near(Predictor.Logits(network, model.Inputs(features)), read.Calibrated(features), 1e-6);
        (code, output, error) = CommandLineTests.Run("explain", imported, "--data", Data, "--out", _folder["why"]);
        Assert.True(code == 0, error);
        Assert.DoesNotContain("earlier version", error, StringComparison.Ordinal);
        Assert.Contains("completeness gap", output, StringComparison.Ordinal);
    }

    private string Train(string network)
    {
        Assert.Equal(0, CommandLineTests.Run("synth", "--subjects", "4", "--repetitions", "1", "--frames", "8", "--out", _folder["faces"]).Code);
        (int code, _, string error) = CommandLineTests.Run("train", "--data", Data, "--emotion", "happiness", "--network", network, "--hidden", "4", "--epochs", "2", "--frames", "6", "--out", _folder["trained"]);
        Assert.True(code == 0, error);
        return Path.Combine(_folder["trained"], "happiness.safetensors");
    }
}
