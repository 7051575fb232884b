using CsCheck;
using EmotionXai.Engine.Backends.Cpu;
using EmotionXai.Engine.Layers;
using EmotionXai.Engine.Serialization;
using EmotionXai.Engine.Training;
using EmotionXai.Landmarks.Models;
using EmotionXai.Landmarks.Preprocessing;
using EmotionXai.Landmarks.Topologies;
using Xunit;

namespace EmotionXai.Tests.Landmarks;

/// <summary>Models whose description and tensors do not fit each other: refused in one line, before anything is built.</summary>
public sealed class ModelCheckTests : IDisposable
{
    private static readonly int[] s_landmarks = [3, 5];

    private readonly CpuBackend _backend = new();
    private readonly TemporaryFolder _folder = new();

    public void Dispose()
    {
        _backend.Dispose();
        _folder.Dispose();
    }

    // The law that lets a file be judged without building: for every description, just the tensors that building makes.
    [Fact]
    public void Shapes_are_those_that_building_makes()
    {
        Gen.Select(Gen.Enum<ModelKind>(), Gen.Int[1, 5].Array[1, 3], Gen.Int[1, 4], Gen.Int[1, 6], Gen.Bool, Gen.Bool, Gen.Int[1, 3], Gen.Int[0, 2]).Sample(
            (kind, hidden, time, features, normalize, direct, networks, distances) =>
            {
                ClassifierOptions options = new() { Kind = kind, Hidden = hidden, Normalize = normalize, Networks = networks, Random = new RandomOptions { Direct = direct ? 1 : 0 } };
                if (distances > 0) (options, features) = (options with { Points = new PointOptions { Coordinates = 2, Positions = distances > 1 } }, 2 * (features + 1));
                using Classifier built = options.Build(_backend, time, features, 1);
                string[] made = [.. built.Parameters.Select(p => $"{p.Name} {Extents(p.Value.Shape)}").Order(StringComparer.Ordinal)];
                string[] told = [.. ModelShapes.Of(options, time, features).Select(s => $"{s.Name} {string.Join(',', s.Extents)}").Order(StringComparer.Ordinal)];
                Assert.Equal(made, told);
            },
            iter: 60,
            threads: 1);
    }

    [Theory]
    [InlineData("classifier", "{\"Kind\":0,\"Hidden\":[30000,30000]}", "tensor")]
    [InlineData("classifier", "{\"Kind\":0,\"Hidden\":[2000000000]}", "hidden layers")]
    [InlineData("classifier", "{\"Kind\":99,\"Hidden\":[3]}", "no such network")]
    [InlineData("classifier", "{\"Hidden\":null}", "classifier")]
    [InlineData("classifier", "{\"Kind\":0,\"Hidden\":[3],\"Dropout\":1e300}", "dropout")]
    [InlineData("classifier", "{\"Kind\":0,\"Hidden\":[3],\"Networks\":2000000000}", "networks")]
    [InlineData("classifier", "{\"Kind\":0,\"Hidden\":[3],\"Networks\":0}", "networks")]
    [InlineData("classifier", "{\"Kind\":0,\"Hidden\":[3],\"Points\":{\"Coordinates\":2}}", "sees distances, and its preprocessing asks for other features")]
    [InlineData("preprocessing", "{\"Frames\":2,\"Features\":\"distances\"}", "its network sees none")]
    [InlineData("time", "10000000", "frames")]
    [InlineData("features", "2000000000", "features")]
    [InlineData("features", "-4", "features")]
    [InlineData("preprocessing", "{\"Frames\":10000000}", "preprocessing")]
    [InlineData("preprocessing", "{\"Frames\":7,\"Features\":\"displacement\"}", "gives 7")]
    [InlineData("preprocessing", "{\"Features\":\"smell\"}", "smell")]
    [InlineData("preprocessing", "{\"Features\":null}", "preprocessing")]
    [InlineData("scaling", "{\"Means\":[1],\"Scales\":[1],\"Rows\":[2000000000,2000000000]}", "whole number")]
    [InlineData("scaling", "{\"Means\":[1],\"Scales\":[1]}", "scaling")]
    [InlineData("scaling", "{}", "scaling")]
    [InlineData("scaling", "{\"Means\":null,\"Scales\":null}", "scaling")]
    [InlineData("landmarks", "3,99", "landmarks")]
    [InlineData("landmarks", "5,3", "ascending")]
    [InlineData("landmarks", "3,3", "ascending")]
    [InlineData("topology", "ibug99", "topology")]
    [InlineData("emotion", "\u001b[31mjoy", "emotion")]
    public void A_description_that_does_not_fit_is_refused(string part, string value, string says)
    {
        (IReadOnlyList<NamedTensor> tensors, Dictionary<string, string> metadata) = Whole();
        metadata[part] = value;
        long before = GC.GetTotalAllocatedBytes();
        Fails(tensors, metadata, says);
        Assert.True(GC.GetTotalAllocatedBytes() - before < 100_000_000, "little memory is asked for");
    }

