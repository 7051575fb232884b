using EmotionXai.Engine.Autodiff;
using EmotionXai.Engine.Backends.Cpu;
using EmotionXai.Engine.Exchange;
using EmotionXai.Engine.Layers;
using EmotionXai.Engine.Training;
using EmotionXai.Landmarks.Models;
using EmotionXai.Landmarks.Preprocessing;
using EmotionXai.Landmarks.Sequences;
using EmotionXai.Landmarks.Topologies;
using EmotionXai.Tests.Engine;
using EmotionXai.Tests.Engine.Exchange;
using Xunit;

namespace EmotionXai.Tests.Landmarks.Models;

/// <summary>An exported model gives in ONNX Runtime what <c>predict</c> gives: from points of clips, or from features.</summary>
public sealed class OnnxFileTests : IDisposable
{
    private const double Bound = 1e-5;

    private readonly TemporaryFolder _folder = new();
    private readonly CpuBackend _backend = new();

    public static TheoryData<ModelKind> Kinds => [.. Enum.GetValues<ModelKind>()];

    public static TheoryData<Alignment, string, bool, bool> Preprocessings
    {
        get
        {
            TheoryData<Alignment, string, bool, bool> data = [];
            foreach (Alignment alignment in Enum.GetValues<Alignment>())
                foreach (bool sideBySide in (bool[])[false, true]) data.Add(alignment, "positions,displacement,steadied", sideBySide, true);
            foreach (Descriptor descriptor in Descriptor.All)
                foreach (bool sideBySide in (bool[])[false, true]) data.Add(Alignment.FirstFrame, $"displacement,steadied,{descriptor.Name}", sideBySide, false);
            return data;
        }
    }

