using EmotionXai.Engine.Backends;
using EmotionXai.Engine.Numerics;
using EmotionXai.Landmarks.Reduction;
using EmotionXai.Landmarks.Reduction.Selection;
using EmotionXai.Landmarks.Topologies;

namespace EmotionXai.Landmarks.Benchmark;

/// <summary>
/// What rules see of a task's fold: its training clips and nothing else. What several rules ask for (networks that left people out, trained
/// networks and what they explain, networks before training) is worked out once, for whichever asks first.
/// </summary>
internal sealed class RuleGround
{
    private readonly BenchmarkTask _task;
    private readonly ReductionOptions _options;
    private readonly Network _network;
    private readonly Lazy<SelectionGround> _selection;
    private readonly Lazy<Ranking> _ranking;
    private readonly Lazy<double[]> _untrained;

    public RuleGround(FoldData data, BenchmarkTask task, ReductionOptions options, IBackend backend, CancellationToken cancellation)
    {
        (Data, _task, _options) = (data, task, options with { Select = SelectionRule.Paper });
        _network = NetworkOf(_options, task.Topology, backend, cancellation);
        _selection = new(() => new SelectionGround(data, options, task.Seed));
        _ranking = new(() => _network.Rank(data, data.All, options.RankingSeeds, task.Seed));
        _untrained = new(() => _network.Untrained(data, data.All, options.RankingSeeds, task.Seed));
    }

    /// <summary>What trains, ranks and selects, and tells nobody.</summary>
    public static Network NetworkOf(ReductionOptions options, LandmarkTopology topology, IBackend backend, CancellationToken cancellation) =>
        new(backend, options, KeepRule.Of(options, topology), Selector.Of(options, topology), new WorkWatch("", 0, 1, (_, _) => { }), cancellation);

    /// <summary>The fold.</summary>
    public FoldData Data { get; }

    /// <summary>The order of a rule of the program, as far as the task asks for it.</summary>
    public int[] Order(SelectionRule rule) => rule switch
    {
        SelectionRule.Paper => _ranking.Value.Order,
        SelectionRule.Gain => LandmarkScores.Order(Ranking.Gain(_ranking.Value.Absolute(Data.All.Length), _untrained.Value)),
        _ => new Selector(_options with { Select = rule }, _task.Topology) { Asked = _task.Keep.Max() }.Select(_selection.Value).Order,
    };

    /// <summary>The landmarks by Fisher score of the training clips.</summary>
    public int[] ByFisher()
    {
        TrainingSet set = new(Data, Data.All, _options);
        return LandmarkScores.Order(LandmarkScores.Fisher(set.Data.Clips, set.Data.Targets, Data.All.Length, Data.Dimensions));
    }

    /// <summary>The landmarks by mean |IG| of networks that have learnt nothing.</summary>
    public int[] ByUntrained() => LandmarkScores.Order(_untrained.Value);

    /// <summary>A random order.</summary>
    public int[] ByLot(int draw)
    {
        int[] order = [.. Data.All];
        RandomOrder.Shuffle(order, new RandomKey(_task.Seed, (ulong)(draw + 1)));
        return order;
    }

    /// <summary>[tested clip]: the logits of a network trained on some landmarks. On all, it is the first of those that rank.</summary>
    public double[] Logits(int[] landmarks) =>
        (landmarks.Length == Data.All.Length ? _ranking.Value.Test : _network.TrainAndTest(Data, landmarks, _task.Seed)).Logits;
}
