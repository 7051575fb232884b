using System.Globalization;
using EmotionXai.Landmarks.Reduction.Regions;
using EmotionXai.Landmarks.Topologies;

namespace EmotionXai.Landmarks.Reduction.Selection;

/// <summary>What all rules see of a split's training clips, worked out once: landmarks told by few numbers, and what networks that leave people out say of them.</summary>
internal sealed class SelectionGround
{
    // Settled on graded synthetic data: docs/protocol.md. Networks see the first components of a landmark, the regression more; on a mesh
    // all see the first.
    private const int Leading = 4, Detailed = 8;

    // Ten groups of people are told apart better than five; where people are many, five have enough to learn from.
    private const int Groups = 10, GroupsOfMany = 5, ManyClips = 800;

    // An order of landmarks is as sure by so many clips as by more; time and memory then stay as they are.
    private const int MostClips = 8192;

    private readonly ReductionOptions _options;
    private readonly int[] _groups;
    private readonly int _count;
    private readonly ulong _seed;
    private IReadOnlyList<(string Name, int[] Landmarks)>? _regions;

    /// <summary>Looks at a split.</summary>
    /// <param name="data">The split; its training clips alone are looked at.</param>
    /// <param name="options">The run's.</param>
    /// <param name="seed">Of the random networks.</param>
    public SelectionGround(FoldData data, ReductionOptions options, ulong seed)
    {
        (Data, _options, _seed) = (data.WithAtMost(MostClips, seed), options, seed);
        _groups = GroupsOf(Data, options.Seed, out _count);
        (Func<int[], float[]> of, int rows, int channels) = Data.ForSelection();
        Detail = new LandmarkComponents(of, Data.TrainClips.Length, Data.All.Length, rows, channels, IsMesh(Data.All.Length) ? Leading : Detailed, Leading);
        Components = Detail.Leading(Leading);
        First = Attribute(Components);
    }

    /// <summary>The clips that are looked at.</summary>
    public FoldData Data { get; }

    /// <summary>What the regression sees.</summary>
    public LandmarkComponents Detail { get; }

    /// <summary>What networks see.</summary>
    public LandmarkComponents Components { get; }

    /// <summary>What networks on all landmarks attribute to people left out.</summary>
    public LeftOutAttribution First { get; }

    /// <summary>The regions that best predict people left out.</summary>
    public IReadOnlyList<(string Name, int[] Landmarks)> Regions(LandmarkTopology topology) => _regions ??= RegionChoice.Of(Data, _options, topology);

    /// <summary>Whether so many landmarks are a mesh.</summary>
    public static bool IsMesh(int landmarks) => landmarks > 100;

    /// <summary>What networks that see some landmarks only attribute to people left out.</summary>
    public LeftOutAttribution Attribute(LandmarkComponents some) => LeftOutAttribution.Of(some, Data.TrainTargets, _groups, _seed);

    /// <summary>The loss on people left out, on no landmark yet.</summary>
    /// <param name="of">What landmarks say.</param>
    /// <param name="part">The part of the usual penalty; more components share what a landmark varies, and bear less each.</param>
    public GrowingLoss Loss(LandmarkComponents of, double part = 1) =>
        new(penalty => new LeftOutRegression(of, Data.TrainTargets, _groups, _count, penalty), part * Math.Min(1, (double)Leading / of.Width));

    private static int[] GroupsOf(FoldData data, ulong seed, out int count)
    {
        // One person alone cannot be left out: then it is single clips.
        bool alone = data.TrainPeople.Distinct().Count() < 2;
        string[] people = [.. data.TrainPeople.Select((p, clip) => (alone ? clip : p).ToString("D6", CultureInfo.InvariantCulture))];
        int most = people.Length > ManyClips ? GroupsOfMany : Groups;
        IReadOnlyList<Fold> folds = SubjectFolds.Split(people, data.Labels, Math.Min(most, people.Distinct().Count()).ToString(CultureInfo.InvariantCulture), seed);
        int[] groups = new int[people.Length];
        for (int f = 0; f < folds.Count; f++)
            foreach (int clip in folds[f].Test) groups[clip] = f;
        count = folds.Count;
        return groups;
    }
}
