using System.Text.Json;
using EmotionXai.Engine.Layers;
using EmotionXai.Engine.Serialization;
using EmotionXai.Landmarks.Preprocessing;
using EmotionXai.Landmarks.Topologies;

namespace EmotionXai.Landmarks.Models;

/// <summary>
/// Holds a model's description against its tensors before anything is built: a few bytes may ask for any amount of memory, and
/// a number that is not finite would judge every clip without a word.
/// </summary>
internal static class ModelCheck
{
    private const int MostTime = 100_000, MostFrames = 10_000, MostFeatures = 1_000_000, MostUnits = 1 << 16, MostLayers = 16, MostNetworks = 100;

    /// <summary>A part of the description.</summary>
    /// <exception cref="JsonException">It is missing, or no such part.</exception>
    public static T Part<T>(IReadOnlyDictionary<string, string> metadata, string name, Func<JsonElement, T> read)
    {
        if (!metadata.TryGetValue(name, out string? text)) throw new JsonException($"'{name}' is missing");
        try
        {
            return ModelParts.Read(text, read);
        }
        catch (Exception e) when (e is NotSupportedException or InvalidOperationException or ArgumentException or FormatException or JsonException)
        {
            throw new JsonException($"'{name}': {e.Message}", e);
        }
    }

    /// <summary>The landmarks of a description.</summary>
    /// <exception cref="JsonException">They are no ascending list of the topology's.</exception>
    public static int[] Landmarks(IReadOnlyDictionary<string, string> metadata, LandmarkTopology topology)
    {
        string text = metadata.GetValueOrDefault("landmarks") ?? throw new JsonException("'landmarks' is missing");
        List<int> landmarks = [];
        foreach (string part in text.Split(','))
        {
            if (!int.TryParse(part, System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out int landmark) || landmark >= topology.Count)
                throw new JsonException($"'landmarks' names one that {topology.Name} does not have");
            if (landmarks.Count > 0 && landmark <= landmarks[^1]) throw new JsonException("'landmarks' are not in ascending order");
            landmarks.Add(landmark);
        }

        return [.. landmarks];
    }

    /// <summary>What is wrong with a network's description, in words; null where nothing is.</summary>
    public static string? Network(ClassifierOptions options, int time, int features)
    {
        if (time is < 1 or > MostTime) return $"{time} frames are not from 1 to {MostTime}";
        if (features is < 1 or > MostFeatures) return $"{features} features are not from 1 to {MostFeatures}";
        if (options.Hidden.Count is 0 or > MostLayers || options.Hidden.Any(h => h is < 1 or > MostUnits)) return $"hidden layers are not 1 to {MostLayers} of 1 to {MostUnits} units";
        if (options.Networks is < 1 or > MostNetworks) return $"{options.Networks} networks are not from 1 to {MostNetworks}";
        if (!Enum.IsDefined(options.Kind) || !Enum.IsDefined(options.Activation) || !Enum.IsDefined(options.Pooling)) return "there is no such network";
        if (!(options.Dropout is >= 0 and < 1)) return "its dropout is no probability";
        RandomOptions random = options.Random;
        return IsShare(random.Sparsity) && IsSize(random.InputScale) && IsSize(random.SpectralRadius) && IsSize(random.Direct) ? null : "its random layers cannot be drawn";
    }

    /// <summary>What is wrong with the distances that a network sees, in words; null where nothing is, or it sees none.</summary>
    public static string? Distances(ClassifierOptions options, PreprocessingOptions preprocessing, int landmarks, int features)
    {
        FeatureList list = FeatureList.Parse(preprocessing.Features);
        if (options.Points is not { } points) return list.TakesDistances ? "its preprocessing asks for distances, and its network sees none" : null;
        if (!list.TakesDistances || list.TakesSeries != points.Positions) return "its network sees distances, and its preprocessing asks for other features";
        return landmarks is >= 2 and <= PointDistances.MostPoints && (long)points.Coordinates * landmarks == features ? null : $"{features} coordinates are not those of {landmarks} landmarks, of 2 to {PointDistances.MostPoints}";
    }