    public void Dispose()
    {
        _backend.Dispose();
        _folder.Dispose();
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Every_kind_of_network_judges_clips_as_predict_does(ModelKind kind)
    {
        LandmarkSet set = MovingFaces.Clips(LandmarkTopology.Ibug68, 2, [5, 23, 23, 23, 40]);
        PreprocessingOptions options = new PreprocessingOptions { Frames = 8 }.For(kind);
        using LandmarkModel model = Model(set, options, new ClassifierOptions { Kind = kind, Hidden = [6, 4], Pooling = Pooling.Last, Normalize = kind == ModelKind.Gru });
        JudgesAlike(model, set);
    }

    [Theory]
    [InlineData(ModelKind.Dense)]
    [InlineData(ModelKind.Lstm)]
    [InlineData(ModelKind.RandomDense)]
    public void The_mean_of_networks_is_one_graph(ModelKind kind)
    {
        LandmarkSet set = MovingFaces.Clips(LandmarkTopology.Ibug68, 2, [5, 23, 23]);
        PreprocessingOptions options = new PreprocessingOptions { Frames = 8 }.For(kind);
        using LandmarkModel model = Model(set, options, new ClassifierOptions { Kind = kind, Hidden = [6, 4], Networks = 3 });
        JudgesAlike(model, set);
    }

    [Theory]
    [MemberData(nameof(Preprocessings))]
    public void Every_preprocessing_is_inside(Alignment alignment, string features, bool sideBySide, bool depth)
    {
        LandmarkSet set = MovingFaces.Clips(LandmarkTopology.Ibug68, depth ? 3 : 2, [1, 9, 9]);
        PreprocessingOptions options = new() { Frames = 7, Alignment = alignment, Features = features, SideBySide = sideBySide, Use3D = depth };
        using LandmarkModel model = Model(set, options, new ClassifierOptions { Kind = sideBySide ? ModelKind.Lstm : ModelKind.Dense, Hidden = [4], Pooling = Pooling.Mean });
        JudgesAlike(model, set);
    }

    [Theory]
    [InlineData(Alignment.FirstFrame)]
    [InlineData(Alignment.None)]
    [InlineData(Alignment.Rigid)]
    public void A_model_of_pictures_takes_pictures(Alignment alignment)
    {
        LandmarkSet set = MovingFaces.Clips(LandmarkTopology.MediaPipe468, 3, [1, 1, 1]);
        using LandmarkModel model = Model(set, new PreprocessingOptions { Alignment = alignment, Use3D = true, Features = "displacement,fourier" }, new ClassifierOptions { Hidden = [4] });
        OnnxFile.Write(model, _folder["pictures.onnx"]);
        using OnnxRuntimeSession session = new(_folder["pictures.onnx"]);
        float[] theirs = session.Run([.. set.Clips.SelectMany(c => c.Coordinates)], [3, 468, 3], "logit");
        Near(model.Calibrated(EmotionJudge.Features(model, set)), theirs);
    }

    [Theory]
    [InlineData(ModelKind.Dense)]
    [InlineData(ModelKind.Gru)]
    public void Features_can_be_the_input(ModelKind kind)
    {
        LandmarkSet set = MovingFaces.Clips(LandmarkTopology.Ibug68, 2, [12, 20, 31]);
        using LandmarkModel model = Model(set, new PreprocessingOptions { Frames = 8 }.For(kind), new ClassifierOptions { Kind = kind, Hidden = [6, 4] });
        OnnxFile.Write(model, _folder["features.onnx"], OnnxInput.Features);
        using OnnxRuntimeSession session = new(_folder["features.onnx"]);
        FeatureSet features = EmotionJudge.Features(model, set);
        int width = features.Dimensions * features.Points;
        int[] columns = [.. model.Landmarks.SelectMany(l => Enumerable.Range(l * features.Dimensions, features.Dimensions))];
        float[] given = [.. Enumerable.Range(0, 3 * features.Time).SelectMany(row => columns.Select(c => features.Values.ToArray()[(row * width) + c]))];
        Near(model.Calibrated(features), session.Run(given, [3, features.Time, columns.Length], "logit"));
        Assert.Equal(kind == ModelKind.Dense ? features.Time : -1, session.Runtime.InputMetadata["features"].Dimensions[1]);

        // Such a file is read back too, scaling and calibration as layers.
        using Model read = OnnxImport.Read(_folder["features.onnx"], _backend, features.Time, "logit");
        Near(model.Calibrated(features), [.. Predictor.Outputs(read, given).Select(v => (float)v)]);
    }

    [Fact]
    public void The_file_tells_its_input_and_gives_a_probability()
    {
        LandmarkSet set = MovingFaces.Clips(LandmarkTopology.Ibug68, 2, [6]);
        using LandmarkModel model = Model(set, new PreprocessingOptions { Frames = 8 }.For(ModelKind.Lstm), new ClassifierOptions { Kind = ModelKind.Lstm, Hidden = [4] });
        OnnxFile.Write(model, _folder["told.onnx"]);
        using OnnxRuntimeSession session = new(_folder["told.onnx"]);
        Dictionary<string, string> metadata = session.Runtime.ModelMetadata.CustomMetadataMap;
        Assert.Equal(("joy", "ibug68", "landmarks"), (metadata["emotion"], metadata["topology"], metadata["input"]));
        Assert.Contains("all 68 points of ibug68", session.Runtime.ModelMetadata.Description, StringComparison.Ordinal);
        Assert.Equal(["batch", "frames", "", ""], session.Runtime.InputMetadata["landmarks"].SymbolicDimensions);
        float[] points = set.Clips[0].Coordinates;
        float logit = session.Run(points, [1, 6, 68, 2], "logit")[0], probability = session.Run(points, [1, 6, 68, 2], "probability")[0];
        Assert.Equal(1 / (1 + Math.Exp(-logit)), probability, 1e-6);

        // A point that is missing is not filled inside: nothing is said rather than something wrong. The model does not look at point 2.
        points[(3 * 68 * 2) + (2 * 2)] = float.NaN;
        Assert.Equal(probability, session.Run(points, [1, 6, 68, 2], "probability")[0]);
        points[(3 * 68 * 2) + (30 * 2)] = float.NaN;
        Assert.True(float.IsNaN(session.Run(points, [1, 6, 68, 2], "probability")[0]));
    }

    [Fact]
    public void A_model_of_one_frame_a_clip_says_why_it_takes_no_landmarks()
    {
        LandmarkSet set = MovingFaces.Clips(LandmarkTopology.Ibug68, 2, [6]);
        using LandmarkModel model = Model(set, new PreprocessingOptions { Frames = 1, Features = "displacement" }, new ClassifierOptions { Hidden = [4] });
        Assert.Contains("features", Assert.Throws<ArgumentException>(() => OnnxFile.Write(model, _folder["one.onnx"])).Message, StringComparison.Ordinal);
    }

    // Clips of equal length in one batch, others each in one.
    private void JudgesAlike(LandmarkModel model, LandmarkSet set)
    {
        OnnxFile.Write(model, _folder["model.onnx"]);
        using OnnxRuntimeSession session = new(_folder["model.onnx"]);
        foreach (IGrouping<int, LandmarkClip> group in set.Clips.GroupBy(c => c.Frames))
        {
            LandmarkClip[] clips = [.. group];
            float[] points = [.. clips.SelectMany(c => c.Coordinates)];

            // A set of single frames would be one of pictures: the clip of one frame is judged beside a moving one.
            FeatureSet features = EmotionJudge.Features(model, set);
            double[] all = model.Calibrated(features);
            double[] ours = [.. clips.Select(c => all[features.Names.ToList().IndexOf(c.Name)])];
            Near(ours, session.Run(points, [clips.Length, group.Key, clips[0].Points, clips[0].Dimensions], "logit"));
        }
    }

    private static void Near(double[] ours, float[] theirs)
    {
        Assert.Equal(ours.Length, theirs.Length);
        for (int i = 0; i < ours.Length; i++) Assert.True(Math.Abs(ours[i] - theirs[i]) < Bound, $"Logit {i} is {theirs[i]} in ONNX Runtime, {ours[i]} here.");
        Assert.True(ours.Length == 1 || ours.Distinct().Count() > 1, "All clips have the same logit: nothing was compared.");
    }

    // An untrained network with biases, a scaling of these clips, and a calibration.
    private LandmarkModel Model(LandmarkSet set, PreprocessingOptions preprocessing, ClassifierOptions options)
    {
        int[] landmarks = [0, 17, 30, 36, 45, 48, 54, 66];
        FeatureSet features = new Preprocessor(preprocessing).Apply(set);
        Standardizer scaling = Standardizer.Fit(features, [.. Enumerable.Range(0, features.Clips)]);
        Classifier classifier = options.Build(_backend, features.Time, landmarks.Length * features.Dimensions, seed: 3);
        int seed = 100;
        foreach (Parameter parameter in classifier.Parameters.Where(p => p.Value.Shape.Rank == 1))
            parameter.Value.CopyFrom([.. parameter.Value.ToDoubleArray().Zip(Numbers.Random(seed++, parameter.Value.Shape.Length, -0.3, 0.3), (a, b) => a + b)]);
        return new LandmarkModel("joy", set.Topology, landmarks, preprocessing, scaling, options, new TrainingOptions(), classifier) { Calibration = new Calibration(1.3, -0.4) };
    }
}
