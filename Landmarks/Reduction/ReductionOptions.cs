using EmotionXai.Engine.Layers;
using EmotionXai.Engine.Training;
using EmotionXai.Explain;
using EmotionXai.Landmarks.Preprocessing;
using EmotionXai.Landmarks.Reduction.Regions;
using EmotionXai.Landmarks.Reduction.Selection;

namespace EmotionXai.Landmarks.Reduction;

/// <summary>How landmarks are reduced.</summary>
public sealed record ReductionOptions
{
    /// <summary>The emotions, each against the rest; empty takes every label of the data but <c>neutral</c>.</summary>
    public IReadOnlyList<string> Emotions { get; init; } = [];

    /// <summary>The network of every stage.</summary>
    public ClassifierOptions Model { get; init; } = new();

    /// <summary>How networks are trained.</summary>
    public TrainingOptions Training { get; init; } = new();

    /// <summary>How clips become features.</summary>
    public PreprocessingOptions Preprocessing { get; init; } = new();

    /// <summary>How path integrals are computed.</summary>
    public PathOptions Path { get; init; } = new();

    /// <summary>Landmarks kept at each stage, falling; empty takes fractions of all.</summary>
    public IReadOnlyList<int> Keep { get; init; } = [];

    /// <summary>Outer folds: <c>subject</c> (leave one subject out), a number of groups of subjects, or <c>auto</c>: by subject up to 12 subjects, else 5 groups.</summary>
    public string Folds { get; init; } = "auto";

    /// <summary>Groups of training subjects that choose K* and calibrate in each outer fold.</summary>
    public int InnerFolds { get; init; } = 5;

    /// <summary>What relevance is measured against.</summary>
    public BaselineSpec Baseline { get; init; } = BaselineSpec.Parse("typical");

    /// <summary>Networks whose rankings are averaged. Single ones disagree.</summary>
    public int RankingSeeds { get; init; } = 5;

    /// <summary>Networks whose rankings are averaged inside the inner folds, where a ranking only has to choose K*.</summary>
    public int InnerRankingSeeds { get; init; } = 1;

    /// <summary>Networks of different seeds whose logits are averaged at every stage, and in the saved models. More are steadier and cost more.</summary>
    public int Networks { get; init; } = 1;

    /// <summary>Rankings to compare with.</summary>
    public ControlSpec Controls { get; init; } = ControlSpec.Parse("random:3,motion,fisher,untrained,spread,lowest");

    /// <summary>
    /// Whether the kept landmarks are ranked again at every stage. One ranking of all puts neighbours that say the same side by
    /// side at its top; ranking again weeds them out.
    /// </summary>
    public bool Rerank { get; init; } = true;

    /// <summary>What decides which landmarks are kept.</summary>
    public SelectionRule Select { get; init; } = SelectionRule.Explained;

    /// <summary>Patches over which the relevance of neighbouring landmarks is summed before it is ranked; 0 takes 32 on a mesh, and single landmarks on a face of few.</summary>
    public int Patches { get; init; }

    /// <summary>
    /// Times that the labels of the data are permuted and networks trained on them in every fold, so that every landmark's relevance
    /// has a null, a z-score and a p-value, of 1 / (permutations + 1) at least. Each costs one network a fold; 0 leaves it out.
    /// </summary>
    public int Nulls { get; init; }

    /// <summary>Whether mirror partners are kept together.</summary>
    public bool Symmetric { get; init; }

    /// <summary>Whether whole regions of the face go at a time. What a stage keeps is then a limit: the most relevant regions that fit.</summary>
    public bool ByRegion { get; init; }

    /// <summary>The seed of everything random.</summary>
    public ulong Seed { get; init; } = 1;

    /// <summary>Folds worked on at the same time. Changes no result.</summary>
    public int Threads { get; init; } = Environment.ProcessorCount;

    /// <summary><c>cpu</c> or <c>reference</c>.</summary>
    public string Device { get; init; } = "cpu";

