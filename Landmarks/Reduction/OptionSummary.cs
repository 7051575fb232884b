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
        ["model"] = ModelNames.NameOf(options.Model.Kind),
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
        ["preprocessing"] = options.Preprocessing.ToString(),
        ["quadrature"] = options.Path.Rule.ToString(),
        ["steps"] = options.Path.Steps,
        ["tolerance"] = options.Path.Tolerance,
        ["keep"] = stages.ToArray(),
        ["folds"] = options.Folds,
        ["inner_folds"] = options.InnerFolds,
        ["baseline"] = options.Baseline.Text,
        ["ranking_seeds"] = options.RankingSeeds,
        ["inner_ranking_seeds"] = options.InnerRankingSeeds,
        ["stage_seeds"] = options.StageSeeds,
        ["controls"] = options.Controls.Text,
        ["select"] = options.Select.ToString().ToLowerInvariant(),
        ["rerank"] = options.Rerank,
        ["relevance"] = options.Relevance.ToString().ToLowerInvariant(),
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

    /// <summary>A hash over options, emotions, labels and features.</summary>
    public static string Fingerprint(IReadOnlyDictionary<string, object> described, LandmarkSet set, FeatureSet features)
    {
        StringBuilder text = new();
        foreach ((string name, object value) in described)
        {
            string written = value is int[] list ? string.Join(',', list) : Convert.ToString(value, CultureInfo.InvariantCulture)!;
            text.Append(CultureInfo.InvariantCulture, $"{name}={written}\n");
        }

        text.Append(set.Topology.Name).Append('\n').AppendJoin('\n', features.Labels).AppendJoin('\n', features.Subjects);
        using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(Encoding.UTF8.GetBytes(text.ToString()));
        hash.AppendData(System.Runtime.InteropServices.MemoryMarshal.AsBytes(features.Values.AsSpan()));
        return Convert.ToHexString(hash.GetHashAndReset());
    }
}
