using System.CommandLine;
using EmotionXai.Landmarks.Datasets;
using EmotionXai.Landmarks.Preprocessing;
using EmotionXai.Landmarks.Sequences;
using EmotionXai.Landmarks.Synthesis;

namespace EmotionXai.Cli;

/// <summary>The options that say which landmarks are read, shared by every verb that reads some.</summary>
internal sealed class DataSettings
{
    private readonly Option<string> _data = Setting.Path("--data", "Landmark file or folder. Without it, the embedded synthetic faces.");
    private readonly Option<string> _format = Setting.Word("--format", "auto, openface, mediapipe, ckplus or pyfeat.", "auto", ["auto", .. LandmarkDataset.Formats]);
    private readonly Option<string> _labels = Setting.Path("--labels", "CSV of file, subject, label. By default labels.csv beside the files.");

    public void AddTo(Command command)
    {
        command.Options.Add(_data);
        command.Options.Add(_format);
        command.Options.Add(_labels);
    }

    /// <summary>The clips asked for.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="seed">Of the embedded faces.</param>
    /// <param name="output">Takes notes on what was read.</param>
    /// <param name="requireLabels">False where a clip without a label is of use, as to predict on.</param>
    public LandmarkSet Read(ParseResult parsed, ulong seed, TextWriter output, bool requireLabels = true)
    {
        string? path = parsed.GetValue(_data);
        if (path is null) return FaceSynthesizer.Generate(new SynthesisOptions { Seed = seed });
        LandmarkSet set = LandmarkDataset.Read(path, new DatasetOptions { Format = parsed.GetValue(_format)!, LabelsFile = parsed.GetValue(_labels), RequireLabels = requireLabels });
        foreach (string warning in set.Warnings) output.WriteLine($"note: {warning}");
        return set;
    }
}

/// <summary>The options that say how clips become features.</summary>
internal sealed class FeatureSettings
{
    private readonly Option<int> _frames = Setting.Count("--frames", "Frames a clip is resampled to (clips of one frame stay so).", new PreprocessingOptions().Frames);
    private readonly Option<string> _align = Setting.Word("--align", "first-frame, per-frame, procrustes or none.", "first-frame", Setting.Names<Alignment>());
    private readonly Option<double> _confidence = Setting.Number("--min-confidence", "Frames less sure than this are filled from their neighbours.", new PreprocessingOptions().MinConfidence);
    private readonly Option<bool> _absolute = Setting.Flag("--absolute", "Keep positions instead of displacements from the first frame.");
    private readonly Option<bool> _depth = Setting.Flag("--depth", "Use z where the data have it.");

    public void AddTo(Command command)
    {
        command.Options.Add(_frames);
        command.Options.Add(_align);
        command.Options.Add(_confidence);
        command.Options.Add(_absolute);
        command.Options.Add(_depth);
    }

    public PreprocessingOptions Read(ParseResult parsed) => new()
    {
        Frames = parsed.GetValue(_frames),
        Alignment = Setting.Choice<Alignment>("--align", parsed.GetValue(_align)!),
        MinConfidence = parsed.GetValue(_confidence),
        Displacement = !parsed.GetValue(_absolute),
        Use3D = parsed.GetValue(_depth),
    };
}
