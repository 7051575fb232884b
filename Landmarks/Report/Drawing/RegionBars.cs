using System.Globalization;

namespace EmotionXai.Landmarks.Report;

/// <summary>Regions as bars with intervals: a landmark's mean beside the region's sum.</summary>
internal static class RegionBars
{
    private const double Row = 14, Names = 74, Top = 34, Gap = 18;

    public static Drawing Draw(string title, IReadOnlyList<RegionRelevance> regions, double width = Drawing.Column)
    {
        Drawing drawing = new(width, Top + (Row * regions.Count) + 24);
        drawing.Title(title);
        double half = (width - Names - Gap - 6) / 2, uniform = 1.0 / Math.Max(1, regions.Sum(r => r.Landmarks));
        Panel("mean of a landmark", Names, r => r.Landmarks, _ => uniform, "0.0#");
        Panel("sum of the region", Names + half + Gap, _ => 1, r => uniform * r.Landmarks, "0.#");
        for (int i = 0; i < regions.Count; i++) drawing.Text(Names - 4, Top + (i * Row) + 9, $"{regions[i].Name} ({regions[i].Landmarks})", 7.5, "end");
        bool nulls = regions.Any(r => double.IsFinite(r.Null));
        drawing.Text(0, Top + (Row * regions.Count) + 20, $"Share of relevance, 95% interval over people. Line: uniform.{(nulls ? " Dotted: permuted labels." : "")}", 7, soft: true);
        return drawing;

        void Panel(string name, double x, Func<RegionRelevance, double> of, Func<RegionRelevance, double> even, string format)
        {
            double most = regions.Select(r => Math.Max((double.IsFinite(r.HalfWidth) ? r.Interval.High : r.Sum) / of(r), even(r))).DefaultIfEmpty(1).Max();
            double At(double v) => x + (Math.Clamp(v / most, 0, 1) * half);
            drawing.Text(x, Top - 6, name, 7.5, soft: true);
            for (int i = 0; i < regions.Count; i++)
            {
                RegionRelevance r = regions[i];
                double y = Top + (i * Row), v = r.Sum / of(r), low = r.Interval.Low / of(r), high = r.Interval.High / of(r), expected = r.Null / of(r);
                string said = string.Create(CultureInfo.InvariantCulture, $"{r.Name}: {Percent(v)}{(double.IsFinite(low) ? $" [{Percent(low)}, {Percent(high)}]" : "")}; uniform {Percent(even(r))}");
                drawing.Box(x, y + 2, Math.Max(0.1, At(v) - x), Row - 5, "#26828e", said);
                if (double.IsFinite(low))
                {
                    drawing.Line(At(low), y + 6.5, At(high), y + 6.5, Drawing.Ink, 0.8, "mark");
                    foreach (double end in new[] { low, high }) drawing.Line(At(end), y + 4.5, At(end), y + 8.5, Drawing.Ink, 0.8, "mark");
                }

                drawing.Line(At(even(r)), y, At(even(r)), y + Row - 1, Drawing.Ring, 1, "even");
                if (double.IsFinite(expected)) drawing.Line(At(expected), y, At(expected), y + Row - 1, Drawing.Soft, 1, "mark", "1 1.5");
            }

            drawing.Line(x, Top, x, Top + (Row * regions.Count));
            drawing.Text(x, Top + (Row * regions.Count) + 8, "0", 7, soft: true);
            drawing.Text(x + half, Top + (Row * regions.Count) + 8, Percent(most), 7, "end", soft: true);

            string Percent(double share) => (100 * share).ToString(format, CultureInfo.InvariantCulture) + "%";
        }
    }
}
