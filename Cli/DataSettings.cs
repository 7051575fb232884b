using System.CommandLine;
using EmotionXai.Landmarks;
using EmotionXai.Landmarks.Datasets;
using EmotionXai.Landmarks.Preprocessing;
using EmotionXai.Landmarks.Sequences;
using EmotionXai.Landmarks.Synthesis;
using EmotionXai.Landmarks.Topologies;
using EmotionXai.Landmarks.Video;

namespace EmotionXai.Cli;

/// <summary>The options that say which landmarks are read, shared by every verb that reads some.</summary>
internal sealed class DataSettings
{
    /// <summary>The name of the embedded synthetic faces; with a colon and a topology behind it, on the points of that.</summary>
    public const string Synthetic = "synthetic";

    private static readonly string[] s_subjects = ["merge", "as-is"];

    private readonly Option<string> _data = Setting.Path("--data", $"Landmark file or folder, or videos and pictures (a file, a folder, a folder a label); {Synthetic} or {Synthetic}:mediapipe468 takes the embedded synthetic faces.");
    private readonly Option<string> _format = Setting.Word("--format", "auto, openface, mediapipe, ckplus, pyfeat or parquet.", "auto", ["auto", .. LandmarkDataset.Formats]);
    private readonly Option<string> _labels = Setting.Path("--labels", "CSV of file, subject, label. By default labels.csv beside the files.");
    private readonly Option<string[]> _merged = Setting.List("--label", "Clips of several labels under one: --label happy=happiness,happy-ud.");
    private readonly Option<string[]> _without = Setting.List("--without", "Labels whose clips are left out.");
    private readonly Option<string> _subjects = Setting.Word("--subjects", "merge takes names that differ in case, blanks or Unicode form alone for one person; as-is does not.", s_subjects[0], s_subjects);
    private readonly VideoSettings _video = new();

    public void AddTo(Command command)
    {
        command.Options.Add(_data);
        command.Options.Add(_format);
        command.Options.Add(_labels);
        command.Options.Add(_merged);
        command.Options.Add(_without);
        command.Options.Add(_subjects);
        _video.AddTo(command);
    }

    /// <summary>The clips that are asked for; videos and pictures are extracted first, and kept for the next run.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="compute">The seed, and threads for extraction.</param>
    /// <param name="output">Receives notes.</param>
    /// <param name="cancellation">Stops an extraction.</param>
    /// <param name="topology">What points to take from pictures; null takes the face mesh's.</param>
    /// <param name="path">Where the data are; null takes --data.</param>
    /// <param name="unlabelled">Whether clips without a label will do.</param>
    public LandmarkSet Read(
        ParseResult parsed, ComputeSettings compute, TextWriter output, CancellationToken cancellation, LandmarkTopology? topology = null, string? path = null, bool unlabelled = false) =>
        LabelChanges.Parse(parsed.GetValue(_merged), parsed.GetValue(_without)).Apply(ReadAll(parsed, compute, output, topology, path, unlabelled, cancellation));

    private LandmarkSet ReadAll(
        ParseResult parsed, ComputeSettings compute, TextWriter output, LandmarkTopology? topology, string? path, bool unlabelled, CancellationToken cancellation)
    {
        compute.KeepToMemory(parsed);
        path ??= parsed.GetValue(_data);
        if (path is null) throw new ArgumentException($"no data are given; give --data PATH, or --data {Synthetic} for the embedded synthetic faces.");
        if (path.Split(':') is [Synthetic, .. string[] points] && points.Length < 2)
        {
            LandmarkTopology drawn = points.Length > 0 ? LandmarkTopology.Find(points[0]) : topology ?? LandmarkTopology.Ibug68;
            return FaceSynthesizer.Generate(new SynthesisOptions { Seed = compute.Seed(parsed), Topology = drawn });
        }

        DatasetOptions options = new() { Format = parsed.GetValue(_format)!, LabelsFile = parsed.GetValue(_labels), RequireLabels = !unlabelled, SubjectsAsIs = AsIs(parsed.GetValue(_subjects)!) };
        LandmarkSet set = options.Format == "auto" && MediaFinder.IsMedia(path, options)
            ? Extract(path, options, _video.Read(parsed, topology ?? LandmarkTopology.MediaPipe468, compute.Threads(parsed)), _video.Models(parsed), output, cancellation)
            : LandmarkDataset.Read(path, options);
        foreach (string note in set.Warnings.Concat(DataFindings.Of(set))) output.WriteLine($"note: {PlainText.Show(note)}");
        return set;
    }

    /// <summary>The path that is asked for; null where none is.</summary>
    public string? Path(ParseResult parsed) => parsed.GetValue(_data);

    /// <summary>How pictures are looked at.</summary>
    public VideoSettings Video => _video;

    private static bool AsIs(string subjects) => s_subjects.Contains(subjects)
        ? subjects == s_subjects[1]
        : throw new ArgumentException($"--subjects {subjects}: there is no such choice; take {string.Join(", ", s_subjects)}.");

    private static LandmarkSet Extract(string path, DatasetOptions options, ExtractionOptions how, ModelStore models, TextWriter output, CancellationToken cancellation)
    {
        using ExtractionDisplay display = new(output);
        return new ExtractionRun(models, how) { Progress = display.Show }.Read(path, MediaFinder.Find([path], options.LabelsFile), options, cancellation);
    }
}

/// <summary>The options that say how clips become features.</summary>
internal sealed class FeatureSettings
{
    private readonly Option<int> _frames = Setting.Count("--frames", "Frames a clip is resampled to (clips of one frame stay so).", new PreprocessingOptions().Frames);
    private readonly Option<string> _align = Setting.Word("--align", "first-frame, per-frame, procrustes, rigid (a few points that expressions hardly move, onto a neutral face; with --depth in space) or none.", "first-frame", Setting.Names<Alignment>());
    private readonly Option<double> _confidence = Setting.Number("--min-confidence", "Frames less sure than this are filled from their neighbours.", new PreprocessingOptions().MinConfidence);
    private readonly Option<string> _features = Setting.Text("--features", $"What is taken of every landmark, with commas between: {string.Join(", ", FeatureList.Names)} (distances between landmarks of pictures: alone, or positions,distances); auto takes what suits the network (docs/protocol.md).", "auto");
    private readonly Option<bool> _depth = Setting.Flag("--depth", "Use z where the data have it.");

    public void AddTo(Command command)
    {
        command.Options.Add(_frames);
        command.Options.Add(_align);
        command.Options.Add(_confidence);
        command.Options.Add(_features);
        command.Options.Add(_depth);
    }

    public PreprocessingOptions Read(ParseResult parsed) => new()
    {
        Frames = parsed.GetValue(_frames),
        Alignment = Setting.Choice<Alignment>("--align", parsed.GetValue(_align)!),
        MinConfidence = parsed.GetValue(_confidence),
        Features = parsed.GetValue(_features)!,
        Use3D = parsed.GetValue(_depth),
    };
}
