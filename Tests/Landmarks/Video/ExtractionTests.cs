using EmotionXai.Landmarks.Datasets;
using EmotionXai.Landmarks.Sequences;
using EmotionXai.Landmarks.Topologies;
using EmotionXai.Landmarks.Video;
using OpenCvSharp;
using Xunit;

namespace EmotionXai.Tests.Landmarks.Video;

/// <summary>Real videos and pictures, from the program's own entrance.</summary>
public sealed class ExtractionTests : IDisposable
{
    private readonly VideoFixture _fixture = new();

    public void Dispose() => _fixture.Dispose();

    [Fact]
    public void A_video_is_followed_and_one_thread_says_what_two_say()
    {
        string video = SharedData.RequireVideo("single_face.mp4"), one = Out("one.csv"), two = Out("two.csv");
        (int code, string output, string error) = VideoFixture.Run("extract", video, "--out", one, "--threads", "1", "--no-cache");
        Assert.True(code == 0, error);
        Assert.Contains("1 clip: 1 extracted, 0 left out, 0 failed; 72 frames", output, StringComparison.Ordinal);
        Assert.Contains("a face in 72 of 72 frames", error, StringComparison.Ordinal);
        VideoFixture.Run("extract", video, "--out", two, "--threads", "2", "--no-cache");
        Assert.Equal(File.ReadAllText(one), File.ReadAllText(two));

        LandmarkClip clip = Assert.Single(LandmarkDataset.Read(one, new DatasetOptions { RequireLabels = false }).Clips);
        Assert.Equal(("single_face.mp4", 72, 468, 3), (clip.Name, clip.Frames, clip.Points, clip.Dimensions));
        Assert.All(clip.Confidence, c => Assert.True(c > 0.99));
        for (int t = 1; t < 72; t++) Assert.InRange(Math.Abs(clip.Point(t, 4)[0] - clip.Point(t - 1, 4)[0]), 0, 8);
    }

    [Fact]
    public void The_next_frame_is_cropped_where_the_last_mesh_was()
    {
        using FaceExtractor extractor = new(_fixture.Models, 4);
        using ClipFrames source = ClipFrames.Open(new MediaClip("v", [SharedData.RequireVideo("single_face.mp4")]));
        using FaceMesh mesh = new(_fixture.Models.Require(FaceModel.Mesh));
        using Mat frame = new();
        FaceTracker real = extractor.Track();
        Assert.True(source.Read(frame, out _));
        FaceSighting first = Assert.Single(real.Next(frame));
        float[] again = new float[FaceMesh.Length];
        Assert.True(source.Read(frame, out _));
        float score = mesh.Place(frame, FaceCrop.Of(first.Mesh), again);
        FaceSighting second = Assert.Single(real.Next(frame));
        Assert.Equal(score, second.Score);
        Assert.Equal(again, second.Mesh);
    }

    [Fact]
    public void A_video_without_a_face_is_said_to_have_none()
    {
        MediaClip clip = new("no_face.mp4", [SharedData.RequireVideo("no_face.mp4")]);
        using FaceExtractor extractor = new(_fixture.Models, 4);
        using ClipFrames source = ClipFrames.Open(clip);
        using Mat frame = new();
        FaceTracker tracker = extractor.Track();
        List<(double, IReadOnlyList<FaceSighting>)> frames = [];
        while (frames.Count < 12 && source.Read(frame, out double seconds)) frames.Add((seconds, tracker.Next(frame)));
        Assert.Empty(ExtractedClip.Choose(clip, ClipFaces.Of(frames), _fixture.Options, out string? reason));
        Assert.Equal("no face in any of 12 frames", reason);
    }

