using EmotionXai.Engine.Backends.Cpu;
using EmotionXai.Landmarks.Datasets;
using EmotionXai.Landmarks.Models;
using EmotionXai.Landmarks.Sequences;
using EmotionXai.Landmarks.Spilling;
using EmotionXai.Landmarks.Video;
using EmotionXai.Tests.Cli;
using OpenCvSharp;
using Xunit;

namespace EmotionXai.Tests.Landmarks.Video;

/// <summary>Classifiers on videos: predictions, their pictures, and the live view.</summary>
public sealed class LiveTests : IDisposable
{
    private readonly VideoFixture _fixture = new();

    public void Dispose() => _fixture.Dispose();

    [Theory]
    [InlineData("ibug68")]
    [InlineData("mediapipe468")]
    [InlineData("pictures")]
    public void A_video_is_judged_drawn_and_watched(string data)
    {
        const int Frames = 16;
        string models = _fixture.Folder["models"], video = _fixture.Short("single_face.mp4", Frames), drawn = _fixture.Folder["drawn.mp4"];
        Train(data, models);
        (int code, string output, string error) = VideoFixture.Run("predict", models, video, "--overlay", drawn, "--out", _fixture.Folder["out"], "--no-cache");
        Assert.True(code == 0, error + output);
        string[] lines = File.ReadAllLines(Path.Combine(_fixture.Folder["out"], "predictions.csv"));
        Assert.Equal(3, lines.Length);
        Assert.StartsWith("short_single_face.mp4,short_single_face.mp4,unlabelled,happiness,", lines[1], StringComparison.Ordinal);
        using (VideoCapture capture = new(drawn))
        {
            Assert.Equal(Frames, capture.FrameCount);
            Assert.True(capture.FrameHeight > capture.FrameWidth / 2);
        }

        (code, output, error) = VideoFixture.Run("watch", video, models);
        Assert.True(code == 0, error);
        Assert.Contains("16 frames, 16 with a face", output, StringComparison.Ordinal);

        // A model of motion waits for a second frame.
        Assert.Contains(data == "pictures" ? "happiness 0." : "happiness -", output, StringComparison.Ordinal);
    }

    [Fact]
    public void A_video_is_explained_and_drawn_so_that_a_browser_plays_it()
    {
        string models = _fixture.Folder["models"], video = _fixture.Short("single_face.mp4", 16), drawn = _fixture.Folder["why.mp4"];
        Train("mediapipe468", models);
        (int code, string output, string error) = VideoFixture.Run("explain", Path.Combine(models, "happiness.safetensors"), video, "--overlay", drawn, "--out", _fixture.Folder["why"], "--no-cache");
        Assert.True(code == 0, error);
        Assert.Contains("short_single_face.mp4, probability 0.", output, StringComparison.Ordinal);
        Assert.Contains("was trained on synthetic faces alone", error, StringComparison.Ordinal);
        using VideoCapture capture = new(drawn);
        Assert.Equal(16, capture.FrameCount);
        if (VideoEncoder.IsThere) Assert.Equal(FourCC.FromString("h264").Value, (int)capture.Get(VideoCaptureProperties.FourCC));
        else Assert.Contains("apt-get install ffmpeg", error, StringComparison.Ordinal);
    }

    [Fact]
    public void An_overlay_keeps_the_sound_of_its_clip()
    {
        Assert.SkipUnless(VideoEncoder.IsThere, "ffmpeg is not installed: overlays have no sound.");
        string drawn = _fixture.Short("single_face.mp4", 16);
        byte[] before = File.ReadAllBytes(drawn);
        VideoEncoder.ForBrowsers(drawn, new MediaClip("clip", [SharedData.RequireVideo("WolfgangLanger_Pexels.mp4")]), TestContext.Current.CancellationToken);
        byte[] after = File.ReadAllBytes(drawn);
        Assert.Equal(-1, before.AsSpan().IndexOf("mp4a"u8));
        Assert.True(after.AsSpan().IndexOf("mp4a"u8) > 0);
        Assert.True(after.AsSpan().IndexOf("avc1"u8) > 0);
        using VideoCapture capture = new(drawn);
        Assert.Equal(16, capture.FrameCount);
    }

    [Fact]
    public void What_landmarks_add_is_that_of_the_moment()
    {
        string models = _fixture.Folder["models"];
        Train("ibug68", models);
        using CpuBackend backend = new(1);
        using EmotionJudge judge = EmotionJudge.Load([models], backend);
        SlidingWindow window = new(judge.Topology, 2);
        LandmarkClip clip = LandmarkDataset.Read(_fixture.Folder["faces"], new()).Clips.First(c => c.Label == "happiness");
        List<double[]> moments = [];
        for (int t = 0; t < clip.Frames; t++)
        {
            window.Add(clip.Coordinates[(t * 136)..((t + 1) * 136)], 9, t / 25.0);
            if (EmotionJudge.Contributions(judge.Models[0], window) is double[] added) moments.Add(added);
        }

        Assert.Equal(clip.Frames - 1, moments.Count);
        Assert.NotEqual(moments[0], moments[^1]);
        Assert.Contains(moments[^1], a => a > 0);
        Assert.Contains(moments[^1], a => a < 0);
    }

