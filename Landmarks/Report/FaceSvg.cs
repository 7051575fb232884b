using System.Text;
using EmotionXai.Landmarks.Reduction;
using EmotionXai.Landmarks.Topologies;
using static EmotionXai.Landmarks.Report.ReportText;

namespace EmotionXai.Landmarks.Report;

/// <summary>A neutral face whose points show their relevance, the kept ones ringed.</summary>
internal static class FaceSvg
{
    private const double Unit = 100;
    private const double Margin = 12;

    /// <summary>The drawing, as inline SVG.</summary>
    /// <param name="topology">What the points are.</param>
    /// <param name="name">The emotion.</param>
    /// <param name="ranking">The landmarks by falling relevance.</param>
    /// <param name="kept">How many of the first are ringed.</param>
    public static string Draw(LandmarkTopology topology, string name, IReadOnlyList<RankedLandmark> ranking, int kept)
    {
        StringBuilder svg = new($"<svg class=\"face\" role=\"img\" tabindex=\"0\" viewBox=\"{Box(topology)}\">\n");
        svg.Append("<title>").Append(Encode($"Relevance of {topology.Count} landmarks for {name}{(kept > 0 ? $"; the {kept} kept are ringed" : "")}")).Append("</title>\n");
        Edges(svg, topology);
        double most = Most(ranking);
        double largest = topology.Count > 100 ? 4 : 6;

        // The most relevant last, so that nothing covers them.
        for (int rank = ranking.Count - 1; rank >= 0; rank--) Point(svg, topology, ranking[rank], rank + 1, rank < kept, most, largest);
        return svg.Append("</svg>\n").ToString();
    }

    /// <summary>A small one: lines, and the landmarks that are kept.</summary>
    public static string Small(LandmarkTopology topology, IReadOnlyList<RankedLandmark> ranking, int kept)
    {
        StringBuilder svg = new($"<svg class=\"small\" aria-hidden=\"true\" viewBox=\"{Box(topology)}\">");
        Edges(svg, topology);
        double most = Most(ranking), largest = topology.Count > 100 ? 5 : 9;
        for (int rank = Math.Min(kept, ranking.Count) - 1; rank >= 0; rank--)
        {
            Point3 p = topology.Neutral[ranking[rank].Landmark];
            double share = most > 0 && ranking[rank].Relevance > 0 ? ranking[rank].Relevance / most : 0;
            svg.Append($"<circle class=\"point\" cx=\"{Place(p.X * Unit)}\" cy=\"{Place(p.Y * Unit)}\" r=\"{Place(largest * (0.5 + (0.5 * Math.Sqrt(share))))}\" fill=\"{Viridis.At(share)}\"/>");
        }

        return svg.Append("</svg>\n").ToString();
    }

    private static string Box(LandmarkTopology topology)
    {
        (double x0, double x1) = (topology.Neutral.Min(p => p.X) * Unit, topology.Neutral.Max(p => p.X) * Unit);
        (double y0, double y1) = (topology.Neutral.Min(p => p.Y) * Unit, topology.Neutral.Max(p => p.Y) * Unit);
        return string.Join(' ', new[] { x0 - Margin, y0 - Margin, x1 - x0 + (2 * Margin), y1 - y0 + (2 * Margin) }.Select(Place));
    }

    /// <summary>What the colours mean.</summary>
    public static string Legend(IReadOnlyList<RankedLandmark> ranking)
    {
        StringBuilder html = new("<p class=\"legend\"><span>0%</span><svg aria-hidden=\"true\" viewBox=\"0 0 100 8\" preserveAspectRatio=\"none\">");
        for (int i = 0; i < 20; i++) html.Append($"<rect x=\"{Place(i * 5)}\" y=\"0\" width=\"5.2\" height=\"8\" fill=\"{Viridis.At(i / 19.0)}\"/>");
        return html.Append($"</svg><span>{Share(Most(ranking))} of all relevance</span></p>\n").ToString();
    }

    private static double Most(IReadOnlyList<RankedLandmark> ranking) => ranking.Select(r => r.Relevance).Where(double.IsFinite).DefaultIfEmpty(0).Max();

    private static void Edges(StringBuilder svg, LandmarkTopology topology)
    {
        svg.Append("<path class=\"edges\" d=\"");
        foreach ((int a, int b) in topology.Edges)
        {
            Point3 from = topology.Neutral[a], to = topology.Neutral[b];
            svg.Append($"M{Place(from.X * Unit)} {Place(from.Y * Unit)}L{Place(to.X * Unit)} {Place(to.Y * Unit)}");
        }

        svg.Append("\"/>\n");
    }

    private static void Point(StringBuilder svg, LandmarkTopology topology, RankedLandmark landmark, int rank, bool kept, double most, double largest)
    {
        Point3 p = topology.Neutral[landmark.Landmark];
        double share = most > 0 && landmark.Relevance > 0 ? landmark.Relevance / most : 0;
        double radius = largest * (0.25 + (0.75 * Math.Sqrt(share)));
        string centre = $"cx=\"{Place(p.X * Unit)}\" cy=\"{Place(p.Y * Unit)}\"";
        string title = $"{landmark.Name} ({landmark.Region}): {Share(landmark.Relevance)} of all relevance, rank {rank}{(kept ? ", kept" : "")}";
        svg.Append("<g><title>").Append(Encode(title)).Append("</title>");
        svg.Append($"<circle class=\"point\" data-landmark=\"{landmark.Landmark}\" {centre} r=\"{Place(radius)}\" fill=\"{Viridis.At(share)}\"/>");
        if (kept) svg.Append($"<circle class=\"ring\" {centre} r=\"{Place(radius + 1.3)}\"/>");
        svg.Append("</g>\n");
    }
}
