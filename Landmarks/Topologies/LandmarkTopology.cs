namespace EmotionXai.Landmarks.Topologies;

/// <summary>What the points of a face are: names, regions, mirror partners and the lines to draw.</summary>
public sealed class LandmarkTopology
{
    internal LandmarkTopology(
        string name, string[] names, string[] regions, int[] mirror, (int A, int B)[] edges, int[] leftEye, int[] rightEye)
    {
        Name = name;
        Names = names;
        Regions = regions;
        Mirror = mirror;
        Edges = edges;
        LeftEye = leftEye;
        RightEye = rightEye;
    }

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
}
