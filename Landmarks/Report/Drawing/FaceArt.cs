using System.Text;
using EmotionXai.Landmarks.Topologies;
using static EmotionXai.Landmarks.Report.ReportText;

namespace EmotionXai.Landmarks.Report;

/// <summary>
/// The one way in which faces are drawn: page, cards and figures put this markup somewhere. Seen from the front, a hundred units
/// between the eyes, y down.
/// </summary>
internal sealed class FaceArt
{
    private const double Unit = 100, Margin = 12;

    private readonly LandmarkTopology _topology;

    public FaceArt(LandmarkTopology topology)
    {
        _topology = topology;
        (Left, Top) = ((topology.Neutral.Min(p => p.X) * Unit) - Margin, (topology.Neutral.Min(p => p.Y) * Unit) - Margin);
        (Width, Height) = ((topology.Neutral.Max(p => p.X) * Unit) + Margin - Left, (topology.Neutral.Max(p => p.Y) * Unit) + Margin - Top);
    }

    public double Left { get; }

    public double Top { get; }

    public double Width { get; }

    public double Height { get; }

    /// <summary>The view box of a drawing that holds the face alone.</summary>
    public string Box => string.Join(' ', new[] { Left, Top, Width, Height }.Select(Place));

    /// <summary>Puts a face into a drawing.</summary>
    public void Put(Drawing drawing, string markup, double x, double y, double width) => drawing.Put(markup, x - (Left * width / Width), y - (Top * width / Width), width / Width);

    /// <summary>A face whose dots show values: larger and deeper in colour where they are larger.</summary>
    /// <param name="values">[landmark]; NaN leaves a landmark out.</param>
    /// <param name="scale">Their colours.</param>
    /// <param name="kept">Those with a ring.</param>
    /// <param name="title">What a landmark tells when pointed at; null for nothing.</param>
    /// <param name="larger">How much larger the dots are than usual.</param>
    /// <param name="pale">Those drawn pale; null for none.</param>
    public string Dots(IReadOnlyList<double> values, ColourScale scale, IReadOnlyCollection<int> kept, Func<int, string>? title = null, double larger = 1, IReadOnlyCollection<int>? pale = null)
    {
        StringBuilder svg = new();
        Edges(svg);
        double largest = larger * (_topology.Count > 100 ? 4 : 6);
        string line = $"stroke=\"{Drawing.Soft}\" stroke-width=\"0.4\"";

        // Without titles one group carries the line of all dots.
        if (title is null) svg.Append($"<g {line}>\n");

        // The largest last, so that nothing covers them.
        foreach (int landmark in Enumerable.Range(0, values.Count).Where(i => !double.IsNaN(values[i])).OrderBy(i => scale.Part(values[i])).ThenByDescending(i => i))
        {
            Point3 p = _topology.Neutral[landmark];
            double radius = largest * (0.25 + (0.75 * Math.Sqrt(scale.Part(values[landmark]))));
            string centre = $"cx=\"{Place(p.X * Unit)}\" cy=\"{Place(p.Y * Unit)}\"";
            if (title is not null) svg.Append("<g><title>").Append(Encode(title(landmark))).Append("</title>");
            svg.Append($"<circle class=\"point\" data-landmark=\"{landmark}\" {centre} r=\"{Place(radius)}\" fill=\"{scale.Colour(values[landmark])}\"{(pale?.Contains(landmark) == true ? " fill-opacity=\"0.3\"" : "")}{(title is null ? "" : " " + line)}/>");
            if (kept.Contains(landmark)) svg.Append($"<circle class=\"ring\" {centre} r=\"{Place(radius + 1.3)}\" fill=\"none\" stroke=\"{Drawing.Ring}\" stroke-width=\"1.2\"/>");
            svg.Append(title is null ? "\n" : "</g>\n");
        }

