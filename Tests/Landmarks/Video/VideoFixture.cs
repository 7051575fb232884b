using EmotionXai.Landmarks.Video;
using OpenCvSharp;

namespace EmotionXai.Tests.Landmarks.Video;

/// <summary>A folder to write to, and the models and options that extraction needs. Skips where the models are absent.</summary>
internal sealed class VideoFixture : IDisposable
{
    public TemporaryFolder Folder { get; } = new();

    public ModelStore Models { get; } = ModelStore.Open(SharedData.RequireModels());

    public ExtractionOptions Options => new() { Cache = Folder["cache"], Threads = 2 };

    /// <summary>The first frames of a video, written again.</summary>
    public string Short(string name, int frames)
    {
        string file = Folder[$"short_{name}"];
        using VideoCapture from = new(SharedData.RequireVideo(name));
        using VideoWriter to = new(file, FourCC.FromString("mp4v"), from.Fps, new Size(from.FrameWidth, from.FrameHeight));
        using Mat frame = new();
        for (int i = 0; i < frames && from.Read(frame); i++) to.Write(frame);
        return file;
    }

    /// <summary>Runs the program on pictures with the shared models.</summary>
    public static (int Code, string Output, string Error) Run(params string[] args) => Cli.CommandLineTests.Run([.. args, "--models", SharedData.RequireModels()]);

    public void Dispose() => Folder.Dispose();
}
