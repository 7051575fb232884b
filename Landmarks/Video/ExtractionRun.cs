using EmotionXai.Landmarks.Datasets;
using EmotionXai.Landmarks.Sequences;

namespace EmotionXai.Landmarks.Video;

/// <summary>What an extraction came to.</summary>
public sealed record ExtractionSummary
{
    /// <summary>Clips that were asked for.</summary>
    public required int Clips { get; init; }

    /// <summary>Faces that were written; one a clip unless all are kept.</summary>
    public required int Faces { get; init; }

    /// <summary>Frames of all clips that could be read.</summary>
    public required int Frames { get; init; }

    /// <summary>Clips left out because too few frames show a face, a line each.</summary>
    public required IReadOnlyList<string> LeftOut { get; init; }

    /// <summary>Clips that failed, a line each.</summary>
    public required IReadOnlyList<string> Faults { get; init; }

    /// <summary>Clips that an earlier run had kept.</summary>
    public required int Kept { get; init; }
}

/// <summary>What is told while an extraction goes on.</summary>
/// <param name="Done">Clips finished.</param>
/// <param name="Clips">Clips in all.</param>
/// <param name="Frames">Frames done in all clips, those under way included.</param>
/// <param name="Line">A line for the log; null where there is none.</param>
/// <param name="IsFault">Whether the line tells a failure.</param>
public readonly record struct ExtractionProgress(int Done, int Clips, int Frames, string? Line, bool IsFault);

/// <summary>From clips to a landmark file, or to landmarks in memory.</summary>
public sealed class ExtractionRun(ModelStore store, ExtractionOptions options)
{
    private static readonly TimeSpan s_pulse = TimeSpan.FromMilliseconds(500);

    /// <summary>The kinds of files that can be written, by their extensions.</summary>
    public static IReadOnlyList<string> Extensions { get; } = [".csv", ".parquet"];

    /// <summary>Called after every clip and twice a second, from any thread.</summary>
    public Action<ExtractionProgress>? Progress { get; init; }

    /// <summary>A video file, or a folder, for pictures of what was found; null draws none.</summary>
    public string? Overlay { get; init; }

    /// <summary>Extracts clips into a file, whole or not at all.</summary>
    /// <exception cref="ArgumentException">The file's extension is none of <see cref="Extensions"/>.</exception>
    /// <exception cref="InvalidDataException">No clip gave anything; the message tells why.</exception>
    /// <exception cref="OperationCanceledException">Stopped; finished clips are kept for the next run.</exception>
    public ExtractionSummary Write(IReadOnlyList<MediaClip> clips, string file, CancellationToken cancellation)
    {
        CheckExtension(file);
        bool parquet = Path.GetExtension(file).Equals(Extensions[1], StringComparison.OrdinalIgnoreCase);
        LandmarkColumns columns = LandmarkColumns.Of(clips, options);
        ExtractionSummary? summary = null;
        if (Path.GetDirectoryName(Path.GetFullPath(file)) is string folder) Directory.CreateDirectory(folder);
        AtomicFile.WriteStream(file, stream =>
        {
            using ILandmarkWriter writer = parquet ? new LandmarkParquetWriter(stream, columns) : new LandmarkCsvWriter(stream, columns);
            summary = Each(clips, writer.Write, cancellation);
            if (summary.Faces == 0) throw new InvalidDataException(Nothing(summary));
        });
        return summary!;
    }

    /// <summary>Refuses a file that cannot be written, before any work.</summary>
    /// <exception cref="ArgumentException">The file's extension is none of <see cref="Extensions"/>.</exception>
    public static void CheckExtension(string file)
    {
        if (!Extensions.Contains(Path.GetExtension(file), StringComparer.OrdinalIgnoreCase))
            throw new ArgumentException($"--out {file}: give a file that ends in {string.Join(" or ", Extensions)}.");
    }

