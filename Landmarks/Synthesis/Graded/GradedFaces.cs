using System.Globalization;
using EmotionXai.Landmarks.Sequences;
using EmotionXai.Landmarks.Topologies;

namespace EmotionXai.Landmarks.Synthesis.Graded;

/// <summary>
/// Makes cases to hold a selection of landmarks against: two classes, people to learn from, new people, and a truth that is
/// information, not amplitude. Faces and action units are those of <see cref="FaceSynthesizer"/>.
/// </summary>
public static class GradedFaces
{
    private const double HeadMotion = 0.5;
    private const double NoiseStart = 0.1; // the first frame is found: displacements are measured from it
    private const int PrivateLandmarks = 4;

    /// <summary>The clips, people in turn, first those for training.</summary>
    /// <exception cref="ArgumentException">A count or the intensity is out of range.</exception>
    public static GradedCase Generate(GradedOptions options)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(options.People, 3, nameof(GradedOptions.People));
        ArgumentOutOfRangeException.ThrowIfLessThan(options.Clips, 1, nameof(GradedOptions.Clips));
        ArgumentOutOfRangeException.ThrowIfNegative(options.NewPeople, nameof(GradedOptions.NewPeople));
        ArgumentOutOfRangeException.ThrowIfLessThan(options.NewClips, 1, nameof(GradedOptions.NewClips));
        ArgumentOutOfRangeException.ThrowIfLessThan(options.Frames, 1, nameof(GradedOptions.Frames));
        if (!(options.Intensity >= 0 && double.IsFinite(options.Intensity)))
            throw new ArgumentOutOfRangeException(nameof(options), options.Intensity, "An intensity is zero or more, and finite.");
        if (!(options.Turn is >= 0 and <= 45)) throw new ArgumentOutOfRangeException(nameof(options), options.Turn, "--turn: heads look 0 to 45 degrees away.");

        GradedPlan plan = new(options);
        List<LandmarkClip> clips = [];
        for (int person = 0; person < options.People + options.NewPeople; person++)
        {
            bool isNew = person >= options.People;
            string name = isNew ? Name(GradedCase.NewPerson, person - options.People) : Name('t', person);

            // New people are the same whatever the number of those to learn from.
            uint number = isNew ? (uint)(1_000_000 + person - options.People) : (uint)person;
            CounterRandom random = new(options.Seed, number, 0);
            Person seen = new(new SubjectFace(options.Topology, random), Private(plan, random), isNew);
            for (int c = 0; c < 2 * (isNew ? options.NewClips : options.Clips); c++)
                clips.Add(Clip(options, plan, seen, name, c, new CounterRandom(options.Seed, number, (uint)c + 1)));
        }

