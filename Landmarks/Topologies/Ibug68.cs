namespace EmotionXai.Landmarks.Topologies;

/// <summary>
/// The 68 points of the iBUG 300-W markup: jaw 0-16 and brows 17-26 from the subject's right to the left, nose 27-35,
/// eyes 36-47, outer lips 48-59, inner lips 60-67. The neutral face is made by hand.
/// </summary>
internal static class Ibug68
{
    // The midline and the subject's left half; the right half is its mirror image.
    // Numbers count from the midline outwards.
    private static readonly (int Index, int Mirror, string Name, string Region, float X, float Y, float Z)[] s_half =
    [
        (8, 8, "jaw_middle", "jaw", 0, 1.93f, -0.10f),
        (9, 7, "left_jaw_1", "jaw", 0.24f, 1.88f, -0.06f),
        (10, 6, "left_jaw_2", "jaw", 0.47f, 1.75f, 0.04f),
        (11, 5, "left_jaw_3", "jaw", 0.69f, 1.55f, 0.22f),
        (12, 4, "left_jaw_4", "jaw", 0.87f, 1.30f, 0.42f),
        (13, 3, "left_jaw_5", "jaw", 1.00f, 1.00f, 0.60f),
        (14, 2, "left_jaw_6", "jaw", 1.07f, 0.68f, 0.72f),
        (15, 1, "left_jaw_7", "jaw", 1.12f, 0.36f, 0.80f),
        (16, 0, "left_jaw_8", "jaw", 1.13f, 0.02f, 0.84f),
        (22, 21, "left_brow_1", "left_brow", 0.22f, -0.33f, -0.26f),
        (23, 20, "left_brow_2", "left_brow", 0.40f, -0.42f, -0.25f),
        (24, 19, "left_brow_3", "left_brow", 0.60f, -0.43f, -0.18f),
        (25, 18, "left_brow_4", "left_brow", 0.79f, -0.36f, -0.04f),
        (26, 17, "left_brow_5", "left_brow", 0.94f, -0.22f, 0.16f),
        (27, 27, "nose_bridge_1", "nose", 0, -0.02f, -0.28f),
        (28, 28, "nose_bridge_2", "nose", 0, 0.20f, -0.39f),
        (29, 29, "nose_bridge_3", "nose", 0, 0.41f, -0.52f),
        (30, 30, "nose_tip", "nose", 0, 0.62f, -0.64f),
        (33, 33, "nose_base", "nose", 0, 0.78f, -0.44f),
        (34, 32, "left_nostril_1", "nose", 0.12f, 0.76f, -0.38f),
        (35, 31, "left_nostril_2", "nose", 0.23f, 0.72f, -0.30f),
        (42, 39, "left_eye_corner_inner", "left_eye", 0.30f, 0.03f, -0.02f),
        (43, 38, "left_eye_upper_1", "left_eye", 0.42f, -0.07f, -0.08f),
        (44, 37, "left_eye_upper_2", "left_eye", 0.57f, -0.07f, -0.05f),
        (45, 36, "left_eye_corner_outer", "left_eye", 0.70f, 0.01f, 0.10f),
        (46, 41, "left_eye_lower_2", "left_eye", 0.58f, 0.06f, -0.02f),
        (47, 40, "left_eye_lower_1", "left_eye", 0.42f, 0.07f, -0.04f),
        (51, 51, "upper_lip_middle", "outer_lips", 0, 0.985f, -0.42f),
        (52, 50, "upper_lip_left_1", "outer_lips", 0.11f, 0.96f, -0.40f),
        (53, 49, "upper_lip_left_2", "outer_lips", 0.28f, 1.00f, -0.32f),
        (54, 48, "lip_corner_left", "outer_lips", 0.44f, 1.10f, -0.18f),
        (55, 59, "lower_lip_left_2", "outer_lips", 0.30f, 1.22f, -0.27f),
        (56, 58, "lower_lip_left_1", "outer_lips", 0.13f, 1.28f, -0.34f),
        (57, 57, "lower_lip_middle", "outer_lips", 0, 1.295f, -0.36f),
        (62, 62, "inner_upper_lip_middle", "inner_lips", 0, 1.085f, -0.40f),
        (63, 61, "inner_upper_lip_left", "inner_lips", 0.12f, 1.075f, -0.37f),
        (64, 60, "inner_lip_corner_left", "inner_lips", 0.36f, 1.105f, -0.20f),
        (65, 67, "inner_lower_lip_left", "inner_lips", 0.12f, 1.12f, -0.36f),
        (66, 66, "inner_lower_lip_middle", "inner_lips", 0, 1.13f, -0.38f),
    ];

    internal static LandmarkTopology Create()
    {
        const int Count = 68;
        string[] names = new string[Count];
        string[] regions = new string[Count];
        int[] mirror = new int[Count];
        Point3[] neutral = new Point3[Count];
        foreach ((int index, int partner, string name, string region, float x, float y, float z) in s_half)
        {
            (names[partner], regions[partner]) = (RightOf(name), RightOf(region));
            (names[index], regions[index]) = (name, region);
            (mirror[index], mirror[partner]) = (partner, index);
            neutral[partner] = new Point3(-x, y, z);
            neutral[index] = new Point3(x, y, z);
        }

        (int A, int B)[] edges =
        [
            .. Line(0, 16), .. Line(17, 21), .. Line(22, 26), .. Line(27, 30), (30, 33), .. Line(31, 35),
            .. Loop(36, 41), .. Loop(42, 47), .. Loop(48, 59), .. Loop(60, 67),
        ];
        return new LandmarkTopology(
            "ibug68", names, regions, mirror, edges, [42, 43, 44, 45, 46, 47], [36, 37, 38, 39, 40, 41], [39, 42, 27, 28, 29],
            [36, 39, 42, 45, 27, 28, 29, 0, 16], neutral);
    }

    private static string RightOf(string name) => name.Replace("left", "right", StringComparison.Ordinal);

    private static IEnumerable<(int A, int B)> Line(int first, int last) =>
        Enumerable.Range(first, last - first).Select(i => (i, i + 1));

    private static IEnumerable<(int A, int B)> Loop(int first, int last) => Line(first, last).Append((first, last));
}
