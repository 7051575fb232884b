using System.Globalization;
using OpenCvSharp;

namespace EmotionXai.Landmarks.Video;

/// <summary>A strip with the probabilities of all emotions over time, and those of one moment as bars.</summary>
internal sealed class PredictionPanel : IDisposable
{
    private const double Height = 0.42, LegendShare = 0.36, BarShare = 0.34;
    private const int Ground = 28;
    private static readonly Scalar s_grid = new(70, 70, 70), s_dim = new(150, 150, 150);

    // Okabe and Ito's colours, told apart by colour-blind people too, lightened for a dark ground; blue, green, red.
    private static readonly Scalar[] s_colours =
    [
        new(0, 159, 230), new(233, 180, 86), new(115, 190, 0), new(66, 228, 240), new(210, 140, 60), new(60, 110, 235), new(190, 130, 220), new(200, 200, 200),
    ];

    private readonly IReadOnlyList<string> _names;
    private readonly double[][] _probabilities;
    private readonly Mat _strip;
    private readonly Rect _chart;
    private readonly double _size;
    private readonly int _thickness;

    /// <summary>Draws the lines once.</summary>
    /// <param name="frame">The frame it goes below.</param>
    /// <param name="names">[emotion].</param>
    /// <param name="probabilities">[frame][emotion]; NaN where it cannot be told.</param>
    public PredictionPanel(Mat frame, IReadOnlyList<string> names, double[][] probabilities)
    {
        (_names, _probabilities) = (names, probabilities);
        (_size, _thickness) = (FaceDrawing.TextSize(frame), FaceDrawing.Thickness(frame));
        int line = (int)(26 * _size), height = Math.Max((int)(Height * frame.Height), (names.Count + 1) * line);
        _strip = new Mat(height, frame.Width, MatType.CV_8UC3, Scalar.All(Ground));
        int left = (int)(44 * _size) + 6, right = (int)(frame.Width * (1 - LegendShare));
        _chart = new Rect(left, (int)(1.6 * line), right - left, height - (int)(2.2 * line));
        foreach (double level in (double[])[0, 0.5, 1])
        {
            int y = Y(level);
            Cv2.Line(_strip, new Point(_chart.Left, y), new Point(_chart.Right, y), s_grid, _thickness);
            Text(_strip, level.ToString("0.0", CultureInfo.InvariantCulture), 3, y + (int)(5 * _size), s_dim);
        }

        Text(_strip, "probability over time", _chart.Left, (int)(0.8 * line), s_dim);
        for (int e = 0; e < names.Count; e++)
        {
            for (int t = 1; t < probabilities.Length; t++)
            {
                if (double.IsNaN(probabilities[t - 1][e]) || double.IsNaN(probabilities[t][e])) continue;
                Cv2.Line(_strip, new Point(X(t - 1), Y(probabilities[t - 1][e])), new Point(X(t), Y(probabilities[t][e])), Colour(e), _thickness, LineTypes.AntiAlias);
            }
        }
    }

    /// <summary>The colour of an emotion.</summary>
    public static Scalar Colour(int emotion) => s_colours[emotion % s_colours.Length];

    /// <summary>Puts the strip, at one moment, below a frame.</summary>
    public void Below(Mat frame, int number)
    {
        using Mat strip = _strip.Clone(), both = new();
        double[] now = _probabilities[number];
        Cv2.Line(strip, new Point(X(number), _chart.Top), new Point(X(number), _chart.Bottom), FaceDrawing.White, _thickness);
        int legend = _chart.Right + (int)(14 * _size), line = Math.Min((int)(34 * _size), strip.Height / (_names.Count + 1));
        int bars = strip.Width - (int)(BarShare * LegendShare * strip.Width) - 4, most = strip.Width - 6 - bars;
        for (int e = 0; e < _names.Count; e++)
        {
            int baseline = line * (e + 1);
            string value = double.IsNaN(now[e]) ? "  -" : now[e].ToString("0.00", CultureInfo.InvariantCulture);
            Text(strip, $"{_names[e]} {value}", legend, baseline, Colour(e));
            int height = Math.Max(4, line / 2), top = baseline - height;
            Cv2.Rectangle(strip, new Rect(bars, top, most, height), s_grid, _thickness);
            if (now[e] > 0) Cv2.Rectangle(strip, new Rect(bars, top, Math.Max(1, (int)(now[e] * most)), height), Colour(e), Cv2.FILLED);
            if (!double.IsNaN(now[e])) Cv2.Circle(strip, new Point(X(number), Y(now[e])), 2 + _thickness, Colour(e), Cv2.FILLED, LineTypes.AntiAlias);
        }

        Cv2.VConcat([frame, strip], both);
        both.CopyTo(frame);
    }

    public void Dispose() => _strip.Dispose();

    private void Text(Mat strip, string text, int left, int baseline, Scalar colour) =>
        Cv2.PutText(strip, text, new Point(left, baseline), HersheyFonts.HersheySimplex, _size * 0.85, colour, _thickness, LineTypes.AntiAlias);

    private int X(int frame) => _chart.Left + (int)Math.Round((double)frame / Math.Max(1, _probabilities.Length - 1) * _chart.Width);

    private int Y(double probability) => _chart.Bottom - (int)Math.Round(probability * _chart.Height);
}
