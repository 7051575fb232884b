using System.Globalization;

namespace EmotionXai.Landmarks.Reduction;

/// <summary>
/// Rankings that the attribution has to beat, as written on the command line: <c>random:N</c> (N random orders),
/// <c>motion</c> (mean |x - baseline|), <c>fisher</c> (between- over within-class variance), <c>lowest</c> (the attribution
/// upside down), or <c>none</c>.
/// </summary>
public sealed record ControlSpec
{
    /// <summary>Every control.</summary>
    public static readonly IReadOnlyList<string> Names = ["random", "motion", "fisher", "lowest"];

    private ControlSpec(string text, int randomDraws, bool motion, bool fisher, bool lowest) =>
        (Text, RandomDraws, Motion, Fisher, Lowest) = (text, randomDraws, motion, fisher, lowest);

    /// <summary>As written.</summary>
    public string Text { get; }

    /// <summary>Random orders.</summary>
    public int RandomDraws { get; }

    /// <summary>Whether landmarks are also ranked by how far they move.</summary>
    public bool Motion { get; }

    /// <summary>Whether landmarks are also ranked by Fisher score.</summary>
    public bool Fisher { get; }

    /// <summary>Whether the lowest-ranked are also kept.</summary>
    public bool Lowest { get; }

    /// <summary>Reads a list.</summary>
    /// <exception cref="ArgumentException">An entry is no control.</exception>
    public static ControlSpec Parse(string text)
    {
        if (text == "none") return new ControlSpec(text, 0, false, false, false);
        int random = 0;
        bool motion = false, fisher = false, lowest = false;
        foreach (string entry in text.Split(',', StringSplitOptions.TrimEntries))
        {
            string[] parts = entry.Split(':');
            if (entry == "motion") motion = true;
            else if (entry == "fisher") fisher = true;
            else if (entry == "lowest") lowest = true;
            else if (entry == "random") random = 1;
            else if (parts is ["random", var n] && int.TryParse(n, NumberStyles.None, CultureInfo.InvariantCulture, out int draws) && draws is > 0 and <= 100) random = draws;
            else throw new ArgumentException($"'{entry}' is no control; give a list of random:N (N of 1 to 100), motion, fisher and lowest, or none.", nameof(text));
        }

        return new ControlSpec(text, random, motion, fisher, lowest);
    }
}
