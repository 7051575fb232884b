using System.Globalization;

namespace EmotionXai.Landmarks.Report;

/// <summary>Colours of numbers with a sign: blue below zero, light grey at it, orange above; told apart by colour-blind readers.</summary>
public static class Diverging
{
    private const int Below = 0x2166ac, Zero = 0xf0f0f0, Above = 0xd95f02;

    /// <summary>The colour of a number from -1 to 1, as <c>#rrggbb</c>.</summary>
    public static string At(double value)
    {
        double part = double.IsFinite(value) ? Math.Clamp(value, -1, 1) : 0;
        int end = part < 0 ? Below : Above, colour = 0;
        for (int shift = 16; shift >= 0; shift -= 8)
        {
            int a = (Zero >> shift) & 255, b = (end >> shift) & 255;
            colour |= (int)Math.Round(a + ((b - a) * Math.Abs(part))) << shift;
        }

        return "#" + colour.ToString("x6", CultureInfo.InvariantCulture);
    }
}
