using System.Globalization;
using EmotionXai.Landmarks.Topologies;
using OpenCvSharp;

namespace EmotionXai.Landmarks.Video;

/// <summary>Draws faces into frames. Places are exact to a sixteenth of a pixel; widths grow with the picture.</summary>
internal static class FaceDrawing
{
    private const int Shift = 4;
    private const float Sub = 1 << Shift;
    private const double MeshOpacity = 0.45, SmallestText = 0.35;
    private const float DotsFrom = 150;

    /// <summary>White, in OpenCV's order blue, green, red.</summary>
    public static Scalar White { get; } = new(255, 255, 255);

    private static readonly Scalar s_mesh = new(230, 220, 150), s_eyes = new(120, 255, 120), s_brows = new(80, 200, 255), s_lips = new(130, 110, 255), s_box = new(255, 200, 60);

    /// <summary>How thick a line is in a picture of that size: one pixel up to 720 rows.</summary>
    public static int Thickness(Mat frame) => Math.Max(1, (int)Math.Round(Math.Min(frame.Width, frame.Height) / 720.0));

    /// <summary>The lines between landmarks, see-through, with eyes, brows and lips in colours of their own.</summary>
    /// <param name="frame">Where to draw.</param>
    /// <param name="topology">What the points are.</param>
    /// <param name="points">[point, coordinate].</param>
    public static void Mesh(Mat frame, LandmarkTopology topology, ReadOnlySpan<float> points)
    {
        int dimensions = points.Length / topology.Count, thickness = Thickness(frame);
        using Mat lines = frame.Clone();
        foreach ((int a, int b) in topology.Edges)
            Cv2.Line(lines, Place(points, a, dimensions), Place(points, b, dimensions), Colour(topology.Regions[a], topology.Regions[b]), thickness, LineTypes.AntiAlias, Shift);
        Cv2.AddWeighted(lines, MeshOpacity, frame, 1 - MeshOpacity, 0, frame);

        // On a small face the points of the mesh would cover it.
        bool dense = topology.Count > 100;
        if (dense && SideOf(points, dimensions) < DotsFrom) return;
        float radius = (dense ? 0.6f : 1.4f) * thickness;
        for (int p = 0; p < topology.Count; p++)
            Cv2.Circle(frame, Place(points, p, dimensions), (int)(radius * Sub), Colour(topology.Regions[p], topology.Regions[p]), Cv2.FILLED, LineTypes.AntiAlias, Shift);
    }

    /// <summary>One landmark.</summary>
    public static void Point(Mat frame, ReadOnlySpan<float> points, int point, int dimensions, float radius, Scalar colour) =>
        Cv2.Circle(frame, Place(points, point, dimensions), (int)(radius * Sub), colour, Cv2.FILLED, LineTypes.AntiAlias, Shift);

    /// <summary>The box around a face and what is said of it, no wider than the face where that can be read.</summary>
    public static void Box(Mat frame, int dimensions, ReadOnlySpan<float> points, string text)
    {
        (float left, float top, float right, float bottom) = Bounds(points, dimensions);
        Cv2.Rectangle(frame, new Point((int)left, (int)top), new Point((int)right, (int)bottom), s_box, Thickness(frame), LineTypes.AntiAlias);
        double width = Cv2.GetTextSize(text, HersheyFonts.HersheySimplex, 1, Thickness(frame), out _).Width;
        double size = Math.Clamp((right - left) / width, SmallestText, TextSize(frame));
        Label(frame, text, (int)left + 2, (int)(top - (8 * size)), size);
    }

    /// <summary>The size of text that can be read in a picture of that size.</summary>
    public static double TextSize(Mat frame) => Math.Max(SmallestText, Math.Min(frame.Width, frame.Height) / 900.0);