    /// <summary>What is wrong with the tensors of a network, in words; null where they are just those that it has, all finite.</summary>
    public static string? Tensors(IReadOnlyList<NamedTensor> tensors, ClassifierOptions options, int time, int features)
    {
        Dictionary<string, NamedTensor> left = tensors.ToDictionary(t => t.Name, StringComparer.Ordinal);
        foreach ((string name, long[] extents) in ModelShapes.Of(options, time, features))
        {
            if (!left.Remove(name, out NamedTensor? tensor)) return $"tensor '{name}' of [{string.Join(", ", extents)}] is missing";
            if (!tensor.Extents.Select(e => (long)e).SequenceEqual(extents)) return $"tensor '{name}' is of [{string.Join(", ", tensor.Extents)}], and the description asks for [{string.Join(", ", extents)}]";
            int at = Array.FindIndex(tensor.Values, v => !float.IsFinite(v));
            if (at >= 0) return $"number {at} of tensor '{name}' is not finite";
        }

        return left.Count == 0 ? null : $"tensor '{left.Keys.First()}' belongs to no layer";
    }

    /// <summary>What is wrong with a calibration, in words; null where nothing is.</summary>
    public static string? Calibrated(Calibration calibration) => calibration.Slope > 0 && IsSize(calibration.Slope) && IsSize(Math.Abs(calibration.Offset)) ? null : "its calibration is no rising line";

    /// <summary>What is wrong with the typical clips, in words; null where nothing is, or there are none.</summary>
    public static string? Typical(NamedTensor? clips, int time, int features) =>
        clips is null ? null
        : clips.Extents.Count != 3 || clips.Extents[0] < 1 || clips.Extents[1] != time || clips.Extents[2] != features ? $"its typical clips are not of [{time}, {features}]"
        : clips.Values.All(float.IsFinite) ? null : "its typical clips are not finite";

    /// <summary>What is wrong with the emotion's name, in words; null where nothing is.</summary>
    public static string? Emotion(string emotion) => emotion.Trim().Length == 0 || emotion != PlainText.Show(emotion) ? "the emotion has no name that can be shown" : null;

    /// <summary>What is wrong with how clips become a network's input, in words; null where nothing is.</summary>
    public static string? Inputs(LandmarkTopology topology, IReadOnlyList<int> landmarks, PreprocessingOptions preprocessing, Standardizer scaling, int time, int features)
    {
        if (preprocessing.Frames is < 1 or > MostFrames || !Enum.IsDefined(preprocessing.Alignment) || !IsShare(preprocessing.MinSure) || !double.IsFinite(preprocessing.MinConfidence))
            return "its preprocessing cannot be done";
        int rows = FeatureLayout.Of(FeatureList.Parse(preprocessing.Features), preprocessing.Frames, 2, preprocessing.SideBySide).Rows;
        if (time != 1 && time != rows) return $"it takes {time} rows, and its preprocessing gives {rows}";
        if (features % landmarks.Count != 0) return $"{features} features are no whole number for each of {landmarks.Count} landmarks";
        long width = (long)topology.Count * (features / landmarks.Count);
        if (scaling.Rows.Length > 0 && (scaling.Rows.Any(r => r < 1 || r > time) || scaling.Rows.Sum(r => (long)r) != time)) return $"its scaling is not of {time} rows";
        if (scaling.Means.Length != width * Math.Max(1, scaling.Rows.Length)) return $"its scaling has {scaling.Means.Length} numbers, and not {width} a kind of row";
        return scaling.Means.All(float.IsFinite) && scaling.Scales.All(s => float.IsFinite(s) && s > 0) ? null : "its scaling is not finite";
    }

    private static bool IsShare(double value) => value is >= 0 and <= 1;

    private static bool IsSize(double value) => value is >= 0 and < 1e6;
}
