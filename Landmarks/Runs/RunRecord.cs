using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using EmotionXai.Engine.Serialization;

namespace EmotionXai.Landmarks.Runs;

/// <summary>What <c>run.json</c> says of the run that a folder belongs to. Read and written by hand: a serializer would take 15 ms of every start that writes.</summary>
public sealed record RunRecord
{
    // More than the options of any run take.
    private const long LargestFile = 10_000_000;

    // Names of files and people stay readable; the file is never part of a page.
    private static readonly JsonWriterOptions s_forPeople = new() { Indented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

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
            using JsonDocument document = JsonDocument.Parse(InputFile.ReadAll(Path.Combine(folder, RunFolder.RecordName), LargestFile));
            return Of(document.RootElement);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or InvalidDataException or JsonException or InvalidOperationException or FormatException)
        {
            return null;
        }
    }

    /// <summary>Writes the record into a folder.</summary>
    internal void Write(string folder) => AtomicFile.WriteText(Path.Combine(folder, RunFolder.RecordName), Text() + "\n");

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

    private static RunRecord Of(JsonElement file)
    {
        Dictionary<string, string> options = new(StringComparer.Ordinal);
        if (file.TryGetProperty("options", out JsonElement all))
            foreach (JsonProperty option in all.EnumerateObject()) options[option.Name] = option.Value.GetString() ?? throw new JsonException("an option has no value");
        return new RunRecord
        {
            Verb = Word("verb") ?? throw new JsonException("it has no verb"),
            Fingerprint = Word("fingerprint"),
            Shard = Word("shard"),
            Options = options,
            Version = Word("version") ?? "",
            Process = file.TryGetProperty("process", out JsonElement process) ? process.GetInt32() : 0,
            Machine = Word("machine") ?? "",
            Started = file.TryGetProperty("started", out JsonElement started) ? started.GetDateTimeOffset() : default,
            Finished = file.TryGetProperty("finished", out JsonElement finished) ? finished.GetDateTimeOffset() : null,
        };

        string? Word(string name) => file.TryGetProperty(name, out JsonElement value) ? value.GetString() : null;
    }

    // What is null is left out.
    private string Text()
    {
        using MemoryStream text = new();
        using (Utf8JsonWriter writer = new(text, s_forPeople))
        {
            writer.WriteStartObject();
            writer.WriteString("verb", Verb);
            if (Fingerprint is not null) writer.WriteString("fingerprint", Fingerprint);
            if (Shard is not null) writer.WriteString("shard", Shard);
            writer.WriteStartObject("options");
            foreach ((string name, string value) in Options) writer.WriteString(name, value);
            writer.WriteEndObject();
            writer.WriteString("version", Version);
            writer.WriteNumber("process", Process);
            writer.WriteString("machine", Machine);
            writer.WriteString("started", Started);
            if (Finished is { } finished) writer.WriteString("finished", finished);
            writer.WriteEndObject();
        }

        return Encoding.UTF8.GetString(text.GetBuffer(), 0, (int)text.Length);
    }

    private static string Part(RunRecord run) => run.Shard is null ? "the whole run" : $"shard {run.Shard}";

    private static string Short(string text) => text.Length <= 40 ? text : text[..37] + "...";
}
