using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using EmotionXai.Landmarks;
using EmotionXai.Landmarks.Reduction;
using EmotionXai.Landmarks.Report;
using EmotionXai.Tests.Report;
using Xunit;

namespace EmotionXai.Tests.Landmarks.Reduction;

/// <summary>JSON of our own that somebody has damaged: refused in one line that names the file, and never anything else.</summary>
public sealed class ResultCheckTests
{
    /// <summary>(path in the JSON, the value put there, a word of the message).</summary>
    public static TheoryData<string, string, string> Damages { get; } = new()
    {
        { "data", "null", "line" },
        { "data.topology", "\"ibug99\"", "topology" },
        { "data.topology", "null", "line" },
        { "data.time", "2147483647", "frames" },
        { "seconds", "1e300", "seconds" },
        { "schema", "77", "layout" },
        { "emotions", "[]", "no emotion" },
        { "emotions.0", "null", "missing" },
        { "emotions.0.name", "null", "line" },
        { "emotions.0.stages", "[]", "no stages" },
        { "emotions.0.stages.0", "null", "not there" },
        { "emotions.0.stages.0.landmarks", "-5", "not there" },
        { "emotions.0.stages.1.controls.random", "null", "control" },
        { "emotions.0.stages.1.kept_by_folds", "[1,2]", "folds" },
        { "emotions.0.stages.1.kept_by_folds", "7", "line" },
        { "emotions.0.stages.1.logits", "[0.5]", "other clips" },
        { "emotions.0.chosen.landmarks", "3", "no stage" },
        { "emotions.0.chosen.ci95", "null", "line" },
        { "emotions.0.ranking.0.landmark", "468", "not there" },
        { "emotions.0.ranking.1", "null", "not there" },
        { "emotions.0.motion", "[1,2,3]", "frames" },
        { "emotions.0.by_fold.0", "null", "fold" },
        { "emotions.0.by_fold.0.subjects", "null", "line" },
        { "emotions.0.classes", "null", "line" },
        { "emotions.0.targets", "[7]", "clips" },
    };

    [Theory]
    [MemberData(nameof(Damages))]
    public void ADamagedRunIsOneLine(string place, string value, string word)
    {
        using TemporaryFolder folder = new();
        JsonNode json = JsonSerializer.SerializeToNode(Runs.Of("ibug68"), ResultJson.Default.ReductionResult)!;
        Put(json, place.Split('.'), JsonNode.Parse(value));
        File.WriteAllText(folder["results.json"], json.ToJsonString());
        string message = Assert.Throws<InvalidDataException>(() => ResultFiles.Read(folder.Path)).Message;
        Assert.StartsWith(folder["results.json"], message, StringComparison.Ordinal);
        Assert.Contains(word, message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', message);
    }

    [Fact]
    public void TextThatIsNoUtf8IsRefused()
    {
        using TemporaryFolder folder = new();
        byte[] json = JsonSerializer.SerializeToUtf8Bytes(Runs.Of("ibug68"), ResultJson.Default.ReductionResult);
        json[json.AsSpan().IndexOf("dense"u8)] = 0xFF;
        folder.Write("results.json", json);
        Assert.Throws<InvalidDataException>(() => ResultFiles.Read(folder.Path));
    }

    [Fact]
    public void AWholeRunIsReadBack()
    {
        using TemporaryFolder folder = new();
        File.WriteAllText(folder["results.json"], JsonSerializer.Serialize(Runs.Of("ibug68"), ResultJson.Default.ReductionResult));
        Assert.Equal(2, ResultFiles.Read(folder.Path).Emotions.Count);
        File.WriteAllText(folder["explanation.json"], JsonSerializer.Serialize(Runs.Explained(), ResultJson.Default.Explanation));
        Assert.Equal("happiness", ResultFiles.ReadExplanation(folder.Path).Emotion);
    }

    // Every value of every file replaced by each of some others: what is read can also be shown.
    [Theory]
    [InlineData("results")]
    [InlineData("explanation")]
    [InlineData("progress")]
    [InlineData("fold")]
    public void WhateverStandsInAnyPlaceIsReadOrRefused(string file)
    {
        (Func<JsonNode> whole, Action<byte[]> use) = file switch
        {
            "results" => Case(ShortRun.Of(), ResultJson.Default.ReductionResult, ResultCheck.Of, Show),
            "explanation" => Case(ShortRun.Explained(), ResultJson.Default.Explanation, ResultCheck.Of, e => ExplanationReport.Render(e)),
            "progress" => Case(ShortRun.Status(), ResultJson.Default.RunStatus, ResultCheck.Of, s => _ = s.Progress.Active.Sum(a => a.Part)),
            _ => Case(ShortRun.Outcome(), ResultJson.Default.FoldOutcome, ResultCheck.Of, f => _ = f.Stages.Sum(s => s.Kept.Sum())),
        };
        use(Encoding.UTF8.GetBytes(whole().ToJsonString()));
        string[] values = ["null", "-1", "2147483647", "1e300", "\"NaN\"", "\"\\u001b[31m\"", "[]", "{}", "[null]", "true", "1.5"];
        int tried = 0;
        foreach (string[] place in Places(whole(), []).ToArray())
        {
            foreach (string value in values)
            {
                JsonNode json = whole();
                Put(json, place, JsonNode.Parse(value));
                try
                {
                    use(Encoding.UTF8.GetBytes(json.ToJsonString()));
                }
                catch (Exception e) when (e is JsonException or InvalidDataException)
                {
                    // Refused.
                }

                tried++;
            }
        }

        Assert.True(tried > 100, $"{tried} damages");
    }

    private static (Func<JsonNode> Whole, Action<byte[]> Use) Case<T>(T value, JsonTypeInfo<T> type, Func<T, string?> check, Action<T> show)
        where T : class
    {
        return (() => JsonSerializer.SerializeToNode(value, type)!, Use);

        void Use(byte[] bytes)
        {
            T read = JsonFile.Parse(bytes, type);
            if (check(read) is string fault) throw new JsonException(fault);
            show(read);
        }
    }

    private static void Show(ReductionResult result)
    {
        _ = ReductionReport.Render(result);
        ResultTables.Predictions(TextWriter.Null, result);
        ResultTables.Ranking(TextWriter.Null, result);
    }

    private static IEnumerable<string[]> Places(JsonNode? node, string[] here)
    {
        if (here.Length > 0) yield return here;
        IEnumerable<(string Key, JsonNode? Value)> children = node switch
        {
            JsonObject o => o.Select(p => (p.Key, p.Value)),
            JsonArray a => a.Select((v, i) => (i.ToString(System.Globalization.CultureInfo.InvariantCulture), v)),
            _ => [],
        };
        foreach ((string key, JsonNode? value) in children)
            foreach (string[] place in Places(value, [.. here, key])) yield return place;
    }

    private static void Put(JsonNode json, string[] place, JsonNode? value)
    {
        JsonNode at = json;
        foreach (string part in place[..^1]) at = at is JsonArray list ? list[int.Parse(part, System.Globalization.CultureInfo.InvariantCulture)]! : at[part]!;
        if (at is JsonArray array) array[int.Parse(place[^1], System.Globalization.CultureInfo.InvariantCulture)] = value;
        else at[place[^1]] = value;
    }
}
