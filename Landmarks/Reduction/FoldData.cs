using EmotionXai.Engine.Numerics;
using EmotionXai.Engine.Training;
using EmotionXai.Landmarks.Models;
using EmotionXai.Landmarks.Preprocessing;

namespace EmotionXai.Landmarks.Reduction;

/// <summary>
/// One split of the clips: features scaled by the training clips alone. Whoever ranks or trains sees only
/// <see cref="Train"/>; nothing is fitted on the tested clips.
/// </summary>
internal sealed class FoldData
{
    // Gram matrices of single landmarks are kept where a landmark says so much that computing them again costs more than adding them up, and where they are small.
    private const int LeastNumbers = 16;
    private const long MostBytes = 128L << 20;

    private readonly FeatureSet _features;
    private readonly Lazy<PartGrams?> _grams;

    public FoldData(FeatureSet features, string emotion, int[] train, int[] test)
    {
        // A person's clips stand together: their part of a matrix is then a block.
        Dictionary<string, int> people = new(StringComparer.Ordinal);
        foreach (int i in train) people.TryAdd(features.Subjects[i], people.Count);
        (int Clip, int Person)[] clips = [.. train.Select(i => (i, people[features.Subjects[i]])).OrderBy(c => c.Item2)];
        (_features, Emotion, TestClips) = (features, emotion, test);
        TrainClips = [.. clips.Select(c => c.Clip)];
        TrainPeople = [.. clips.Select(c => c.Person)];
        Standardizer = Standardizer.Fit(features, TrainClips);
        Labels = [.. TrainClips.Select(i => features.Labels[i])];
        TrainTargets = Targets(TrainClips);
        TestTargets = Targets(test);
        All = [.. Enumerable.Range(0, features.Points)];
        _grams = new(() => Time * Dimensions >= LeastNumbers && PartGrams.Bytes(TrainClips.Length, All.Length) <= MostBytes
            ? new PartGrams(landmark => FeatureGather.Gather(_features, Standardizer, TrainClips, [landmark]), TrainClips.Length, Time, All.Length, Dimensions)
            : null);
    }

    private FoldData(FoldData other, int[] order)
    {
        (_features, _grams, Emotion, TrainClips, TestClips, Standardizer, TrainPeople, TestTargets, All) =
            (other._features, other._grams, other.Emotion, other.TrainClips, other.TestClips, other.Standardizer, other.TrainPeople, other.TestTargets, other.All);
        Labels = [.. order.Select(i => other.Labels[i])];
        TrainTargets = [.. order.Select(i => other.TrainTargets[i])];
    }

    public string Emotion { get; }

    public int[] TrainClips { get; }

    public int[] TestClips { get; }

    /// <summary>Takes what networks on all landmarks attribute to the tested clips; null where nobody asks.</summary>
    public ClipAttributions? Explained { get; init; }

    public Standardizer Standardizer { get; }

    /// <summary>The labels of the training clips.</summary>
    public string[] Labels { get; }

    /// <summary>The people of the training clips, numbered.</summary>
    public int[] TrainPeople { get; }

    public float[] TrainTargets { get; }

    public float[] TestTargets { get; }

    /// <summary>Every landmark.</summary>
    public int[] All { get; }

    public int Time => _features.Time;

    public int Dimensions => _features.Dimensions;

    /// <summary>The training clips with some landmarks only.</summary>
    public ClipData Train(int[] landmarks) => new(Time, landmarks.Length * Dimensions, FeatureGather.Gather(_features, Standardizer, TrainClips, landmarks), TrainTargets);

    /// <summary>The tested clips with some landmarks only.</summary>
    public ClipData Test(int[] landmarks) => new(Time, landmarks.Length * Dimensions, FeatureGather.Gather(_features, Standardizer, TestClips, landmarks), TestTargets);

    /// <summary>The Gram matrices of the landmarks' features over the training clips; null where each regression had better compute its own.</summary>
    public PartGrams? Grams => _grams.Value;

    /// <summary>The same clips with the labels of every training person's clips dealt out anew among them: what is learnt from these is no evidence.</summary>
    public FoldData WithPermutedLabels(ulong seed)
    {
        int[] order = new int[TrainPeople.Length];
        foreach (IGrouping<int, int> person in Enumerable.Range(0, TrainPeople.Length).GroupBy(i => TrainPeople[i]))
        {
            int[] places = [.. person], dealt = [.. places];
            RandomOrder.Shuffle(dealt, new RandomKey(seed, (ulong)person.Key));
            for (int i = 0; i < places.Length; i++) order[places[i]] = dealt[i];
        }

        return new FoldData(this, order);
    }

    /// <summary>The features that landmarks are selected by, of the training clips: [clip, row, landmark, channel], scaled, and the channels.</summary>
    public (float[] Values, int Channels) ForSelection()
    {
        FeatureSet features = _features.Stacked ?? _features;
        Standardizer scaling = ReferenceEquals(features, _features) ? Standardizer : Standardizer.Fit(features, TrainClips);
        return (FeatureGather.Gather(features, scaling, TrainClips, All), features.Dimensions);
    }

    private float[] Targets(int[] clips) => [.. clips.Select(i => _features.Labels[i] == Emotion ? 1f : 0f)];
}
