using System.Globalization;
using System.Text;

namespace EmotionXai.Landmarks.Report;

/// <summary>A line of a chart.</summary>
/// <param name="Label">Its name in the legend.</param>
/// <param name="X">Where.</param>
/// <param name="Y">How much; NaN breaks the line.</param>
/// <param name="Low">The lower end of its interval; null for none.</param>
/// <param name="High">The upper end.</param>
/// <param name="Marks">Whether its points are marked.</param>
internal sealed record ChartLine(string Label, IReadOnlyList<double> X, IReadOnlyList<double> Y, IReadOnlyList<double>? Low = null, IReadOnlyList<double>? High = null, bool Marks = true);

/// <summary>Lines over numbers: title, axes, marks that tell their values, and a legend. Colours, dashes and shapes all tell lines apart.</summary>
internal sealed class Chart(string title, string x, string y, IReadOnlyList<ChartLine> lines)
{
    private const double Left = 36, Right = 8, Top = 18, Bottom = 28, Row = 11, Key = 18, Inset = 5;

    // Okabe and Ito's colours, told apart by most eyes, and two more.
    private static readonly string[] s_inks = ["#0072b2", "#d55e00", "#009e73", "#cc79a7", "#8a8a00", "#56b4e9", "#7f7f7f", "#a0522d"];
    private static readonly string?[] s_dashes = [null, "4 2", "1.5 2", "6 2 1.5 2", "1 3", "8 3", "3 1 1 1", "5 1"];

    /// <summary>Whether x halves from mark to mark; then every x is marked.</summary>
    public bool Halves { get; init; }

    /// <summary>The ends of the x axis; null takes them from the lines.</summary>
    public (double From, double To)? Across { get; init; }

    /// <summary>The ends of the y axis; null takes them from the lines.</summary>
    public (double From, double To)? Up { get; init; }

    /// <summary>The format of values in tips.</summary>
    public string Format { get; init; } = "0.000";

    /// <summary>The chart, with its legend below.</summary>
    public Drawing Draw(double width = Drawing.Column, double plot = 110)
    {
        List<List<int>> legend = Legend(width);
        Drawing drawing = new(width, Top + plot + Bottom + (Row * legend.Count));
        (double x0, double x1) = Ends(Across, lines.SelectMany(l => l.X), rounded: false);
        (double y0, double y1) = Ends(Up, lines.SelectMany(l => l.Y.Concat(l.Low ?? []).Concat(l.High ?? [])), rounded: true);

        // Room for the marks at both ends, which would cover the axis's numbers.
        double inset = lines.Any(l => l.Marks) ? Inset : 0;
        double AtX(double v) => Left + inset + ((Halves ? (Math.Log2(v) - Math.Log2(x0)) / (Math.Log2(x1) - Math.Log2(x0)) : (v - x0) / (x1 - x0)) * (width - Left - Right - (2 * inset)));
        double AtY(double v) => Top + ((1 - ((v - y0) / (y1 - y0))) * plot);

        drawing.Title(title);
        double last = double.NegativeInfinity;
        foreach (double tick in Halves ? lines.SelectMany(l => l.X).Distinct().Order() : Ticks(x0, x1))
        {
            string text = tick.ToString("0.##", CultureInfo.InvariantCulture);
            drawing.Line(AtX(tick), Top, AtX(tick), Top + plot);
            if (AtX(tick) - last < Drawing.WidthOf(text, 7) + 3) continue;
            drawing.Text(AtX(tick), Top + plot + 10, text, 7, "middle");
            last = AtX(tick);
        }

        foreach (double tick in Ticks(y0, y1))
        {
            drawing.Line(Left, AtY(tick), width - Right, AtY(tick));
            drawing.Text(Left - 3, AtY(tick) + 2.5, tick.ToString("0.###", CultureInfo.InvariantCulture), 7, "end");
        }

        drawing.Text(Left + ((width - Left - Right) / 2), Top + plot + 20, x, 7.5, "middle", soft: true);
        drawing.Text(8, Top + (plot / 2), y, 7.5, "middle", soft: true, upward: true);

        // The first line last, on top of the others.
        for (int i = lines.Count - 1; i >= 0; i--) Line(drawing, i, AtX, AtY);
        for (int row = 0; row < legend.Count; row++)
        {
            double at = Left;
            foreach (int i in legend[row])
            {
                double level = Top + plot + Bottom + (row * Row) + 4;
                drawing.Path($"M{Drawing.Place(at)} {Drawing.Place(level - 2.5)}h{Key - 4}", stroke: s_inks[i % s_inks.Length], width: 1.4, dash: s_dashes[i % s_dashes.Length]);
                if (lines[i].Marks) Mark(drawing, i, at + ((Key - 4) / 2), level - 2.5, null);
                drawing.Text(at + Key, level, lines[i].Label, 7.5);
                at += Key + Drawing.WidthOf(lines[i].Label, 7.5) + 8;
            }
        }

        return drawing;
    }