        string title = string.Create(CultureInfo.InvariantCulture, $"{Names.Of(options.Kind)} {options.People}x{options.Clips}");
        if (options.Topology.Count != 68) title = $"mesh {title}";
        if (options.Intensity != 1) title = string.Create(CultureInfo.InvariantCulture, $"{title} at {options.Intensity}");
        LandmarkSet set = new("graded", options.Topology, clips)
        {
            Truth = new Dictionary<string, bool[]> { [GradedCase.Signal] = [.. plan.Truth.Evidence] },
        };
        return new GradedCase(title, set, plan.Truth);
    }

    // From 0 to 1; a picture shows the end.
    private static double Time(int frame, int frames) => frames == 1 ? 1 : frame / (frames - 1.0);

    private static string Name(char kind, int number) => string.Create(CultureInfo.InvariantCulture, $"{kind}{number + 1:000}");

    // Landmarks that nothing else moves, each with a direction.
    private static (int Landmark, double Angle)[] Private(GradedPlan plan, CounterRandom person)
    {
        if (plan.Kind != GradedKind.PrivateCue) return [];
        List<int> free = [.. Enumerable.Range(0, plan.Levels.Length).Where(j => !plan.Held[j] && !plan.Sources.Any(s => s.Moves(j)))];
        (int, double)[] chosen = new (int, double)[PrivateLandmarks];
        for (int i = 0; i < chosen.Length; i++)
        {
            int at = (int)person.Uniform(Purpose.Private, 2 * i, 0, free.Count);
            chosen[i] = (free[at], person.Uniform(Purpose.Private, (2 * i) + 1, 0, Math.Tau));
            free.RemoveAt(at);
        }

        return chosen;
    }

    private static LandmarkClip Clip(GradedOptions options, GradedPlan plan, Person person, string subject, int number, CounterRandom random)
    {
        (LandmarkTopology topology, int frames) = (options.Topology, options.Frames);
        bool signal = number % 2 == 0;
        double[] motion = new double[frames * topology.Count * 2];
        Move(options, plan, signal, random, frames, motion);
        Tell(person, signal, random, frames, topology.Count, motion);
        Shake(plan, random, frames, motion);

        HeadPose head = new(random, HeadMotion);
        int dimensions = options.Depth ? 3 : 2, points = topology.Count;
        HeadTurn turn = new(random, options.Turn);
        float[] coordinates = new float[frames * points * dimensions], confidence = new float[frames];
        Array.Fill(confidence, 0.95f);
        for (int t = 0; t < frames; t++)
        {
            double time = Time(t, frames);
            for (int i = 0; i < points; i++)
            {
                int at = ((t * points) + i) * 2, to = ((t * points) + i) * dimensions;
                (double x, double y, double z) = person.Face.Points[i];
                (x, y, z) = turn.Of(x + motion[at], y + motion[at + 1], z);
                (x, y) = head.Project(x, y, z, time);
                coordinates[to] = (float)(FaceSynthesizer.CentreX + (FaceSynthesizer.EyeDistance * (x + (GradedPlan.White * random.Normal(Purpose.Noise, at)))));
                coordinates[to + 1] = (float)(FaceSynthesizer.CentreY + (FaceSynthesizer.EyeDistance * (y + (GradedPlan.White * random.Normal(Purpose.Noise, at + 1)))));
                if (dimensions == 3) coordinates[to + 2] = (float)(FaceSynthesizer.EyeDistance * (z + (2 * plan.Levels[i] * new Wander(random, Purpose.Depth, i, GradedPlan.Slowest, GradedPlan.Fastest).At(time))));
            }
        }

        string label = signal ? GradedCase.Signal : GradedCase.Rest;
        return new LandmarkClip($"{subject}_{label}_{(number / 2) + 1}", subject, label, points, dimensions, coordinates, confidence);
    }

    private static void Move(GradedOptions options, GradedPlan plan, bool signal, CounterRandom random, int frames, double[] motion)
    {
        double onset = random.Uniform(Purpose.Course, 0, 0.2, 0.45);
        double first = random.Uniform(Purpose.Course, 1, 0.15, 0.55), second = first + (options.Intensity * random.Uniform(Purpose.Course, 2, 0.10, 0.35));
        double sign = random.Uniform(Purpose.Label) < 0.5 ? 1 : -1;
        for (int k = 0; k < plan.Sources.Count; k++)
        {
            Source source = plan.Sources[k];
            double mean = plan.Kind switch
            {
                GradedKind.Conjunction => source.Effect * sign * (k == 0 || signal ? 1 : -1),
                GradedKind.Order => 1.5,
                _ => signal ? source.Effect : 0,
            };
            double strength = mean + (source.Spread * random.Normal(Purpose.Latent, k));

            bool leads = signal == (k == 0);
            for (int t = 0; t < frames; t++)
            {
                double time = Time(t, frames);
                double now = strength * (plan.Kind == GradedKind.Order ? GradedPlan.Bump(time, leads ? first : second) : GradedPlan.Hold(time, onset));
                for (int i = 0; i < source.Field.Length; i++) motion[(t * source.Field.Length) + i] += now * source.Field[i];
            }
        }
    }

    // The private cue: strong and true of training people, drawn by lot in new ones.
    private static void Tell(Person person, bool signal, CounterRandom random, int frames, int points, double[] motion)
    {
        if (person.Cue.Length == 0) return;
        bool shown = person.IsNew ? random.Uniform(Purpose.Private, 100) < 0.5 : signal;
        double strength = (shown ? 0.12 : 0) + (0.02 * random.Normal(Purpose.Private, 101)), onset = random.Uniform(Purpose.Course, 0, 0.2, 0.45);
        foreach ((int landmark, double angle) in person.Cue)
        {
            for (int t = 0; t < frames; t++)
            {
                double now = strength * GradedPlan.Hold(Time(t, frames), onset);
                motion[((t * points) + landmark) * 2] += now * Math.Cos(angle);
                motion[(((t * points) + landmark) * 2) + 1] += now * Math.Sin(angle);
            }
        }
    }

    private static void Shake(GradedPlan plan, CounterRandom random, int frames, double[] motion)
    {
        int values = 2 * plan.Levels.Length;
        for (int i = 0; i < values; i++)
        {
            Wander wander = new(random, Purpose.Jitter, i, GradedPlan.Slowest, GradedPlan.Fastest);
            for (int t = 0; t < frames; t++)
            {
                double time = Time(t, frames);
                motion[(t * values) + i] += plan.Levels[i / 2] * Math.Min(1, time / NoiseStart) * wander.At(time);
            }
        }
    }

    private sealed record Person(SubjectFace Face, (int Landmark, double Angle)[] Cue, bool IsNew);

    private static class Names
    {
        public static string Of(GradedKind kind) => kind == GradedKind.PrivateCue ? "private cue" : kind.ToString().ToLowerInvariant();
    }
}
