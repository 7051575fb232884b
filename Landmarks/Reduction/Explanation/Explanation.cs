using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using EmotionXai.Engine.Tensors;
using EmotionXai.Explain;
using EmotionXai.Landmarks.Datasets;
using EmotionXai.Landmarks.Models;
using EmotionXai.Landmarks.Preprocessing;
using EmotionXai.Landmarks.Topologies;

namespace EmotionXai.Landmarks.Reduction;

/// <summary>What a saved model looks at, over the clips of its emotion.</summary>
public sealed record Explanation
{
    /// <summary>The name of the topology.</summary>
    public required string Topology { get; init; }

    /// <summary>The positive label.</summary>
    public required string Emotion { get; init; }

    /// <summary>The attribution method.</summary>
    public required string Method { get; init; }

    /// <summary>What clips were compared with.</summary>
    public required string Baseline { get; init; }

    /// <summary>What relevance is of: <c>features</c>, as the network takes them, or the <c>trajectory</c> that they are made of.</summary>
    public string Input { get; init; } = "features";

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

    /// <summary>The clip, where one was explained; else null.</summary>
    public string? Clip { get; init; }

    /// <summary>The emotion's probability in that clip, calibrated.</summary>
    public double? Probability { get; init; }

    /// <summary>[frame]: shares of relevance. They sum to one less the share of features that say nothing of when.</summary>
    public required IReadOnlyList<double> TimeProfile { get; init; }

    /// <summary>Whether the method promises that attributions sum to the change of the logit.</summary>
    public required bool IsComplete { get; init; }

    /// <summary>[frame, landmark in the order of the face]: shares of relevance. Written as <c>frames.csv</c>.</summary>
    [JsonIgnore]
    public IReadOnlyList<double> TimeMap { get; init; } = [];

    /// <summary>[frame, landmark in the order of the face]: what it adds to the logit then, in logits. Written as <c>frames.csv</c>.</summary>
    [JsonConverter(typeof(CompactNumbers))]
    public IReadOnlyList<double> SignedTimeMap { get => field ?? []; init; }

    /// <summary>The landmarks of a model as groups: what occlusion and Shapley values take away together.</summary>
    public static FeatureGroups Groups(LandmarkModel model)
    {
        int dimensions = model.Classifier.Features / model.Landmarks.Count;
        return FeatureGroups.OverTime(model.Classifier.Time, [.. Enumerable.Range(0, model.Classifier.Features).Select(f => f / dimensions)], model.Landmarks.Count);
    }

    /// <summary>Explains a model on clips that show its emotion; or on the clips themselves, where there is one, or their labels are not known.</summary>
    /// <param name="model">What is explained.</param>
    /// <param name="features">Clips: of those with labels, the ones that show the emotion are explained.</param>
    /// <param name="method">The attribution.</param>
    /// <param name="baseline">What clips are compared with. Typical clips come with the model, and only of an older file from the clips of other labels.</param>
    /// <param name="everyClip">Whether to explain those of other labels too: what speaks against the emotion.</param>
    /// <exception cref="InvalidDataException">No clip shows the emotion, or there is nothing to compare with.</exception>
    public static Explanation Of(LandmarkModel model, FeatureSet features, IAttributionMethod method, BaselineSpec baseline, bool everyClip = false)
    {
        int time = model.Classifier.Time, width = model.Classifier.Features;
        ClipRows all = model.Inputs(features);
        Baselines? known = baseline.IsTypical ? model.Typical : null;
        int[] chosen = Chosen(model, features, baseline, everyClip, known is not null);
        ClipRows rows = all.Some(chosen);
        Baselines baselines = known ?? baseline.Build(all, [.. features.Labels], model.Emotion, rows, time, width);
        GroupRelevance relevance = new(time, [.. Groups(model).GroupOf.Take(width)], model.Landmarks.Count);
        method.Attribute(model.Classifier, rows, baselines, relevance);
        double[] profile = OverTime(features, relevance.TimeProfile, model.Landmarks.Count), signed = OverTime(features, relevance.SignedTimeProfile, model.Landmarks.Count);
        return Create(model, features, method, baseline, model.Landmarks, relevance, profile, signed) with { Clips = chosen.Length, Baselines = baselines.Count };
    }

