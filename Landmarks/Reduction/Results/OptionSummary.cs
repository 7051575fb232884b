using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using EmotionXai.Landmarks.Preprocessing;
using EmotionXai.Landmarks.Sequences;

namespace EmotionXai.Landmarks.Reduction;

/// <summary>The options that results follow from, as they stand in <c>results.json</c>. Threads are not among them: they change no result.</summary>
internal static class OptionSummary
{
    public static IReadOnlyDictionary<string, object> Describe(ReductionOptions options, IReadOnlyList<int> stages) => new Dictionary<string, object>
    {
        ["network"] = ModelNames.NameOf(options.Model.Kind),
        ["hidden"] = options.Model.Hidden.ToArray(),
        ["activation"] = options.Model.Activation.ToString(),
        ["pooling"] = options.Model.Pooling.ToString(),
        ["dropout"] = options.Model.Dropout,
        ["normalize"] = options.Model.Normalize,
        ["freeze"] = options.Model.Freeze,
        ["input_scale"] = options.Model.Random.InputScale,
        ["spectral_radius"] = options.Model.Random.SpectralRadius,
        ["sparsity"] = options.Model.Random.Sparsity,
        ["direct"] = options.Model.Random.Direct,
        ["ridge"] = options.Training.Ridge,
        ["epochs"] = options.Training.Epochs,
        ["batch_size"] = options.Training.BatchSize,
        ["learning_rate"] = options.Training.LearningRate,
        ["optimizer"] = options.Training.Optimizer.ToString(),
        ["weight_decay"] = options.Training.WeightDecay,
        ["schedule"] = options.Training.Schedule.ToString(),
        ["clip_norm"] = options.Training.ClipNorm,
        ["positive_weight"] = options.Training.PositiveWeight,
        ["frames"] = options.Preprocessing.Frames,
        ["align"] = options.Preprocessing.Alignment.ToString(),
        ["min_confidence"] = options.Preprocessing.MinConfidence,
        ["features"] = options.Preprocessing.Features,
        ["depth"] = options.Preprocessing.Use3D,
        ["quadrature"] = options.Path.Rule.ToString(),
        ["steps"] = options.Path.Steps,
        ["tolerance"] = options.Path.Tolerance,
        ["keep"] = stages.ToArray(),
        ["folds"] = options.Folds,
        ["inner_folds"] = options.InnerFolds,
        ["baseline"] = options.Baseline.Text,
        ["ranking_seeds"] = options.RankingSeeds,
        ["inner_ranking_seeds"] = options.InnerRankingSeeds,
        ["ensemble"] = options.Networks,
        ["controls"] = options.Controls.Text,
        ["patches"] = options.Patches,
        ["inside_regions"] = options.InsideRegions,
        ["select"] = options.Select.ToString().ToLowerInvariant(),
        ["rerank"] = options.Rerank,
        ["nulls"] = options.Nulls,
        ["symmetric"] = options.Symmetric,
        ["by_region"] = options.ByRegion,
        ["regions"] = options.Regions.ToString().ToLowerInvariant(),
        ["stability"] = options.Stability,
        ["margin"] = options.Margin,
        ["bootstrap_samples"] = options.BootstrapSamples,
        ["seed"] = options.Seed,
        ["device"] = options.Device,
    };

    /// <summary>The same as words.</summary>
    public static IReadOnlyDictionary<string, string> Words(IReadOnlyDictionary<string, object> described) => described.ToDictionary(
        d => d.Key, d => d.Value is int[] list ? string.Join(',', list) : Convert.ToString(d.Value, CultureInfo.InvariantCulture)!);

    /// <summary>
    /// A hash over all that changes a bit of the results: the program's version, the vector width (products of another width round in
    /// another order), options, emotions, labels, people and features.
    /// </summary>
    public static string Fingerprint(IReadOnlyDictionary<string, object> described, IReadOnlyList<string> emotions, LandmarkSet set, FeatureSet features, string device)
    {
        StringBuilder text = new();
        text.Append(CultureInfo.InvariantCulture, $"version={ProgramVersion.Text}\nvectors={Backends.VectorsOf(device)}\nemotions={Joined(emotions)}\n");
        foreach ((string name, string value) in Words(described)) text.Append(CultureInfo.InvariantCulture, $"{name}={value}\n");
        text.Append(set.Topology.Name).Append('\n').Append(Joined(features.Names)).Append(Joined(features.Labels)).Append(Joined(features.Subjects));
        using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(Encoding.UTF8.GetBytes(text.ToString()));
        float[] room = new float[features.Values.Length];
        for (int clip = 0; clip < features.Clips; clip++) hash.AppendData(System.Runtime.InteropServices.MemoryMarshal.AsBytes(features.Values.Of(clip, room)));
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    // With lengths, so that no two lists are joined to one text.
    private static string Joined(IEnumerable<string> words) => string.Concat(words.Select(w => string.Create(CultureInfo.InvariantCulture, $"{w.Length}:{w}\n")));
}
