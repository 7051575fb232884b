using System.Text.Json;
using System.Text.Json.Serialization;

namespace EmotionXai.Bench.Peers;

/// <summary>What was measured on.</summary>
/// <param name="Name">Maker, model and kind of core.</param>
/// <param name="Cores">Processors that the system shows.</param>
/// <param name="VectorBits">The engine's vectors.</param>
/// <param name="Virtual">Whether it is a virtual machine.</param>
internal sealed record Machine(string Name, int Cores, int VectorBits, bool Virtual)
{
    /// <summary>Of one busy core, from a chain of instructions that take a cycle each; 0 where it was not measured.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public double MeasuredMegahertz { get; init; }

    /// <summary>What the system says; 0 where it says nothing.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public double ReportedMegahertz { get; init; }

    /// <summary>Whether the other one is the same but for the clock of the moment.</summary>
    public bool IsSame(Machine other) => (this with { MeasuredMegahertz = 0, ReportedMegahertz = 0 }) == (other with { MeasuredMegahertz = 0, ReportedMegahertz = 0 });
}

/// <summary>What so many threads can do at most, measured: 1e9 operations and 1e9 bytes a second.</summary>
internal sealed record Reach(int Threads, double PeakGflops, double MemoryGigabytes, double CacheGigabytes);

/// <summary>The contest of one commit on one machine: a file of <c>Bench/results</c>.</summary>
/// <param name="Machine">What was measured on.</param>
/// <param name="Limits">What it can do.</param>
/// <param name="Versions">[name]: of the runtime and the peers.</param>
/// <param name="Commit">What was measured; a plus sign says that sources were changed.</param>
/// <param name="Date">The day of the last row, such as 2026-11-25.</param>
/// <param name="Note">What a reader should know besides; written by hand.</param>
/// <param name="Rows">One a work.</param>
internal sealed record Result(
    Machine Machine, Reach Limits, IReadOnlyDictionary<string, string> Versions, string Commit, string Date, string Note, IReadOnlyList<Row> Rows)
{
    private static readonly JsonSerializerOptions s_json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        WriteIndented = true,
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        RespectRequiredConstructorParameters = true,
        RespectNullableAnnotations = true,
    };

    /// <summary>The result in a file.</summary>
    /// <exception cref="InvalidDataException">It is none.</exception>
    public static Result Read(string path)
    {
        try
        {
            return JsonSerializer.Deserialize<Result>(File.ReadAllText(path), s_json) ?? throw new JsonException("there is nothing in it.");
        }
        catch (JsonException e)
        {
            throw new InvalidDataException($"{path}: not a result of './bench.sh peers --json': {e.Message}", e);
        }
    }

    /// <summary>Writes a whole file or none.</summary>
    public void Write(string path)
    {
        string temporary = path + ".tmp";
        File.WriteAllText(temporary, JsonSerializer.Serialize(this, s_json) + "\n");
        File.Move(temporary, path, overwrite: true);
    }

    /// <summary>Why rows of another run cannot stand beside these; null where they can.</summary>
    public string? Differs(Result other) =>
        !Machine.IsSame(other.Machine) ? $"of another machine ({Machine.Name})"
        : Commit != other.Commit ? $"of another commit ({Commit}; this is {other.Commit})"
        : Versions.Count != other.Versions.Count || Versions.Any(v => other.Versions.GetValueOrDefault(v.Key) != v.Value) ? "with other versions"
        : null;

    /// <summary>The rows of a later run of the same commit on the same machine take the places of those of the same works; others come behind.</summary>
    public Result Merge(Result later)
    {
        Dictionary<string, Row> news = later.Rows.ToDictionary(r => r.Work);
        HashSet<string> known = [.. Rows.Select(r => r.Work)];
        return later with { Note = Note, Rows = [.. Rows.Select(r => news.GetValueOrDefault(r.Work, r)), .. later.Rows.Where(r => !known.Contains(r.Work))] };
    }
}
