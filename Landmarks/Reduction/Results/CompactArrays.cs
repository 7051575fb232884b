using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace EmotionXai.Landmarks.Reduction;

/// <summary>JSON knows no NaN: a number that is not there is <c>null</c>. Files of earlier versions say <c>"NaN"</c>, which is read too.</summary>
internal sealed class NullForNaN : JsonConverter<double>
{
    public override bool HandleNull => true;

    public override double Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => reader.TokenType switch
    {
        JsonTokenType.Null => double.NaN,
        JsonTokenType.String => reader.GetString() is "NaN" or "Infinity" or "-Infinity" ? double.NaN : throw new JsonException("a text stands where a number should"),
        _ => reader.GetDouble(),
    };

    public override void Write(Utf8JsonWriter writer, double value, JsonSerializerOptions options)
    {
        if (double.IsFinite(value)) writer.WriteNumberValue(value);
        else writer.WriteNullValue();
    }
}

/// <summary>Long lists of numbers on one line, to six significant digits: signs and orders stay.</summary>
internal sealed class CompactNumbers : JsonConverter<IReadOnlyList<double>>
{
    public override IReadOnlyList<double> Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        List<double> values = [];
        if (reader.TokenType != JsonTokenType.StartArray) throw new JsonException("a list of numbers is expected");
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray) values.Add(reader.TokenType == JsonTokenType.Null ? double.NaN : reader.GetDouble());
        return values;
    }

    public override void Write(Utf8JsonWriter writer, IReadOnlyList<double> value, JsonSerializerOptions options) =>
        writer.WriteRawValue($"[{string.Join(',', value.Select(v => double.IsFinite(v) ? v.ToString("G6", CultureInfo.InvariantCulture) : "null"))}]");
}

/// <summary>Long lists of whole numbers on one line.</summary>
internal sealed class CompactIntegers : JsonConverter<IReadOnlyList<int>>
{
    public override IReadOnlyList<int> Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        List<int> values = [];
        if (reader.TokenType != JsonTokenType.StartArray) throw new JsonException("a list of whole numbers is expected");
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray) values.Add(reader.GetInt32());
        return values;
    }

    public override void Write(Utf8JsonWriter writer, IReadOnlyList<int> value, JsonSerializerOptions options) => writer.WriteRawValue($"[{string.Join(',', value)}]");
}
