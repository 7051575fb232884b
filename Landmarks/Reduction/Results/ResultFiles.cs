using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using EmotionXai.Landmarks.Preprocessing;

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
    public static ReductionResult Read(string folder) => Read(folder, Reduction, "reduce", ResultJson.Default.ReductionResult, ResultCheck.Of);

    /// <summary>Reads <c>explanation.json</c> of a folder.</summary>
    /// <exception cref="FileNotFoundException">The folder holds none.</exception>
    /// <exception cref="InvalidDataException">The file is damaged.</exception>
    public static Explanation ReadExplanation(string folder) => Read(folder, Explanation, "explain", ResultJson.Default.Explanation, ResultCheck.Of);

    private static T Read<T>(string folder, string file, string verb, JsonTypeInfo<T> type, Func<T, string?> check)
        where T : class
    {
        string path = Path.Combine(folder, file);
        return File.Exists(path)
            ? JsonFile.Read(path, type, check, $"run {verb} again")
            : throw new FileNotFoundException($"{path}: there is no finished run in this folder; run {verb} with --out {folder} first.", path);
    }

    internal static void Write(string folder, ReductionResult result, IEnumerable<FoldOutcome> outcomes, FeatureSet features)
    {
        AtomicFile.WriteStream(Path.Combine(folder, "attributions.parquet"), s => AttributionTable.Write(s, outcomes, features));
        foreach ((string name, Action<TextWriter, ReductionResult> write) in new (string, Action<TextWriter, ReductionResult>)[]
        {
            ("predictions.csv", ResultTables.Predictions), ("ranking.csv", ResultTables.Ranking), ("stages.csv", ResultTables.Stages), ("folds.csv", ResultTables.Folds),
        }) AtomicFile.Write(Path.Combine(folder, name), w => write(w, result));
        AtomicFile.WriteText(Path.Combine(folder, Reduction), JsonSerializer.Serialize(result, ResultJson.Default.ReductionResult) + "\n");
    }
}