    /// <summary>Extracts clips into a set: the same as a file of them that is read back.</summary>
    /// <param name="source">What to call it.</param>
    /// <param name="clips">The clips.</param>
    /// <param name="labels">How labels are found.</param>
    /// <param name="cancellation">Stops.</param>
    /// <exception cref="InvalidDataException">No clip gave anything, or one has no label.</exception>
    public LandmarkSet Read(string source, IReadOnlyList<MediaClip> clips, DatasetOptions labels, CancellationToken cancellation)
    {
        ClipTable table = new();
        table.FoundBy(FaceExtractor.Name);
        int dimensions = options.Topology.Count == 68 ? 2 : 3, width = options.Topology.Count * dimensions;
        ExtractionSummary summary = Each(clips, Add, cancellation);
        if (summary.Faces == 0) throw new InvalidDataException(Nothing(summary));
        return table.Label(source, options.Topology, dimensions, labels);

        void Add(ExtractedClip clip)
        {
            ClipDraft draft = table.Add(clip.Name, source, 1);
            (draft.Label, draft.Subject) = (clip.Source.Label, clip.Source.Subject);
            for (int t = 0; t < clip.Frames; t++)
            {
                float[]? points = clip.Points[t];
                double confidence = points is null ? 0 : 1 / (1 + Math.Exp(-clip.Scores[t]));
                Span<float> target = draft.Add(width, (float)confidence, clip.FirstFrame + t, 1);
                if (points is null) target.Fill(float.NaN);
                else points.CopyTo(target);
            }
        }
    }

    private ExtractionSummary Each(IReadOnlyList<MediaClip> clips, Action<ExtractedClip> take, CancellationToken cancellation)
    {
        OverlayTarget? overlay = Overlay is null ? null : new OverlayTarget(Overlay, clips);
        using Extraction extraction = new(store, options);
        List<string> leftOut = [], faults = [];
        int done = 0, faces = 0, frames = 0, kept = 0;
        using Timer pulse = new(_ => Tell(null, false), null, s_pulse, s_pulse);
        foreach (ClipOutcome outcome in extraction.Run(clips, cancellation))
        {
            done++;
            if (outcome.Kept) kept++;
            if (outcome.Faces is not ClipFaces seen)
            {
                faults.Add(outcome.Fault!);
                Tell(clips.Count > 1 ? outcome.Fault : null, true);
                continue;
            }

            frames += seen.Frames;
            IReadOnlyList<ExtractedClip> chosen = ExtractedClip.Choose(outcome.Clip, seen, options, out string? reason);
            foreach (ExtractedClip clip in chosen) take(clip);
            faces += chosen.Count;
            if (reason is not null) leftOut.Add($"{outcome.Clip.Name}: {reason}");
            Tell(chosen.Count > 0 ? outcome.Clip.IsStill ? null : Describe(outcome, chosen) : clips.Count > 1 ? $"{outcome.Clip.Name}: left out: {reason}" : null, false);
            if (overlay is not null && outcome.Clip.Camera is null) ExtractionOverlay.Write(outcome.Clip, chosen, seen.Frames, options.Topology, overlay.For(outcome.Clip), cancellation);
        }

        if (extraction.CacheFault is string unkept) Tell(unkept, false);
        return new ExtractionSummary { Clips = clips.Count, Faces = faces, Frames = frames, LeftOut = leftOut, Faults = faults, Kept = kept };

        void Tell(string? line, bool fault) => Progress?.Invoke(new ExtractionProgress(done, clips.Count, extraction.Frames, line, fault));
    }

    private static string Describe(ClipOutcome outcome, IReadOnlyList<ExtractedClip> chosen)
    {
        int frames = outcome.Faces!.Frames;
        string seen = chosen.Count == 1
            ? $"a face in {Enumerable.Range(0, chosen[0].Frames).Count(chosen[0].Points.Has)} of {frames} frames"
            : $"{chosen.Count} faces in {frames} frames";
        return outcome.Kept
            ? $"{outcome.Clip.Name}: {seen} (kept from an earlier run)"
            : string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{outcome.Clip.Name}: {seen}, {frames / outcome.Seconds:0} frames/s");
    }

    private static string Nothing(ExtractionSummary summary) =>
        (summary.Faults.Count, summary.LeftOut.Count) switch
        {
            (1, 0) when summary.Clips == 1 => summary.Faults[0],
            (0, 1) when summary.Clips == 1 => $"{summary.LeftOut[0]}; nothing is written. Give a clip that shows a face, or a lower --min-sure.",
            _ => $"none of {summary.Clips} clips gave landmarks: {summary.Faults.Count} failed, {summary.LeftOut.Count} show too little of a face; nothing is written.",
        };
}
