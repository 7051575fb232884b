using EmotionXai.Landmarks.Topologies;

namespace EmotionXai.Landmarks.Reduction;

/// <summary>
/// What all who show or use results rely on, and a parser does not know: no gaps where something must be, lists that fit each
/// other, landmarks that exist. Each check gives the first fault in words, or null.
/// </summary>
internal static class ResultCheck
{
    private const int MostFrames = 1_000_000, MostFolds = 100_000;

    /// <summary>More than any run takes, and little enough for every type of time.</summary>
    private const double LongestSeconds = 1e10;

    /// <summary>Numbers a landmark has in a row: its coordinates, times the series and descriptors that stand side by side.</summary>
    private const int MostChannels = 1_000;

    /// <summary>Of <c>results.json</c>.</summary>
    public static string? Of(ReductionResult result)
    {
        if (result.Schema is < 1 or > ReductionResult.NewestSchema) return $"its layout has the version {result.Schema}, and this program knows {ReductionResult.NewestSchema}";
        DataSummary data = result.Data;
        if (data.Source is null || data.Topology is null || Holes(data.Skipped) || data.Labels is null) return "the data are not described";
        if (LandmarkTopology.Named(data.Topology) is not { } topology) return $"there is no topology '{Short(data.Topology)}'";
        if (data.Clips < 0 || data.Subjects < 0 || data.Time is < 1 or > MostFrames || data.Dimensions is < 2 or > MostChannels) return "its counts of clips, people, frames or coordinates cannot be";
        if (!double.IsFinite(result.Seconds) || Math.Abs(result.Seconds) > LongestSeconds) return "its seconds cannot be";
        if (result.Origin is { } origin && (origin.Command is null || origin.Version is null || origin.Machine is null)) return "what made it is not whole";
        if (result.Emotions.Count == 0) return "it holds no emotion";
        int points = topology.Count;
        foreach (EmotionResult emotion in result.Emotions)
        {
            if (emotion is null) return "an emotion is missing";
            if (emotion.Name != PlainText.Show(emotion.Name)) return $"an emotion's name holds control characters: '{PlainText.Show(Short(emotion.Name))}'";
            if (result.Clips.Count > 0 && !Fits(emotion.Targets.Count, result.Clips.Count)) return $"emotion '{Short(emotion.Name)}': it has {emotion.Targets.Count} clips, and the run {result.Clips.Count}";
            if (Of(emotion, points) is string fault) return $"emotion '{Short(emotion.Name)}': {fault}";
        }

        if (result.Primary is { } primary && (primary.Measure is null || primary.Verdict is null || !IsWhole(primary.Figure))) return "its primary figure is not whole";
        if (result.Clips.Any(c => c is not { Name: not null, Subject: not null, Label: not null, Fold: >= 0 })) return "a tested clip is not whole";
        if (!result.Leads.All(IsWhole)) return "a lead is not whole";
        return result.Together is { } together ? Of(together) : null;
    }

    /// <summary>Of <c>explanation.json</c>.</summary>
    public static string? Of(Explanation explanation)
    {
        if (LandmarkTopology.Named(explanation.Topology) is not { } topology) return $"there is no topology '{Short(explanation.Topology)}'";
        if (explanation.Emotion != PlainText.Show(explanation.Emotion)) return "its emotion's name holds control characters";
        if (explanation.Clips < 0 || explanation.Baselines < 0) return "its counts cannot be";
        if (explanation.TimeProfile.Count > MostFrames) return "it has too many frames";
        if (explanation.SignedTimeMap.Count > 0 && !Fits(explanation.SignedTimeMap.Count, explanation.TimeProfile.Count * explanation.Ranking.Count)) return "its map over time is not whole";
        return Ranking(explanation.Ranking, topology.Count);
    }

    /// <summary>Of <c>progress.json</c>.</summary>
    public static string? Of(RunStatus status)
    {
        if (status.Plan is not { } plan || status.Progress is not { } progress) return "its plan or progress is missing";
        if (plan.Source is null || plan.Topology is null || Holes(plan.Emotions) || plan.Stages is null || plan.Folds < 0) return "its plan is not whole";
        if (progress.Done < 0 || progress.Total < progress.Done || !IsShare(progress.Part) || !IsTime(progress.Seconds) || (progress.SecondsLeft is double left && !IsTime(left))) return "its progress cannot be";
        return Holes(progress.Active) || progress.Active.Append(progress.Finished).OfType<WorkProgress>().Any(w => w.Emotion is null || w.Step is null || !IsShare(w.Part) || w.Fold < 0)
            ? "what is being worked on is not whole"
            : null;
    }

