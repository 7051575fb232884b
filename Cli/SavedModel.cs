using EmotionXai.Landmarks.Models;
using EmotionXai.Landmarks.Preprocessing;
using EmotionXai.Landmarks.Sequences;
using EmotionXai.Landmarks.Synthesis;

namespace EmotionXai.Cli;

/// <summary>What the verbs that take a saved model share.</summary>
internal static class SavedModel
{
    /// <summary>The clips as the model wants them.</summary>
    public static FeatureSet Features(LandmarkModel model, LandmarkSet set, TextWriter notes)
    {
        FeatureSet features = EmotionJudge.Features(model, set);
        foreach (IGrouping<string, string> skipped in features.Skipped.GroupBy(s => s)) notes.WriteLine($"note: left out {skipped.Key}{(skipped.Count() > 1 ? $" ({skipped.Count()} times)" : "")}");
        return features;
    }

    /// <summary>Says what is to be known before a model's judgements are believed: an older file, or points that another tool found.</summary>
    /// <param name="model">The model.</param>
    /// <param name="extractor">What found the points; null where nobody knows.</param>
    /// <param name="notes">Receives a line each.</param>
    public static void Warn(LandmarkModel model, string? extractor, TextWriter notes)
    {
        if (model.Origin is null)
        {
            notes.WriteLine($"note: the model for {model.Emotion} was saved by an earlier version: its probabilities are not calibrated, and it cannot tell the clips it was trained on. Train it again.");
            return;
        }

        if (model.Origin.Extractor is not string trained || extractor is null || trained == extractor) return;
        if (trained == FaceSynthesizer.Name)
            notes.WriteLine($"warning: the model for {model.Emotion} was trained on synthetic faces alone, and these are points of {extractor}: it has seen nobody, so do not rely on what it says. Train one on clips of people.");
        else
            notes.WriteLine($"warning: the model for {model.Emotion} was trained on points of {trained}, and these are of {extractor}: other points of the face, so do not rely on what it says. Train one on points of {extractor}.");
    }
}
