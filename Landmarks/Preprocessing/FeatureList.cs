using System.Collections.Concurrent;
using EmotionXai.Engine.Layers;

namespace EmotionXai.Landmarks.Preprocessing;

/// <summary>
/// Which features are taken of every coordinate of every landmark, as written on the command line. Series follow a coordinate
/// through the clip; descriptors say of each series what happened, not when.
/// </summary>
public sealed class FeatureList
{
    /// <summary>What <see cref="PreprocessingOptions.Features"/> may name.</summary>
    public static IReadOnlyList<string> Names { get; } = [.. Enum.GetValues<Series>().Select(NameOf), Distances, .. Descriptor.All.Select(d => d.Name)];

    /// <summary>
    /// Distances between the landmarks that a network looks at, of single pictures. They are no rows of a clip: what is kept of a landmark are its
    /// positions, and the network itself makes distances of those.
    /// </summary>
    public const string Distances = "distances";

    /// <summary>Stands for <see cref="DefaultFor"/>.</summary>
    public const string Auto = "auto";

    private FeatureList(IReadOnlyList<Series> series, IReadOnlyList<Descriptor> descriptors) => (Series, Descriptors) = (series, descriptors);

    /// <summary>Whether networks see distances.</summary>
    public bool TakesDistances { get; private init; }

    /// <summary>Whether networks see the series themselves too.</summary>
    public bool TakesSeries { get; private init; } = true;

    /// <summary>The series, each once.</summary>
    public IReadOnlyList<Series> Series { get; }

    /// <summary>The descriptors taken of each series.</summary>
    public IReadOnlyList<Descriptor> Descriptors { get; }

    /// <summary>Reads a list such as <c>displacement,steadied,fourier</c>.</summary>
    /// <exception cref="ArgumentException">A name is unknown, or no series is named.</exception>
    public static FeatureList Parse(string text)
    {
        if (text == Auto) text = DefaultFor(ModelKind.Dense);
        List<Series> series = [];
        List<Descriptor> descriptors = [];
        string[] names = [.. text.Split([',', ' '], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Distinct(StringComparer.Ordinal)];
        if (names.Contains(Distances))
        {
            string positions = NameOf(Preprocessing.Series.Positions);
            return names.All(n => n == Distances || n == positions)
                ? new FeatureList([Preprocessing.Series.Positions], []) { TakesDistances = true, TakesSeries = names.Length > 1 }
                : throw new ArgumentException($"--features {text}: distances are taken of single pictures, which have nothing else but positions; take {Distances}, or {positions},{Distances}.");
        }

        foreach (string name in names)
        {
            if (Enum.GetValues<Series>().Where(s => NameOf(s) == name).ToArray() is [var found]) series.Add(found);
            else if (Descriptor.All.FirstOrDefault(d => d.Name == name) is { } descriptor) descriptors.Add(descriptor);
            else throw new ArgumentException($"--features {text}: '{name}' is no feature; choose from {string.Join(", ", Names)}.");
        }

        return series.Count > 0 ? new FeatureList(series, descriptors)
            : throw new ArgumentException($"--features {text}: name at least one of positions, displacement, steadied; {string.Join(", ", Descriptor.All.Select(d => d.Name))} describe those.");
    }

    /// <summary>
    /// The features that suit a network: dense networks have no sense of time and take descriptors, recurrent ones take series. See
    /// <c>docs/protocol.md</c> for the evidence.
    /// </summary>
    public static string DefaultFor(ModelKind kind) => kind.IsDense() ? "displacement,steadied,fourier" : "displacement,steadied";

    private static string NameOf(Series series) => series.ToString().ToLowerInvariant();
}

/// <summary>What follows a coordinate through a clip.</summary>
public enum Series
{
    /// <summary>Where it is.</summary>
    Positions,

    /// <summary>How far it is from where it was in the first frame.</summary>
    Displacement,

    /// <summary>The same, once every frame was moved, turned and scaled so that the rigid points stand where they stood in the first: head motion is taken out.</summary>
    Steadied,
}

/// <summary>Numbers that say what a series does, and nothing of when.</summary>
/// <param name="Name">As written on the command line.</param>
/// <param name="Rows">How many numbers there are of a series of so many frames.</param>
/// <param name="Write">From [frame] to [row].</param>
public sealed record Descriptor(string Name, Func<int, int> Rows, Action<double[], Span<double>> Write)
{
    private const int Magnitudes = 8;

    // By frames: [k, t], cosines and sines of 2 pi k t / frames. Every coordinate of every clip takes the same.
    private static readonly ConcurrentDictionary<int, (double[] Cosines, double[] Sines)> s_waves = new();

    /// <summary>All there are.</summary>
    public static IReadOnlyList<Descriptor> All { get; } =
    [
        // |X_k| / T with X the discrete Fourier transform, k = 0 to 7: shifts in time change nothing but what leaves at the ends.
        new("fourier", frames => Math.Min(Magnitudes, (frames / 2) + 1), (track, rows) => Fourier(track, rows, magnitude => magnitude)),
        new("log-fourier", frames => Math.Min(Magnitudes, (frames / 2) + 1), (track, rows) => Fourier(track, rows, magnitude => Math.Log(magnitude + 1e-3))),
        new("spread", _ => 4, Spread),
        new("sorted", frames => frames, Sorted),
    ];

    private static void Fourier(double[] track, Span<double> rows, Func<double, double> of)
    {
        int frames = track.Length;
        (double[] cosines, double[] sines) = s_waves.GetOrAdd(frames, Waves);
        for (int k = 0; k < rows.Length; k++)
        {
            double real = 0, imaginary = 0;
            for (int t = 0; t < frames; t++)
            {
                real += track[t] * cosines[(k * frames) + t];
                imaginary += track[t] * sines[(k * frames) + t];
            }

            rows[k] = of(Math.Sqrt((real * real) + (imaginary * imaginary)) / frames);
        }
    }

    private static (double[] Cosines, double[] Sines) Waves(int frames)
    {
        double[] cosines = new double[Magnitudes * frames], sines = new double[Magnitudes * frames];
        for (int i = 0; i < cosines.Length; i++) (sines[i], cosines[i]) = Math.SinCos(2 * Math.PI * (long)(i / frames) * (i % frames) / frames);
        return (cosines, sines);
    }

    // Standard deviation, least, largest, length of the path.
    private static void Spread(double[] track, Span<double> rows)
    {
        double mean = track.Average(), path = 0;
        for (int t = 1; t < track.Length; t++) path += Math.Abs(track[t] - track[t - 1]);
        rows[0] = Math.Sqrt(track.Average(v => (v - mean) * (v - mean)));
        rows[1] = track.Min();
        rows[2] = track.Max();
        rows[3] = path;
    }

    private static void Sorted(double[] track, Span<double> rows)
    {
        double[] sorted = [.. track];
        Array.Sort(sorted);
        sorted.CopyTo(rows);
    }
}