    /// <summary>Text on a dark ground, moved into the picture where it would leave it.</summary>
    /// <param name="frame">Where to draw.</param>
    /// <param name="text">Plain ASCII.</param>
    /// <param name="left">The text's left end.</param>
    /// <param name="baseline">The line it stands on.</param>
    /// <param name="size">From <see cref="TextSize"/>.</param>
    public static void Label(Mat frame, string text, int left, int baseline, double size)
    {
        int thickness = Thickness(frame);
        Size extent = Cv2.GetTextSize(text, HersheyFonts.HersheySimplex, size, thickness, out int below);
        left = Math.Clamp(left, 2, Math.Max(2, frame.Width - extent.Width - 2));
        baseline = Math.Clamp(baseline, extent.Height + 3, Math.Max(extent.Height + 3, frame.Height - below - 1));
        Shade(frame, new Rect(left - 2, baseline - extent.Height - 3, extent.Width + 4, extent.Height + below + 3), 0.55);
        Cv2.PutText(frame, text, new Point(left, baseline), HersheyFonts.HersheySimplex, size, White, thickness, LineTypes.AntiAlias);
    }

    /// <summary>A bar of colours from -1 to 1 at the foot of a picture, with what its ends mean.</summary>
    public static void ColourBar(Mat frame, Func<double, string> colour, string below, string above)
    {
        double size = TextSize(frame) * 0.8;
        int thickness = Thickness(frame), height = Math.Max(6, (int)(14 * size)), margin = (int)(8 * size) + 2;
        int left = Cv2.GetTextSize(below, HersheyFonts.HersheySimplex, size, thickness, out _).Width, right = Cv2.GetTextSize(above, HersheyFonts.HersheySimplex, size, thickness, out _).Width;
        int width = Math.Max(20, Math.Min((int)(0.3 * frame.Width), frame.Width - left - right - (4 * margin))), top = frame.Height - height - margin, start = margin + left + margin;
        Shade(frame, new Rect(0, top - margin, start + width + margin + right + margin, height + (2 * margin)), 0.55);
        for (int x = 0; x < width; x++) Cv2.Line(frame, new Point(start + x, top), new Point(start + x, top + height), Hex(colour((2.0 * x / (width - 1)) - 1)));
        Cv2.PutText(frame, below, new Point(margin, top + height), HersheyFonts.HersheySimplex, size, White, thickness, LineTypes.AntiAlias);
        Cv2.PutText(frame, above, new Point(start + width + margin, top + height), HersheyFonts.HersheySimplex, size, White, thickness, LineTypes.AntiAlias);
    }

    /// <summary>Darkens a part of a picture; 1 is black.</summary>
    public static void Shade(Mat frame, Rect part, double strength)
    {
        Rect inside = part & new Rect(0, 0, frame.Width, frame.Height);
        if (inside.Width <= 0 || inside.Height <= 0) return;
        using Mat region = new(frame, inside);
        region.ConvertTo(region, -1, 1 - strength, 0);
    }

    /// <summary>A colour given as #rrggbb.</summary>
    public static Scalar Hex(string colour)
    {
        int value = int.Parse(colour.AsSpan(1), NumberStyles.HexNumber, CultureInfo.InvariantCulture);
        return new Scalar(value & 255, (value >> 8) & 255, value >> 16);
    }

    /// <summary>The longer side of the box around points.</summary>
    public static float SideOf(ReadOnlySpan<float> points, int dimensions)
    {
        (float left, float top, float right, float bottom) = Bounds(points, dimensions);
        return Math.Max(right - left, bottom - top);
    }

    private static (float Left, float Top, float Right, float Bottom) Bounds(ReadOnlySpan<float> points, int dimensions)
    {
        float left = float.MaxValue, top = float.MaxValue, right = float.MinValue, bottom = float.MinValue;
        for (int i = 0; i < points.Length; i += dimensions)
        {
            (left, right) = (Math.Min(left, points[i]), Math.Max(right, points[i]));
            (top, bottom) = (Math.Min(top, points[i + 1]), Math.Max(bottom, points[i + 1]));
        }

        return (left, top, right, bottom);
    }

    private static Point Place(ReadOnlySpan<float> points, int point, int dimensions) =>
        new((int)MathF.Round(points[point * dimensions] * Sub), (int)MathF.Round(points[(point * dimensions) + 1] * Sub));

    private static Scalar Colour(string a, string b)
    {
        if (a != b) return s_mesh;
        if (a.EndsWith("eye", StringComparison.Ordinal)) return s_eyes;
        if (a.EndsWith("brow", StringComparison.Ordinal)) return s_brows;
        return a.EndsWith("lips", StringComparison.Ordinal) ? s_lips : s_mesh;
    }
}
