using System.CommandLine;
using EmotionXai.Landmarks.Datasets;
using EmotionXai.Landmarks.Topologies;
using EmotionXai.Landmarks.Video;

namespace EmotionXai.Cli;

/// <summary>The options that say how faces are found in pictures, shared by every verb that may look at some.</summary>
internal sealed class VideoSettings
{
    private readonly Option<string> _models = FaceModelSetting.Create();
    private readonly Option<double> _minSure = Setting.Number("--min-sure", "Clips that show a face in a smaller share of their frames are left out.", new ExtractionOptions().MinSure);
    private readonly Option<bool> _smooth = Setting.Flag("--smooth", "Smooth the points over time (One-Euro filter).");
    private readonly Option<bool> _noCache = Setting.Flag("--no-cache", "Look at every clip again, and keep nothing for the next run.");

    public void AddTo(Command command)
    {
        foreach (Option option in new Option[] { _models, _minSure, _smooth, _noCache }) command.Options.Add(option);
    }

    public ModelStore Models(ParseResult parsed) => ModelStore.Open(parsed.GetValue(_models));

    public ExtractionOptions Read(ParseResult parsed, LandmarkTopology topology, int threads)
    {
        double minSure = parsed.GetValue(_minSure);
        if (minSure > 1) throw new ArgumentException($"--min-sure {minSure}: it is a share; give 0 to 1.");
        ExtractionOptions options = new() { Topology = topology, MinSure = minSure, Smooth = parsed.GetValue(_smooth), Threads = threads };
        return parsed.GetValue(_noCache) ? options with { Cache = null } : options;
    }
}

/// <summary>The option that says where the face models lie.</summary>
internal static class FaceModelSetting
{
    public static Option<string> Create()
    {
        Option<string> option = Setting.Path("--face-models", "Folder of the face models. By default EMOTIONXAI_MODELS, else the cache that 'face-models fetch' fills.");
        option.Aliases.Add("--models");
        return option;
    }
}

/// <summary>The option that says how much of a video a moving classifier looks back on.</summary>
internal static class WindowSetting
{
    public static Option<double> Create() =>
        Setting.Number("--window", "Seconds that models of motion look back on, frame by frame; about as long as the clips they were trained on.", 2, 0.1);
}

/// <summary>The pictures that <c>--overlay</c> asks for.</summary>
internal static class OverlaySetting
{
    /// <summary>Refuses what cannot be drawn, or would replace what lies there unasked, before any work.</summary>
    public static void Check(string? clips, string pictures, bool force)
    {
        if (clips is null || !MediaFinder.IsMedia(clips, new DatasetOptions())) throw new ArgumentException($"--overlay {pictures}: there is nothing to draw into; give videos or pictures.");
        OutputFile.Check("--overlay", PredictionOverlay.Check(MediaFinder.Find([clips]), pictures), force);
    }

    /// <summary>Draws, and says what could not be.</summary>
    public static void Draw(PredictionOverlay overlay, string clips, string pictures, TextWriter notes, CancellationToken cancellation)
    {
        IReadOnlyList<MediaClip> found = MediaFinder.Find([clips]);
        foreach (string problem in overlay.Write(found, pictures, cancellation)) notes.WriteLine($"note: not drawn: {problem}");
        if (!VideoEncoder.IsThere && found.Any(c => !c.IsStill)) notes.WriteLine($"note: {VideoEncoder.Remedy}.");
    }
}
