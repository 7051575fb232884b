using EmotionXai.Landmarks.Reduction;
using EmotionXai.Landmarks.Topologies;

namespace EmotionXai.Landmarks.Report;

/// <summary>
/// What a run found, worked out once from its results. Terminal, JSON, report, figures and <c>view</c> take the landmarks kept,
/// the comparisons, the cost and the words from here, so that no two of them can disagree.
/// </summary>
public sealed class RunView
{
    /// <summary>The view of some results.</summary>
    /// <exception cref="InvalidDataException">The results are damaged: an emotion lacks its stages, or a landmark is none of the topology.</exception>
    public RunView(ReductionResult result)
    {
        ArgumentNullException.ThrowIfNull(result);
        Result = result;
        Topology = TopologyOf(result);
        Emotions = [.. result.Emotions.Select(e => new EmotionView(e, result, Topology))];
        Null = NullBand.Of(result.Emotions.SelectMany(e => e.Ranking));
        Sentences = Report.Sentences.Of(this);
    }

    /// <summary>The results.</summary>
    public ReductionResult Result { get; }

    /// <summary>What the points are.</summary>
    public LandmarkTopology Topology { get; }

    /// <summary>One an emotion.</summary>
    public IReadOnlyList<EmotionView> Emotions { get; }

    /// <summary>The run in two or three sentences, which claim no more than the tests support.</summary>
    public IReadOnlyList<string> Sentences { get; }

    /// <summary>The landmarks that serve all emotions, ascending: those of their saved models together.</summary>
    public IReadOnlyList<int> Union => [.. Emotions.SelectMany(e => e.Landmarks).Distinct().Order()];

    /// <summary>What the comparisons measure: the AUC within people, or between them where most have clips of one class only.</summary>
    public string Measure => Result.Primary?.Measure ?? "AUC";

    /// <summary>What networks trained on permuted labels give a landmark; null where none were.</summary>
    public NullBand? Null { get; }

    /// <summary>Whether the data were made, not seen.</summary>
    public bool IsSynthetic => Result.Emotions.Any(e => e.Truth is not null);

    /// <summary>All that any comparison is made with, in the order of the results; <c>all</c> first.</summary>
    public IReadOnlyList<string> Rivals => [.. Emotions.SelectMany(e => e.Comparisons.Select(c => c.Against)).Distinct()];

    private static LandmarkTopology TopologyOf(ReductionResult result)
    {
        LandmarkTopology topology;
        try
        {
            topology = LandmarkTopology.Find(result.Data.Topology);
        }
        catch (ArgumentException e)
        {
            throw new InvalidDataException($"The results name a topology that the report cannot draw. {e.Message}", e);
        }

        foreach (int landmark in result.Emotions.SelectMany(e => e.Ranking.Select(r => r.Landmark).Concat(e.Saved)))
        {
            if (landmark < 0 || landmark >= topology.Count)
                throw new InvalidDataException($"The results rank landmark {landmark}, but {topology.Name} has {topology.Count}; run reduce again.");
        }

        return topology;
    }
}