    // The landmark that changes most between two moments has the colour of each in its frame, and not that of the other.
    [Fact]
    public void Every_frame_of_an_overlay_has_the_colours_of_its_moment()
    {
        const int Frames = 16, First = 2, Last = 15;
        string models = _fixture.Folder["models"], drawn = _fixture.Folder["drawn.mp4"], video = _fixture.Short("single_face.mp4", Frames);
        Train("ibug68", models);
        using CpuBackend backend = new(1);
        using EmotionJudge judge = EmotionJudge.Load([Path.Combine(models, "happiness.safetensors")], backend);
        using VideoCapture source = new(video);
        LandmarkClip clip = LandmarkDataset.Read(_fixture.Folder["faces"], new()).Clips.First(c => c.Label == "happiness");
        float low = clip.Coordinates.Min(), scale = 0.9f * Math.Min(source.FrameWidth, source.FrameHeight) / (clip.Coordinates.Max() - low);
        float[][] points = [.. Enumerable.Range(0, Frames).Select(t => clip.Coordinates.AsSpan(t * clip.Frames / Frames * 136, 136).ToArray().Select(v => (v - low) * scale).ToArray())];
        double[] seconds = [.. Enumerable.Range(0, Frames).Select(t => t / source.Fps)];
        MediaClip media = new("clip", [video]);
        FrameRows rows = new(136);
        foreach (float[] row in points) rows.Add(row);
        new PredictionOverlay(_fixture.Models, _fixture.Options with { Topology = judge.Topology }, judge, 2).Draw(
            media, new ExtractedClip { Source = media, Name = "clip", Face = 0, FirstFrame = 1, Seconds = seconds, Scores = [.. Enumerable.Repeat(9f, Frames)], Points = rows }, drawn, TestContext.Current.CancellationToken);

        SlidingWindow window = new(judge.Topology, 2);
        double[][] added = new double[Frames][];
        for (int t = 0; t < Frames; t++)
        {
            window.Add(points[t], 9, seconds[t]);
            added[t] = EmotionJudge.Contributions(judge.Models[0], window) ?? new double[68];
        }

        double most = added.SelectMany(a => a).Max(Math.Abs);
        int point = Enumerable.Range(0, 68).MaxBy(p => Math.Abs(added[Last][p] - added[First][p]));
        Scalar[] colours = [.. new[] { First, Last }.Select(t => FaceDrawing.Hex(EmotionXai.Landmarks.Report.Diverging.At(Math.Clamp(added[t][point] / most, -1, 1))))];
        Assert.True(Far(colours[0], colours[1]) > 100);
        using VideoCapture capture = new(drawn);
        using Mat frame = new();
        double enlarged = (double)capture.FrameWidth / source.FrameWidth;
        for (int t = 0; t < Frames; t++)
        {
            Assert.True(capture.Read(frame));
            if (t is not (First or Last)) continue;
            Vec3b seen = frame.At<Vec3b>((int)Math.Round(enlarged * points[t][(2 * point) + 1]), (int)Math.Round(enlarged * points[t][2 * point]));
            Scalar colour = new(seen.Item0, seen.Item1, seen.Item2);
            Assert.True(Far(colour, colours[t == First ? 0 : 1]) < Far(colour, colours[t == First ? 1 : 0]), $"frame {t}: {colour} where {colours[0]} comes first and {colours[1]} last");
        }

        static double Far(Scalar a, Scalar b) => Math.Sqrt(Enumerable.Range(0, 3).Sum(i => (a[i] - b[i]) * (a[i] - b[i])));
    }

    [Theory]
    [InlineData("predict MODELS VIDEO --overlay VIDEO", "write over")]
    [InlineData("predict MODELS VIDEO --overlay OUT.jpg", "ends in .mp4")]
    [InlineData("predict MODELS synthetic --overlay OUT.mp4", "nothing to draw into")]
    [InlineData("predict MODELS VIDEO VIDEO", "give one of the two")]
    [InlineData("extract VIDEO --out OUT.txt", ".csv or .parquet")]
    [InlineData("extract VIDEO --points 5 --out OUT.csv", "choose 468 or 68")]
    [InlineData("extract VIDEO --min-sure 2 --out OUT.csv", "give 0 to 1")]
    [InlineData("watch MODELS", "camera's number or a video")]
    public void A_wrong_command_is_told_before_any_work(string line, string says)
    {
        Train("ibug68", _fixture.Folder["models"]);
        string video = _fixture.Folder.Write("v.mp4", File.ReadAllBytes(SharedData.RequireVideo("single_face.mp4")));
        string[] args = [.. line.Split(' ').Select(a => a switch { "MODELS" => _fixture.Folder["models"], "VIDEO" => video, _ => a.Replace("OUT", _fixture.Folder["out"], StringComparison.Ordinal) })];
        if (args[0] == "predict") args = [.. args, "--out", _fixture.Folder["predicted"], "--no-cache"];
        (int code, _, string error) = VideoFixture.Run(args);
        Assert.Equal(2, code);
        Assert.Contains(says, error, StringComparison.Ordinal);
        Assert.Single(error.TrimEnd('\n').Split('\n'), l => l.StartsWith("error: ", StringComparison.Ordinal));
    }

    private void Train(string data, string folder)
    {
        string path = data == "pictures" ? SharedData.Require("faces468/landmarks.csv") : Path.Combine(_fixture.Folder["faces"], "landmarks.csv");
        if (data != "pictures") CommandLineTests.Run("synth", "--topology", data, "--subjects", "4", "--repetitions", "1", "--frames", "6", "--out", _fixture.Folder["faces"], "--force");
        foreach (string emotion in (string[])["happiness", "sadness"])
        {
            (int code, _, string error) = CommandLineTests.Run("train", "--data", path, "--emotion", emotion, "--hidden", "3", "--epochs", "1", "--frames", "8", "--out", folder, "--force");
            Assert.True(code == 0, error);
        }
    }
}
