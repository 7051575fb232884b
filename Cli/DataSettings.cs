using System.CommandLine;
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
    private readonly Option<string> _data = Setting.Path("--data", "Landmark file or folder, or videos and pictures (a file, a folder, a folder a label). Without it, the embedded synthetic faces.");
    private readonly Option<string> _format = Setting.Word("--format", "auto, openface, mediapipe, ckplus, pyfeat or parquet.", "auto", ["auto", .. LandmarkDataset.Formats]);
    private readonly Option<string> _labels = Setting.Path("--labels", "CSV of file, subject, label. By default labels.csv beside the files.");
    private readonly VideoSettings _video = new();

    public void AddTo(Command command)
    {
        command.Options.Add(_data);
        command.Options.Add(_format);
        command.Options.Add(_labels);
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
        ParseResult parsed, ComputeSettings compute, TextWriter output, CancellationToken cancellation, LandmarkTopology? topology = null, string? path = null, bool unlabelled = false)
    {
        path ??= parsed.GetValue(_data);
        if (path is null) return FaceSynthesizer.Generate(new SynthesisOptions { Seed = compute.Seed(parsed) });
        DatasetOptions options = new() { Format = parsed.GetValue(_format)!, LabelsFile = parsed.GetValue(_labels), RequireLabels = !unlabelled };
        LandmarkSet set = options.Format == "auto" && MediaFinder.IsMedia(path, options)
            ? Extract(path, options, _video.Read(parsed, topology ?? LandmarkTopology.MediaPipe468, compute.Threads(parsed)), _video.Models(parsed), output, cancellation)
            : LandmarkDataset.Read(path, options);
        foreach (string warning in set.Warnings) output.WriteLine($"note: {warning}");
        return set;
    }

    /// <summary>The path that is asked for; null for the synthetic faces.</summary>
    public string? Path(ParseResult parsed) => parsed.GetValue(_data);

    /// <summary>How pictures are looked at.</summary>
    public VideoSettings Video => _video;

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
    private readonly Option<string> _align = Setting.Word("--align", "first-frame, per-frame, procrustes or none.", "first-frame", Setting.Names<Alignment>());
    private readonly Option<double> _confidence = Setting.Number("--min-confidence", "Frames less sure than this are filled from their neighbours.", new PreprocessingOptions().MinConfidence);
    private readonly Option<string> _features = Setting.Text("--features", $"What is taken of every landmark, with commas between: {string.Join(", ", FeatureList.Names)}; auto takes what suits the network (docs/protocol.md).", "auto");
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