    [Theory]
    [InlineData(0, "4 coordinates are not those of 2 landmarks")]
    [InlineData(1, "4 coordinates are not those of 2 landmarks")]
    [InlineData(4, "4 coordinates are not those of 2 landmarks")]
    [InlineData(2, "tensor 'distances.scale' of [4] is missing")]
    public void Distances_are_between_the_model_s_landmarks(int coordinates, string says)
    {
        (IReadOnlyList<NamedTensor> tensors, Dictionary<string, string> metadata) = Whole();
        metadata["preprocessing"] = "{\"Frames\":2,\"Features\":\"distances\"}";
        metadata["classifier"] = $"{{\"Kind\":0,\"Hidden\":[3],\"Points\":{{\"Coordinates\":{coordinates}}}}}";
        Fails(tensors, metadata, says);
    }

    [Fact]
    public void What_an_older_file_does_not_say_is_as_by_default()
    {
        (IReadOnlyList<NamedTensor> tensors, Dictionary<string, string> metadata) = Whole();
        metadata["classifier"] = "{\"Hidden\":[3],\"Random\":{\"Sparsity\":0.25}}";
        metadata["training"] = "{\"Epochs\":7}";
        metadata["preprocessing"] = "{\"Frames\":2,\"Features\":\"displacement\"}";
        string path = _folder["older.safetensors"];
        SafeTensors.Write(path, tensors, metadata);
        using LandmarkModel model = LandmarkModel.Load(path, _backend);
        Assert.Equal(new PreprocessingOptions { Frames = 2, Features = "displacement" }, model.Preprocessing);
        Assert.Equal(new TrainingOptions { Epochs = 7 }, model.Training);
        Assert.Equal(new RandomOptions { Sparsity = 0.25 }, model.Options.Random);
        Assert.Equal((new ClassifierOptions().Dropout, new ClassifierOptions().Activation), (model.Options.Dropout, model.Options.Activation));
    }

    [Theory]
    [InlineData(float.NaN)]
    [InlineData(float.NegativeInfinity)]
    public void Weights_that_are_not_finite_are_refused(float value)
    {
        (IReadOnlyList<NamedTensor> tensors, Dictionary<string, string> metadata) = Whole();
        tensors[0].Values[2] = value;
        Fails(tensors, metadata, "not finite");
    }

    [Fact]
    public void A_scaling_by_zero_is_refused()
    {
        (IReadOnlyList<NamedTensor> tensors, Dictionary<string, string> metadata) = Whole();
        metadata["scaling"] = metadata["scaling"].Replace("\"Scales\":[1", "\"Scales\":[0", StringComparison.Ordinal);
        Fails(tensors, metadata, "scaling");
    }

    [Fact]
    public void Tensors_too_many_too_few_or_of_another_shape_are_refused()
    {
        (IReadOnlyList<NamedTensor> tensors, Dictionary<string, string> metadata) = Whole();
        Fails([.. tensors.Skip(1)], metadata, "missing");
        Fails([.. tensors, new("more", [1], [1])], metadata, "no layer");
        Fails([tensors[0] with { Extents = [.. tensors[0].Extents.Reverse()] }, .. tensors.Skip(1)], metadata, "asks for");
    }

    [Fact]
    public void Tensors_that_share_bytes_are_refused()
    {
        string header = "{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]},\"b\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[4,12]}}";
        byte[] json = System.Text.Encoding.UTF8.GetBytes(header);
        string path = _folder.Write("t.safetensors", [.. BitConverter.GetBytes((long)json.Length), .. json, .. new byte[12]]);
        Assert.Contains("overlap", Assert.Throws<InvalidDataException>(() => SafeTensors.Read(path)).Message, StringComparison.Ordinal);
    }

    private static string Extents(EmotionXai.Engine.Tensors.Shape shape) => string.Join(',', Enumerable.Range(0, shape.Rank).Select(i => shape[i]));

    private (IReadOnlyList<NamedTensor> Tensors, Dictionary<string, string> Metadata) Whole()
    {
        float[] means = new float[2 * LandmarkTopology.Ibug68.Count], scales = new float[means.Length];
        Array.Fill(scales, 1);
        ClassifierOptions options = new() { Hidden = [3] };
        using Classifier classifier = options.Build(_backend, 2, 2 * s_landmarks.Length, seed: 1);
        using LandmarkModel model = new("happiness", LandmarkTopology.Ibug68, s_landmarks, new PreprocessingOptions { Frames = 2, Features = "displacement" }, new Standardizer(means, scales), options, new TrainingOptions(), classifier);
        string path = _folder["whole.safetensors"];
        model.Save(path);
        LandmarkModel.Load(path, _backend).Dispose();
        (IReadOnlyList<NamedTensor> tensors, IReadOnlyDictionary<string, string> metadata) = SafeTensors.Read(path);
        return (tensors, new Dictionary<string, string>(metadata));
    }

    private void Fails(IReadOnlyList<NamedTensor> tensors, Dictionary<string, string> metadata, string says)
    {
        string path = _folder["damaged.safetensors"];
        SafeTensors.Write(path, tensors, metadata);
        string message = Assert.Throws<InvalidDataException>(() => LandmarkModel.Load(path, _backend)).Message;
        Assert.StartsWith(path, message, StringComparison.Ordinal);
        Assert.Contains(says, message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', message);
    }
}
