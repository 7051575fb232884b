using EmotionXai.Landmarks.Datasets;
using EmotionXai.Landmarks.Video;
using Xunit;

namespace EmotionXai.Tests.Landmarks.Video;

/// <summary>What paths become clips, and what they are called. Contents do not matter here.</summary>
public sealed class MediaFinderTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_folder_of_folders_gives_labels()
    {
        Touch("set/Happy/b.mp4", "set/Happy/a.jpg", "set/sad/a.jpg", "set/readme.txt", "set/empty/notes.md");
        IReadOnlyList<MediaClip> clips = MediaFinder.Find([_folder["set"]]);
        Assert.Equal([("Happy/a.jpg", "happy"), ("Happy/b.mp4", "happy"), ("sad/a.jpg", "sad")], clips.Select(c => (c.Name, c.Label!)));
        Assert.True(MediaFinder.IsMedia(_folder["set"], new DatasetOptions()));
    }

    [Fact]
    public void A_labels_file_in_the_folder_is_used()
    {
        Touch("set/a.mp4", "set/b.mov");
        _folder.Write("set/labels.csv", "file,subject,label\na,ann,Joy\nb.mov,bob,fear\n");
        Assert.Equal([("a.mp4", "ann", "joy"), ("b.mov", "bob", "fear")], MediaFinder.Find([_folder["set"]]).Select(c => (c.Name, c.Subject!, c.Label!)));
    }

    [Fact]
    public void Ck_plus_pictures_are_sequences()
    {
        Touch("ck/cohn-kanade-images/S005/001/S005_001_00000002.png", "ck/cohn-kanade-images/S005/001/S005_001_00000001.png", "ck/cohn-kanade-images/S010/002/S010_002_00000001.png");
        _folder.Write("ck/Emotion/S005/001/S005_001_00000002_emotion.txt", "   3.0000000e+00\n");
        MediaClip clip = Assert.Single(MediaFinder.Find([_folder["ck"]]));
        Assert.Equal(("S005/001", "S005", "disgust", 2), (clip.Name, clip.Subject, clip.Label, clip.Files.Count));
        Assert.EndsWith("00000001.png", clip.Files[0], StringComparison.Ordinal);
    }

    [Fact]
    public void A_number_is_a_camera_unless_it_is_a_file()
    {
        MediaClip camera = Assert.Single(MediaFinder.Find(["7"]));
        Assert.Equal((7, "camera_7"), (camera.Camera!.Value, camera.Name));
    }

    [Fact]
    public void Landmarks_beside_videos_are_read_and_not_extracted()
    {
        Touch("both/a.mp4");
        _folder.Write("both/a.csv", Datasets.SampleFiles.OpenFace());
        Assert.False(MediaFinder.IsMedia(_folder["both"], new DatasetOptions()));
    }

    [Fact]
    public void Two_clips_of_one_name_are_refused()
    {
        Touch("x/a.mp4", "y/a.mp4");
        Assert.Contains("named 'a.mp4' too", Assert.Throws<InvalidDataException>(() => MediaFinder.Find([_folder["x/a.mp4"], _folder["y/a.mp4"]])).Message, StringComparison.Ordinal);
        Assert.Equal(["x/a.mp4", "y/a.mp4"], MediaFinder.Find([_folder["x"], _folder["y"]]).Select(c => c.Name));
    }

    [Fact]
    public void A_folder_with_nothing_usable_is_refused()
    {
        Touch("none/readme.txt");
        Assert.Contains("no video and no picture", Assert.Throws<InvalidDataException>(() => MediaFinder.Find([_folder["none"]])).Message, StringComparison.Ordinal);
        Assert.Throws<FileNotFoundException>(() => MediaFinder.Find([_folder["nowhere"]]));
    }

    private void Touch(params string[] files)
    {
        foreach (string file in files) _folder.Write(file, "x");
    }
}
