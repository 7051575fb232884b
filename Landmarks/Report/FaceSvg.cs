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
    public static string Draw(LandmarkTopology topology, EmotionResult emotion)
    {
        (double x0, double x1) = (topology.Neutral.Min(p => p.X) * Unit, topology.Neutral.Max(p => p.X) * Unit);
        (double y0, double y1) = (topology.Neutral.Min(p => p.Y) * Unit, topology.Neutral.Max(p => p.Y) * Unit);
        string box = string.Join(' ', new[] { x0 - Margin, y0 - Margin, x1 - x0 + (2 * Margin), y1 - y0 + (2 * Margin) }.Select(Place));
        StringBuilder svg = new($"<svg class=\"face\" role=\"img\" viewBox=\"{box}\">\n");
        svg.Append("<title>").Append(Encode($"Relevance of {topology.Count} landmarks for {emotion.Name}; the {emotion.Chosen.Landmarks} kept are ringed")).Append("</title>\n");
        Edges(svg, topology);
        double most = Most(emotion);
        double largest = topology.Count > 100 ? 4 : 6;

        // The most relevant last, so that nothing covers them.
        for (int rank = emotion.Ranking.Count - 1; rank >= 0; rank--)
            Point(svg, topology, emotion.Ranking[rank], rank + 1, rank < emotion.Chosen.Landmarks, most, largest);
        return svg.Append("</svg>\n").ToString();
    }

    /// <summary>What the colours mean.</summary>
    public static string Legend(EmotionResult emotion)
    {
        StringBuilder html = new("<p class=\"legend\"><span>0%</span><svg aria-hidden=\"true\" viewBox=\"0 0 100 8\" preserveAspectRatio=\"none\">");
        for (int i = 0; i < 20; i++) html.Append($"<rect x=\"{Place(i * 5)}\" y=\"0\" width=\"5.2\" height=\"8\" fill=\"{Viridis.At(i / 19.0)}\"/>");
        return html.Append($"</svg><span>{Share(Most(emotion))} of all relevance</span></p>\n").ToString();
    }

    private static double Most(EmotionResult emotion) => emotion.Ranking.Select(r => r.Relevance).Where(double.IsFinite).DefaultIfEmpty(0).Max();

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
        svg.Append($"<circle class=\"point\" {centre} r=\"{Place(radius)}\" fill=\"{Viridis.At(share)}\"/>");
        if (kept) svg.Append($"<circle class=\"ring\" {centre} r=\"{Place(radius + 1.3)}\"/>");
        svg.Append("</g>\n");
    }
}
