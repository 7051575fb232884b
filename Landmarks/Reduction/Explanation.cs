using System.Text.Json;
using EmotionXai.Explain;
using EmotionXai.Landmarks.Models;
using EmotionXai.Landmarks.Preprocessing;

namespace EmotionXai.Landmarks.Reduction;

/// <summary>What a saved model looks at, over the clips of its emotion.</summary>
public sealed record Explanation
{
    /// <summary>The positive label.</summary>
    public required string Emotion { get; init; }

    /// <summary>The attribution method.</summary>
    public required string Method { get; init; }

    /// <summary>What clips were compared with.</summary>
    public required string Baseline { get; init; }

    /// <summary>Clips explained.</summary>
    public required int Clips { get; init; }

    /// <summary>Baselines a clip.</summary>
    public required int Baselines { get; init; }

    /// <summary>The mean number of quadrature nodes.</summary>
    public required double MeanSteps { get; init; }

    /// <summary>The sum of completeness gaps over the sum of logit changes.</summary>
    public required double RelativeGap { get; init; }

    /// <summary>The largest gap of a clip, over all its baselines, relative to its logit changes.</summary>
    public required double WorstClipGap { get; init; }

    /// <summary>The largest gap of a pair relative to its own logit change.</summary>
    public required double WorstRelativeGap { get; init; }

    /// <summary>The model's landmarks by falling relevance.</summary>
    public required IReadOnlyList<RankedLandmark> Ranking { get; init; }

    /// <summary>[time]: shares of relevance.</summary>
    public required IReadOnlyList<double> TimeProfile { get; init; }

    /// <summary>Explains a model on clips that show its emotion.</summary>
    /// <param name="model">What is explained.</param>
    /// <param name="features">Clips with labels: those of the emotion are explained, the others give the baselines.</param>
    /// <param name="method">The attribution.</param>
    /// <param name="baseline">What clips are compared with.</param>
    /// <param name="everyClip">Whether to explain those of other labels too: what speaks against the emotion.</param>
    /// <exception cref="InvalidDataException">No clip shows the emotion, or none another.</exception>
    public static Explanation Of(LandmarkModel model, FeatureSet features, IAttributionMethod method, BaselineSpec baseline, bool everyClip = false)
    {
        int time = model.Classifier.Time, width = model.Classifier.Features, length = time * width;
        int[] positives = [.. Enumerable.Range(0, features.Clips).Where(i => features.Labels[i] == model.Emotion)];
        if (positives.Length == 0 || positives.Length == features.Clips)
            throw new InvalidDataException($"{positives.Length} of {features.Clips} clips are labelled {model.Emotion}; an explanation needs some of it and some of other labels.");
        int[] chosen = everyClip ? [.. Enumerable.Range(0, features.Clips)] : positives;
        float[] all = model.Inputs(features), explained = new float[chosen.Length * length];
        for (int i = 0; i < chosen.Length; i++) all.AsSpan(chosen[i] * length, length).CopyTo(explained.AsSpan(i * length));
        Baselines baselines = baseline.Build(all, [.. features.Labels], model.Emotion, explained, time, width);
        int dimensions = width / model.Landmarks.Count;
        GroupRelevance relevance = new(time, [.. Enumerable.Range(0, width).Select(f => f / dimensions)], model.Landmarks.Count);
        method.Attribute(model.Classifier, explained, baselines, relevance);

        double[] scores = relevance.Scores, signed = relevance.Signed, profile = relevance.TimeProfile;
        return new Explanation
        {
            Emotion = model.Emotion,
            Method = method.Name,
            Baseline = baseline.Text,
            Clips = chosen.Length,
            Baselines = baselines.Count,
            MeanSteps = relevance.MeanSteps,
            RelativeGap = relevance.RelativeGap,
            WorstClipGap = relevance.WorstClipGap,
            WorstRelativeGap = relevance.WorstRelativeGap,
            Ranking = [.. LandmarkScores.Order(scores).Select(i => new RankedLandmark
            {
                Landmark = model.Landmarks[i],
                Name = model.Topology.Names[model.Landmarks[i]],
                Region = model.Topology.Regions[model.Landmarks[i]],
                Relevance = scores[i],
                Signed = signed[i],
                RankByFold = [],
            })],
            TimeProfile = [.. Enumerable.Range(0, time).Select(t => profile.AsSpan(t * scores.Length, scores.Length).ToArray().Sum())],
        };
    }

    /// <summary>Writes <c>explanation.json</c> and <c>ranking.csv</c>.</summary>
    public void Write(string folder)
    {
        Directory.CreateDirectory(folder);
        AtomicFile.Write(Path.Combine(folder, "ranking.csv"), writer =>
        {
            ResultFiles.RankingHeader(writer);
            ResultFiles.RankingRows(writer, Emotion, Ranking);
        });
        AtomicFile.WriteText(Path.Combine(folder, "explanation.json"), JsonSerializer.Serialize(this, ResultJson.Default.Explanation) + "\n");
    }
}
