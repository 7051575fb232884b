using System.Globalization;

namespace EmotionXai.Landmarks.Report;

/// <summary>One scale of colours for all that is set side by side, and its bar.</summary>
/// <param name="Most">The value of the brightest colour; with a sign, of the deepest on either side.</param>
/// <param name="IsSigned">Whether values have a sign: red for the emotion, blue against it.</param>
/// <param name="Unit">What a value is.</param>
/// <param name="Uniform">Where every landmark counts alike; 0 for no mark.</param>
/// <param name="Null">What permuted labels give; null for no mark.</param>
internal sealed record ColourScale(double Most, bool IsSigned, string Unit, double Uniform = 0, NullBand? Null = null)
{
    /// <summary>The unit of a difference of shares.</summary>
    public const string Points = "difference in percentage points";

    // ColorBrewer's RdBu, from against to for.
    private static readonly int[] s_signed = [0x2166ac, 0x4393c3, 0x92c5de, 0xd1e5f0, 0xf7f7f7, 0xfddbc7, 0xf4a582, 0xd6604d, 0xb2182b];

    /// <summary>The scale of shares of relevance.</summary>
    public static ColourScale Relevance(IEnumerable<double> values, int landmarks, NullBand? band = null) => new(Largest(values), IsSigned: false, "share of all relevance", landmarks > 0 ? 1.0 / landmarks : 0, band);

    /// <summary>The scale of values with a sign.</summary>
    public static ColourScale Signed(IEnumerable<double> values, string unit) => new(Largest(values), IsSigned: true, unit);

    /// <summary>The part of the scale that a value takes, from 0 to 1.</summary>
    public double Part(double value) => Most > 0 && double.IsFinite(value) ? Math.Clamp(Math.Abs(value) / Most, 0, 1) : 0;

    /// <summary>A value's colour.</summary>
    public string Colour(double value) => double.IsNaN(value) ? Colour(0) : IsSigned ? Mixed(s_signed, 0.5 + (0.5 * Math.Sign(value) * Part(value))) : Viridis.At(value > 0 ? Part(value) : 0);

    /// <summary>Draws the bar with its marks.</summary>
    /// <returns>Its height.</returns>
    public double Bar(Drawing drawing, double x, double y, double width)
    {
        const int Steps = 48;
        const double Height = 6;
        for (int i = 0; i < Steps; i++)
        {
            double part = (i + 0.5) / Steps;
            drawing.Box(x + (i * width / Steps), y, (width / Steps) + 0.3, Height, Colour(IsSigned ? ((2 * part) - 1) * Most : part * Most));
        }

        List<(double At, string Text)> marks = IsSigned ? [(0, Text(-Most)), (0.5, "0"), (1, Text(Most))] : [(0, "0"), (1, Text(Most))];
        double uniform = Most > 0 ? Uniform / Most : 0;
        if (uniform is > 0 and < 1)
        {
            drawing.Line(x + (uniform * width), y - 3, x + (uniform * width), y + Height + 2, Drawing.Ink, 1, "mark");
            drawing.Text(x + (uniform * width), y - 4.5, $"uniform {Text(Uniform)}", 7, "middle");
        }

        // Above the bar as well, clear of the mark's text.
        if (Null is { } band && Most > 0)
        {
            double from = Math.Min(1, band.Low / Most), to = Math.Min(1, band.High / Most);
            drawing.Box(x + (from * width), y - 2.6, Math.Max(0.5, (to - from) * width), 1.6, Drawing.Ring, $"permuted labels: 95% between {Text(band.Low)} and {Text(band.High)}");
        }

        foreach ((double at, string text) in marks) drawing.Text(x + (at * width), y + Height + 8, text, 7, at == 0 ? "start" : at == 1 ? "end" : "middle", soft: true);
        drawing.Text(x + (width / 2), y + Height + 16, Null is null ? Unit : $"{Unit}; line: 95% of permuted labels", 7, "middle", soft: true);
        return Height + 18;
    }

    private string Text(double value) => Unit == Points
        ? (100 * value).ToString("+0.0#;−0.0#;0", CultureInfo.InvariantCulture)
        : IsSigned ? value.ToString("+0.0##;−0.0##;0", CultureInfo.InvariantCulture) : (100 * value).ToString("0.0#", CultureInfo.InvariantCulture) + "%";

    private static double Largest(IEnumerable<double> values) => values.Where(double.IsFinite).Select(Math.Abs).DefaultIfEmpty(0).Max();

    private static string Mixed(int[] stops, double share)
    {
        double place = share * (stops.Length - 1);
        int first = Math.Min((int)place, stops.Length - 2), colour = 0;
        for (int shift = 16; shift >= 0; shift -= 8)
        {
            int a = (stops[first] >> shift) & 255, b = (stops[first + 1] >> shift) & 255;
            colour |= (int)Math.Round(a + ((b - a) * (place - first))) << shift;
        }

        return "#" + colour.ToString("x6", CultureInfo.InvariantCulture);
    }
}
