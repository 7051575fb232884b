using System.Buffers.Binary;
using System.Security.Cryptography;
using EmotionXai.Landmarks.Preprocessing;
using EmotionXai.Landmarks.Sequences;

namespace EmotionXai.Landmarks.Models;

/// <summary>What a saved model was made from: enough to tell its own training clips, and points that were found in another way.</summary>
public sealed record ModelOrigin
{
    private const int HashBytes = 8;

    /// <summary>The verb that trained it.</summary>
    public required string Verb { get; init; }

    /// <summary>The fingerprint of the run: program, options and data, as it stands in <c>results.json</c>; empty where the run has none.</summary>
    public string Run { get => field ?? ""; init; } = "";

    /// <summary>The version of this program.</summary>
    public required string Version { get; init; }

    /// <summary>The data, by the name they were given.</summary>
    public required string Source { get; init; }

    /// <summary>What found the points; null where the data do not say.</summary>
    public string? Extractor { get; init; }

    /// <summary>People that it was trained on.</summary>
    public required int Subjects { get; init; }

    /// <summary>The content hash of every training clip, sorted.</summary>
    public required IReadOnlyList<string> TrainedOn { get => field ?? []; init; }

    /// <summary>The origin of a model that is trained on some clips of a set.</summary>
    /// <param name="verb">What trains it.</param>
    /// <param name="set">The data.</param>
    /// <param name="features">Their features; clips have the same names there.</param>
    /// <param name="clips">The training clips, as indices of the features.</param>
    public static ModelOrigin Of(string verb, LandmarkSet set, FeatureSet features, IReadOnlyList<int> clips)
    {
        Dictionary<string, LandmarkClip> byName = set.Clips.ToDictionary(c => c.Name, StringComparer.Ordinal);
        return new()
        {
            Verb = verb,
            Version = ProgramVersion.Text,
            Source = set.Source,
            Extractor = set.Extractor,
            Subjects = clips.Select(i => features.Subjects[i]).Distinct().Count(),
            TrainedOn = [.. clips.Select(i => HashOf(byName[features.Names[i]])).Order(StringComparer.Ordinal)],
        };
    }

    /// <summary>A clip's content: the first 64 bits of the SHA-256 of its shape and coordinates, in hexadecimal. Name, subject and label do not count.</summary>
    public static string HashOf(LandmarkClip clip)
    {
        float[] coordinates = clip.Coordinates;
        byte[] bytes = new byte[(2 + coordinates.Length) * sizeof(float)];
        BinaryPrimitives.WriteInt32LittleEndian(bytes, clip.Points);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(sizeof(int)), clip.Dimensions);
        Span<byte> rest = bytes.AsSpan(2 * sizeof(int));
        for (int i = 0; i < coordinates.Length; i++)
        {
            // One NaN is like another.
            float value = coordinates[i];
            BinaryPrimitives.WriteSingleLittleEndian(rest[(i * sizeof(float))..], float.IsNaN(value) ? float.NaN : value);
        }

        return Convert.ToHexStringLower(SHA256.HashData(bytes).AsSpan(0, HashBytes));
    }
}
