using EmotionXai.Engine;
using EmotionXai.Engine.Backends;
using EmotionXai.Engine.Layers;
using EmotionXai.Engine.Tensors;

namespace EmotionXai.Explain;

/// <summary>
/// Cuts clips into blocks, which go to the backend's lanes; what a block computes depends on nothing but its clips.
/// </summary>
internal static class PathIntegral
{
    // Fewer numbers behind the stem than these save no memory worth the name.
    private const int LeastChunk = 1 << 10;

    /// <summary>Attributes every clip against every baseline.</summary>
    /// <param name="classifier">What is explained.</param>
    /// <param name="clips">The clips.</param>
    /// <param name="baselines">Where paths start.</param>
    /// <param name="options">How paths are integrated.</param>
    /// <param name="sink">Takes the attributions in order.</param>
    public static void Attribute(Classifier classifier, ClipRows clips, Baselines baselines, PathOptions options, IAttributionSink sink)
    {
        int length = classifier.Time * classifier.Features, count = clips.Count;
        if (count == 0) return;
        if (!classifier.StemIsKnown && !StemCheck.IsAffine(classifier, clips.Range(0, 1, new float[length]), baselines.Of(0, 0))) classifier = classifier.WithoutStem();

        // Few clips still make some blocks, for lanes to share; never as many as there are lanes, or results would depend on them.
        BatchSizes sizes = classifier.Backend.Batches;
        int most = (int)Math.Clamp((options.Budget ?? sizes.Numbers) / ((long)length * baselines.Count), 1, count);
        int clipsAtOnce = (int)Math.Min(Math.Min(most, ((long)sizes.Pairs + baselines.Count - 1) / baselines.Count), (count + sizes.Blocks - 1) / sizes.Blocks);
        clipsAtOnce = WholeTiles(clipsAtOnce, baselines.Count, most);
        using BaselineEnd? shared = baselines.Shared ? new BaselineEnd(classifier.Backend, classifier, baselines, 0, 1) : null;
        Schedule schedule = new(options);
        IReadOnlyList<IBackend> lanes = classifier.Backend.Lanes;
        int chunk = sizes.Chunk;
        PathBlock?[] blocks = new PathBlock?[lanes.Count];
        int[] stepsTaken = new int[lanes.Count];
        void Work(int lane) => stepsTaken[lane] = blocks[lane] is { } block ? schedule.Run(block) : 0;
        Action<int> work = Work;
        try
        {
            for (int at = 0; at < count;)
            {
                int from = at;
                try
                {
                    for (int lane = 0; lane < blocks.Length; lane++)
                    {
                        int take = Math.Min(clipsAtOnce, count - at);
                        if (blocks[lane]?.Clips != take)
                        {
                            blocks[lane]?.Dispose();
                            blocks[lane] = null;
                            if (take > 0) blocks[lane] = new PathBlock(lanes[lane], classifier, clips, baselines, shared, take, chunk);
                        }

                        if (blocks[lane] is { } block) block.FirstClip = at;
                        at += take;
                    }

                    classifier.Backend.OnLanes(work);
                }
                catch (EngineException e) when (e.Fits > 0 && (clipsAtOnce > 1 || chunk > LeastChunk))
                {
                    // The device is full: the same clips again, in smaller blocks and chunks, and so to the end.
                    DisposeAll();
                    (clipsAtOnce, chunk, at) = (e.Smaller(clipsAtOnce), Math.Max(LeastChunk, e.Smaller(chunk)), from);
                    continue;
                }

                // In the order of the clips, on the caller's thread: a sink's sums do not depend on the lanes.
                for (int lane = 0; lane < blocks.Length; lane++) blocks[lane]?.Report(stepsTaken[lane], sink);
            }
        }
        finally
        {
            DisposeAll();
        }

        void DisposeAll()
        {
            foreach (PathBlock? block in blocks) block?.Dispose();
            Array.Clear(blocks);
        }
    }

    // The least clips from these on whose pairs fill tiles, as far as memory allows.
    private static int WholeTiles(int clips, int baselines, int most)
    {
        for (int more = clips; more <= most && more < clips + PathBlock.LeastRows; more++)
            if ((long)more * baselines % PathBlock.LeastRows == 0) return more;
        return clips;
    }

    /// <summary>The quadratures to try, one after the other; made once for all blocks.</summary>
    private sealed class Schedule
    {
        private readonly double _tolerance;
        private readonly Lazy<Quadrature>[] _tries;

        public Schedule(PathOptions options)
        {
            List<Lazy<Quadrature>> tries = [];
            int steps = options.Steps;
            while (true)
            {
                int nodes = steps;
                tries.Add(new Lazy<Quadrature>(() => Quadrature.Create(options.Rule, nodes)));
                if (options.Tolerance <= 0 || steps >= options.MaxSteps) break;
                steps = Math.Min(2 * steps, options.MaxSteps);
            }

            (_tolerance, _tries) = (options.Tolerance, [.. tries]);
        }

        /// <summary>Integrates a block's paths; returns the steps that were enough.</summary>
        public int Run(PathBlock block)
        {
            block.LoadEnds();
            int attempt = 0;
            for (; ; attempt++)
            {
                block.Integrate(_tries[attempt].Value);
                if (attempt == _tries.Length - 1 || block.WorstRelativeGap() <= _tolerance) break;
            }

            return _tries[attempt].Value.Nodes.Count;
        }
    }
}
