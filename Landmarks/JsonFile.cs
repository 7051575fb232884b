using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using System.Text.Unicode;
using EmotionXai.Engine.Serialization;

namespace EmotionXai.Landmarks;

/// <summary>
/// The one way in which JSON of our own is read back: bounded in size, parsed strictly, and held against what its users rely on
/// before anybody sees it.
/// </summary>
internal static class JsonFile
{
    /// <summary>More than any run writes: 468 landmarks of ten emotions over a thousand clips take a tenth.</summary>
    private const long LargestFile = 200_000_000;

    /// <summary>Reads a file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="type">What it holds.</param>
    /// <param name="check">What is wrong with a value that could be parsed; null where nothing is.</param>
    /// <param name="remedy">What to do about a damaged file, as the end of a sentence.</param>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InvalidDataException">It is damaged. One line: file, place, remedy.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be read.</exception>
    public static T Read<T>(string path, JsonTypeInfo<T> type, Func<T, string?> check, string remedy)
        where T : class
    {
        byte[] bytes = InputFile.ReadAll(path, LargestFile);
        T value;
        try
        {
            value = Parse(bytes, type);
        }
        catch (JsonException e)
        {
            throw new InvalidDataException($"{path}: line {e.LineNumber + 1}: not what this program writes, or of another version; {remedy}.", e);
        }

        return check(value) is string fault ? throw new InvalidDataException($"{path}: {fault}; {remedy}.") : value;
    }

    /// <summary>Parses a text.</summary>
    /// <exception cref="JsonException">It is no JSON, or not of that type.</exception>
    public static T Parse<T>(ReadOnlySpan<byte> json, JsonTypeInfo<T> type)
        where T : class
    {
        // The parser leaves texts inside free-form values as they are; whoever shows them later would fail.
        if (!Utf8.IsValid(json)) throw new JsonException("it is no UTF-8");
        try
        {
            return JsonSerializer.Deserialize(json, type) ?? throw new JsonException("it is empty");
        }
        catch (Exception e) when (e is NotSupportedException or InvalidOperationException or ArgumentException or FormatException or OverflowException)
        {
            // Constructors and converters refuse values in ways of their own.
            throw new JsonException(e.Message, e);
        }
    }
}
