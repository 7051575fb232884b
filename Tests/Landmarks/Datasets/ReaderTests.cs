using EmotionXai.Landmarks.Datasets;
using EmotionXai.Landmarks.Sequences;
using Xunit;

namespace EmotionXai.Tests.Landmarks.Datasets;

public sealed class ReaderTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private LandmarkSet Read(string? name = null, DatasetOptions? options = null) =>
        LandmarkDataset.Read(name is null ? _folder.Path : _folder[name], options ?? new DatasetOptions());

    [Fact]
    public void OpenFace_folder_with_labels()
    {
        _folder.Write("b.csv", SampleFiles.OpenFace(2));
        _folder.Write("a.csv", SampleFiles.OpenFace(3));
        _folder.Write("labels.csv", "\uFEFFlabel,\"file\",subject\r\n\" Happiness \",\"a.csv\",Ann\r\nsad,b.csv,Bob\r\n\r\n");
        LandmarkSet set = Read();
        Assert.Equal("ibug68", set.Topology.Name);
        Assert.Equal(["a", "b"], set.Clips.Select(c => c.Name));
        Assert.Equal(["Ann", "Bob"], set.Subjects);
        Assert.Equal(["happiness", "sad"], set.Labels);
        Assert.Empty(set.Warnings);
        LandmarkClip clip = set.Clips[0];
        Assert.Equal((3, 68, 2), (clip.Frames, clip.Points, clip.Dimensions));
        Assert.Equal([41.5f, 81.25f], clip.Point(1, 40).ToArray());
        Assert.Equal([0.98f, 0.98f, 0.98f], clip.Confidence);
    }

    [Fact]
    public void OpenFace_frames_are_ordered_by_number_and_failures_are_unsure()
    {
        string[] lines = SampleFiles.OpenFace(3).Split('\n');
        lines[1] = lines[1].Replace("0.98,  1", "0.98,  0", StringComparison.Ordinal);
        _folder.Write("a.csv", string.Join("\r\n", lines[0], lines[3], lines[2], lines[1]));
        LandmarkClip clip = Read(options: new() { RequireLabels = false }).Clips[0];
        Assert.Equal([0f, 0.98f, 0.98f], clip.Confidence);
        Assert.Equal([0.5f, 1.5f, 2.5f], Enumerable.Range(0, 3).Select(t => clip.Point(t, 0)[0]));
        Assert.Equal(DatasetOptions.Unlabelled, clip.Label);
    }

    [Fact]
    public void OpenFace_many_clips_in_one_file()
    {
        _folder.Write("all.csv", SampleFiles.OpenFace(4, "file, label, subject", t => t < 2 ? "one.mp4, Joy, s1" : "two.mp4, Fear, s2"));
        LandmarkSet set = Read("all.csv");
        Assert.Equal([("one.mp4", "s1", "joy", 2), ("two.mp4", "s2", "fear", 2)], set.Clips.Select(c => (c.Name, c.Subject, c.Label, c.Frames)));
    }

    [Fact]
    public void OpenFace_several_faces_are_several_clips()
    {
        string text = SampleFiles.OpenFace(2);
        string[] lines = text.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        IEnumerable<string> others = lines[1..].Select(l => l.Replace(",  0,  0.0", ",  1,  0.0", StringComparison.Ordinal));
        _folder.Write("pair.csv", string.Join('\n', lines.Concat(others)));
        _folder.Write("labels.csv", "file,subject,label\npair#0,a,joy\npair#1,b,fear\n");
        Assert.Equal([("pair#0", "a", 2), ("pair#1", "b", 2)], Read("pair.csv").Clips.Select(c => (c.Name, c.Subject, c.Frames)));
    }

    [Fact]
    public void MediaPipe_rows_are_clips_of_one_frame()
    {
        _folder.Write("m.csv", SampleFiles.MediaPipe("image,emotion,face_score", "Jane_Doe_0001.jpg,Anger,0", "Jane_Doe_0002.jpg,surprise,40", "lone.jpg,anger,-40"));
        LandmarkSet set = Read();
        Assert.Equal("mediapipe468", set.Topology.Name);
        Assert.Equal(["Jane_Doe", "Jane_Doe", "lone.jpg"], set.Clips.Select(c => c.Subject));
        Assert.Equal([0.5f, 1f, 0f], set.Clips.Select(c => MathF.Round(c.Confidence[0], 6)));
        Assert.Equal([7f, 14f, -7f], set.Clips[0].Point(0, 7).ToArray());
        Assert.Contains("subject", Assert.Single(set.Warnings), StringComparison.Ordinal);
    }

    [Fact]
    public void MediaPipe_with_frames_is_sequences()
    {
        _folder.Write("m.csv", SampleFiles.MediaPipe("clip,frame,subject,label", "a,2,s,joy", "b,1,t,fear", "a,1,s,joy"));
        Assert.Equal([("a", 2), ("b", 1)], Read("m.csv").Clips.Select(c => (c.Name, c.Frames)));
    }

    [Fact]
    public void PyFeat_clips_are_named_by_input()
    {
        _folder.Write("f.csv", SampleFiles.PyFeat("input,frame,approx_time", "/v/a.mp4,0,00:00", "/v/a.mp4,1,00:01", "/v/b.mp4,0,00:00"));
        _folder.Write("who.csv", "file,subject,label\na.mp4,s,joy\nb,t,fear\n");
        LandmarkSet set = Read("f.csv", new() { LabelsFile = _folder["who.csv"] });
        Assert.Equal([("/v/a.mp4", "s", "joy", 2), ("/v/b.mp4", "t", "fear", 1)], set.Clips.Select(c => (c.Name, c.Subject, c.Label, c.Frames)));
        Assert.Equal([1f, 69f], set.Clips[0].Point(0, 1).ToArray());
        Assert.Equal(0.9f, set.Clips[0].Confidence[0]);
    }

    [Fact]
    public void CkPlus_layout()
    {
        CkPlus("S005/001", 3, "   3.0000000e+00\n");
        CkPlus("S010/002", 2, "5");
        CkPlus("S011/001", 2, null);
        LandmarkSet set = Read();
        Assert.Equal([("S005/001", "S005", "disgust", 3), ("S010/002", "S010", "happiness", 2)], set.Clips.Select(c => (c.Name, c.Subject, c.Label, c.Frames)));
        Assert.Equal([10.5f, 20f], set.Clips[0].Point(2, 10).ToArray());
        Assert.Contains("1 sequences without an emotion", Assert.Single(set.Warnings), StringComparison.Ordinal);
    }

    [Fact]
    public void Missing_points_are_NaN()
    {
        string text = SampleFiles.OpenFace(1).Replace(",  3.5,", ",  NaN,", StringComparison.Ordinal).Replace(",  4.5,", ",  ,", StringComparison.Ordinal);
        _folder.Write("a.csv", text);
        LandmarkClip clip = Read(options: new() { RequireLabels = false }).Clips[0];
        Assert.True(float.IsNaN(clip.Point(0, 3)[0]) && float.IsNaN(clip.Point(0, 4)[0]));
        Assert.Equal(5.5f, clip.Point(0, 5)[0]);
    }

    [Fact]
    public void A_label_for_no_clip_and_one_label_only_are_warnings()
    {
        _folder.Write("a.csv", SampleFiles.OpenFace());
        _folder.Write("labels.csv", "file,subject,label\na.csv,s,joy\nz.csv,t,fear\n");
        IReadOnlyList<string> warnings = Read().Warnings;
        Assert.Equal(2, warnings.Count);
        Assert.Contains("'z.csv' (line 3)", warnings[0], StringComparison.Ordinal);
        Assert.Contains("'joy'", warnings[1], StringComparison.Ordinal);
    }

    [Fact]
    public void Given_labels_override_those_in_the_data()
    {
        _folder.Write("m.csv", SampleFiles.MediaPipe("image,emotion", "a.jpg,anger", "b.jpg,fear"));
        string labels = _folder.Write("fixed.csv", "file,subject,label\nb.jpg,s,joy\na.jpg,t,fear\n");
        Assert.Equal([("t", "fear"), ("s", "joy")], Read(options: new() { LabelsFile = labels }).Clips.Select(c => (c.Subject, c.Label)));
    }

    [Fact]
    public void Lines_longer_than_the_buffer()
    {
        string padding = new('7', 300_000);
        _folder.Write("a.csv", SampleFiles.OpenFace(3, "note", _ => padding));
        LandmarkClip clip = Read(options: new() { RequireLabels = false }).Clips[0];
        Assert.Equal(69.5f, clip.Point(2, 67)[0]);
    }

    [Theory]
    [InlineData("Jane_Doe_0007.jpg", "Jane_Doe")]
    [InlineData("Dileep_107.jpg", "Dileep")]
    [InlineData("folder/Jane_1.png", "Jane")]
    [InlineData("Jane_Doe.jpg", "Jane_Doe.jpg")]
    [InlineData("_1.jpg", "_1.jpg")]
    [InlineData("x_.jpg", "x_.jpg")]
    public void Subjects_from_names(string clip, string subject) => Assert.Equal(subject, ClipTable.SubjectOf(clip));

    [Fact]
    public void Every_format_is_listed() => Assert.Equal(["openface", "mediapipe", "ckplus", "pyfeat", "parquet"], LandmarkDataset.Formats);

    private void CkPlus(string sequence, int frames, string? emotion)
    {
        for (int t = frames; t > 0; t--) _folder.Write($"Landmarks/{sequence}/f_{t:D8}_landmarks.txt", SampleFiles.CkPlusFrame());
        if (emotion is not null) _folder.Write($"Emotion/{sequence}/f_{frames:D8}_emotion.txt", emotion);
    }
}
