using EmotionXai.Landmarks.Reduction;
using EmotionXai.Landmarks.Topologies;
using static EmotionXai.Landmarks.Report.ReportText;

namespace EmotionXai.Landmarks.Report;

/// <summary>Faces on a page: the large one, which the script moves and rings anew, and the small one of a card.</summary>
internal static class FaceOnPage
{
    /// <summary>The large one. Every dot tells its landmark, with a script and without.</summary>
    /// <param name="topology">What the points are.</param>
    /// <param name="name">The emotion.</param>
    /// <param name="ranking">The landmarks by falling relevance.</param>
    /// <param name="scale">The colours of relevance.</param>
    /// <param name="kept">Those that are ringed.</param>
    public static string Large(LandmarkTopology topology, string name, IReadOnlyList<RankedLandmark> ranking, ColourScale scale, IReadOnlyCollection<int> kept)
    {
        FaceArt art = new(topology);
        double[] values = new double[topology.Count];
        int[] ranks = new int[topology.Count];
        Array.Fill(values, double.NaN);
        for (int i = 0; i < ranking.Count; i++) (values[ranking[i].Landmark], ranks[ranking[i].Landmark]) = (double.IsFinite(ranking[i].Relevance) ? ranking[i].Relevance : 0, i + 1);
        string title = $"Relevance of {topology.Count} landmarks for {name}{(kept.Count > 0 ? $"; the {kept.Count} kept are ringed" : "")}";
        return $"<svg class=\"face\" role=\"img\" tabindex=\"0\" viewBox=\"{art.Box}\">\n<title>{Encode(title)}</title>\n{art.Dots(values, scale, kept, Tip)}</svg>\n";

        string Tip(int l) => $"{topology.Names[l]} ({topology.Regions[l]}): {Share(values[l])} of all relevance, rank {ranks[l]}{(kept.Contains(l) ? ", kept" : "")}";
    }

    /// <summary>The title above a large one, as drawings have theirs.</summary>
    public static string Heading(string text) => $"<p class=\"heading\">{Encode(text)}</p>\n";

    /// <summary>A small one: lines, and the landmarks that are kept.</summary>
    public static string Small(RunView run, EmotionView view)
    {
        FaceArt art = new(run.Topology);
        double[] values = [.. Figures.ByLandmark(view.Result, r => r.Relevance).Select((v, i) => view.Landmarks.Contains(i) ? v : double.NaN)];
        return $"<svg class=\"small\" aria-hidden=\"true\" viewBox=\"{art.Box}\">\n{art.Dots(values, Figures.RelevanceScale(run), [], larger: run.Topology.Count > 100 ? 1.4 : 1.7)}</svg>\n";
    }

    /// <summary>What the colours mean.</summary>
    public static string Legend(ColourScale scale)
    {
        Drawing drawing = new(220, 40);
        scale.Bar(drawing, 10, 13, 200);
        return drawing.Inline("legend", $"Colours from 0 to {Share(scale.Most)} of all relevance; uniform is {Share(scale.Uniform)}{(scale.Null is { } band ? $"; 95% of permuted labels give {Share(band.Low)} to {Share(band.High)}" : "")}");
    }
}
