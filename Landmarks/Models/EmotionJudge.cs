using EmotionXai.Engine.Backends;
using EmotionXai.Explain;
using EmotionXai.Landmarks.Preprocessing;
using EmotionXai.Landmarks.Sequences;
using EmotionXai.Landmarks.Topologies;

namespace EmotionXai.Landmarks.Models;

/// <summary>Several saved classifiers, one an emotion, on the same landmarks.</summary>
public sealed class EmotionJudge : IDisposable
{
    private readonly List<LandmarkModel> _models = [];

    private Task _prepared = Task.CompletedTask;

    private EmotionJudge()
    {
    }

    /// <summary>The classifiers, by name of their emotions.</summary>
    public IReadOnlyList<LandmarkModel> Models => _models;

    /// <summary>The emotions.</summary>
    public IReadOnlyList<string> Emotions => [.. _models.Select(m => m.Emotion)];

    /// <summary>What their points are.</summary>
    public LandmarkTopology Topology => _models[0].Topology;

    /// <summary>Whether a path is a model, or a folder that directly holds some.</summary>
    public static bool IsModel(string path) =>
        Path.GetExtension(path).Equals(".safetensors", StringComparison.OrdinalIgnoreCase) || (Directory.Exists(path) && ModelFiles.In(path).Any());

    /// <summary>Loads models: files, or folders of them; from a folder one model an emotion, on the landmarks that reduce has chosen.</summary>
    /// <exception cref="FileNotFoundException">A file does not exist.</exception>
    /// <exception cref="InvalidDataException">One is damaged, or two differ in their landmarks, or judge the same emotion.</exception>
    public static EmotionJudge Load(IEnumerable<string> paths, IBackend backend)
    {
        EmotionJudge judge = new();
        try
        {
            Dictionary<string, (LandmarkModel Model, string Path, string? Folder)> seen = new(StringComparer.Ordinal);
            foreach ((string path, string? folder) in paths.SelectMany(p => Directory.Exists(p) ? ModelFiles.In(p).Select(f => (f, (string?)p)) : [(p, null)]))
            {
                LandmarkModel model = LandmarkModel.Load(path, backend);
                judge._models.Add(model);
                if (model.Topology != judge.Topology)
                    throw new InvalidDataException($"{path}: it was trained on {model.Topology.Name}, and {seen.Values.First().Path} on {judge.Topology.Name}. Give models of one kind.");
                if (seen.TryAdd(model.Emotion, (model, path, folder))) continue;
                (LandmarkModel other, string otherPath, string? otherFolder) = seen[model.Emotion];

                // Earlier versions marked what is on all landmarks by a name that an emotion could have too.
                if (folder is null || folder != otherFolder || model.Landmarks.Count == other.Landmarks.Count)
                    throw new InvalidDataException($"{path}: it judges {model.Emotion}, as {otherPath} does. Give one of the two.");
                LandmarkModel larger = model.Landmarks.Count > other.Landmarks.Count ? model : other;
                if (larger == other) seen[model.Emotion] = (model, path, folder);
                judge._models.Remove(larger);
                larger.Dispose();
            }

            judge._models.Sort((a, b) => string.CompareOrdinal(a.Emotion, b.Emotion));
            return judge;
        }
        catch
        {
            judge.Dispose();
            throw;
        }
    }

    /// <summary>Lets every model judge a blank clip on another thread: code that the first clip would wait for is compiled while clips are read.</summary>
    public void Prepare() => _prepared = Task.Run(() =>
    {
        foreach (LandmarkModel model in _models) model.Prepare();
    });

    /// <summary>
    /// The features of clips as a model wants them. A model of single pictures takes every frame of a moving clip as a picture of its
    /// own, under the clip's name.
    /// </summary>
    /// <exception cref="InvalidDataException">The clips are of another topology, are pictures where the model judges motion, or none has enough sure frames.</exception>
    public static FeatureSet Features(LandmarkModel model, LandmarkSet set)
    {
        FeatureSet features = new Preprocessor(model.Preprocessing).Apply(Judged(model, set));
        return features.Clips > 0 ? features : throw new InvalidDataException($"{set.Source}: no clip has enough sure frames.");
    }

