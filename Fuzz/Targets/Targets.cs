using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using EmotionXai.Engine.Backends;
using EmotionXai.Engine.Exchange;
using EmotionXai.Engine.Layers;
using EmotionXai.Engine.Serialization;
using EmotionXai.Engine.Training;
using EmotionXai.Landmarks;
using EmotionXai.Landmarks.Datasets;
using EmotionXai.Landmarks.Models;
using EmotionXai.Landmarks.Preprocessing;
using EmotionXai.Landmarks.Reduction;
using EmotionXai.Landmarks.Report;
using EmotionXai.Landmarks.Sequences;
using EmotionXai.Landmarks.Topologies;
using EmotionXai.Tests.Landmarks.Datasets;
using EmotionXai.Tests.Report;
using Parquet;
using Parquet.Schema;

namespace EmotionXai.Fuzz;

/// <summary>Every reader of files.</summary>
internal static class Targets
{
    private static readonly Lazy<IBackend> s_backend = new(() => Backends.Create("cpu"));

    /// <summary>All of them.</summary>
    public static IReadOnlyList<FuzzTarget> All { get; } =
    [
        new("openface", "clip.csv", () => [Text(SampleFiles.OpenFace(2)), Text(SampleFiles.OpenFace(2, "file, subject, label", t => $"clip{t}, Ann, joy"))], Data),
        new("mediapipe", "faces.csv", () => [Text(SampleFiles.MediaPipe("image,subject,emotion,face_score", "a.jpg,Ann,joy,12", "b.jpg,Bob,fear,3"))], Data),
        new("pyfeat", "fex.csv", () => [Text(SampleFiles.PyFeat("input,frame,label", "a.mp4,0,joy", "a.mp4,1,joy"))], Data),
        new("ckplus", "Landmarks/S001/001/S001_001_00000001_landmarks.txt", () => [Text(SampleFiles.CkPlusFrame())], CkPlus),
        new("labels", "labels.csv", () => [Text("file,subject,label\nclip,Ann,joy\nother,Bob,fear\n"), Text("label,file,subject\n\"a,b\",clip.csv,\"x \"\"y\"\"\"\n")], Labels),
        new("parquet", "clips.parquet", ParquetFiles, Data),
        new("safetensors", "t.safetensors", () => [.. Models().Take(1), Tensors()], path => SafeTensors.Read(path)),
        new("model", "happiness.safetensors", Models, Model),
        new("onnx", "network.onnx", Networks, path => OnnxImport.Read(path, s_backend.Value, time: 3).Dispose()),
        new("results", "results.json", () => [Json(ShortRun.Of(), ResultJson.Default.ReductionResult)], path => ReductionReport.Render(ResultFiles.Read(Path.GetDirectoryName(path)!))),
        new("explanation", "explanation.json", () => [Json(ShortRun.Explained(), ResultJson.Default.Explanation)], path => ExplanationReport.Render(ResultFiles.ReadExplanation(Path.GetDirectoryName(path)!))),
        new("progress", "progress.json", () => [Json(ShortRun.Status(), ResultJson.Default.RunStatus)], path => Own(path, ResultJson.Default.RunStatus, ResultCheck.Of)),
        new("fold", "happiness-000.json", () => [Json(ShortRun.Outcome(), ResultJson.Default.FoldOutcome)], path => Own(path, ResultJson.Default.FoldOutcome, ResultCheck.Of)),
    ];

    private static void Data(string path) => Use(LandmarkDataset.Read(path, new DatasetOptions { RequireLabels = false }));

    private static void CkPlus(string path) =>
        Use(LandmarkDataset.Read(Path.GetFullPath(Path.Combine(Path.GetDirectoryName(path)!, "..", "..", "..")), new DatasetOptions { Format = "ckplus", RequireLabels = false }));

    // The clips are whole, the file about them is not.
    private static void Labels(string path)
    {
        string clips = Path.Combine(Path.GetDirectoryName(path)!, "clip.csv");
        File.WriteAllText(clips, SampleFiles.OpenFace(2));
        Use(LandmarkDataset.Read(clips, new DatasetOptions { LabelsFile = path }));
    }

    private static void Use(LandmarkSet set)
    {
        _ = DataFindings.Of(set);
        _ = new Preprocessor(new PreprocessingOptions()).Apply(set);
    }

    private static void Model(string path)
    {
        using LandmarkModel model = LandmarkModel.Load(path, s_backend.Value);
        _ = model.Classifier.MultiplyAdds;
    }

    private static void Own<T>(string path, JsonTypeInfo<T> type, Func<T, string?> check)
        where T : class => JsonFile.Read(path, type, check, "run it again");

    private static byte[] Text(string text) => Encoding.UTF8.GetBytes(text);