    /// <summary>Of a fold's outcome, by itself: its lists fit each other. Whether it fits a run is the run's to judge.</summary>
    public static string? Of(FoldOutcome fold)
    {
        int points = fold.Relevance.Length, stages = fold.Stages.Length;
        if (fold.Fold < 0 || points == 0 || stages == 0 || fold.Chosen < 0 || fold.Chosen >= stages) return "its fold, landmarks or stages cannot be";
        if (fold.Signed.Length != points || fold.Absolute.Length != points || fold.Nulls.Any(n => n?.Length != points)) return "its relevances are of different lengths";
        if (fold.TimeMap.Length % points != 0 || fold.SignedTimeMap.Length != fold.TimeMap.Length) return "its map over time does not fit its landmarks";
        if (fold.InnerLosses.Length != stages || fold.Clips.Any(c => c < 0)) return "its inner losses or clips cannot be";
        if (fold.ControlHeads.Values.Any(c => c is null || c.Any(h => h is null || h.Any(i => i < 0 || i >= points)))) return "a control keeps a landmark that is not there";
        foreach (StageOutcome stage in fold.Stages)
        {
            if (stage is null || stage.Kept.Length == 0 || stage.Kept.Any(i => i < 0 || i >= points) || stage.Kept.Distinct().Count() != stage.Kept.Length) return "a stage keeps landmarks that are not there";
            if (stage.Logits.Length != fold.Clips.Length || stage.Controls.Values.Any(c => c is null || c.Any(l => l?.Length != fold.Clips.Length))) return "a stage has other clips than its fold";
        }

        return null;
    }

    private static string? Of(EmotionResult emotion, int points)
    {
        if (emotion.Classes is not { Positive: >= 0, Negative: >= 0 } || emotion.Folds is < 0 or > MostFolds) return "its counts cannot be";
        if (emotion.Stages.Count == 0) return "it has no stages";
        foreach (StageResult stage in emotion.Stages)
        {
            if (stage is null || stage.Landmarks < 1 || stage.Landmarks > points) return "a stage keeps landmarks that are not there";
            if (stage.Controls.Values.Any(c => c is null)) return $"stage {stage.Landmarks}: a control is missing";
            if (!Fits(stage.KeptByFolds.Count, points) || stage.KeptByFolds.Any(k => k < 0 || k > emotion.Folds)) return $"stage {stage.Landmarks}: its folds do not keep what they can";
            if (!Fits(stage.Logits.Count, emotion.Targets.Count)) return $"stage {stage.Landmarks}: it has other clips than the emotion";
        }

        if (emotion.Stages.All(s => s.Landmarks != emotion.Chosen.Landmarks) || emotion.Chosen.ByFold.Any(k => k < 1 || k > points)) return "what was chosen is no stage";
        if (!Fits(emotion.Chosen.Logits.Count, emotion.Targets.Count) || emotion.Targets.Any(t => t is not (0 or 1))) return "its clips do not fit what was chosen";
        if (emotion.TimeProfile.Count > MostFrames || emotion.Motion.Count % (2 * points) != 0) return "its frames do not fit the data";
        if (!IsMap(emotion.TimeMap) || !IsMap(emotion.SignedTimeMap) || emotion.TimeMap.Count != emotion.SignedTimeMap.Count) return "its maps over time are not whole";
        if (emotion.Saved.Any(i => i < 0 || i >= points) || emotion.Saved.Distinct().Count() != emotion.Saved.Count) return "its saved model looks at a landmark that is not there";
        if (Holes(emotion.ByFold) || emotion.ByFold.Any(f => Holes(f.Subjects) || f.Clips < 0 || f.Kept.Any(i => i < 0 || i >= points) || !Fits(f.Relevance.Count, points) || !Fits(f.Signed.Count, points))) return "a fold is not whole";
        if (!emotion.Differences.All(IsWhole)) return "a difference is not whole";
        if (emotion.Truth is { Precision: null }) return "the truth is not whole";
        return Ranking(emotion.Ranking, points);

        bool IsMap(IReadOnlyList<double> map) => map.Count % points == 0 && map.Count / points <= MostFrames && map.All(double.IsFinite);
    }

    private static string? Of(TogetherResult together)
    {
        if (Holes(together.Labels) || together.Clips < 0) return "all emotions together are not whole";
        int labels = together.Labels.Count;
        return Square(together.ConfusionAll, labels) && Square(together.Confusion, labels) ? null : "its table of confusions does not fit its labels";
    }

    private static string? Ranking(IReadOnlyList<RankedLandmark> ranking, int points)
    {
        HashSet<int> seen = [];
        foreach (RankedLandmark ranked in ranking)
        {
            if (ranked is null || ranked.Landmark < 0 || ranked.Landmark >= points) return "its ranking holds a landmark that is not there";
            if (!seen.Add(ranked.Landmark)) return $"its ranking holds landmark {ranked.Landmark} twice";
        }

        return null;
    }

    private static bool IsWhole(PairedDifference? difference) => difference is { Against: not null, Ci95: not null };

    private static bool Square(IReadOnlyList<IReadOnlyList<int>>? table, int extent) => table is not null && table.Count == extent && table.All(row => row?.Count == extent);

    private static bool Fits(int count, long extent) => count == 0 || count == extent;

    private static bool Holes<T>(IReadOnlyList<T>? list)
        where T : class => list is null || list.Any(item => item is null);

    private static bool IsShare(double value) => value is >= 0 and <= 1;

    private static bool IsTime(double seconds) => seconds is >= 0 and <= LongestSeconds;

    private static string Short(string text) => text.Length <= 40 ? text : text[..40] + "...";
}