    [Fact]
    public void Every_face_of_a_picture_is_kept_when_asked_and_else_the_largest()
    {
        string picture = SharedData.RequireVideo("multi_face.jpg");
        (int code, string output, string error) = VideoFixture.Run("extract", picture, "--out", Out("all.csv"), "--all-faces", "--no-cache", "--overlay", Out("all.jpg"));
        Assert.True(code == 0, error);
        Assert.Contains("Wrote 5 faces", output, StringComparison.Ordinal);
        IReadOnlyList<LandmarkClip> faces = LandmarkDataset.Read(Out("all.csv"), new DatasetOptions { RequireLabels = false }).Clips;
        Assert.Equal(["multi_face.jpg#0", "multi_face.jpg#1", "multi_face.jpg#2", "multi_face.jpg#3", "multi_face.jpg#4"], faces.Select(f => f.Name));
        using (Mat drawn = Cv2.ImRead(Out("all.jpg"))) Assert.Equal(new Size(1000, 667), drawn.Size());

        VideoFixture.Run("extract", picture, "--out", Out("main.csv"), "--no-cache");
        LandmarkClip main = Assert.Single(LandmarkDataset.Read(Out("main.csv"), new DatasetOptions { RequireLabels = false }).Clips);
        Assert.Equal(faces[0].Coordinates, main.Coordinates);
    }

    [Theory]
    [InlineData("468")]
    [InlineData("68")]
    public void Csv_Parquet_and_memory_say_the_same(string points)
    {
        string folder = Pictures(("happiness", 2), ("sadness", 2));
        foreach (string file in (string[])["f.csv", "f.parquet"])
            Assert.Equal(0, VideoFixture.Run("extract", folder, "--out", Out(file), "--points", points, "--no-cache").Code);
        LandmarkSet csv = LandmarkDataset.Read(Out("f.csv"), new DatasetOptions()), parquet = LandmarkDataset.Read(Out("f.parquet"), new DatasetOptions());
        LandmarkTopology topology = points == "68" ? LandmarkTopology.Ibug68 : LandmarkTopology.MediaPipe468;
        LandmarkSet memory = new ExtractionRun(_fixture.Models, _fixture.Options with { Topology = topology }).Read(folder, MediaFinder.Find([folder]), new DatasetOptions(), TestContext.Current.CancellationToken);
        Assert.Equal(4, csv.Clips.Count);
        foreach (LandmarkSet other in (LandmarkSet[])[parquet, memory])
        {
            Assert.Equal(csv.Clips.Select(c => (c.Name, c.Subject, c.Label)), other.Clips.Select(c => (c.Name, c.Subject, c.Label)));
            Assert.Equal(csv.Clips.SelectMany(c => c.Coordinates), other.Clips.SelectMany(c => c.Coordinates));
        }

        Assert.Equal(csv.Clips.SelectMany(c => c.Confidence), parquet.Clips.SelectMany(c => c.Confidence));
        Assert.Equal(["happiness", "sadness"], csv.Labels);
    }

    [Fact]
    public void Frames_without_the_face_are_marked_and_not_invented()
    {
        MediaClip clip = new("gap", ["gap.mp4"]);
        float[] mesh = [.. LandmarkTopology.MediaPipe468.Neutral.SelectMany(p => new[] { p.X, p.Y, p.Z })];
        ClipFaces faces = ClipFaces.Of([(0, [new FaceSighting(0, mesh, 20)]), (0.04, []), (0.08, [new FaceSighting(0, mesh, 20)])]);
        ExtractedClip extracted = Assert.Single(ExtractedClip.Choose(clip, faces, _fixture.Options, out _));
        using MemoryStream stream = new();
        using (LandmarkCsvWriter writer = new(stream, LandmarkColumns.Of([clip], _fixture.Options))) writer.Write(extracted);
        File.WriteAllBytes(Out("gap.csv"), stream.ToArray());
        LandmarkClip read = Assert.Single(LandmarkDataset.Read(Out("gap.csv"), new DatasetOptions { RequireLabels = false }).Clips);
        Assert.Equal([true, false, true], read.Confidence.Select(c => c > 0.5));
        Assert.All(read.Point(1, 0).ToArray(), v => Assert.True(float.IsNaN(v)));
        Assert.Empty(ExtractedClip.Choose(clip, faces, _fixture.Options with { MinSure = 0.9 }, out string? reason));
        Assert.Equal("a face in 2 of 3 frames only (--min-sure 0.9)", reason);
    }

    private string Out(string name) => _fixture.Folder[name];

    private string Pictures(params (string Label, int Count)[] labels)
    {
        foreach ((string label, int count) in labels)
        {
            foreach (string file in Directory.GetFiles(Path.Combine(SharedData.Require("face-images"), label)).Order(StringComparer.Ordinal).Take(count))
                _fixture.Folder.Write($"pictures/{label}/{Path.GetFileName(file)}", File.ReadAllBytes(file));
        }

        return Out("pictures");
    }
}