    private static byte[] Json<T>(T value, JsonTypeInfo<T> type) => JsonSerializer.SerializeToUtf8Bytes(value, type);

    private static byte[] Tensors() => Written(path => SafeTensors.Write(path, [new("a", [2, 3], [1, 2, 3, 4, 5, 6]), new("b", [], [7]), new("c", [0], [])], new Dictionary<string, string> { ["k"] = "v" }));

    private static IReadOnlyList<byte[]> Models() =>
    [
        Model(new ClassifierOptions { Hidden = [3, 2], Normalize = true }),
        Model(new ClassifierOptions { Kind = ModelKind.Gru, Hidden = [2, 2] }),
        Model(new ClassifierOptions { Kind = ModelKind.RandomDense, Hidden = [3] }),
    ];

    private static byte[] Model(ClassifierOptions options)
    {
        int[] landmarks = [3, 5];
        float[] means = new float[2 * LandmarkTopology.Ibug68.Count], scales = new float[means.Length];
        Array.Fill(scales, 1);
        using Classifier classifier = options.Build(s_backend.Value, 2, 2 * landmarks.Length, seed: 1);
        using LandmarkModel model = new("happiness", LandmarkTopology.Ibug68, landmarks, new PreprocessingOptions { Frames = 2, Features = "displacement" }, new Standardizer(means, scales), options, new TrainingOptions(), classifier);
        return Written(model.Save);
    }

    private static IReadOnlyList<byte[]> Networks()
    {
        Initializer draw = new(s_backend.Value, 1);
        using Model dense = new(s_backend.Value, 3, 2, new Dense(draw, "a", 6, 3, Activation.Gelu), new LayerNorm(draw, "n", 3), new Dense(draw, "b", 3, 1, Activation.Sigmoid));
        using Model recurrent = new(s_backend.Value, 3, 2, new Convolution(draw, "c", 2, 3, 2), new Recurrent(draw, "r", RecurrentCell.Gru, 3, 2, bidirectional: true), new PoolOverTime(Pooling.Max), new Dense(draw, "b", 4, 1, Activation.Identity));
        using Model lstm = new(s_backend.Value, 3, 2, new Scaling(draw, "s", new(2), [1, 2], [3, 4]), new Recurrent(draw, "r", RecurrentCell.Lstm, 2, 2), new PoolOverTime(Pooling.Last));
        return [Written(path => OnnxExport.Write(dense, path)), Written(path => OnnxExport.Write(recurrent, path)), Written(path => OnnxExport.Write(lstm, path))];
    }

    private static byte[] Written(Action<string> write)
    {
        string path = Path.GetTempFileName();
        try
        {
            write(path);
            return File.ReadAllBytes(path);
        }
        finally
        {
            File.Delete(path);
        }
    }

    private static IReadOnlyList<byte[]> ParquetFiles() =>
    [
        Parquet(CompressionMethod.None, nullable: false), Parquet(CompressionMethod.Snappy, nullable: true), Parquet(CompressionMethod.Zstd, nullable: false),
        Parquet(CompressionMethod.Gzip, nullable: true), Parquet(CompressionMethod.Brotli, nullable: false), Parquet(CompressionMethod.LZ4, nullable: false),
    ];

    private static byte[] Parquet(CompressionMethod method, bool nullable)
    {
        const int Rows = 3;
        DataField[] coordinates = [.. "xy".SelectMany(axis => Enumerable.Range(0, 68).Select(p => nullable ? new DataField($"{axis}_{p}", typeof(double), isNullable: true) : new DataField($"{axis}_{p}", typeof(float), isNullable: false)))];
        DataField[] fields = [new("file", typeof(string), isNullable: nullable), new("frame", typeof(long), isNullable: false), new("confidence", typeof(float), isNullable: false), .. coordinates];
        using MemoryStream stream = new();
        Write().GetAwaiter().GetResult();
        return stream.ToArray();

        async Task Write()
        {
            await using ParquetWriter writer = await ParquetWriter.CreateAsync(new ParquetSchema(fields), stream, new ParquetOptions { CompressionMethod = method });
            using ParquetRowGroupWriter group = writer.CreateRowGroup();
            string[] clips = ["a", "a", "b"];
            long[] frames = [1, 2, 1];
            float[] sure = [0.9f, 0.8f, 0.7f];
            double?[] gaps = [1, null, 3];
            await group.WriteAsync(fields[0], clips);
            await group.WriteAsync<long>(fields[1], frames);
            await group.WriteAsync<float>(fields[2], sure);
            foreach (DataField field in coordinates)
            {
                if (nullable) await group.WriteAsync<double>(field, gaps);
                else await group.WriteAsync<float>(field, Enumerable.Range(0, Rows).Select(i => (float)i).ToArray());
            }

            group.CompleteValidate();
        }
    }
}
