using EmotionXai.Landmarks.Topologies;

namespace EmotionXai.Landmarks.Synthesis.Graded;

/// <summary>The distribution that a case's clips are drawn from: what moves, how noisy each landmark is, and so what is true.</summary>
internal sealed class GradedPlan
{
    /// <summary>The noise that every landmark has, in inter-ocular distances: white, a frame.</summary>
    public const double White = 0.004;

    private const double Effect = 0.9, Spread = 0.7, Strong = 1.6, Vague = 0.5;
    private const double Level = 0.05, Least = 0.025, Factor = 12;

    private readonly LandmarkTopology _topology;

    public GradedPlan(GradedOptions options)
    {
        (_topology, Kind) = (options.Topology, options.Kind);
        double effect = options.Kind == GradedKind.Nothing ? 0 : Effect * options.Intensity;
        Sources = options.Kind switch
        {
            GradedKind.Redundant => [Unit(26, 0.14, effect), Unit(1, 0.04, effect), Unit(6, 0.03, effect)],
            GradedKind.Suppressor => [.. Covered(Unit(12, 0.05, 1.2 * effect), 26), .. Covered(Unit(1, 0.05, 1.2 * effect), 2)],
            GradedKind.Conjunction => [Source.Unit(_topology, 1, 0.07, Strong * options.Intensity, Vague), Source.Unit(_topology, 12, 0.07, Strong * options.Intensity, Vague)],
            GradedKind.Order => [Source.Unit(_topology, 1, 0.05, options.Intensity, 0.5), Source.Unit(_topology, 26, 0.05, options.Intensity, 0.5)],
            GradedKind.PrivateCue => [Unit(1, 0.05, effect), Unit(12, 0.08, effect)],
            _ => [Unit(1, 0.05, effect), Unit(12, 0.08, effect), Unit(26, 0.10, effect), Source.Unit(_topology, 5, 0.06, 0, 1)],
        };
        Held = TrackerNoise.Held(_topology);
        Levels = Draw(options.Seed);
        Truth = options.Intensity > 0 && options.Kind != GradedKind.Nothing ? TruthOf() : new GradedTruth(new bool[_topology.Count], [], _ => []);
    }

    public GradedKind Kind { get; }

    public IReadOnlyList<Source> Sources { get; }

    /// <summary>[landmark]: the size of its own slow noise, in inter-ocular distances.</summary>
    public double[] Levels { get; }

    /// <summary>[landmark]: the rigid points, which a tracker holds best: never very noisy, and nobody's private cue.</summary>
    public bool[] Held { get; }

    public GradedTruth Truth { get; }

    /// <summary>How far an event's or a hold's course has come at a time; the clip lasts from 0 to 1.</summary>
    public static double Hold(double time, double onset) => 1 / (1 + Math.Exp(-(time - onset) / 0.04));

    public static double Bump(double time, double centre) => Math.Exp(-Math.Pow((time - centre) / 0.09, 2) / 2);

    private Source Unit(int unit, double amplitude, double effect) => Source.Unit(_topology, unit, amplitude, effect, Spread);

    // Evidence, and motion that says nothing, goes the same way there and twice as far, and is seen alone at another unit's landmarks.
    private Source[] Covered(Source evidence, int elsewhere)
    {
        Source alone = Source.Unit(_topology, elsewhere, 0.1, 0, 1);
        return [evidence, alone with { Field = [.. alone.Field.Select((f, i) => evidence.Moves(i / 2) ? 2 * evidence.Field[i] : f)] }];
    }

    private double[] Draw(ulong seed)
    {
        CounterRandom random = new(seed, uint.MaxValue, 0);
        bool uneven = Kind is GradedKind.Noise or GradedKind.Nothing;
        return [.. Held.Select((held, i) => uneven && !held
            ? Least * Math.Exp(random.Uniform(Purpose.Level, i, 0, Math.Log(Factor)))
            : Level * Math.Exp(0.15 * random.Normal(Purpose.Level, i)))];
    }

    private GradedTruth TruthOf()
    {
        double[] noise = [.. Levels.Select(NoiseVariance)];
        return Kind is GradedKind.Conjunction or GradedKind.Order ? InTurns(Sources, noise) : Linear(_topology.Count, Sources, noise);
    }

