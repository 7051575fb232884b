using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace EmotionXai.Landmarks.Reduction;

/// <summary>The files of a finished run, each written whole or not at all; <c>results.json</c> last, so that it marks a whole run.</summary>
public static class ResultFiles
{
    /// <summary>The file of a reduction.</summary>
    public const string Reduction = "results.json";

    /// <summary>The file of an explanation.</summary>
    public const string Explanation = "explanation.json";

    /// <summary>Reads <c>results.json</c> of a run.</summary>
    /// <exception cref="FileNotFoundException">The folder holds no finished run.</exception>
    /// <exception cref="InvalidDataException">The file is damaged.</exception>
    public static ReductionResult Read(string folder) => Read(folder, Reduction, "reduce", ResultJson.Default.ReductionResult);

    /// <summary>Reads <c>explanation.json</c> of a folder.</summary>
    /// <exception cref="FileNotFoundException">The folder holds none.</exception>
    /// <exception cref="InvalidDataException">The file is damaged.</exception>
    public static Explanation ReadExplanation(string folder) => Read(folder, Explanation, "explain", ResultJson.Default.Explanation);

    private static T Read<T>(string folder, string file, string verb, JsonTypeInfo<T> type)
    {
        string path = Path.Combine(folder, file);
        if (!File.Exists(path)) throw new FileNotFoundException($"{path}: there is no finished run in this folder; run {verb} with --out {folder} first.", path);
        try
        {
            return JsonSerializer.Deserialize(File.ReadAllText(path), type) ?? throw new JsonException("it is empty");
        }
        catch (JsonException e)
        {
            throw new InvalidDataException($"{path}: line {e.LineNumber + 1}: not the results of a run, or of another version; run {verb} again.");
        }
    }

    internal static void Write(string folder, ReductionResult result)
    {
        foreach ((string name, Action<TextWriter, ReductionResult> write) in new (string, Action<TextWriter, ReductionResult>)[]
        {
            ("predictions.csv", ResultTables.Predictions), ("ranking.csv", ResultTables.Ranking), ("stages.csv", ResultTables.Stages), ("folds.csv", ResultTables.Folds),
        }) AtomicFile.Write(Path.Combine(folder, name), w => write(w, result));
        AtomicFile.WriteText(Path.Combine(folder, Reduction), JsonSerializer.Serialize(result, ResultJson.Default.ReductionResult) + "\n");
    }
}
