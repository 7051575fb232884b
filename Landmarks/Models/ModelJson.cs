using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using EmotionXai.Engine.Layers;
using EmotionXai.Engine.Training;
using EmotionXai.Landmarks.Preprocessing;

namespace EmotionXai.Landmarks.Models;

/// <summary>How the parts of a model's description are written and read.</summary>
[JsonSourceGenerationOptions(RespectNullableAnnotations = true, RespectRequiredConstructorParameters = true, AllowDuplicateProperties = false)]
[JsonSerializable(typeof(int))]
[JsonSerializable(typeof(PreprocessingOptions))]
[JsonSerializable(typeof(Standardizer))]
[JsonSerializable(typeof(ClassifierOptions))]
[JsonSerializable(typeof(TrainingOptions))]
[JsonSerializable(typeof(Calibration))]
[JsonSerializable(typeof(ModelOrigin))]
internal sealed partial class ModelJson : JsonSerializerContext
{
    private static readonly JsonDocumentOptions s_once = new() { AllowDuplicateProperties = false };

    /// <summary>A part as JSON.</summary>
    public static string Write<T>(T part) => JsonSerializer.Serialize(part, Info<T>());

    /// <summary>A part; a property that an older file does not have is that of <paramref name="defaults"/>.</summary>
    /// <exception cref="JsonException">It is no such part.</exception>
    public static T Read<T>(string json, object? defaults = null)
    {
        // Generated code sets every property that is set at the start only, those that are missing to zero.
        JsonNode? given = JsonNode.Parse(json, documentOptions: s_once);
        if (defaults is not null) Complete(given, JsonSerializer.SerializeToNode(defaults, typeof(T), Default));
        return given.Deserialize(Info<T>()) ?? throw new JsonException("it is null");
    }

    private static void Complete(JsonNode? given, JsonNode? defaults)
    {
        if (given is not JsonObject part || defaults is not JsonObject whole) return;
        foreach ((string name, JsonNode? value) in whole)
        {
            if (part.TryGetPropertyValue(name, out JsonNode? own)) Complete(own, value);
            else part[name] = value?.DeepClone();
        }
    }

    private static JsonTypeInfo<T> Info<T>() => (JsonTypeInfo<T>)Default.GetTypeInfo(typeof(T))!;
}