        return title is null ? svg.Append("</g>\n").ToString() : svg.ToString();
    }

    /// <summary>A face under smooth heat: the mean of the landmarks around every place, by a Gaussian of their distance.</summary>
    public string Heat(IReadOnlyList<double> values, ColourScale scale, IReadOnlyCollection<int> kept)
    {
        // One and a half times the median distance of a landmark from its nearest neighbour smooths over two or three of them.
        const double Step = 2.5;
        const int Levels = 48;
        (double X, double Y)[] places = [.. _topology.Neutral.Select(p => (p.X * Unit, p.Y * Unit))];
        double width = 1.5 * places.Select(a => places.Where(b => b != a).Min(b => Distance(a, b))).Order().ElementAt(places.Length / 2);
        (double X, double Y)[] hull = Hull(places);
        Dictionary<string, StringBuilder> runs = [];
        for (double y = Top; y < Top + Height; y += Step)
        {
            string? before = null;
            double start = 0;
            for (double x = Left; x <= Left + Width + Step; x += Step)
            {
                string? colour = Inside(hull, (x + (Step / 2), y + (Step / 2))) ? At((x + (Step / 2), y + (Step / 2))) : null;
                if (colour == before) continue;
                if (before is not null) Run(before, start, x, y);
                (before, start) = (colour, x);
            }
        }

        StringBuilder svg = new();
        foreach ((string colour, StringBuilder d) in runs) svg.Append($"<path d=\"{d}\" fill=\"{colour}\"/>\n");
        Edges(svg);
        foreach (int landmark in kept) svg.Append($"<circle class=\"ring\" cx=\"{Place(places[landmark].X)}\" cy=\"{Place(places[landmark].Y)}\" r=\"3.5\" fill=\"none\" stroke=\"{Drawing.Ring}\" stroke-width=\"1.2\"/>\n");
        return svg.ToString();

        string At((double X, double Y) place)
        {
            double sum = 0, weights = 0;
            for (int i = 0; i < values.Count; i++)
            {
                if (double.IsNaN(values[i])) continue;
                double weight = Math.Exp(-0.5 * Math.Pow(Distance(place, places[i]) / width, 2));
                (sum, weights) = (sum + (weight * values[i]), weights + weight);
            }

            return scale.Colour(weights > 0 ? Math.Round(sum / weights / scale.Most * Levels) / Levels * scale.Most : 0);
        }

        void Run(string colour, double from, double to, double y)
        {
            if (!runs.TryGetValue(colour, out StringBuilder? d)) runs.Add(colour, d = new StringBuilder());

            // A little over, so that no seam shows.
            d.Append($"M{Place(from)} {Place(y)}h{Place(to - from + 0.2)}v{Place(Step + 0.2)}H{Place(from)}z");
        }
    }

    private void Edges(StringBuilder svg)
    {
        svg.Append("<path class=\"edges\" d=\"");
        foreach ((int a, int b) in _topology.Edges)
        {
            Point3 from = _topology.Neutral[a], to = _topology.Neutral[b];
            svg.Append($"M{Place(from.X * Unit)} {Place(from.Y * Unit)}L{Place(to.X * Unit)} {Place(to.Y * Unit)}");
        }

        svg.Append($"\" fill=\"none\" stroke=\"{Drawing.Grey}\" stroke-width=\"0.7\"/>\n");
    }

    private static double Distance((double X, double Y) a, (double X, double Y) b) => Math.Sqrt(((a.X - b.X) * (a.X - b.X)) + ((a.Y - b.Y) * (a.Y - b.Y)));

    // Andrew's monotone chain.
    private static (double X, double Y)[] Hull((double X, double Y)[] places)
    {
        (double X, double Y)[] sorted = [.. places.OrderBy(p => p.X).ThenBy(p => p.Y)];
        return [.. Half(sorted), .. Half([.. sorted.Reverse()])];

        static IEnumerable<(double X, double Y)> Half((double X, double Y)[] sorted)
        {
            List<(double X, double Y)> chain = [];
            foreach ((double X, double Y) p in sorted)
            {
                while (chain.Count > 1 && Cross(chain[^2], chain[^1], p) <= 0) chain.RemoveAt(chain.Count - 1);
                chain.Add(p);
            }

            return chain.SkipLast(1);
        }
    }

    private static bool Inside((double X, double Y)[] hull, (double X, double Y) p)
    {
        for (int i = 0; i < hull.Length; i++)
            if (Cross(hull[i], hull[(i + 1) % hull.Length], p) < 0) return false;
        return true;
    }

    private static double Cross((double X, double Y) a, (double X, double Y) b, (double X, double Y) c) => ((b.X - a.X) * (c.Y - a.Y)) - ((b.Y - a.Y) * (c.X - a.X));
}