    /// <summary>The clips that are explained: those that show the emotion, or all.</summary>
    /// <exception cref="InvalidDataException">No clip shows the emotion, or there is nothing to compare with.</exception>
    internal static int[] Chosen(LandmarkModel model, FeatureSet features, BaselineSpec baseline, bool everyClip, bool known)
    {
        int[] positives = [.. Enumerable.Range(0, features.Clips).Where(i => features.Labels[i] == model.Emotion)];
        bool themselves = everyClip || Single(features) || features.Labels.All(l => l == DatasetOptions.Unlabelled);
        if (!themselves && positives.Length == 0)
            throw new InvalidDataException($"none of {features.Clips} clips is labelled {model.Emotion}; give clips that show it, or explain all with --all-clips.");
        if (!known && baseline.NeedsOthers && (positives.Length == features.Clips || features.Labels.All(l => l == DatasetOptions.Unlabelled)))
            throw new InvalidDataException($"{positives.Length} of {features.Clips} clips are labelled {model.Emotion}; typical clips of other labels are needed to compare with. Give some, take a model that carries its own, or --baseline mean.");
        return themselves ? [.. Enumerable.Range(0, features.Clips)] : positives;
    }

    /// <summary>The explanation that relevances say. In logits of calibrated probabilities: what the landmarks add up to is what is shown of the model.</summary>
    /// <param name="model">What is explained.</param>
    /// <param name="features">The clips.</param>
    /// <param name="method">The attribution.</param>
    /// <param name="baseline">What clips are compared with.</param>
    /// <param name="landmarks">Whose relevance it is, ascending.</param>
    /// <param name="relevance">Of these.</param>
    /// <param name="profile">[frame, landmark]: shares of relevance.</param>
    /// <param name="signedProfile">[frame, landmark]: in logits of the network.</param>
    internal static Explanation Create(
        LandmarkModel model, FeatureSet features, IAttributionMethod method, BaselineSpec baseline, IReadOnlyList<int> landmarks, GroupRelevance relevance, double[] profile, double[] signedProfile)
    {
        double[] scores = relevance.Scores, signed = [.. relevance.Signed.Select(s => s * model.Calibration.Slope)];
        int frames = profile.Length / scores.Length;
        return new Explanation
        {
            Topology = model.Topology.Name,
            Emotion = model.Emotion,
            Method = method.Name,
            Baseline = baseline.Text,
            Clip = Single(features) ? features.Names[0] : null,
            Probability = Single(features) ? Calibration.Probability(model.Calibrated(features).Average()) : null,
            Clips = features.Clips,
            Baselines = 1,
            MeanSteps = relevance.MeanSteps,
            IsComplete = method.Axioms.HasFlag(Axioms.Completeness),
            RelativeGap = relevance.RelativeGap,
            WorstClipGap = relevance.WorstClipGap,
            WorstRelativeGap = relevance.WorstRelativeGap,
            Ranking = [.. LandmarkScores.Order(scores).Select(i => Ranked(model.Topology, landmarks[i], scores[i], signed[i]))],
            TimeProfile = [.. Enumerable.Range(0, frames).Select(t => profile.AsSpan(t * scores.Length, scores.Length).ToArray().Sum())],
            TimeMap = profile,
            SignedTimeMap = [.. signedProfile.Select(s => s * model.Calibration.Slope)],
        };
    }

    private static bool Single(FeatureSet features) => features.Names.Distinct().Count() == 1;

    // [row, landmark] summed over the series of a moment: [frame, landmark]. Descriptors belong to no moment and are left out.
    private static double[] OverTime(FeatureSet features, double[] rows, int landmarks)
    {
        double[] frames = new double[features.Frames * landmarks];
        foreach (FeatureRows block in features.Blocks.Where(b => b.InTime))
            for (int i = 0; i < block.Count * landmarks; i++) frames[i] += rows[(block.First * landmarks) + i];
        return frames;
    }

    private static RankedLandmark Ranked(LandmarkTopology topology, int landmark, double relevance, double signed) => new()
    {
        Landmark = landmark,
        Name = topology.Names[landmark],
        Region = topology.Regions[landmark],
        Relevance = relevance,
        Signed = signed,
        RankByFold = [],
    };

    /// <summary>Writes <c>explanation.json</c>, <c>ranking.csv</c> and <c>frames.csv</c> (landmark x frame).</summary>
    public void Write(string folder)
    {
        Directory.CreateDirectory(folder);
        AtomicFile.Write(Path.Combine(folder, "ranking.csv"), WriteRanking);
        if (TimeMap.Count > 0) AtomicFile.Write(Path.Combine(folder, "frames.csv"), WriteFrames);
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
        for (int i = 0; i < TimeMap.Count; i++)
        {
            RankedLandmark r = inOrder[i % inOrder.Length];
            writer.WriteLine(string.Create(
                CultureInfo.InvariantCulture, $"{i / inOrder.Length},{r.Landmark},{r.Name},{TimeMap[i]:R},{SignedTimeMap[i]:R}"));
        }
    }
}