    /// <summary>Bootstrap samples of the subjects behind every interval.</summary>
    public int BootstrapSamples { get; init; } = 1000;

    /// <summary>A loss of mean AUC of less than this counts as none.</summary>
    public double Margin { get; init; } = 0.01;

    /// <summary>Whether the worth of every subset of regions is studied too, and how regions are taken.</summary>
    public RegionSides Regions { get; init; }

    /// <summary>
    /// Whether landmarks are chosen inside the set of regions that best predicts training people left out, every split choosing it for
    /// itself; the others come behind them.
    /// </summary>
    public bool InsideRegions { get; init; }

    /// <summary>Pairs of halves of the people that choose landmarks each for itself, to tell which are chosen by all; 0 leaves it out.</summary>
    public int Stability { get; init; }

    /// <summary>Whether the order of landmarks is chosen once, from people left out; else networks rank at every stage.</summary>
    internal bool SelectsOnce => Select is not (SelectionRule.Paper or SelectionRule.Gain);

    /// <summary>Networks that explain a fold's first stage. Where the order is chosen without them they need not agree on a ranking, but for a null.</summary>
    internal int ExplainingNetworks => SelectsOnce && Nulls == 0 ? Networks : RankingSeeds;

    /// <summary>The network of so many landmarks. One alone has no distances, and a mesh has too many: such networks see positions.</summary>
    /// <param name="landmarks">Landmarks that it looks at.</param>
    /// <param name="coordinates">Numbers that each has in a frame.</param>
    internal ClassifierOptions NetworkOf(int landmarks, int coordinates) => FeatureList.Parse(Preprocessing.Features) is { TakesDistances: true } list && HasDistances(landmarks)
        ? Model with { Points = new PointOptions { Coordinates = coordinates, Positions = list.TakesSeries } }
        : Model;

    /// <summary>How clips become the features of so many landmarks.</summary>
    internal PreprocessingOptions PreprocessingOf(int landmarks) =>
        FeatureList.Parse(Preprocessing.Features).TakesDistances && !HasDistances(landmarks) ? Preprocessing with { Features = "positions" } : Preprocessing;

    /// <summary>Whether a network of so many landmarks can see the distances between them.</summary>
    internal static bool HasDistances(int landmarks) => landmarks is >= 2 and <= PointDistances.MostPoints;

    /// <summary>The stages for a number of landmarks.</summary>
    /// <exception cref="ArgumentException">A stage keeps more landmarks than there are, or stages do not fall.</exception>
    public IReadOnlyList<int> StagesFor(int landmarks)
    {
        int[] keep = Keep.Count > 0 ? [.. Keep] : landmarks == 468 ? [468, 256, 128, 64, 32] : [68, 51, 34, 17, 8];
        for (int i = 0; i < keep.Length; i++)
        {
            if (keep[i] < 1 || keep[i] > landmarks)
                throw new ArgumentException($"--keep {keep[i]}: the data have {landmarks} landmarks; keep 1 to {landmarks}.");
            if (i > 0 && keep[i] >= keep[i - 1])
                throw new ArgumentException($"--keep: {keep[i]} comes after {keep[i - 1]}; stages fall, such as 68,34,17,8.");
        }

        // The first stage is what the others are compared with.
        int[] stages = keep[0] == landmarks ? keep : [landmarks, .. keep];
        if (FeatureList.Parse(Preprocessing.Features).TakesDistances && stages.Skip(1).Where(k => !HasDistances(k)).ToArray() is { Length: > 0 } without)
        {
            int[] others = [.. stages.Skip(1).Except(without)];
            throw new ArgumentException(
                $"--features {Preprocessing.Features}: stages of {string.Join(", ", without)} landmarks cannot be told by distances, which are taken between 2 to {PointDistances.MostPoints}; take {(others.Length > 0 ? $"--keep {string.Join(',', others)}" : "--keep 64,32,16")}, or --features positions.");
        }

        return stages;
    }
}