    /// <summary>What a model takes for clips: these, or each of their frames.</summary>
    /// <exception cref="InvalidDataException">The clips are of another topology, or are pictures where the model judges motion.</exception>
    internal static LandmarkSet Judged(LandmarkModel model, LandmarkSet set)
    {
        if (set.Topology != model.Topology)
            throw new InvalidDataException($"{set.Source}: the clips are {set.Topology.Name}, but the model was trained on {model.Topology.Name}; take data of that topology.");
        bool still = set.Clips.All(c => c.Frames == 1);
        if (still && model.Classifier.Time > 1)
            throw new InvalidDataException($"{set.Source}: these are single pictures, but the model for {model.Emotion} judges motion; take clips, or train on pictures.");
        return JudgesPictures(model) && !still ? Frames(set) : set;
    }

    /// <summary>[emotion]: probabilities for the newest frame of a window, from the whole window or, where a model judges pictures, from that frame; NaN where it cannot be told.</summary>
    internal double[] Judge(SlidingWindow window) => [.. _models.Select(m => Inputs(m, window) is { } features ? Calibration.Probability(m.Calibrated(features)[0]) : double.NaN)];

    /// <summary>
    /// [point]: what each landmark adds to a classifier's calibrated logit for the newest frame of a window, with its sign, by
    /// Integrated Gradients from the model's typical clips (of an older file: the mean of the training clips); zero for points
    /// that the model does not look at. Null where it cannot be told.
    /// </summary>
    internal static double[]? Contributions(LandmarkModel model, SlidingWindow window)
    {
        if (Inputs(model, window) is not { } features) return null;
        int time = model.Classifier.Time, width = model.Classifier.Features, dimensions = width / model.Landmarks.Count;
        GroupRelevance groups = new(time, [.. Enumerable.Range(0, width).Select(f => f / dimensions)], model.Landmarks.Count);
        new IntegratedGradients().Attribute(model.Classifier, model.Inputs(features), model.Typical ?? Baselines.Zero(time * width), groups);
        double[] added = new double[model.Topology.Count], signed = groups.Signed;
        for (int i = 0; i < signed.Length; i++) added[model.Landmarks[i]] = model.Calibration.Slope * signed[i];
        return added;
    }

    /// <summary>Gives the networks' memory back.</summary>
    public void Dispose()
    {
        // Whatever became of it: the first clip says so too.
        Task.WaitAny(_prepared);
        foreach (LandmarkModel model in _models) model.Dispose();
        _models.Clear();
    }

    // A set of pictures gives one frame whatever was asked for; one frame that was asked for is the last of a moving clip. Distances are of pictures alone.
    private static bool JudgesPictures(LandmarkModel model) => model.Classifier.Time == 1 && (model.Preprocessing.Frames > 1 || model.Options.Points is not null);

    private static FeatureSet? Inputs(LandmarkModel model, SlidingWindow window)
    {
        if (!window.IsSeen || (JudgesPictures(model) ? window.Frame() : window.Clip()) is not LandmarkSet set) return null;
        FeatureSet features = new Preprocessor(model.Preprocessing).Apply(set);
        return features.Clips == 1 ? features : null;
    }

    private static LandmarkSet Frames(LandmarkSet set)
    {
        List<LandmarkClip> frames = [];
        foreach (LandmarkClip clip in set.Clips.Select(c => c.Loaded()))
        {
            int width = clip.Points * clip.Dimensions;
            for (int t = 0; t < clip.Frames; t++)
                frames.Add(new LandmarkClip(clip.Name, clip.Subject, clip.Label, clip.Points, clip.Dimensions, clip.Coordinates[(t * width)..((t + 1) * width)], [clip.Confidence[t]]));
        }

        return set with { Clips = frames };
    }
}
