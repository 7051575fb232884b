using System.Globalization;
using EmotionXai.Landmarks.Preprocessing;
using EmotionXai.Landmarks.Reduction;
using EmotionXai.Landmarks.Topologies;

namespace EmotionXai.Landmarks.Report;

/// <summary>
/// The landmarks that a kept set cannot be measured without: those that align the face and those that steady it are looked for in
/// every picture too, whether they are kept or not.
/// </summary>
/// <param name="Aligning">Landmarks that centre, scale or turn the face, ascending.</param>
/// <param name="Steadying">Landmarks that head motion is taken out by, ascending.</param>
public sealed record NeededLandmarks(IReadOnlyList<int> Aligning, IReadOnlyList<int> Steadying)
{
    /// <summary>Those of a run.</summary>
    public static NeededLandmarks Of(ReductionResult run, LandmarkTopology topology)
    {
        string Option(string name) => run.Options.TryGetValue(name, out object? value) ? Convert.ToString(value, CultureInfo.InvariantCulture) ?? "" : "";
        return new NeededLandmarks(
            !Enum.TryParse(Option("align"), out Alignment alignment) || alignment == Alignment.None ? []
            : alignment == Alignment.Procrustes ? [.. Enumerable.Range(0, topology.Count)]
            : alignment == Alignment.Rigid ? [.. topology.Anchors.Order()]
            : [.. topology.LeftEye.Concat(topology.RightEye).Order()],
            Option("features").Split(',').Contains("steadied") && !OfPictures() ? [.. topology.Rigid.Order()] : []);

        // A picture has one moment where clips would have several, and positions alone: nothing steadies it.
        bool OfPictures() => Option("frames") != "1" && run.Emotions.All(e => e.TimeProfile.Count == 1);
    }

    /// <summary>The landmarks that have to be measured where some are kept, ascending.</summary>
    public IReadOnlyList<int> With(IEnumerable<int> kept) => [.. kept.Union(Aligning).Union(Steadying).Order()];

    /// <summary>In words, for some that are kept; empty where nothing else is needed.</summary>
    public string Words(IReadOnlyList<int> kept)
    {
        int all = With(kept).Count;
        if (all == kept.Count) return "";
        List<string> parts = [];
        if (Aligning.Count > 0) parts.Add($"{ReportText.Whole(Aligning.Count)} align the face");
        if (Steadying.Count > 0) parts.Add($"{ReportText.Whole(Steadying.Count)} steady it");
        return $"In all {ReportText.Whole(all)} have to be measured: {string.Join(" and ", parts)}.";
    }
}
