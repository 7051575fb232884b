using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace EmotionXai.Landmarks.Runs;

/// <summary>What <c>run.json</c> says of the run that a folder belongs to.</summary>
public sealed record RunRecord
{
    // Names of files and people stay readable; the file is never part of a page.
    private static readonly RunRecordJson s_json = new(new JsonSerializerOptions(RunRecordJson.Default.Options) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });

    /// <summary>The verb.</summary>
    public required string Verb { get; init; }

    /// <summary>Stands for program, options and data; null for a run that is not taken up again.</summary>
    public string? Fingerprint { get; init; }

    /// <summary>The part of a reduction that it is, such as 2/7; null for the whole.</summary>
    public string? Shard { get; init; }

    /// <summary>The options that the results follow from, for people.</summary>
    public IReadOnlyDictionary<string, string> Options { get => field ?? new Dictionary<string, string>(); init; }

    /// <summary>The version of this program.</summary>
    public string Version { get => field ?? ""; init; } = ProgramVersion.Text;

    /// <summary>The process that runs it, or ran it last.</summary>
    public int Process { get; init; } = Environment.ProcessId;

    /// <summary>The machine that process is on.</summary>
    public string Machine { get => field ?? ""; init; } = Environment.MachineName;

    /// <summary>When that process took it up.</summary>
    public DateTimeOffset Started { get; init; } = DateTimeOffset.Now;

    /// <summary>When it came to its end; null before.</summary>
    public DateTimeOffset? Finished { get; init; }

    /// <summary>The record of a folder; null where there is none that can be read.</summary>
    public static RunRecord? Read(string folder)
    {
        try
        {
            return JsonFile.Read(Path.Combine(folder, RunFolder.RecordName), s_json.RunRecord, r => r.Options.Values.Any(v => v is null) ? "an option has no value" : null, "run it again");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or InvalidDataException)
        {
            return null;
        }
    }

    /// <summary>Writes the record into a folder.</summary>
    internal void Write(string folder) => AtomicFile.WriteText(Path.Combine(folder, RunFolder.RecordName), JsonSerializer.Serialize(this, s_json.RunRecord) + "\n");

    /// <summary>Whether another run gives the same, so that it may go on where this one stopped.</summary>
    internal bool IsEqual(RunRecord? other) => other?.Fingerprint is not null && (other.Fingerprint, other.Shard) == (Fingerprint, Shard);

    /// <summary>What tells another run from this one, in a few words.</summary>
    internal string Difference(RunRecord other)
    {
        if (other.Verb != Verb) return $"it is of the verb {other.Verb}";
        if (other.Version != Version) return $"it is of version {other.Version}, and this is {Version}";
        foreach ((string name, string value) in Options)
            if (other.Options.TryGetValue(name, out string? there) && there != value) return $"its {name} is {Short(there)}, here {Short(value)}";
        if (other.Shard != Shard) return $"it is {Part(other)}, and this is {Part(this)}";
        return "it has other data, or vectors of another width";
    }

    private static string Part(RunRecord run) => run.Shard is null ? "the whole run" : $"shard {run.Shard}";

    private static string Short(string text) => text.Length <= 40 ? text : text[..37] + "...";
}

[JsonSourceGenerationOptions(WriteIndented = true, PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull, RespectNullableAnnotations = true)]
[JsonSerializable(typeof(RunRecord))]
internal sealed partial class RunRecordJson : JsonSerializerContext;
