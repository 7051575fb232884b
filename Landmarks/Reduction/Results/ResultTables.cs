using System.Globalization;

namespace EmotionXai.Landmarks.Reduction;

/// <summary>The tables of a run, which <c>docs/files.md</c> describes. A number that is not there is an empty cell.</summary>
internal static class ResultTables
{
    /// <summary>One row a tested clip, emotion and stage.</summary>
    public static void Predictions(TextWriter writer, ReductionResult result)
    {
        writer.WriteLine("clip,subject,label,emotion,stage,kept,fold,logit,probability,target");
        foreach (EmotionResult emotion in result.Emotions)
        {
            foreach (StageResult stage in emotion.Stages)
            {
                for (int i = 0; i < result.Clips.Count && i < stage.Logits.Count; i++)
                {
                    TestedClip clip = result.Clips[i];
                    Row(writer, clip.Name, clip.Subject, clip.Label, emotion.Name, stage.Landmarks, Is(stage.Landmarks == emotion.Chosen.Landmarks), clip.Fold, stage.Logits[i], Probability(stage.Logits[i]), emotion.Targets[i]);
                }
            }
        }
    }

    /// <summary>One row a landmark and emotion.</summary>
    public static void Ranking(TextWriter writer, ReductionResult result)
    {
        int folds = result.Emotions.Count == 0 ? 0 : result.Emotions.Max(e => e.Folds);
        writer.WriteLine(string.Join(',', ["emotion,rank,landmark,name,region,kept,folds_keeping,relevance,signed,null_relevance,z,p", .. Enumerable.Range(1, folds).Select(f => $"rank_fold_{f}")]));
        foreach (EmotionResult emotion in result.Emotions)
        {
            StageResult? kept = emotion.Stages.FirstOrDefault(s => s.Landmarks == emotion.Chosen.Landmarks);
            for (int i = 0; i < emotion.Ranking.Count; i++)
            {
                RankedLandmark r = emotion.Ranking[i];
                Row(writer,
                [
                    emotion.Name, i + 1, r.Landmark, r.Name, r.Region, emotion.Saved.Count == 0 ? null : Is(emotion.Saved.Contains(r.Landmark)),
                    kept is null || kept.KeptByFolds.Count == 0 ? null : kept.KeptByFolds[r.Landmark], r.Relevance, r.Signed, r.NullRelevance, r.Z, r.P,
                    .. Enumerable.Range(0, folds).Select(f => f < r.RankByFold.Count ? (object)r.RankByFold[f] : null),
                ]);
            }
        }
    }

    /// <summary>One row a stage and emotion.</summary>
    public static void Stages(TextWriter writer, ReductionResult result)
    {
        string[] controls = [.. result.Emotions.SelectMany(e => e.Stages).SelectMany(s => s.Controls.Keys).Distinct()];
        writer.WriteLine(string.Join(',', ["emotion,landmarks,kept,balanced_accuracy,ci95_low,ci95_high,accuracy,auc,f1,parameters,multiply_adds,model_bytes,microseconds,train_seconds", .. controls.SelectMany(c => new[] { $"{c}_balanced_accuracy", $"{c}_auc" })]));
        foreach (EmotionResult emotion in result.Emotions)
        {
            foreach (StageResult s in emotion.Stages)
            {
                Row(writer,
                [
                    emotion.Name, s.Landmarks, Is(s.Landmarks == emotion.Chosen.Landmarks), s.BalancedAccuracy, End(s.Ci95, 0), End(s.Ci95, 1), s.Accuracy, s.Auc, s.F1,
                    s.Parameters, s.MacsPerClip, s.ModelBytes, s.MicrosecondsPerClip, s.TrainSeconds,
                    .. controls.SelectMany(c => s.Controls.TryGetValue(c, out ControlResult? r) ? new object?[] { r.BalancedAccuracy, r.Auc } : [null, null]),
                ]);
            }
        }
    }

    /// <summary>One row a fold and emotion.</summary>
    public static void Folds(TextWriter writer, ReductionResult result)
    {
        writer.WriteLine("emotion,fold,subjects,clips,landmarks,balanced_accuracy_all,balanced_accuracy,relative_gap,kept");
        foreach (EmotionResult emotion in result.Emotions)
        {
            for (int i = 0; i < emotion.ByFold.Count; i++)
            {
                FoldResult f = emotion.ByFold[i];
                Row(writer, emotion.Name, i + 1, string.Join(' ', f.Subjects), f.Clips, f.Landmarks, f.BalancedAccuracyAll, f.BalancedAccuracy, f.RelativeGap, string.Join(' ', f.Kept));
            }
        }
    }

    /// <summary>One row of cells.</summary>
    public static void Row(TextWriter writer, params IEnumerable<object?> cells) => writer.WriteLine(string.Join(',', cells.Select(Cell)));

    private static string Cell(object? value) => value switch
    {
        null => "",
        double number => double.IsFinite(number) ? number.ToString("R", CultureInfo.InvariantCulture) : "",
        string text => CsvText.Cell(text),
        _ => Convert.ToString(value, CultureInfo.InvariantCulture)!,
    };

    private static double End(IReadOnlyList<double> interval, int end) => interval.Count == 2 ? interval[end] : double.NaN;

    private static double Probability(double logit) => 1 / (1 + Math.Exp(-logit));

    private static int Is(bool value) => value ? 1 : 0;
}
