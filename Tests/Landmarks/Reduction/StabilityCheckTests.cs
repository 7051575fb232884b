using EmotionXai.Engine.Backends.Cpu;
using EmotionXai.Engine.Layers;
using EmotionXai.Engine.Training;
using EmotionXai.Landmarks.Models;
using EmotionXai.Landmarks.Preprocessing;
using EmotionXai.Landmarks.Reduction;
using EmotionXai.Landmarks.Sequences;
using EmotionXai.Landmarks.Synthesis;
using Xunit;

namespace EmotionXai.Tests.Landmarks.Reduction;

/// <summary>Networks trained anew, on faces whose evidence is known.</summary>
public sealed class StabilityCheckTests : IDisposable
{
    private const string Emotion = "happiness";

    private static readonly LandmarkSet s_set = FaceSynthesizer.Generate(new SynthesisOptions { Subjects = 10, Repetitions = 2, Frames = 4, Intensity = 1, Distractors = 0.3 });
    private static readonly ReductionOptions s_options = new()
    {
        Model = new ClassifierOptions { Kind = ModelKind.RandomDense, Hidden = [64], Activation = Activation.Tanh },
        Training = new TrainingOptions { Ridge = 0.1 },
        Preprocessing = new PreprocessingOptions { Frames = 2 },
    };

    private readonly CpuBackend _backend = new();
    private readonly LandmarkModel _model;
    private readonly FeatureSet _features;

    public StabilityCheckTests()
    {
        _model = ModelTrainer.Train(s_set, Emotion, [], s_options, _backend).Model;
        _features = new Preprocessor(s_options.Preprocessing).Apply(s_set);
    }

    public void Dispose()
    {
        _model.Dispose();
        _backend.Dispose();
    }

    [Fact]
    public void Networks_agree_where_there_is_evidence_and_not_with_those_of_permuted_labels()
    {
        IReadOnlyList<MethodStability> checks = Run();
        Assert.Equal([.. ExplanationCheck.Methods, StabilityCheck.Gain], checks.Select(c => c.Method));
        MethodStability paths = checks.Single(c => c.Method == "integrated-gradients");
        Assert.True(paths.Precision > 0.7, $"{paths}");
        Assert.True(paths.Seeds.Tau > 0.2, $"{paths}");
        Assert.True(paths.Sets > paths.Seeds.Tau, $"averages agree better than single networks: {paths}");
        Assert.True(paths.Halves.Tau > 0.2, $"{paths}");
        Assert.True(paths.Labels < paths.Sets - 0.2, $"{paths}");
        Assert.All(checks, c => Assert.InRange(c.Seeds.Top, 0, 1));
        Assert.Equal(checks, Run());
    }

    [Fact]
    public void Without_the_truth_there_is_no_precision()
    {
        IReadOnlyList<MethodStability> checks = StabilityCheck.Run(_model, _features, null, 2, 1, cancellation: TestContext.Current.CancellationToken);
        Assert.All(checks, c => Assert.True(double.IsNaN(c.Precision)));
    }

    [Fact]
    public void One_network_cannot_be_compared() =>
        Assert.Throws<ArgumentException>(() => StabilityCheck.Run(_model, _features, null, 1, 1, cancellation: TestContext.Current.CancellationToken));

    [Fact]
    public void A_model_remembers_how_it_was_trained()
    {
        using TemporaryFolder folder = new();
        string path = folder["model.safetensors"];
        _model.Save(path);
        using LandmarkModel again = LandmarkModel.Load(path, _backend);
        Assert.Equal(s_options.Training, again.Training);
    }

    private IReadOnlyList<MethodStability> Run() => StabilityCheck.Run(_model, _features, s_set.Truth![Emotion], 4, 1, cancellation: TestContext.Current.CancellationToken);
}
