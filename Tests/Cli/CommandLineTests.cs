using System.Text.Json;
using System.Text.Json.Nodes;
using EmotionXai.Cli;
using EmotionXai.Engine.Backends.Cpu;
using EmotionXai.Landmarks.Datasets;
using EmotionXai.Landmarks.Models;
using EmotionXai.Landmarks.Reduction;
using Xunit;

namespace EmotionXai.Tests.Cli;

/// <summary>The program as a user meets it, run in this process on small synthetic data.</summary>
public sealed class CommandLineTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Info_names_devices_formats_and_methods()
    {
        (int code, string output, _) = Run("info");
        Assert.Equal(0, code);
        Assert.Contains("cpu, reference", output, StringComparison.Ordinal);
        Assert.Contains("openface", output, StringComparison.Ordinal);
        Assert.Contains("integrated-gradients", output, StringComparison.Ordinal);
    }

    [Fact]
    public void A_reduction_is_the_same_for_one_thread_and_two_and_its_models_predict_and_explain()
    {
        string data = Synthesise("ibug68", 6);
        string one = Reduce(data, "one", "1"), two = Reduce(data, "two", "2");
        Assert.Equal(WithoutTimes(one), WithoutTimes(two));
        Assert.Equal(File.ReadAllText(Path.Combine(one, "predictions.csv")), File.ReadAllText(Path.Combine(two, "predictions.csv")));
        Assert.Equal(File.ReadAllText(Path.Combine(one, "ranking.csv")), File.ReadAllText(Path.Combine(two, "ranking.csv")));
        Assert.Equal(File.ReadAllBytes(Path.Combine(one, "models", "happiness.safetensors")), File.ReadAllBytes(Path.Combine(two, "models", "happiness.safetensors")));
        Assert.True(File.Exists(Path.Combine(one, "report.html")));
        Assert.False(Directory.Exists(Path.Combine(one, "unfinished")));

        string model = Path.Combine(one, "models", "happiness.safetensors"), predicted = Under("predicted"), explained = Under("explained");
        (int code, string output, string error) = Run("predict", model, "--data", data, "--out", predicted);
        Assert.True(code == 0, error);
        Assert.Contains("trained on all of them, so no accuracy", output, StringComparison.Ordinal);
        string judged = File.ReadAllText(Path.Combine(predicted, "predictions.csv"));
        Assert.Equal(1 + (6 * 8), judged.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length);

        // A folder's model on all landmarks does not stand in the way of the chosen one.
        File.Copy(model, Path.Combine(one, "models", "happiness.all.safetensors"), overwrite: true);
        (code, _, error) = Run("predict", Path.Combine(one, "models"), "--data", data, "--out", predicted, "--force");
        Assert.True(code == 0, error);
        Assert.Equal(judged, File.ReadAllText(Path.Combine(predicted, "predictions.csv")));

        (code, _, error) = Run("explain", model, "--data", data, "--out", explained, "--tolerance", "1e-3");
        Assert.True(code == 0, error);
        using JsonDocument explanation = JsonDocument.Parse(File.ReadAllText(Path.Combine(explained, "explanation.json")));
        Assert.InRange(explanation.RootElement.GetProperty("relative_gap").GetDouble(), 0, 1e-3);
        Assert.Equal(1, explanation.RootElement.GetProperty("ranking").EnumerateArray().Sum(r => r.GetProperty("relevance").GetDouble()), 1e-9);
    }

    [Theory]
    [InlineData("dense")]
    [InlineData("lstm")]
    public void With_a_tolerance_every_clip_is_explained_completely(string kind)
    {
        string data = Synthesise("ibug68", 4), model = Path.Combine(Under("m"), "sadness.safetensors"), why = Under("why");
        Assert.Equal(0, Run("train", "--data", data, "--emotion", "sadness", "--model", kind, "--hidden", "6,4", "--epochs", "8", "--frames", "8", "--out", Under("m")).Code);
        (int code, _, string error) = Run("explain", model, "--data", data, "--all-clips", "--tolerance", "1e-3", "--out", why);
        Assert.True(code == 0, error);
        using JsonDocument explanation = JsonDocument.Parse(File.ReadAllText(Path.Combine(why, "explanation.json")));
        Assert.Equal(4 * 8, explanation.RootElement.GetProperty("clips").GetInt32());

        // By clip: of a single pair whose two logits nearly agree, the gap may be what rounding leaves of their difference.
        Assert.InRange(explanation.RootElement.GetProperty("worst_clip_gap").GetDouble(), 0, 1e-3);
    }

    [Fact]
    public void Train_saves_a_model_that_looks_at_the_landmarks_asked_for()
    {
        string data = Synthesise("ibug68", 5), folder = Under("trained");
        (int code, string output, string error) = Run(
            "train", "--data", data, "--emotion", "happiness", "--model", "lstm", "--hidden", "4,3", "--epochs", "2", "--landmarks", "48,54,60,64", "--patience", "2", "--out", folder);
        Assert.True(code == 0, error);
        Assert.Contains("subjects held out", output, StringComparison.Ordinal);
        (code, output, _) = Run("predict", Path.Combine(folder, "happiness.safetensors"), "--data", data, "--out", Under("p"));
        Assert.Equal(0, code);
        Assert.Contains("4 of 68 landmarks", output, StringComparison.Ordinal);
    }

    [Fact]
    public void Clips_without_labels_are_predicted_but_train_nothing()
    {
        string data = Synthesise("ibug68", 4), model = Path.Combine(Under("m"), "happiness.safetensors"), bare = Under("bare.csv");
        Assert.Equal(0, Run("train", "--data", data, "--emotion", "happiness", "--hidden", "3", "--epochs", "1", "--out", Under("m")).Code);
        File.WriteAllLines(bare, File.ReadLines(data).Select(line =>
        {
            string[] cells = line.Split(',');
            return string.Join(',', cells.Where((_, i) => i != 2));
        }));
        (int code, string output, string error) = Run("predict", model, "--data", bare, "--out", Under("p"));
        Assert.True(code == 0, error);
        Assert.Contains("no class, so no accuracy", output, StringComparison.Ordinal);
        (code, _, error) = Run("train", "--data", bare, "--emotion", "happiness", "--out", Under("n"));
        Assert.Equal(1, code);
        Assert.Contains("label", error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_mesh_of_468_points_is_written_and_read_back()
    {
        string data = Synthesise("mediapipe468", 3);
        (int code, _, string error) = Run("train", "--data", data, "--emotion", "surprise", "--hidden", "3", "--epochs", "1", "--out", Under("mesh"));
        Assert.True(code == 0, error);
    }

    [Fact]
    public void A_stopped_reduction_that_goes_on_ends_with_the_same_results()
    {
        string data = Synthesise("ibug68", 6);
        string whole = Reduce(data, "whole", "1");
        string stopped = Under("stopped");
        using (CancellationTokenSource stop = new())
        {
            // Stopped after the second fold: the driver's own progress says when.
            int done = 0;
            Assert.ThrowsAny<OperationCanceledException>(() => Small(data).Run(stopped, force: false, p =>
            {
                if (p.Finished is not null && ++done == 2) stop.Cancel();
            }, stop.Token));
        }

        Assert.NotEmpty(Directory.GetFiles(Path.Combine(stopped, "unfinished"), "*.fold"));
        Assert.False(File.Exists(Path.Combine(stopped, "results.json")));
        Reduce(data, "stopped", "1");
        Assert.Equal(WithoutTimes(whole), WithoutTimes(stopped));
        Assert.Equal(File.ReadAllText(Path.Combine(whole, "predictions.csv")), File.ReadAllText(Path.Combine(stopped, "predictions.csv")));
    }

    [Theory]
    [InlineData("--rerank", "false")]
    [InlineData("--ensemble", "3")]
    [InlineData("--device", "reference")]
    [InlineData("--device", "emulated")]
    [InlineData("--baseline", "typical:2")]
    [InlineData("--baseline", "onset")]
    [InlineData("--baseline", "mean")]
    [InlineData("--baseline", "zero")]
    [InlineData("--quadrature", "midpoint")]
    [InlineData("--align", "procrustes")]
    [InlineData("--model", "gru")]
    public void Every_option_of_the_protocol_runs(params string[] options) => Reduce(Synthesise("ibug68", 4), "option", "2", options);

    [Fact]
    public void Landmarks_are_chosen_inside_regions_on_request()
    {
        string data = Synthesise("ibug68", 4), folder = Reduce(data, "inside", "2", "--inside-regions", "--ensemble", "2");
        JsonArray folds = JsonNode.Parse(File.ReadAllText(Path.Combine(folder, "results.json")))!["emotions"]![0]!["by_fold"]!.AsArray();
        Assert.All(folds, f => Assert.NotEmpty(f!["regions"]!.AsArray()));
        Assert.Contains("Chosen inside", File.ReadAllText(Path.Combine(folder, "report.html")), StringComparison.Ordinal);

        // The saved models are the networks of a stage, all of them, and cost as much.
        using CpuBackend backend = new(1);
        using LandmarkModel model = LandmarkModel.Load(Path.Combine(folder, "models", "happiness.safetensors"), backend);
        Assert.Equal(2, model.Options.Networks);
        JsonArray stages = JsonNode.Parse(File.ReadAllText(Path.Combine(folder, "results.json")))!["emotions"]![0]!["stages"]!.AsArray();
        Assert.Contains(stages, s => s!["model_bytes"]!.GetValue<long>() == model.Classifier.StoredCount * sizeof(float));

        (int code, _, string error) = Run("reduce", "--data", data, "--inside-regions", "--select", "paper", "--out", Under("paper"));
        Assert.Equal(2, code);
        Assert.Contains("explained, aligned, forward, pursuit or lasso", error, StringComparison.Ordinal);
        (code, _, error) = Run("reduce", "--data", data, "--inside-regions", "--by", "region", "--out", Under("by"));
        Assert.Equal(2, code);
        Assert.Contains("leave one of the two out", error, StringComparison.Ordinal);
    }

    internal static (int Code, string Output, string Error) Run(params string[] args)
    {
        using StringWriter output = new(), error = new();
        int code = Application.Run(args, output, error);
        return (code, output.ToString(), error.ToString());
    }

    private static ReductionDriver Small(string data) => new(
        LandmarkDataset.Read(data, new()),
        new()
        {
            Emotions = ["happiness"],
            Keep = [68, 8],
            Folds = "3",
            InnerFolds = 2,
            RankingSeeds = 2,
            Controls = ControlSpec.Parse("random:1,motion,fisher,lowest"),
            Model = new() { Hidden = [4, 3] },
            Training = new() { Epochs = 2 },
            Preprocessing = new() { Frames = 6 },
            Threads = 1,
        });

    private string Under(string name) => Path.Combine(_folder.Path, name);

    private string Synthesise(string topology, int subjects)
    {
        string folder = Under("faces");
        (int code, _, string error) = Run("synth", "--topology", topology, "--subjects", $"{subjects}", "--repetitions", "1", "--frames", "8", "--out", folder);
        Assert.True(code == 0, error);
        return Path.Combine(folder, "landmarks.csv");
    }

    private string Reduce(string data, string name, string threads, params string[] more)
    {
        string folder = Under(name);
        (int code, string output, string error) = Run([
            "reduce", "--data", data, "--emotion", "happiness", "--keep", "68,8", "--folds", "3", "--inner-folds", "2", "--ranking-seeds", "2",
            "--controls", "random:1,motion,fisher,lowest", "--hidden", "4,3", "--epochs", "2", "--frames", "6", "--threads", threads, "--out", folder, .. more]);
        Assert.True(code == 0, error);
        Assert.Contains("happiness", output, StringComparison.Ordinal);
        return folder;
    }

    private static string WithoutTimes(string folder) => string.Join('\n', File.ReadLines(Path.Combine(folder, "results.json"))
        .Where(line => !line.Contains("seconds\":", StringComparison.Ordinal) && !line.Contains("microseconds_per_clip\":", StringComparison.Ordinal) && !line.Contains("\"command\":", StringComparison.Ordinal)));
}
