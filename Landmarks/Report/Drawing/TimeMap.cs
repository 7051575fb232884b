using System.Globalization;
using System.Text;
using EmotionXai.Landmarks.Topologies;

namespace EmotionXai.Landmarks.Report;

/// <summary>Landmark by time: a row a landmark, in the order of the regions; of a dense mesh a row a region, the mean of its landmarks.</summary>
internal static class TimeMap
{
    private const int MostRows = 100;

    /// <summary>The map on a scale of its own, or null where there is none to draw.</summary>
    /// <param name="title">Its title.</param>
    /// <param name="topology">What the points are.</param>
    /// <param name="landmarks">Those that the columns of <paramref name="values"/> belong to.</param>
    /// <param name="values">[time, landmark], with a sign.</param>
    /// <param name="kept">Those marked at the side.</param>
    /// <param name="width">In points.</param>
    public static Drawing? Draw(string title, LandmarkTopology topology, IReadOnlyList<int> landmarks, IReadOnlyList<double> values, IReadOnlyCollection<int> kept, double width = Drawing.Column)
    {
        int points = landmarks.Count;
        if (values.Count == 0 || points == 0 || values.Count % points != 0 || values.Count / points < 2) return null;
        int time = values.Count / points;
        (string Region, int[] Columns)[] rows = Rows(topology, landmarks);
        double[][] means = [.. rows.Select(r => Enumerable.Range(0, time).Select(t => r.Columns.Average(c => values[(t * points) + c])).ToArray())];
        ColourScale scale = ColourScale.Signed(means.SelectMany(m => m), Figures.Logits);
        const double Left = 74, Top = 18;
        double height = rows.Length > 30 ? 3.2 : 10, wide = (width - Left - 8) / time, bottom = Top + (height * rows.Length);
        Drawing drawing = new(width, bottom + 46);
        drawing.Title(title);

        // One path a colour keeps a map of thousands of cells small; what adds nothing is the ground.
        string ground = scale.Colour(0);
        drawing.Box(Left, Top, width - Left - 8, bottom - Top, ground);
        Dictionary<string, StringBuilder> cells = [];
        for (int r = 0; r < rows.Length; r++)
        {
            for (int t = 0; t < time; t++)
            {
                string colour = scale.Colour(scale.Most > 0 ? Math.Round(means[r][t] / scale.Most * 40) / 40 * scale.Most : 0);
                if (colour == ground) continue;
                if (!cells.TryGetValue(colour, out StringBuilder? d)) cells.Add(colour, d = new StringBuilder());
                d.Append($"M{Drawing.Place(Left + (t * wide))} {Drawing.Place(Top + (r * height))}h{Drawing.Place(wide)}v{Drawing.Place(height)}h{Drawing.Place(-wide)}z");
            }
        }

        foreach ((string colour, StringBuilder d) in cells) drawing.Path(d.ToString(), colour);
        for (int r = 0, from = 0; r < rows.Length; r++)
        {
            if (rows[r].Columns is [int only] && kept.Contains(landmarks[only])) drawing.Path($"M{Drawing.Place(Left - 1)} {Drawing.Place(Top + ((r + 0.5) * height))}l-4-2v4z", Drawing.Ring, name: "kept");
            if (r + 1 < rows.Length && rows[r + 1].Region == rows[r].Region) continue;
            if (r + 1 < rows.Length) drawing.Line(Left - 30, Top + ((r + 1) * height), Left, Top + ((r + 1) * height));
            drawing.Text(Left - 8, Top + ((from + r + 1) / 2.0 * height) + 2.5, rows[r].Region, 7, "end");
            from = r + 1;
        }

        drawing.Text(Left, bottom + 9, "first frame", 7, soft: true);
        drawing.Text(width - 8, bottom + 9, string.Create(CultureInfo.InvariantCulture, $"last of {time}"), 7, "end", soft: true);
        scale.Bar(drawing, Left, bottom + 22, width - Left - 8);
        return drawing;
    }

    private static (string Region, int[] Columns)[] Rows(LandmarkTopology topology, IReadOnlyList<int> landmarks)
    {
        IGrouping<string, int>[] regions = [.. Enumerable.Range(0, landmarks.Count).GroupBy(c => topology.Regions[landmarks[c]])];
        return landmarks.Count > MostRows ? [.. regions.Select(r => (r.Key, r.ToArray()))] : [.. regions.SelectMany(r => r.Select(c => (r.Key, new[] { c })))];
    }
}
