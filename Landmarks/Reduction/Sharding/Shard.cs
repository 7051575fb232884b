using System.Globalization;

namespace EmotionXai.Landmarks.Reduction.Sharding;

/// <summary>One of several parts of a reduction, each of which a machine of its own may compute: every N-th of the folds of all emotions.</summary>
public sealed record Shard
{
    private Shard(int number, int count) => (Number, Count) = (number, count);

    /// <summary>Which part, from 1.</summary>
    public int Number { get; }

    /// <summary>Parts in all.</summary>
    public int Count { get; }

    /// <summary>Reads <c>I/N</c>.</summary>
    /// <exception cref="ArgumentException">It is not of that form, or I is none of 1 to N.</exception>
    public static Shard Parse(string text) =>
        TryParse(text) ?? throw new ArgumentException($"--shard {text}: give I/N, part I of N parts, such as 2/7.");

    /// <summary>Reads <c>I/N</c>; null where it is none.</summary>
    internal static Shard? TryParse(string? text) =>
        text?.Split('/') is [string i, string n] && int.TryParse(i, NumberStyles.None, CultureInfo.InvariantCulture, out int number) && int.TryParse(n, NumberStyles.None, CultureInfo.InvariantCulture, out int count) && number >= 1 && number <= count
            ? new Shard(number, count)
            : null;

    /// <summary>Whether a fold, by its place among those of all emotions, is of this part.</summary>
    public bool Has(int fold) => fold % Count == Number - 1;

    /// <inheritdoc/>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Number}/{Count}");
}