    private void Line(Drawing drawing, int i, Func<double, double> atX, Func<double, double> atY)
    {
        ChartLine line = lines[i];
        string ink = s_inks[i % s_inks.Length];
        if (line is { Low: { } low, High: { } high })
        {
            int[] known = [.. Enumerable.Range(0, line.X.Count).Where(k => double.IsFinite(low[k]) && double.IsFinite(high[k]))];
            if (known.Length > 1)
            {
                IEnumerable<string> around = known.Select(k => $"{Drawing.Place(atX(line.X[k]))} {Drawing.Place(atY(high[k]))}").Concat(known.Reverse().Select(k => $"{Drawing.Place(atX(line.X[k]))} {Drawing.Place(atY(low[k]))}"));
                drawing.Path($"M{string.Join('L', around)}z", ink, opacity: 0.18);
            }
        }

        StringBuilder d = new();
        bool pen = false;
        for (int k = 0; k < line.X.Count; k++)
        {
            if (!double.IsFinite(line.Y[k]))
            {
                pen = false;
                continue;
            }

            d.Append($"{(pen ? 'L' : 'M')}{Drawing.Place(atX(line.X[k]))} {Drawing.Place(atY(line.Y[k]))}");
            pen = true;
        }

        drawing.Path(d.ToString(), stroke: ink, width: i == 0 ? 1.6 : 1.1, dash: s_dashes[i % s_dashes.Length]);
        if (!line.Marks) return;
        for (int k = 0; k < line.X.Count; k++)
        {
            if (!double.IsFinite(line.Y[k])) continue;
            string interval = line is { Low: { } from, High: { } to } && double.IsFinite(from[k]) ? $" [{Number(from[k])}, {Number(to[k])}]" : "";
            Mark(drawing, i, atX(line.X[k]), atY(line.Y[k]), $"{line.Label}, {x} {line.X[k].ToString("0.##", CultureInfo.InvariantCulture)}: {Number(line.Y[k])}{interval}");
        }
    }

    private string Number(double value) => value.ToString(Format, CultureInfo.InvariantCulture);

    private static void Mark(Drawing drawing, int i, double x, double y, string? title)
    {
        string ink = s_inks[i % s_inks.Length], at = $"M{Drawing.Place(x)} {Drawing.Place(y)}";
        string shape = (i % 6) switch
        {
            0 => $"{at}m-2.4 0a2.4 2.4 0 1 0 4.8 0a2.4 2.4 0 1 0-4.8 0z",
            1 => $"{at}m-2.1-2.1h4.2v4.2h-4.2z",
            2 => $"{at}m0-2.6l2.5 4.4h-5z",
            3 => $"{at}m0-2.8l2.8 2.8l-2.8 2.8l-2.8-2.8z",
            4 => $"{at}m0 2.6l2.5-4.4h-5z",
            _ => $"{at}m-2 0a2 2 0 1 0 4 0a2 2 0 1 0-4 0z",
        };
        drawing.Path(shape, i == 0 ? ink : "#ffffff", ink, 0.9, name: i == 0 ? null : "hollow", title: title);
    }

    private List<List<int>> Legend(double width)
    {
        List<List<int>> rows = [];
        double at = width;
        for (int i = 0; i < lines.Count; i++)
        {
            double wide = Key + Drawing.WidthOf(lines[i].Label, 7.5) + 8;
            if (at + wide > width)
            {
                rows.Add([]);
                at = Left;
            }

            rows[^1].Add(i);
            at += wide;
        }

        return rows;
    }

    private static (double From, double To) Ends((double, double)? given, IEnumerable<double> values, bool rounded)
    {
        if (given is { } ends) return ends;
        double[] known = [.. values.Where(double.IsFinite)];
        if (known.Length == 0) return (0, 1);
        (double low, double high) = (known.Min(), known.Max());
        if (high - low < 1e-9) (low, high) = (low - (0.05 * Math.Max(1, Math.Abs(low))), high + (0.05 * Math.Max(1, Math.Abs(high))));
        if (!rounded) return (low, high);
        double step = StepOf(low, high);
        return (Math.Floor(low / step) * step, Math.Ceiling(high / step) * step);
    }

    private static IEnumerable<double> Ticks(double low, double high)
    {
        double step = StepOf(low, high);
        for (double i = Math.Ceiling((low / step) - 1e-9); i * step <= high + (1e-9 * step); i++) yield return i == 0 ? 0 : i * step;
    }

    // Four to eight steps of 1, 2 or 5 times a power of ten.
    private static double StepOf(double low, double high)
    {
        double rough = (high - low) / 5, power = Math.Pow(10, Math.Floor(Math.Log10(rough)));
        return (rough / power) switch
        {
            < 1.5 => power,
            < 3.5 => 2 * power,
            < 7.5 => 5 * power,
            _ => 10 * power,
        };
    }
}
