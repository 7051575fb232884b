using EmotionXai.Engine.Layers;
using EmotionXai.Engine.Tensors;
using EmotionXai.Explain;
using EmotionXai.Landmarks.Models;
using EmotionXai.Landmarks.Preprocessing;
using EmotionXai.Landmarks.Sequences;

namespace EmotionXai.Landmarks.Reduction;

/// <summary>
/// What a saved model looks at in the aligned trajectory of the points, before features are taken of it: each landmark at each
/// moment, whatever features the model has. Features are followed as differentiable ops (<see cref="FeatureLayer"/>), so attributions add
/// up to the change of the logit as those of features do. Points that only steady the others have a relevance of their own.
/// </summary>
public static class TrajectoryExplanation
{
    /// <summary>What <see cref="Explanation.Input"/> is called.</summary>
    public const string Input = "trajectory";

    // Clips that are held in memory together.
    private const int AtOnce = 64;

    /// <summary>Explains a model on clips that show its emotion; or on the clips themselves, where there is one, or their labels are not known.</summary>
    /// <param name="model">What is explained.</param>
    /// <param name="set">The clips.</param>
    /// <param name="path">How path integrals are computed.</param>
    /// <param name="baseline">
    /// What clips are compared with: their first frame, held (<c>onset</c>), typical clips of other labels among these, or their mean;
    /// those are brought to the length of each clip.
    /// </param>
    /// <param name="everyClip">Whether to explain those of other labels too.</param>
    /// <exception cref="ArgumentException">The baseline is zero, where all points would coincide, or onset, and the model judges pictures.</exception>
    /// <exception cref="InvalidDataException">The clips are not the model's, none shows the emotion, or there is nothing to compare with.</exception>
    public static Explanation Of(LandmarkModel model, LandmarkSet set, PathOptions path, BaselineSpec baseline, bool everyClip = false)
    {
        if (baseline.Text == "zero") throw new ArgumentException("--baseline zero: in a trajectory this is a face whose points all coincide; choose onset, typical, typical:K or mean.");
        FeatureSet features = EmotionJudge.Features(model, set);
        set = EmotionJudge.Judged(model, set);
        ClipTracks tracks = new(set, model.Preprocessing);
        if (tracks.Still && baseline.Text == "onset") throw new ArgumentException("--baseline onset: a picture does not differ from its first frame; choose typical, typical:K or mean.");
        int[] chosen = Explanation.Chosen(model, features, baseline, everyClip, known: false);
        IReadOnlyList<int> points = FeatureLayer.PointsOf(model, tracks.Features);
        int width = points.Count * tracks.Dimensions, moments = tracks.Frames;
        GroupRelevance relevance = new(moments, [.. Enumerable.Range(0, width).Select(i => i / tracks.Dimensions)], points.Count);
        IntegratedGradients method = new(path);
        Baselines? shared = baseline.Text == "onset" ? null : Resampled(model, set, points, baseline);
        int done = 0;
        foreach (int[] clips in chosen.GroupBy(c => set.Clips[features.Places[c]].Frames).OrderBy(g => g.Key).SelectMany(g => g.Chunk(AtOnce)))
        {
            FeatureFrames frames = new(set.Clips[features.Places[clips[0]]].Frames, moments);
            int used = frames.Used.Count, length = used * width;
            using FeatureLayer layer = new(model, model.Classifier.Backend, tracks.Features, frames, tracks.Dimensions);
            using Classifier classifier = model.Classifier.Behind(layer, used, width);
            float[] values = new float[clips.Length * length];
            for (int i = 0; i < clips.Length; i++)
                frames.Pick(tracks.Of(set.Clips[features.Places[clips[i]]], out _)!, points, tracks.Dimensions, values.AsSpan(i * length, length));
            ClipRows rows = ClipRows.From(values, length);
            method.Attribute(classifier, rows, shared is null ? Baselines.Onset(rows, used, width) : AtFrames(shared, frames, length), new ToMoments(relevance, frames, width, done));
            done += clips.Length;
        }

        Explanation explanation = Explanation.Create(model, features, method, baseline, points, relevance, relevance.TimeProfile, relevance.SignedTimeProfile);
        return explanation with { Input = Input, Clips = chosen.Length, Baselines = shared?.Count ?? 1 };
    }

    // Of resampled trajectories: [baseline, moment, point, coordinate].
    private static Baselines Resampled(LandmarkModel model, LandmarkSet set, IReadOnlyList<int> points, BaselineSpec baseline)
    {
        FeatureSet positions = new Preprocessor(model.Preprocessing with { Features = "positions", SideBySide = false }).Apply(set);
        int channels = positions.Dimensions, all = positions.Points * channels;
        ClipRows rows = FeatureGather.Rows(positions, new Standardizer(new float[all], [.. Enumerable.Repeat(1f, all)]), [.. Enumerable.Range(0, positions.Clips)], [.. points]);
        return baseline.Build(rows, [.. positions.Labels], model.Emotion, rows, positions.Time, points.Count * channels);
    }

    private static Baselines AtFrames(Baselines moments, FeatureFrames frames, int length)
    {
        float[] values = new float[moments.Count * length];
        for (int b = 0; b < moments.Count; b++) frames.Spread(moments.Of(0, b), values.AsSpan(b * length, length));
        return Baselines.ForAll(values, length);
    }

    /// <summary>Hands on what belongs to frames as belonging to moments, and clips under numbers of their own.</summary>
    private sealed class ToMoments(GroupRelevance relevance, FeatureFrames frames, int width, int first) : IAttributionSink
    {
        private readonly double[] _moments = new double[frames.Moments * width];

        public void Add(in PairAttribution pair)
        {
            frames.Gather(pair.Values, _moments);
            relevance.Add(new PairAttribution
            {
                Clip = first + pair.Clip,
                Baseline = pair.Baseline,
                Values = _moments,
                Output = pair.Output,
                BaselineOutput = pair.BaselineOutput,
                Gap = pair.Gap,
                Steps = pair.Steps,
            });
        }
    }
}
