using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using EmotionXai.Engine.Layers;
using EmotionXai.Engine.Training;
using EmotionXai.Landmarks.Models;
using EmotionXai.Landmarks.Preprocessing;
using Xunit;

namespace EmotionXai.Tests.Landmarks;

/// <summary>Reading by hand forgets no property that is written.</summary>
public sealed class ModelPartsTests
{
    [Fact]
    public void A_classifier_comes_back_whole() => Returns(new ClassifierOptions(), ModelParts.Classifier);

    [Fact]
    public void Preprocessing_comes_back_whole() => Returns(new PreprocessingOptions(), ModelParts.Preprocessing);

    [Fact]
    public void Training_comes_back_whole() => Returns(new TrainingOptions(), ModelParts.Training);

    [Fact]
    public void An_origin_comes_back_whole() => Returns(new ModelOrigin { Verb = "", Version = "", Source = "", Subjects = 0, TrainedOn = [] }, ModelParts.Origin);

    [Fact]
    public void A_calibration_comes_back_whole() => Assert.Equal(new Calibration(3.5, -0.25), ModelParts.Read(ModelJson.Write(new Calibration(3.5, -0.25)), ModelParts.Calibration));

    [Fact]
    public void A_scaling_comes_back_whole()
    {
        string text = ModelJson.Write(new Standardizer([1.5f, 2, 3, 4], [5, 6, 7, 1e-7f], [2, 3]));
        Assert.Equal(text, ModelJson.Write(ModelParts.Read(text, ModelParts.Scaling)));
    }

    // Every property of the other differs from its default: what is forgotten would come back as that.
    private static void Returns<T>(T byDefault, Func<JsonElement, T> read)
        where T : class
    {
        string text = ModelJson.Write((T)Other(byDefault));
        AssertApart(JsonNode.Parse(text)!, JsonNode.Parse(ModelJson.Write(byDefault))!);
        Assert.Equal(text, ModelJson.Write(ModelParts.Read(text, read)));
    }

    private static void AssertApart(JsonNode other, JsonNode byDefault)
    {
        foreach ((string name, JsonNode? value) in other.AsObject())
        {
            if (value is JsonObject && byDefault[name] is JsonObject below) AssertApart(value, below);
            else Assert.False(JsonNode.DeepEquals(value, byDefault[name]), name);
        }
    }

    private static object Other(object byDefault)
    {
        object other = Activator.CreateInstance(byDefault.GetType())!;
        foreach (PropertyInfo property in byDefault.GetType().GetProperties().Where(p => p.CanWrite))
        {
            Type type = property.PropertyType;
            object? value = property.GetValue(byDefault);
            property.SetValue(other, value switch
            {
                bool flag => !flag,
                int number => number + 1,
                double number => number + 0.25,
                string text => text + "other",
                Enum => Enum.GetValues(type).Cast<object>().First(v => !v.Equals(value)),
                IReadOnlyList<int> => new[] { 7, 5 },
                IReadOnlyList<string> => new[] { "ab", "cd" },
                null when type == typeof(string) => "other",
                _ => Other(value ?? Activator.CreateInstance(type)!),
            });
        }

        return other;
    }
}
