namespace EmotionXai.Landmarks.Video;

/// <summary>
/// The points of the face mesh that stand for iBUG's 68. Jaw: the mesh's oval from before one ear to the other, cut into
/// sixteen parts of about equal length; elsewhere the point of the same name, or the nearest on the canonical face. iBUG's
/// jaw follows the visible outline, the mesh's the bone, so jaw points of a turned head differ; the others agree within
/// a few hundredths of the eyes' distance.
/// </summary>
internal static class MeshPoints68
{
    /// <summary>[iBUG point]: the mesh's point.</summary>
    public static ReadOnlySpan<int> Map =>
    [
        127, 234, 93, 132, 58, 136, 150, 176, 152, 400, 379, 365, 288, 361, 323, 454, 356, // jaw
        70, 63, 105, 66, 107, 336, 296, 334, 293, 300, // brows
        168, 197, 5, 1, 98, 97, 2, 326, 327, // nose
        33, 160, 158, 133, 153, 144, 362, 385, 387, 263, 373, 380, // eyes
        61, 40, 37, 0, 267, 270, 291, 321, 314, 17, 84, 91, // outer lips
        78, 82, 13, 312, 308, 317, 14, 87, // inner lips
    ];
}
