using EmotionXai.Engine.Layers;
using EmotionXai.Engine.Tensors;
using EmotionXai.Landmarks.Preprocessing;
using EmotionXai.Landmarks.Reduction;
using EmotionXai.Landmarks.Sequences;
using EmotionXai.Landmarks.Synthesis;
using Xunit;

namespace EmotionXai.Tests.Landmarks.Reduction;

/// <summary>The leak alarm: silent on the pipeline as it is, loud where clips are looked at before they are split.</summary>
public sealed class SelfCheckTests
{
    private const int Kept = 6;

    private static readonly LandmarkSet s_set = FaceSynthesizer.Generate(new SynthesisOptions { Subjects = 10, Repetitions = 2, Frames = 4 });
    private static readonly ReductionOptions s_options = new()
    {
        Model = new ClassifierOptions { Kind = ModelKind.RandomDense, Hidden = [32], Activation = Activation.Tanh },
        Preprocessing = new PreprocessingOptions { Features = "displacement", Frames = 2 },
        Keep = [68, Kept],
        Folds = "5",
    };

    [Fact]
    public void Nothing_is_found_where_nothing_is()
    {
        IReadOnlyList<NullScore> scores = SelfCheck.Run(s_set, s_options, TestContext.Current.CancellationToken);
        Assert.Equal(["labels permuted within people", "noise features"], scores.Select(s => s.Null));
        Assert.All(scores, s => Assert.False(s.Rings, $"{s}"));
        Assert.All(scores, s => Assert.True(s.Margin < 0.1, $"{s}"));
        Assert.Equal(scores, SelfCheck.Run(s_set, s_options with { Threads = 1 }, TestContext.Current.CancellationToken));
    }

    // The mistake it is for: landmarks chosen on all clips, the tested ones among them.
    [Fact]
    public void A_selection_that_has_seen_the_tested_clips_rings_the_alarm()
    {
        static FeatureSet Select(FeatureSet features)
        {
            double[] scores = new double[features.Points];
            foreach (string label in features.Labels.Distinct())
            {
                double[] fisher = LandmarkScores.Fisher(features.Values, [.. features.Labels.Select(l => l == label ? 1f : 0f)], features.Points, features.Dimensions);
                for (int i = 0; i < scores.Length; i++) scores[i] += fisher[i];
            }

            int[] best = [.. LandmarkScores.Order(scores).Take(Kept)];
            int width = features.Dimensions, points = features.Points;
            float[] all = features.Values.ToArray();
            return features with
            {
                Points = Kept,
                Values = ClipRows.From([.. Enumerable.Range(0, features.Clips * features.Time).SelectMany(frame => best.SelectMany(p => all[(((frame * points) + p) * width)..(((frame * points) + p + 1) * width)]))], features.Time * Kept * width),
            };
        }

        IReadOnlyList<NullScore> scores = SelfCheck.Run(s_set, s_options, Select, TestContext.Current.CancellationToken);
        Assert.True(scores.Single(s => s.Null == "noise features").Rings, string.Join("; ", scores));
    }
}
