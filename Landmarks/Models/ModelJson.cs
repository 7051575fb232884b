using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using EmotionXai.Engine.Layers;
using EmotionXai.Engine.Training;
using EmotionXai.Landmarks.Preprocessing;

namespace EmotionXai.Landmarks.Models;

/// <summary>How the parts of a model's description are written; <see cref="ModelParts"/> reads them.</summary>
[JsonSerializable(typeof(int))]
[JsonSerializable(typeof(PreprocessingOptions))]
[JsonSerializable(typeof(Standardizer))]
[JsonSerializable(typeof(ClassifierOptions))]
[JsonSerializable(typeof(TrainingOptions))]
[JsonSerializable(typeof(Calibration))]
[JsonSerializable(typeof(ModelOrigin))]
internal sealed partial class ModelJson : JsonSerializerContext
{
    /// <summary>A part as JSON.</summary>
    public static string Write<T>(T part) => JsonSerializer.Serialize(part, Info<T>());

    private static JsonTypeInfo<T> Info<T>() => (JsonTypeInfo<T>)Default.GetTypeInfo(typeof(T))!;
}
