using EmotionXai.Engine.Backends;
using EmotionXai.Engine.Layers;
using EmotionXai.Landmarks.Models;
using EmotionXai.Landmarks.Preprocessing;
using EmotionXai.Landmarks.Reduction.Selection;
using EmotionXai.Landmarks.Sequences;

namespace EmotionXai.Landmarks.Reduction;

/// <summary>
/// The models to use afterwards: for each emotion one on all landmarks and one on the K* that going down the stages keeps, trained on all
/// clips. Their accuracy on new people is what the outer folds estimated; these clips can tell nothing more. They are calibrated by
/// the outer folds' logits at their stage, all of people whom the fold's networks had not seen.
/// </summary>
internal static class ModelWriter
{
    /// <returns>[emotion]: the landmarks that the saved model keeps, ascending.</returns>
    public static IReadOnlyList<int[]> Write(
        string folder, LandmarkSet set, FeatureSet features, ReductionOptions options, ReductionResult result, IReadOnlyList<FoldOutcome> outcomes, IBackend backend, ProgressBoard board, CancellationToken cancellation)
    {
        Directory.CreateDirectory(folder);
        List<int[]> saved = [];
        foreach (EmotionResult emotion in result.Emotions)
        {
            WorkWatch watch = board.Saving(emotion.Name);
            Network network = new(backend, options, KeepRule.Of(options, set.Topology), Selector.Of(options, set.Topology), watch, cancellation);
            FoldData all = new(features, emotion.Name, [.. Enumerable.Range(0, features.Clips)], []);
            FoldOutcome[] folds = [.. outcomes.Where(o => o.Emotion == emotion.Name)];
            float[] targets = [.. folds.SelectMany(f => f.Clips).Select(c => features.Labels[c] == emotion.Name ? 1f : 0f)];
            int[] stages = [.. emotion.Stages.Select(s => s.Landmarks).TakeWhile(k => k >= emotion.Chosen.Landmarks)];
            Descent descent = Descent.Run(network, all, stages, network.Selects ? 0 : options.RankingSeeds, options.Rerank, options.Seed, step => watch.Step($"saved models, {step}"));
            int[] chosen = [.. descent.Stages[^1].Kept.Order()];
            Save(ModelFiles.Chosen(emotion.Name), chosen, stages.Length - 1);
            if (chosen.Length < features.Points) Save(ModelFiles.OnAllLandmarks(emotion.Name), all.All, 0);
            board.Finish(watch);
            saved.Add(chosen);

            void Save(string name, int[] landmarks, int stage)
            {
                Classifier classifier = network.Train(all, landmarks, options.Seed);
                using LandmarkModel model = new(emotion.Name, set.Topology, landmarks, options.Preprocessing, all.Standardizer, options.Model, options.Training, classifier)
                {
                    Calibration = Calibration.Fit([.. folds.SelectMany(f => f.Stages[stage].Raw)], targets),
                    Typical = BaselineSpec.Typical(all, landmarks),
                    Origin = ModelOrigin.Of("reduce", set, features, all.TrainClips) with { Run = result.Fingerprint ?? "" },
                };
                model.Save(Path.Combine(folder, name));
            }
        }

        return saved;
    }
}
