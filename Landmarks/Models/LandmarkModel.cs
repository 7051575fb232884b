using System.Text.Json;
using EmotionXai.Engine.Autodiff;
using EmotionXai.Engine.Backends;
using EmotionXai.Engine.Layers;
using EmotionXai.Engine.Serialization;
using EmotionXai.Engine.Tensors;
using EmotionXai.Engine.Training;
using EmotionXai.Explain;
using EmotionXai.Landmarks.Preprocessing;
using EmotionXai.Landmarks.Topologies;

namespace EmotionXai.Landmarks.Models;

/// <summary>
/// A trained classifier with all it needs to judge and explain new clips: topology, kept landmarks, preprocessing, scaling, weights,
/// calibration, typical baselines, and where it comes from. Stored as one safetensors file.
/// </summary>
public sealed class LandmarkModel : IDisposable
{
    // Version 1 had no calibration, baselines or origin.
    private const string Format = "emotionxai-model-2", OldFormat = "emotionxai-model-1", TypicalTensor = "typical_baselines";

    // Clips that a session is given together; a power of two, as its batches are, so that they are the same batches.
    private const int AtOnce = 4096;

    // Of the weights as they are when the first clip is judged.
    private readonly Lazy<InferenceSession> _session;

    /// <summary>A model from its parts.</summary>
    public LandmarkModel(
        string emotion, LandmarkTopology topology, IReadOnlyList<int> landmarks, PreprocessingOptions preprocessing, Standardizer scaling, ClassifierOptions options, TrainingOptions training, Classifier classifier)
    {
        (Emotion, Topology, Landmarks, Preprocessing, Scaling, Options, Training, Classifier) =
            (emotion, topology, landmarks, preprocessing, scaling, options, training, classifier);
        _session = new(() => new InferenceSession(Classifier));
    }

    /// <summary>The positive label.</summary>
    public string Emotion { get; }

    /// <summary>What the points of a clip must be.</summary>
    public LandmarkTopology Topology { get; }

    /// <summary>The landmarks it looks at, ascending.</summary>
    public IReadOnlyList<int> Landmarks { get; }

    /// <summary>How clips become features.</summary>
    public PreprocessingOptions Preprocessing { get; }

    /// <summary>Mean and scale of the features of all landmarks, of the training clips.</summary>
    public Standardizer Scaling { get; }

    /// <summary>What the network is made of.</summary>
    public ClassifierOptions Options { get; }

    /// <summary>How it was trained; the defaults, where an older file does not say.</summary>
    public TrainingOptions Training { get; }

    /// <summary>The network.</summary>
    public Classifier Classifier { get; }

    /// <summary>From the network's logits to those of probabilities that hold for people it was not trained on, both classes being equally common.</summary>
    public Calibration Calibration { get; init; } = Calibration.Identity;

    /// <summary>Typical clips of the other labels among the training clips, scaled, of the kept landmarks: what explanations compare with. Null in older files.</summary>
    public Baselines? Typical { get; init; }

    /// <summary>What it was made from; null in older files.</summary>
    public ModelOrigin? Origin { get; init; }

    /// <summary>The calibrated logits of clips that were preprocessed as <see cref="Preprocessing"/> says: positive where the emotion is more probable than not.</summary>
    /// <exception cref="ArgumentException">The features are of another shape than the model's.</exception>
    public double[] Calibrated(FeatureSet features) => Calibration.Apply(Logits(features));

    /// <summary>The network's own logits of clips that were preprocessed as <see cref="Preprocessing"/> says.</summary>
    /// <exception cref="ArgumentException">The features are of another shape than the model's.</exception>
    public double[] Logits(FeatureSet features)
    {
        ClipRows inputs = Inputs(features);
        double[] logits = new double[inputs.Count];
        float[] room = inputs.Whole is null ? new float[Math.Min(inputs.Count, AtOnce) * inputs.Length] : [];
        for (int at = 0; at < inputs.Count; at += AtOnce)
        {
            int count = Math.Min(AtOnce, inputs.Count - at);
            _session.Value.Run(inputs.Range(at, count, room), logits.AsSpan(at, count));
        }

        return logits;
    }

    /// <summary>Judges a blank clip, for what the first one takes longer than others.</summary>
    internal void Prepare() => _session.Value.Run(new float[Classifier.Time * Classifier.Features], new double[1]);

    /// <summary>What the network is given for those clips, each [time, feature].</summary>
    /// <exception cref="ArgumentException">The features are of another shape than the model's.</exception>
    public ClipRows Inputs(FeatureSet features)
    {
        if (features.Points != Topology.Count || features.Time != Classifier.Time || features.Dimensions * Landmarks.Count != Classifier.Features)
        {
            throw new ArgumentException(
                $"The clips have {features.Time} frames of {features.Points} landmarks of {features.Dimensions}; the model needs {Classifier.Time} of {Topology.Count} of {Classifier.Features / Landmarks.Count}.");
        }

        int[] all = [.. Enumerable.Range(0, features.Clips)];
        return FeatureGather.Rows(features, Scaling, all, [.. Landmarks]);
    }

    /// <summary>The same network before training, with starting values of a seed. What training does not change is this one's.</summary>
    internal Classifier Drawn(ulong seed)
    {
        Classifier drawn = Options.Build(Classifier.Backend, Classifier.Time, Classifier.Features, seed);
        if (Classifier.Distances is { } fixedFirst)
            foreach ((Parameter to, Parameter from) in drawn.Distances!.Parameters.Zip(fixedFirst.Parameters)) to.Value.CopyFrom(from.Value.ToArray());
        return drawn;
    }

