using System.Globalization;

namespace EmotionXai.Landmarks.Report;

/// <summary>The viridis colours: even in lightness, and told apart by colour-blind readers and in grey print.</summary>
public static class Viridis
{
    private static readonly int[] s_stops =
        [0x440154, 0x482878, 0x3e4989, 0x31688e, 0x26828e, 0x1f9e89, 0x35b779, 0x6ece58, 0xb5de2b, 0xfde725];

    /// <summary>The colour of a share from 0 (dark) to 1 (bright), as <c>#rrggbb</c>.</summary>
    public static string At(double share)
    {
        double place = (double.IsFinite(share) ? Math.Clamp(share, 0, 1) : 0) * (s_stops.Length - 1);
        int first = Math.Min((int)place, s_stops.Length - 2);
        int colour = 0;
        for (int shift = 16; shift >= 0; shift -= 8)
        {
            int a = (s_stops[first] >> shift) & 255, b = (s_stops[first + 1] >> shift) & 255;
            colour |= (int)Math.Round(a + ((b - a) * (place - first))) << shift;
        }

        return "#" + colour.ToString("x6", CultureInfo.InvariantCulture);
    }
}
