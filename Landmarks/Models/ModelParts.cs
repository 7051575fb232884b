using System.Text.Json;
using EmotionXai.Engine.Layers;
using EmotionXai.Engine.Training;
using EmotionXai.Landmarks.Preprocessing;

namespace EmotionXai.Landmarks.Models;

/// <summary>
/// Reads the parts of a model's description, as <see cref="ModelJson"/> writes them. By hand: a serializer that meets these types for
/// the first time takes 30 ms of every start that loads a model. What an older file does not say has its default.
/// </summary>
internal static class ModelParts
{
    private static readonly JsonDocumentOptions s_once = new() { AllowDuplicateProperties = false };

    /// <summary>A part from its text.</summary>
    /// <exception cref="JsonException">It is no JSON, or says something twice, or leaves out what has no default.</exception>
    /// <exception cref="InvalidOperationException">A value is of another kind.</exception>
    /// <exception cref="FormatException">A number is of another kind.</exception>
    public static T Read<T>(string json, Func<JsonElement, T> read)
    {
        using JsonDocument document = JsonDocument.Parse(json, s_once);
        return read(document.RootElement);
    }

    public static ClassifierOptions Classifier(JsonElement part)
    {
        ClassifierOptions otherwise = new();
        return new()
        {
            Kind = (ModelKind)Whole(part, nameof(otherwise.Kind), (int)otherwise.Kind),
            Hidden = Below(part, nameof(otherwise.Hidden)) is { } hidden ? Wholes(hidden) : otherwise.Hidden,
            Activation = (Activation)Whole(part, nameof(otherwise.Activation), (int)otherwise.Activation),
            Pooling = (Pooling)Whole(part, nameof(otherwise.Pooling), (int)otherwise.Pooling),
            Dropout = Number(part, nameof(otherwise.Dropout), otherwise.Dropout),
            Normalize = Flag(part, nameof(otherwise.Normalize), otherwise.Normalize),
            Freeze = Flag(part, nameof(otherwise.Freeze), otherwise.Freeze),
            Networks = Whole(part, nameof(otherwise.Networks), otherwise.Networks),
            Points = Below(part, nameof(otherwise.Points)) is { ValueKind: not JsonValueKind.Null } points ? Points(points) : null,
            Random = Below(part, nameof(otherwise.Random)) is { } random ? Random(random) : otherwise.Random,
        };
    }

    // Files of before features were listed have displacements, or say that they have not.
    public static PreprocessingOptions Preprocessing(JsonElement part)
    {
        PreprocessingOptions otherwise = new();
        bool positions = Below(part, "Displacement") is { ValueKind: JsonValueKind.False };
        return new()
        {
            MinConfidence = Number(part, nameof(otherwise.MinConfidence), otherwise.MinConfidence),
            MinSure = Number(part, nameof(otherwise.MinSure), otherwise.MinSure),
            Alignment = (Alignment)Whole(part, nameof(otherwise.Alignment), (int)otherwise.Alignment),
            Features = Text(part, nameof(otherwise.Features), positions ? "positions" : "displacement"),
            SideBySide = Flag(part, nameof(otherwise.SideBySide), otherwise.SideBySide),
            Frames = Whole(part, nameof(otherwise.Frames), otherwise.Frames),
            Use3D = Flag(part, nameof(otherwise.Use3D), otherwise.Use3D),
        };
    }

    public static TrainingOptions Training(JsonElement part)
    {
        TrainingOptions otherwise = new();
        return new()
        {
            Epochs = Whole(part, nameof(otherwise.Epochs), otherwise.Epochs),
            BatchSize = Whole(part, nameof(otherwise.BatchSize), otherwise.BatchSize),
            LearningRate = Number(part, nameof(otherwise.LearningRate), otherwise.LearningRate),
            Optimizer = (OptimizerKind)Whole(part, nameof(otherwise.Optimizer), (int)otherwise.Optimizer),
            WeightDecay = Number(part, nameof(otherwise.WeightDecay), otherwise.WeightDecay),
            Schedule = (ScheduleKind)Whole(part, nameof(otherwise.Schedule), (int)otherwise.Schedule),
            ClipNorm = Number(part, nameof(otherwise.ClipNorm), otherwise.ClipNorm),
            PositiveWeight = Number(part, nameof(otherwise.PositiveWeight), otherwise.PositiveWeight),
            Ridge = Number(part, nameof(otherwise.Ridge), otherwise.Ridge),
            Patience = Whole(part, nameof(otherwise.Patience), otherwise.Patience),
        };
    }

