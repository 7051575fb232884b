using System.Globalization;

namespace EmotionXai.Landmarks.Reduction;

/// <summary>
/// Landmarks that the ranking's have to beat at the same number, as written on the command line: a list of the names below,
/// <c>random:N</c> and <c>swap:N</c> for N draws, <c>all</c> for every control, or <c>none</c>.
/// </summary>
public sealed record ControlSpec
{
    /// <summary>Landmarks in random order.</summary>
    public const string Random = "random";

    /// <summary>Those that move most: mean |x - baseline|, standardised.</summary>
    public const string Motion = "motion";

    /// <summary>Between- over within-class variance.</summary>
    public const string Fisher = "fisher";

    /// <summary>The same over the mean correlation within the classes with the landmarks that are already there (mRMR).</summary>
    public const string FisherMrmr = "fisher-mrmr";

    /// <summary>What networks attribute to before they are trained.</summary>
    public const string Untrained = "untrained";

    /// <summary>Spread over the face: each the farthest from all before. Looks at no label and no clip.</summary>
    public const string Spread = "spread";

    /// <summary>The ranking upside down.</summary>
    public const string Lowest = "lowest";

    /// <summary>What other emotions keep in the same fold.</summary>
    public const string Swap = "swap";

    /// <summary>Every control.</summary>
    public static readonly IReadOnlyList<string> Names = [Random, Motion, Fisher, FisherMrmr, Untrained, Spread, Lowest, Swap];

    private const int MostDraws = 100, AllDraws = 3;

    private readonly Dictionary<string, int> _draws;

    private ControlSpec(string text, Dictionary<string, int> draws) => (Text, _draws) = (text, draws);

    /// <summary>As written.</summary>
    public string Text { get; }

    /// <summary>Sets of landmarks at every stage, over all controls.</summary>
    public int Sets => _draws.Values.Sum();

    /// <summary>Draws of a control; 0 without it.</summary>
    public int Draws(string name) => _draws.GetValueOrDefault(name);

    /// <summary>Whether there is a control.</summary>
    public bool Has(string name) => Draws(name) > 0;

    /// <summary>Reads a list.</summary>
    /// <exception cref="ArgumentException">An entry is no control.</exception>
    public static ControlSpec Parse(string text)
    {
        Dictionary<string, int> draws = [];
        foreach (string entry in text == "none" ? [] : text.Split(',', StringSplitOptions.TrimEntries))
        {
            string[] parts = entry.Split(':');
            bool several = parts[0] is Random or Swap;
            if (entry == "all")
                foreach (string name in Names) draws[name] = name is Random or Swap ? AllDraws : 1;
            else if (parts.Length == 1 && Names.Contains(entry)) draws[entry] = 1;
            else if (several && parts is [_, var n] && int.TryParse(n, NumberStyles.None, CultureInfo.InvariantCulture, out int count) && count is > 0 and <= MostDraws) draws[parts[0]] = count;
            else throw new ArgumentException($"'{entry}' is no control; give a list of random:N (N of 1 to {MostDraws}), motion, fisher, fisher-mrmr, untrained, spread, lowest and swap:N, or all, or none.", nameof(text));
        }

        return new ControlSpec(text, draws);
    }

    /// <summary>By what is written.</summary>
    public bool Equals(ControlSpec? other) => other is not null && other.Text == Text;

    /// <inheritdoc/>
    public override int GetHashCode() => Text.GetHashCode(StringComparison.Ordinal);
}
