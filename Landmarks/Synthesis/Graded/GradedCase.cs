using EmotionXai.Landmarks.Sequences;

namespace EmotionXai.Landmarks.Synthesis.Graded;

/// <summary>Clips of people to learn from and of new people to judge by, and the truth about them.</summary>
/// <param name="Name">A short name, such as <c>noise 12x3</c>.</param>
/// <param name="Set">All clips, labelled <see cref="Signal"/> or <see cref="Rest"/>.</param>
/// <param name="Truth">What carries information.</param>
public sealed record GradedCase(string Name, LandmarkSet Set, GradedTruth Truth)
{
    /// <summary>The label of the clips that show something.</summary>
    public const string Signal = "signal";

    /// <summary>The label of the others.</summary>
    public const string Rest = "rest";

    /// <summary>Subjects whose names begin so are new people; those of the others are for training.</summary>
    public const char NewPerson = 'n';

    /// <summary>Whether a subject is one of the new people, whom nothing may be fitted or chosen on.</summary>
    public static bool IsNew(string subject) => subject.Length > 0 && subject[0] == NewPerson;
}

/// <summary>What is true of a case by the way it was made.</summary>
public sealed class GradedTruth
{
    private readonly Func<int, int[]> _oracle;

    internal GradedTruth(bool[] evidence, int[][] units, Func<int, int[]> oracle) => (Evidence, Units, _oracle) = (evidence, units, oracle);

    /// <summary>[landmark]: whether it holds any information on the class, by itself or with others. Edges are hard: the rest holds none.</summary>
    public IReadOnlyList<bool> Evidence { get; }

    /// <summary>By action unit (or event): the landmarks that show it well, at least half as well as its best one.</summary>
    public IReadOnlyList<IReadOnlyList<int>> Units { get; }

    /// <summary>At most so many landmarks, which together tell most about the class in the distribution that the clips were drawn from; fewer where more would add nothing.</summary>
    public int[] Oracle(int landmarks) => _oracle(landmarks);

    /// <summary>The share of units of which some landmarks hold one; NaN where there is no unit.</summary>
    public double Coverage(IEnumerable<int> landmarks)
    {
        HashSet<int> held = [.. landmarks];
        return Units.Count == 0 ? double.NaN : Units.Count(u => u.Any(held.Contains)) / (double)Units.Count;
    }
}
