using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using EmotionXai.Explain;
using EmotionXai.Landmarks.Models;
using EmotionXai.Landmarks.Preprocessing;

namespace EmotionXai.Landmarks.Reduction;

/// <summary>What a saved model looks at, over the clips of its emotion.</summary>
public sealed record Explanation
{
    /// <summary>The region of what is no landmark: units behind the stem.</summary>
    public const string StemRegion = "stem";

    /// <summary>The name of the topology.</summary>
    public required string Topology { get; init; }

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

    /// <summary>Whether the method promises that attributions sum to the change of the logit.</summary>
    public required bool IsComplete { get; init; }

    /// <summary>[time, landmark in the order of the face]: shares of relevance, and mean signed sums in logits. Written as <c>frames.csv</c>.</summary>
    [JsonIgnore]
    public (double[] Relevance, double[] Signed) ByFrame { get; init; } = ([], []);

    /// <summary>The landmarks of a model as groups: what occlusion, permutation and Shapley values take away together.</summary>
    public static FeatureGroups Groups(LandmarkModel model)
    {
        int dimensions = model.Classifier.Features / model.Landmarks.Count;
        return FeatureGroups.OverTime(model.Classifier.Time, [.. Enumerable.Range(0, model.Classifier.Features).Select(f => f / dimensions)], model.Landmarks.Count);
    }

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
        GroupRelevance relevance = Relevance(model, method);
        method.Attribute(model.Classifier, explained, baselines, relevance);

        double[] scores = relevance.Scores, signed = relevance.Signed, profile = relevance.TimeProfile;
        int frames = profile.Length / scores.Length;
        return new Explanation
        {
            Topology = model.Topology.Name,
            Emotion = model.Emotion,
            Method = method.Name,
            Baseline = baseline.Text,
            Clips = chosen.Length,
            Baselines = baselines.Count,
            MeanSteps = relevance.MeanSteps,
            IsComplete = method.Axioms.HasFlag(Axioms.Completeness),
            RelativeGap = relevance.RelativeGap,
            WorstClipGap = relevance.WorstClipGap,
            WorstRelativeGap = relevance.WorstRelativeGap,
            Ranking = [.. LandmarkScores.Order(scores).Select(i => Ranked(model, method, i, scores[i], signed[i]))],
            TimeProfile = [.. Enumerable.Range(0, frames).Select(t => profile.AsSpan(t * scores.Length, scores.Length).ToArray().Sum())],
            ByFrame = method.AttributesStem ? ([], []) : (profile, relevance.SignedTimeProfile),
        };
    }

    // Behind the stem there are no landmarks and no frames, only units.
    private static GroupRelevance Relevance(LandmarkModel model, IAttributionMethod method)
    {
        if (!method.AttributesStem)
            return new GroupRelevance(model.Classifier.Time, [.. Groups(model).GroupOf.Take(model.Classifier.Features)], model.Landmarks.Count);
        int units = StemIntegratedGradients.WidthOf(model.Classifier);
        return new GroupRelevance(1, [.. Enumerable.Range(0, units)], units);
    }

    private static RankedLandmark Ranked(LandmarkModel model, IAttributionMethod method, int index, double relevance, double signed)
    {
        int landmark = method.AttributesStem ? index : model.Landmarks[index];
        return new RankedLandmark
        {
            Landmark = landmark,
            Name = method.AttributesStem ? $"unit{index}" : model.Topology.Names[landmark],
            Region = method.AttributesStem ? StemRegion : model.Topology.Regions[landmark],
            Relevance = relevance,
            Signed = signed,
            RankByFold = [],
        };
    }

    /// <summary>Writes <c>explanation.json</c>, <c>ranking.csv</c> and, for attributions to the clip, <c>frames.csv</c> (landmark x frame).</summary>
    public void Write(string folder)
    {
        Directory.CreateDirectory(folder);
        AtomicFile.Write(Path.Combine(folder, "ranking.csv"), WriteRanking);
        if (ByFrame.Relevance.Length > 0) AtomicFile.Write(Path.Combine(folder, "frames.csv"), WriteFrames);
        AtomicFile.WriteText(Path.Combine(folder, "explanation.json"), JsonSerializer.Serialize(this, ResultJson.Default.Explanation) + "\n");
    }

    private void WriteRanking(TextWriter writer)
    {
        writer.WriteLine("emotion,rank,landmark,name,region,relevance,signed");
        for (int i = 0; i < Ranking.Count; i++)
            ResultTables.Row(writer, Emotion, i + 1, Ranking[i].Landmark, Ranking[i].Name, Ranking[i].Region, Ranking[i].Relevance, Ranking[i].Signed);
    }

    private void WriteFrames(TextWriter writer)
    {
        writer.WriteLine("frame,landmark,name,relevance,signed");
        RankedLandmark[] inOrder = [.. Ranking.OrderBy(r => r.Landmark)];
        for (int i = 0; i < ByFrame.Relevance.Length; i++)
        {
            RankedLandmark r = inOrder[i % inOrder.Length];
            writer.WriteLine(string.Create(
                CultureInfo.InvariantCulture, $"{i / inOrder.Length},{r.Landmark},{r.Name},{ByFrame.Relevance[i]:R},{ByFrame.Signed[i]:R}"));
        }
    }
}