    /// <summary>The truth where strengths differ in the mean.</summary>
    /// <param name="points">Landmarks.</param>
    /// <param name="sources">What moves.</param>
    /// <param name="noise">[landmark]: the variance with which one coordinate tells a strength of 1.</param>
    internal static GradedTruth Linear(int points, IReadOnlyList<Source> sources, double[] noise)
    {
        int n = sources.Count;
        double[][] information = [.. Enumerable.Range(0, points).Select(j => Information(sources, j, noise[j]))];
        LinearTruth truth = new([.. sources.Select(s => s.Effect)], [.. sources.Select(s => s.Spread * s.Spread)], information);

        // What says nothing itself counts where it covers evidence: its other landmarks let it be taken off.
        bool[] matters = [.. sources.Select(s => s.Effect != 0 || sources.Any(o => o.Effect != 0 && Enumerable.Range(0, points).Any(j => s.Moves(j) && o.Moves(j))))];
        bool[] evidence = [.. Enumerable.Range(0, points).Select(j => Enumerable.Range(0, n).Any(k => matters[k] && sources[k].Moves(j)))];
        return new GradedTruth(evidence, [.. sources.Where(s => s.Effect != 0).Select(s => Best(s, noise))], truth.Best);
    }

    // Either alone says nothing: the best landmark of each in turn.
    private static GradedTruth InTurns(IReadOnlyList<Source> sources, double[] noise)
    {
        int points = noise.Length;
        int[][] orders = [.. sources.Select(s => Enumerable.Range(0, points).Where(s.Moves).OrderByDescending(j => Sharpness(s, j, noise)).ToArray())];
        int[] turns = [.. Enumerable.Range(0, points).SelectMany(i => orders.Where(o => i < o.Length).Select(o => o[i])).Distinct()];
        return new GradedTruth([.. Enumerable.Range(0, points).Select(j => sources.Any(s => s.Moves(j)))], [.. sources.Select(s => Best(s, noise))], k => [.. turns.Take(k)]);
    }

    private static int[] Best(Source source, double[] noise)
    {
        double most = Enumerable.Range(0, noise.Length).Max(j => Sharpness(source, j, noise));
        return [.. Enumerable.Range(0, noise.Length).Where(j => source.Moves(j) && Sharpness(source, j, noise) >= 0.5 * most)];
    }

    // The root of the information that a landmark holds on a strength.
    private static double Sharpness(Source source, int landmark, double[] noise) =>
        double.Hypot(source.Field[2 * landmark], source.Field[(2 * landmark) + 1]) / Math.Sqrt(noise[landmark]);

    private static double[] Information(IReadOnlyList<Source> sources, int landmark, double noise)
    {
        int n = sources.Count;
        double[] sum = new double[n * n];
        for (int c = 0; c < 2; c++)
            for (int a = 0; a < n; a++)
                for (int b = 0; b < n; b++) sum[(a * n) + b] += sources[a].Field[(2 * landmark) + c] * sources[b].Field[(2 * landmark) + c] / noise;
        return sum;
    }

    // A strength is read off by the product with its course g over |g|^2. Slow noise (four sines of one coordinate, unit
    // variance, of frequencies f) leaves level^2 times the mean over f of |sum g e^(2 pi i f t)|^2 / |g|^4, white noise its
    // variance over |g|^2.
    private static double NoiseVariance(double level)
    {
        const int Frames = 24, Frequencies = 64;
        double[] course = [.. Enumerable.Range(0, Frames).Select(t => Hold(t / (Frames - 1.0), 0.325))];
        double size = course.Sum(g => g * g), slow = 0;
        for (int k = 0; k < Frequencies; k++)
        {
            double f = Slowest + ((Fastest - Slowest) * (k + 0.5) / Frequencies);
            double real = 0, imaginary = 0;
            for (int t = 0; t < Frames; t++)
            {
                real += course[t] * Math.Cos(Math.Tau * f * t / (Frames - 1.0));
                imaginary += course[t] * Math.Sin(Math.Tau * f * t / (Frames - 1.0));
            }

            slow += ((real * real) + (imaginary * imaginary)) / (size * size * Frequencies);
        }

        return (level * level * slow) + (White * White / size);
    }

    /// <summary>The slow noise's frequencies, in cycles a clip.</summary>
    internal const double Slowest = 1, Fastest = 8;
}
