using EmotionXai.Landmarks.Topologies;

namespace EmotionXai.Landmarks.Datasets;

/// <summary>The CSV formats. A header fits at most one of them.</summary>
internal static class CsvSchemas
{
    /// <summary>
    /// OpenFace 2: x_i, y_i in pixels, confidence, and success where it tracked a video. Several faces of a video are told
    /// apart by face_id. Source: Baltrusaitis et al., "OpenFace 2.0", FG 2018.
    /// </summary>
    public static CsvSchema OpenFace { get; } = new("openface", LandmarkTopology.Ibug68, ["x", "y"])
    {
        Accepts = columns => columns.Contains("confidence") && !columns.Contains("z_0"),
        Needs = ["confidence"],
        Face = ["face_id", "face"],
        Success = ["success"],
    };

    /// <summary>
    /// Points of MediaPipe's face mesh as x_i, y_i, z_i, all three in one scale; face_score is the mesh's logit that a face
    /// is there. A refined mesh's irises (468 to 477) are left out.
    /// </summary>
    public static CsvSchema MediaPipe { get; } = new("mediapipe", LandmarkTopology.MediaPipe468, ["x", "y", "z"])
    {
        Accepts = columns => columns.Contains("z_0"),
        Clip = ["image", "file", "clip", "filename"],
        Face = ["face", "face_id"],
        Confidence = ["face_score"],
        ToConfidence = logit => 1 / (1 + Math.Exp(-logit)),
        RowIsClip = true,
    };

    /// <summary>py-feat's Fex table: x_i, y_i in pixels, FaceScore, and input, which names the video or image. Source: Cheong et al., "Py-Feat", 2023.</summary>
    public static CsvSchema PyFeat { get; } = new("pyfeat", LandmarkTopology.Ibug68, ["x", "y"])
    {
        Accepts = columns => columns.Contains("FaceScore") && !columns.Contains("z_0") && !columns.Contains("confidence"),
        Needs = ["FaceScore"],
        Clip = ["input", "file", "clip", "filename"],
        Confidence = ["FaceScore"],
    };
}