    public static Standardizer Scaling(JsonElement part) => new(
        Numbers(Required(part, nameof(Standardizer.Means))),
        Numbers(Required(part, nameof(Standardizer.Scales))),
        Below(part, nameof(Standardizer.Rows)) is { ValueKind: not JsonValueKind.Null } rows ? Wholes(rows) : null);

    public static Calibration Calibration(JsonElement part) => new(Required(part, "Slope").GetDouble(), Required(part, "Offset").GetDouble());

    public static ModelOrigin Origin(JsonElement part) => new()
    {
        Verb = Text(Required(part, nameof(ModelOrigin.Verb))),
        Run = Text(part, nameof(ModelOrigin.Run), ""),
        Version = Text(Required(part, nameof(ModelOrigin.Version))),
        Source = Text(Required(part, nameof(ModelOrigin.Source))),
        Extractor = Below(part, nameof(ModelOrigin.Extractor))?.GetString(),
        Subjects = Required(part, nameof(ModelOrigin.Subjects)).GetInt32(),
        TrainedOn = Texts(Required(part, nameof(ModelOrigin.TrainedOn))),
    };

    private static PointOptions Points(JsonElement part)
    {
        PointOptions otherwise = new();
        return new()
        {
            Coordinates = Whole(part, nameof(otherwise.Coordinates), otherwise.Coordinates),
            Positions = Flag(part, nameof(otherwise.Positions), otherwise.Positions),
        };
    }

    private static RandomOptions Random(JsonElement part)
    {
        RandomOptions otherwise = new();
        return new()
        {
            InputScale = Number(part, nameof(otherwise.InputScale), otherwise.InputScale),
            SpectralRadius = Number(part, nameof(otherwise.SpectralRadius), otherwise.SpectralRadius),
            Sparsity = Number(part, nameof(otherwise.Sparsity), otherwise.Sparsity),
            Direct = Number(part, nameof(otherwise.Direct), otherwise.Direct),
        };
    }

    private static JsonElement? Below(JsonElement part, string name) => part.TryGetProperty(name, out JsonElement below) ? below : null;

    private static JsonElement Required(JsonElement part, string name) => Below(part, name) ?? throw new JsonException($"{name} is missing");

    private static int Whole(JsonElement part, string name, int otherwise) => Below(part, name)?.GetInt32() ?? otherwise;

    private static double Number(JsonElement part, string name, double otherwise) => Below(part, name)?.GetDouble() ?? otherwise;

    private static bool Flag(JsonElement part, string name, bool otherwise) => Below(part, name)?.GetBoolean() ?? otherwise;

    private static string Text(JsonElement part, string name, string otherwise) => Below(part, name) is { } text ? Text(text) : otherwise;

    private static string Text(JsonElement text) => text.GetString() ?? throw new JsonException("a text is null");

    private static int[] Wholes(JsonElement list)
    {
        int[] values = new int[list.GetArrayLength()];
        int i = 0;
        foreach (JsonElement value in list.EnumerateArray()) values[i++] = value.GetInt32();
        return values;
    }

    private static float[] Numbers(JsonElement list)
    {
        float[] values = new float[list.GetArrayLength()];
        int i = 0;
        foreach (JsonElement value in list.EnumerateArray()) values[i++] = value.GetSingle();
        return values;
    }

    private static string[] Texts(JsonElement list)
    {
        string[] values = new string[list.GetArrayLength()];
        int i = 0;
        foreach (JsonElement value in list.EnumerateArray()) values[i++] = Text(value);
        return values;
    }
}
