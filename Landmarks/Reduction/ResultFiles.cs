using System.Globalization;
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

    internal static void Write(string folder, ReductionResult result, IReadOnlyList<FoldOutcome> outcomes, FeatureSet features, IReadOnlyList<int> stages)
    {
        AtomicFile.Write(Path.Combine(folder, "predictions.csv"), w => Predictions(w, outcomes, features, stages));
        AtomicFile.Write(Path.Combine(folder, "ranking.csv"), w => Rankings(w, result));
        AtomicFile.WriteText(Path.Combine(folder, "results.json"), JsonSerializer.Serialize(result, ResultJson.Default.ReductionResult) + "\n");
    }

    private static void Predictions(TextWriter writer, IReadOnlyList<FoldOutcome> outcomes, FeatureSet features, IReadOnlyList<int> stages)
    {
        writer.WriteLine("clip,subject,emotion,stage,fold,logit,target");
        foreach (FoldOutcome outcome in outcomes)
        {
            for (int s = 0; s < stages.Count; s++)
            {
                for (int i = 0; i < outcome.Clips.Length; i++)
                {
                    int clip = outcome.Clips[i];
                    string logit = outcome.Stages[s].Logits[i].ToString("R", CultureInfo.InvariantCulture);
                    writer.WriteLine(
                        $"{CsvText.Cell(features.Names[clip])},{CsvText.Cell(features.Subjects[clip])},{CsvText.Cell(outcome.Emotion)},{stages[s]},{outcome.Fold},{logit},{(features.Labels[clip] == outcome.Emotion ? 1 : 0)}");
                }
            }
        }
    }

    internal static void RankingHeader(TextWriter writer) => writer.WriteLine("emotion,rank,landmark,name,region,relevance,signed");

    internal static void RankingRows(TextWriter writer, string emotion, IReadOnlyList<RankedLandmark> ranking)
    {
        for (int rank = 0; rank < ranking.Count; rank++)
        {
            RankedLandmark r = ranking[rank];
            writer.WriteLine(string.Create(
                CultureInfo.InvariantCulture, $"{CsvText.Cell(emotion)},{rank + 1},{r.Landmark},{r.Name},{r.Region},{r.Relevance:R},{r.Signed:R}"));
        }
    }

    private static void Rankings(TextWriter writer, ReductionResult result)
    {
        RankingHeader(writer);
        foreach (EmotionResult emotion in result.Emotions) RankingRows(writer, emotion.Name, emotion.Ranking);
    }
}
