using EmotionXai.Engine.Layers;
using EmotionXai.Landmarks.Models;
using EmotionXai.Landmarks.Preprocessing;
using EmotionXai.Landmarks.Sequences;

namespace EmotionXai.Landmarks.Reduction;

/// <summary>
/// The models to use afterwards: for each emotion one on all landmarks and one on the K* that going down the stages keeps, trained on all
/// clips. Their accuracy on new people is what the outer folds estimated; these clips can tell nothing more. They are calibrated by
/// the outer folds' logits at their stage, all of people whom the fold's networks had not seen.
/// </summary>
/// <param name="folder">The folder of the models, which is there.</param>
/// <param name="set">The clips.</param>
/// <param name="features">Their features.</param>
/// <param name="options">The protocol.</param>
/// <param name="fingerprint">Of the run; null names none.</param>
internal sealed class ModelWriter(string folder, LandmarkSet set, FeatureSet features, ReductionOptions options, string? fingerprint)
{
    /// <summary>Trains and writes the models of an emotion.</summary>
    /// <param name="emotion">What its folds found.</param>
    /// <param name="outcomes">Its folds.</param>
    /// <param name="network">Trains, ranks and selects.</param>
    /// <param name="watch">Told of every step.</param>
    /// <returns>The landmarks that the saved model keeps, ascending.</returns>
    public int[] Write(EmotionResult emotion, IReadOnlyList<FoldOutcome> outcomes, Network network, WorkWatch watch)
    {
        FoldData all = new(features, emotion.Name, [.. Enumerable.Range(0, features.Clips)], []);
        float[] targets = [.. outcomes.SelectMany(f => f.Clips).Select(c => features.Labels[c] == emotion.Name ? 1f : 0f)];
        int[] stages = [.. emotion.Stages.Select(s => s.Landmarks).TakeWhile(k => k >= emotion.Chosen.Landmarks)];
        int[] chosen = [.. Kept(network, all, stages, watch).Order()];
        Save(ModelFiles.Chosen(emotion.Name), chosen, stages.Length - 1);
        if (chosen.Length < features.Points) Save(ModelFiles.OnAllLandmarks(emotion.Name), all.All, 0);
        return chosen;

        void Save(string name, int[] landmarks, int stage)
        {
            watch.Step($"saved model on {landmarks.Length} landmarks");
            Classifier classifier = network.TrainAll(all, landmarks, options.Seed);
            ClassifierOptions built = options.NetworkOf(landmarks.Length, features.Dimensions) with { Networks = options.Networks };
            using LandmarkModel model = new(emotion.Name, set.Topology, landmarks, options.PreprocessingOf(landmarks.Length), all.Standardizer, built, options.Training, classifier)
            {
                Calibration = Calibration.Fit([.. outcomes.SelectMany(f => f.Stages[stage].Raw)], targets),
                Typical = BaselineSpec.Typical(all, landmarks),
                Origin = ModelOrigin.Of("reduce", set, features, all.TrainClips) with { Run = fingerprint ?? "" },
            };
            model.Save(Path.Combine(folder, name));
        }
    }

    // What the last stage keeps: the head of an order that is chosen once, else what networks rank on the way down.
    private int[] Kept(Network network, FoldData all, int[] stages, WorkWatch watch)
    {
        if (network.Selects)
        {
            watch.Step("saved models, selection");
            return network.Keep.First(network.Select(all, options.Seed)!.Order, stages[^1]);
        }

        Descent descent = Descent.Run(network, all, stages, options.RankingSeeds, options.Rerank, options.Seed, step => watch.Step($"saved models, {step}"));
        return descent.Stages[^1].Kept;
    }
}
