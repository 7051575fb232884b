using EmotionXai.Engine.Backends;
using EmotionXai.Engine.Layers;
using EmotionXai.Engine.Training;
using EmotionXai.Landmarks.Models;
using EmotionXai.Landmarks.Preprocessing;
using EmotionXai.Landmarks.Sequences;

namespace EmotionXai.Landmarks.Reduction;

/// <summary>A trained model and how it did on people held out.</summary>
/// <param name="Model">Dispose of it.</param>
/// <param name="HeldOut">On the validation subjects' clips, calibrated.</param>
/// <param name="HeldOutClips">How many those are.</param>
/// <param name="Report">Of the training run, of several networks the first one's; null where a read-out was fitted in closed form.</param>
/// <param name="Penalty">The ridge penalty of a read-out in closed form; NaN for other networks.</param>
public sealed record TrainedModel(LandmarkModel Model, Metrics HeldOut, int HeldOutClips, TrainingReport? Report, double Penalty);

/// <summary>Trains one model: a group of subjects is held out, to stop early by and to report on.</summary>
public static class ModelTrainer
{
    private const int CalibrationFolds = 3;

    /// <summary>Trains a classifier of one emotion against the rest.</summary>
    /// <param name="set">The clips.</param>
    /// <param name="emotion">The positive label.</param>
    /// <param name="landmarks">Landmarks to look at; empty takes all.</param>
    /// <param name="options">Preprocessing, network and training.</param>
    /// <param name="backend">Where the network lives.</param>
    /// <param name="progress">Told of every epoch, from 1, and its mean training loss.</param>
    /// <param name="cancellation">Stops between epochs.</param>
    /// <exception cref="ArgumentException">There is no such emotion or landmark, or too few subjects.</exception>
    public static TrainedModel Train(
        LandmarkSet set, string emotion, IReadOnlyList<int> landmarks, ReductionOptions options, IBackend backend, Action<int, double>? progress = null, CancellationToken cancellation = default)
    {
        if (!set.Labels.Contains(emotion)) throw new ArgumentException($"--emotion {emotion}: the data have no such label; they have {string.Join(", ", set.Labels)}.");
        int[] kept = landmarks.Count > 0 ? [.. landmarks.Distinct().Order()] : [.. Enumerable.Range(0, set.Topology.Count)];
        if (kept[0] < 0 || kept[^1] >= set.Topology.Count)
            throw new ArgumentException($"--landmarks: {(kept[0] < 0 ? kept[0] : kept[^1])} is none; {set.Topology.Name} has 0 to {set.Topology.Count - 1}.");
        PreprocessingOptions preprocessing = options.Preprocessing.For(options.Model.Kind);
        if (options.PreprocessingOf(kept.Length) != options.Preprocessing)
            throw new ArgumentException($"--features {options.Preprocessing.Features}: distances are taken between 2 to {PointDistances.MostPoints} landmarks, and these are {kept.Length}; name some with --landmarks, or take --features positions.");
        FeatureSet features = new Preprocessor(preprocessing).Apply(set);
        int subjects = features.Subjects.Distinct().Count();
        if (subjects < 2) throw new InvalidDataException($"{set.Source}: {subjects} subject(s); one must be held out and one trained on.");
        Fold fold = SubjectFolds.Split(features.Subjects, features.Labels, Math.Min(5, subjects).ToString(System.Globalization.CultureInfo.InvariantCulture), options.Seed)[0];
        FoldData data = new(features, emotion, [.. fold.Train], [.. fold.Test]);
        ClipData held = data.Test(kept);
        ClassifierOptions network = options.NetworkOf(kept.Length, data.Dimensions);
        Classifier classifier = TrainAll(data, kept, held, options, backend, progress, cancellation, out TrainingReport? report, out double penalty);
        try
        {
            LandmarkModel model = new(emotion, set.Topology, kept, preprocessing, data.Standardizer, network with { Networks = options.Networks }, options.Training, classifier)
            {
                Calibration = Calibrate(features, data, kept, options, backend, cancellation),
                Typical = BaselineSpec.Typical(data, kept),
                Origin = ModelOrigin.Of("train", set, features, data.TrainClips),
            };
            return new TrainedModel(model, Metrics.Of(model.Calibration.Apply(Predictor.Logits(classifier, held.Clips)), held.Targets), held.Count, report, penalty);
        }
        catch
        {
            classifier.Dispose();
            throw;
        }
    }

    // All networks as one, and the first one's training.
    private static Classifier TrainAll(
        FoldData data, int[] landmarks, ClipData held, ReductionOptions options, IBackend backend, Action<int, double>? progress, CancellationToken cancellation, out TrainingReport? report, out double penalty)
    {
        List<Classifier> networks = [];
        NetworkInput input = new(options.NetworkOf(landmarks.Length, data.Dimensions), data.Scaling(landmarks), data.Train(landmarks));
        ReadoutTrainer? readout = null;
        (report, penalty) = (null, double.NaN);
        try
        {
            for (int n = 0; n < options.Networks; n++)
            {
                Classifier network = input.Build(backend, options.Seed + (ulong)n);
                networks.Add(network);
                ClipData seen = input.Seen(network);
                if (options.Model.Kind.IsRandom()) readout ??= new ReadoutTrainer(seen, options.Training, data.TrainPeople);
                double own = readout?.Train(network.Rest) ?? double.NaN;
                TrainingReport? ownReport = readout is null ? Trainer.Train(network.Rest, seen, options.Training, options.Seed + (ulong)n, NetworkInput.Seen(network, held), progress, cancellation: cancellation) : null;
                if (n == 0) (report, penalty) = (ownReport, own);
            }

            return Classifier.MeanOf(networks);
        }
        catch
        {
            foreach (Classifier network in networks) network.Dispose();
            throw;
        }
    }

    // By networks that leave out a third of the training people each: the people held out choose nothing, so what is reported of
    // them stays a figure for new people.
    private static Calibration Calibrate(FeatureSet features, FoldData data, int[] landmarks, ReductionOptions options, IBackend backend, CancellationToken cancellation)
    {
        string[] subjects = [.. data.TrainClips.Select(i => features.Subjects[i])];
        int people = subjects.Distinct().Count();
        if (people < 2) return Calibration.Identity;
        List<double> logits = [];
        List<float> targets = [];
        foreach (Fold split in SubjectFolds.Split(subjects, data.Labels, Math.Min(CalibrationFolds, people).ToString(System.Globalization.CultureInfo.InvariantCulture), options.Seed))
        {
            FoldData part = new(features, data.Emotion, [.. split.Train.Select(i => data.TrainClips[i])], [.. split.Test.Select(i => data.TrainClips[i])]);
            if (part.TrainTargets.Distinct().Count() < 2 || part.TestTargets.Length == 0) continue;
            ClipData test = part.Test(landmarks);
            using Classifier classifier = TrainAll(part, landmarks, test, options, backend, null, cancellation, out _, out _);
            logits.AddRange(Predictor.Logits(classifier, test.Clips));
            targets.AddRange(part.TestTargets);
        }

        return Calibration.Fit(logits, targets);
    }
}
