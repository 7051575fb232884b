namespace EmotionXai.Landmarks.Topologies;

/// <summary>What the points of a face are: names, regions, mirror partners and the lines to draw.</summary>
public sealed class LandmarkTopology
{
    // The neutral face may be in any unit, y down: it is kept in inter-ocular distances about the middle of the eyes.
    internal LandmarkTopology(
        string name, string[] names, string[] regions, int[] mirror, (int A, int B)[] edges, int[] leftEye, int[] rightEye,
        int[] rigid, int[] anchors, Point3[] neutral)
    {
        Name = name;
        Names = names;
        Regions = regions;
        Mirror = mirror;
        Edges = edges;
        LeftEye = leftEye;
        RightEye = rightEye;
        Rigid = rigid;
        Anchors = anchors;
        Neutral = Normalise(neutral, leftEye, rightEye);
    }

    /// <summary>The 68 points of the iBUG 300-W markup, as OpenFace and dlib number them.</summary>
    public static LandmarkTopology Ibug68 => Sparse.Value;

    /// <summary>The 468 points of MediaPipe's face mesh (without the irises).</summary>
    public static LandmarkTopology MediaPipe468 => Mesh.Value;

    /// <summary>The topology of that name.</summary>
    /// <param name="name"><c>ibug68</c> or <c>mediapipe468</c>.</param>
    /// <exception cref="ArgumentException">There is no topology of that name.</exception>
    public static LandmarkTopology Find(string name) =>
        Named(name) ?? throw new ArgumentException($"There is no topology '{name}': choose ibug68 or mediapipe468.", nameof(name));

    /// <summary>The topology of that name; null where there is none.</summary>
    internal static LandmarkTopology? Named(string name) => name switch
    {
        "ibug68" => Ibug68,
        "mediapipe468" => MediaPipe468,
        _ => null,
    };

    /// <summary><c>ibug68</c> or <c>mediapipe468</c>.</summary>
    public string Name { get; }

    /// <summary>The number of landmarks.</summary>
    public int Count => Names.Count;

    /// <summary>A name for each landmark, unique, snake case. Left and right are the subject's own.</summary>
    public IReadOnlyList<string> Names { get; }

    /// <summary>The region of each landmark: <c>jaw</c>, <c>left_brow</c>, <c>right_brow</c>, <c>nose</c>, <c>left_eye</c>, <c>right_eye</c>, <c>outer_lips</c>, <c>inner_lips</c>, <c>left_cheek</c>, <c>right_cheek</c>, <c>forehead</c>, <c>chin</c>.</summary>
    public IReadOnlyList<string> Regions { get; }

    /// <summary>The landmark on the other side of the face; itself on the midline. An involution.</summary>
    public IReadOnlyList<int> Mirror { get; }

    /// <summary>Pairs of landmarks joined by a line in a drawing, each once.</summary>
    public IReadOnlyList<(int A, int B)> Edges { get; }

    /// <summary>The landmarks around the subject's left eye, whose mean is the eye's centre.</summary>
    public IReadOnlyList<int> LeftEye { get; }

    /// <summary>The landmarks around the subject's right eye.</summary>
    public IReadOnlyList<int> RightEye { get; }

    /// <summary>The landmarks that expressions hardly move: inner corners of the eyes and bridge of the nose. They say how the head has moved.</summary>
    public IReadOnlyList<int> Rigid { get; }

    /// <summary>
    /// The landmarks that a head's pose is told by: corners of the eyes, bridge of the nose, and the sides of the face beside the eyes. Few,
    /// but far apart, in depth too.
    /// </summary>
    public IReadOnlyList<int> Anchors { get; }

    /// <summary>
    /// A neutral face, symmetric about x = 0: [point] in inter-ocular distances (between the eyes' centres), origin
    /// midway between them; x towards the subject's left, y down, z away from the camera.
    /// </summary>
    public IReadOnlyList<Point3> Neutral { get; }

    private static Point3[] Normalise(Point3[] points, int[] leftEye, int[] rightEye)
    {
        (Point3 left, Point3 right) = (Mean(points, leftEye), Mean(points, rightEye));
        float scale = 1f / (left.X - right.X);
        (float x, float y, float z) = ((left.X + right.X) / 2, (left.Y + right.Y) / 2, (left.Z + right.Z) / 2);
        return [.. points.Select(p => new Point3((p.X - x) * scale, (p.Y - y) * scale, (p.Z - z) * scale))];
    }

    private static Point3 Mean(Point3[] points, int[] which) =>
        new(which.Average(i => points[i].X), which.Average(i => points[i].Y), which.Average(i => points[i].Z));

    // Each is made when it is asked for: few runs want both.
    private static class Sparse
    {
        public static LandmarkTopology Value { get; } = Topologies.Ibug68.Create();
    }

    private static class Mesh
    {
        public static LandmarkTopology Value { get; } = Topologies.MediaPipe468.Create();
    }
}
