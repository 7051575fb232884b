namespace EmotionXai.Landmarks.Topologies;

/// <summary>A place on a face.</summary>
/// <param name="X">Towards the subject's left: rightwards in an unmirrored picture.</param>
/// <param name="Y">Down.</param>
/// <param name="Z">Away from the camera.</param>
public readonly record struct Point3(float X, float Y, float Z);