    /// <summary>Writes the model, whole or not at all.</summary>
    public void Save(string path)
    {
        Dictionary<string, string> metadata = new()
        {
            ["format"] = Format,
            ["emotion"] = Emotion,
            ["topology"] = Topology.Name,
            ["landmarks"] = string.Join(',', Landmarks),
            ["time"] = ModelJson.Write(Classifier.Time),
            ["features"] = ModelJson.Write(Classifier.Features),
            ["preprocessing"] = ModelJson.Write(Preprocessing),
            ["scaling"] = ModelJson.Write(Scaling),
            ["classifier"] = ModelJson.Write(Options),
            ["training"] = ModelJson.Write(Training),
        };
        metadata["calibration"] = ModelJson.Write(Calibration);
        if (Origin is not null) metadata["origin"] = ModelJson.Write(Origin);
        List<NamedTensor> tensors = [.. Classifier.Parameters.Select(ToTensor)];
        if (Typical is not null) tensors.Add(new NamedTensor(TypicalTensor, [Typical.Count, Classifier.Time, Classifier.Features], [.. Enumerable.Range(0, Typical.Count).SelectMany(b => Typical.Of(0, b).ToArray())]));
        SafeTensors.Write(path, tensors, metadata);
    }

    /// <summary>Reads a model onto a backend.</summary>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InvalidDataException">The file is damaged, or no model of this program.</exception>
    public static LandmarkModel Load(string path, IBackend backend)
    {
        (IReadOnlyList<NamedTensor> tensors, IReadOnlyDictionary<string, string> metadata) = SafeTensors.Read(path);
        if (metadata.GetValueOrDefault("format") is not (Format or OldFormat))
            throw new InvalidDataException($"{path}: a safetensors file, but no emotion model of this program (format '{metadata.GetValueOrDefault("format")}', expected '{Format}').");
        Classifier? classifier = null;
        try
        {
            ClassifierOptions options = ModelCheck.Part(metadata, "classifier", ModelParts.Classifier);
            int time = ModelCheck.Part(metadata, "time", part => part.GetInt32()), features = ModelCheck.Part(metadata, "features", part => part.GetInt32());
            LandmarkTopology topology = LandmarkTopology.Find(metadata["topology"]);
            int[] landmarks = ModelCheck.Landmarks(metadata, topology);
            PreprocessingOptions preprocessing = ModelCheck.Part(metadata, "preprocessing", ModelParts.Preprocessing);
            Standardizer scaling = ModelCheck.Part(metadata, "scaling", ModelParts.Scaling);
            Calibration calibration = metadata.ContainsKey("calibration") ? ModelCheck.Part(metadata, "calibration", ModelParts.Calibration) : Calibration.Identity;
            NamedTensor? typical = tensors.FirstOrDefault(t => t.Name == TypicalTensor);
            string? fault = ModelCheck.Emotion(metadata["emotion"])
                ?? ModelCheck.Network(options, time, features)
                ?? ModelCheck.Inputs(topology, landmarks, preprocessing, scaling, time, features)
                ?? ModelCheck.Distances(options, preprocessing, landmarks.Length, features)
                ?? ModelCheck.Tensors([.. tensors.Where(t => t != typical)], options, time, features)
                ?? ModelCheck.Calibrated(calibration)
                ?? ModelCheck.Typical(typical, time, features);
            if (fault is not null) throw new JsonException(fault);
            classifier = options.Build(backend, time, features, seed: 0);
            Fill(path, classifier, tensors);
            return new LandmarkModel(
                metadata["emotion"], topology, landmarks, preprocessing, scaling, options,
                metadata.ContainsKey("training") ? ModelCheck.Part(metadata, "training", ModelParts.Training) : new TrainingOptions { LearningRate = TrainingOptions.DefaultRate(options.Kind) }, classifier)
            {
                Calibration = calibration,
                Origin = metadata.ContainsKey("origin") ? ModelCheck.Part(metadata, "origin", ModelParts.Origin) : null,
                Typical = typical is not null ? Baselines.ForAll(typical.Values, time * features) : null,
            };
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or ArgumentException)
        {
            classifier?.Dispose();
            throw new InvalidDataException($"{path}: the model's description is damaged ({e.Message.Split('\n')[0]}); train or copy it again.");
        }
    }

    /// <summary>Gives the network's memory back.</summary>
    public void Dispose()
    {
        if (_session.IsValueCreated) _session.Value.Dispose();
        Classifier.Dispose();
    }

    private static NamedTensor ToTensor(Parameter parameter)
    {
        int[] extents = new int[parameter.Value.Shape.Rank];
        parameter.Value.Shape.CopyTo(extents);
        return new NamedTensor(parameter.Name, extents, parameter.Value.ToArray());
    }

    private static void Fill(string path, Classifier classifier, IReadOnlyList<NamedTensor> tensors)
    {
        Dictionary<string, NamedTensor> byName = tensors.ToDictionary(t => t.Name);
        foreach (Parameter parameter in classifier.Parameters)
        {
            if (!byName.Remove(parameter.Name, out NamedTensor? tensor) || tensor.Values.Length != parameter.Value.Shape.Length)
                throw new InvalidDataException($"{path}: tensor '{parameter.Name}' of shape {parameter.Value.Shape} is missing or of another shape; train or copy the model again.");
            parameter.Value.CopyFrom(tensor.Values);
        }
    }
}
