namespace EmotionXai.Landmarks.Topologies;

/// <summary>
/// The 468 points of MediaPipe's face mesh. Contours are named by hand, numbered from the midline outwards (the oval from
/// the forehead down to the chin); every other point gets its region from where it lies, and its index as its number.
/// </summary>
internal static class MediaPipe468
{
    private const int Count = 468;

    // The eyes' inner corners and the bridge of the nose.
    private static readonly int[] s_rigid = [133, 362, 168, 6, 197, 195];

    // Those, the eyes' outer corners and the temples.
    private static readonly int[] s_anchors = [33, 133, 362, 263, 168, 6, 197, 195, 127, 356];

    private static readonly int[] s_leftEye =
        [263, 249, 390, 373, 374, 380, 381, 382, 362, 398, 384, 385, 386, 387, 388, 466];

    // The midline and the subject's left half; the right half follows from the mirror map.
    private static readonly (string Name, string Region, int[] Points)[] s_contours =
    [
        ("left_brow_lower", "left_brow", [285, 295, 282, 283, 276]),
        ("left_brow_upper", "left_brow", [336, 296, 334, 293, 300]),
        ("left_eye_corner_inner", "left_eye", [362]),
        ("left_eye_corner_outer", "left_eye", [263]),
        ("left_eye_upper", "left_eye", [398, 384, 385, 386, 387, 388, 466]),
        ("left_eye_lower", "left_eye", [382, 381, 380, 374, 373, 390, 249]),
        ("upper_lip_middle", "outer_lips", [0]),
        ("upper_lip_left", "outer_lips", [267, 269, 270, 409]),
        ("lip_corner_left", "outer_lips", [291]),
        ("lower_lip_left", "outer_lips", [314, 405, 321, 375]),
        ("lower_lip_middle", "outer_lips", [17]),
        ("inner_upper_lip_middle", "inner_lips", [13]),
        ("inner_upper_lip_left", "inner_lips", [312, 311, 310, 415]),
        ("inner_lip_corner_left", "inner_lips", [308]),
        ("inner_lower_lip_left", "inner_lips", [317, 402, 318, 324]),
        ("inner_lower_lip_middle", "inner_lips", [14]),
        ("oval_top", "forehead", [10]),
        ("left_oval_forehead", "forehead", [338, 297, 332, 284, 251]),
        ("left_oval_jaw", "jaw", [389, 356, 454, 323, 361, 288, 397, 365, 379, 378, 400, 377]),
        ("chin_tip", "jaw", [152]),
        ("nose_bridge", "nose", [168, 6, 197, 195, 5]),
        ("nose_tip", "nose", [4]),
        ("nose_under_tip", "nose", [1]),
        ("nose_base", "nose", [2]),
        ("left_nostril", "nose", [326, 327, 294, 278]),
    ];

    internal static LandmarkTopology Create()
    {
        Point3[] points = new Point3[Count];
        for (int i = 0; i < Count; i++)
        {
            ReadOnlySpan<short> p = MediaPipe468Table.Positions.Slice(3 * i, 3);
            points[i] = new Point3(p[0], -p[1], -p[2]);
        }

        int[] mirror = [.. points.Select(p => Array.IndexOf(points, p with { X = -p.X }))];
        string[] names = new string[Count];
        string[] regions = new string[Count];
        foreach ((string name, string region, int[] contour) in s_contours)
        {
            for (int i = 0; i < contour.Length; i++)
            {
                int point = contour[i];
                string full = contour.Length == 1 ? name : $"{name}_{i + 1}";
                (names[mirror[point]], regions[mirror[point]]) = (RightOf(full), RightOf(region));
                (names[point], regions[point]) = (full, region);
            }
        }

        // The rule below is stated in inter-ocular distances: measure first, name afterwards.
        LandmarkTopology unnamed = new("", names, regions, mirror, [], s_leftEye, [.. s_leftEye.Select(i => mirror[i])], [], [], points);
        string[] allRegions = [.. regions.Select((known, i) => known ?? Region(unnamed.Neutral, regions, i))];
        for (int i = 0; i < Count; i++)
        {
            names[i] ??= Name(allRegions[i], unnamed.Neutral[i].X, i);
        }

        return new LandmarkTopology(
            "mediapipe468", names, allRegions, mirror, Edges(mirror), s_leftEye, [.. unnamed.RightEye], s_rigid, s_anchors, points);
    }

    private static string RightOf(string name) => name.Replace("left", "right", StringComparison.Ordinal);

    /// <summary>The region of a point on no contour: that of a contour close by, else by where it lies.</summary>
    private static string Region(IReadOnlyList<Point3> neutral, string?[] contours, int point)
    {
        Point3 p = neutral[point];
        float x = Math.Abs(p.X);
        string side = p.X > 0 ? "left" : "right";
        (float distance, string near) = Nearest(neutral, contours, p);
        bool lip = near.EndsWith("lips", StringComparison.Ordinal);
        bool eye = near.EndsWith("eye", StringComparison.Ordinal);
        bool brow = near.EndsWith("brow", StringComparison.Ordinal);
        if ((lip && distance < 0.09f) || (eye && distance < 0.13f) || (brow && distance < 0.09f)) return near;

        // The nose widens from its root to its wings.
        if (p.Y is > -0.12f and < 0.84f && x < 0.17f + (0.2f * Math.Clamp(p.Y / 0.6f, 0, 1))) return "nose";
        if (p.Y < -0.12f) return "forehead";
        if (p.Y > 1.3f && x < 0.45f) return "chin";
        if (near == "jaw" && distance < 0.12f && p.Y > 0.2f) return "jaw";
        return $"{side}_cheek";
    }

    private static (float Distance, string Region) Nearest(IReadOnlyList<Point3> neutral, string?[] contours, Point3 p)
    {
        (float, string) best = (float.MaxValue, "");
        for (int i = 0; i < Count; i++)
        {
            Point3 q = neutral[i];
            float distance = MathF.Sqrt(((p.X - q.X) * (p.X - q.X)) + ((p.Y - q.Y) * (p.Y - q.Y)));
            if (contours[i] is string region && distance < best.Item1) best = (distance, region);
        }

        return best;
    }

    private static string Name(string region, float x, int index)
    {
        bool sided = x == 0 || region.StartsWith("left_", StringComparison.Ordinal) || region.StartsWith("right_", StringComparison.Ordinal);
        return sided ? $"{region}_{index}" : $"{(x > 0 ? "left" : "right")}_{region}_{index}";
    }

    private static (int A, int B)[] Edges(int[] mirror)
    {
        SortedSet<(int A, int B)> edges = [];
        ReadOnlySpan<short> half = MediaPipe468Table.Edges;
        for (int i = 0; i < half.Length; i += 2)
        {
            (int a, int b) = (mirror[half[i]], mirror[half[i + 1]]);
            edges.Add((half[i], half[i + 1]));
            edges.Add((Math.Min(a, b), Math.Max(a, b)));
        }

        return [.. edges];
    }
}
