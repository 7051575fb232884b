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

    // Of random numbers: no person has so high a number.
    private const ulong Sampled = 1UL << 40;

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

    // The training clips of another split, those named alone, with the labels of others.
    private FoldData(FoldData other, int[] clips, int[] labelsOf, Lazy<PartGrams?> grams)
    {
        (_features, _grams, Emotion, TestClips, Standardizer, TestTargets, All) = (other._features, grams, other.Emotion, other.TestClips, other.Standardizer, other.TestTargets, other.All);
        TrainClips = [.. clips.Select(i => other.TrainClips[i])];
        TrainPeople = [.. clips.Select(i => other.TrainPeople[i])];
        Labels = [.. labelsOf.Select(i => other.Labels[i])];
        TrainTargets = [.. labelsOf.Select(i => other.TrainTargets[i])];
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
    public ClipData Train(int[] landmarks) => new(Time, landmarks.Length * Dimensions, FeatureGather.Rows(_features, Standardizer, TrainClips, landmarks), TrainTargets);

    /// <summary>The tested clips with some landmarks only.</summary>
    public ClipData Test(int[] landmarks) => new(Time, landmarks.Length * Dimensions, FeatureGather.Rows(_features, Standardizer, TestClips, landmarks), TestTargets);

    /// <summary>The scaling of some landmarks only.</summary>
    public Standardizer Scaling(int[] landmarks) => Standardizer.Of([.. landmarks.SelectMany(l => Enumerable.Range(l * Dimensions, Dimensions))]);

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

        return new FoldData(this, [.. Enumerable.Range(0, order.Length)], order, _grams);
    }

    /// <summary>The same split with some of its training clips, drawn by lot, where there are more than so many; scaled as before.</summary>
    public FoldData WithAtMost(int clips, ulong seed)
    {
        if (TrainClips.Length <= clips) return this;
        int[] order = [.. Enumerable.Range(0, TrainClips.Length)];
        RandomOrder.Shuffle(order, new RandomKey(seed, Sampled));
        int[] some = [.. order[..clips].Order()];
        return new FoldData(this, some, some, new Lazy<PartGrams?>((PartGrams?)null));
    }

    /// <summary>The features that landmarks are selected by, of the training clips: [clip, row, landmark, channel] of some landmarks, scaled; and the numbers that a landmark has.</summary>
    public (Func<int[], float[]> Of, int Rows, int Channels) ForSelection()
    {
        FeatureSet features = _features.Stacked ?? _features;
        Standardizer scaling = ReferenceEquals(features, _features) ? Standardizer : Standardizer.Fit(features, TrainClips);
        return (landmarks => FeatureGather.Gather(features, scaling, TrainClips, landmarks), features.Time, features.Dimensions);
    }

    private float[] Targets(int[] clips) => [.. clips.Select(i => _features.Labels[i] == Emotion ? 1f : 0f)];
}
