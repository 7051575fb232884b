using EmotionXai.Landmarks.Video;
using OpenCvSharp;
using Xunit;

namespace EmotionXai.Tests.Landmarks.Video;

/// <summary>Many clips, some of them damaged; runs that are stopped and go on.</summary>
public sealed class BatchTests : IDisposable
{
    private readonly VideoFixture _fixture = new();

    public void Dispose() => _fixture.Dispose();

    [Fact]
    public void Damaged_files_are_told_one_line_each_and_the_rest_goes_on()
    {
        TemporaryFolder folder = _fixture.Folder;
        byte[] video = File.ReadAllBytes(SharedData.RequireVideo("single_face.mp4")), picture = File.ReadAllBytes(SharedData.RequireVideo("multi_face.jpg"));
        folder.Write("in/cut.mp4", video[..100_000]);
        folder.Write("in/cut.jpg", picture[..40_000]);
        folder.Write("in/empty.mp4", "");
        folder.Write("in/text.mp4", "no video at all\n");
        folder.Write("in/text.png", "no picture at all\n");
        folder.Write("in/good.jpg", picture);
        using (Mat one = new(1, 1, MatType.CV_8UC3, Scalar.Red)) Cv2.ImWrite(folder["in/one.png"], one);
        using (Mat huge = new(1000, 16384, MatType.CV_8UC3, Scalar.Gray)) Cv2.ImWrite(folder["in/huge.jpg"], huge);
        (int code, string output, string error) = VideoFixture.Run("extract", folder["in"], "--out", folder["out.csv"], "--no-cache");
        Assert.Equal(1, code);
        Assert.Contains("8 clips: 1 extracted, 1 left out, 6 failed", output, StringComparison.Ordinal);
        string[] lines = error.TrimEnd('\n').Split('\n');
        Assert.Equal(7, lines.Length);
        foreach ((string file, string says) in new[]
        {
            ("cut.mp4", "cut off"), ("cut.jpg", "cut off"), ("empty.mp4", "empty"), ("text.mp4", "no video"), ("text.png", "no picture"), ("one.png", "1 x 1"), ("huge.jpg", "no face"),
        })
        {
            string line = Assert.Single(lines, l => l.Contains(file, StringComparison.Ordinal));
            Assert.Contains(says, line, StringComparison.Ordinal);
        }

        Assert.Equal(2, File.ReadAllLines(folder["out.csv"]).Length);
    }

    [Fact]
    public void A_stopped_batch_goes_on_and_ends_with_the_same_file()
    {
        IReadOnlyList<MediaClip> clips = Pictures(24);
        string whole = _fixture.Folder["whole.csv"], stopped = _fixture.Folder["stopped.csv"];
        new ExtractionRun(_fixture.Models, _fixture.Options with { Cache = null }).Write(clips, whole, TestContext.Current.CancellationToken);
        using CancellationTokenSource stop = new();
        ExtractionRun first = new(_fixture.Models, _fixture.Options)
        {
            Progress = p =>
            {
                if (p.Done == 3) stop.Cancel();
            },
        };
        Assert.ThrowsAny<OperationCanceledException>(() => first.Write(clips, stopped, stop.Token));
        Assert.False(File.Exists(stopped));
        Assert.Empty(Directory.GetFiles(_fixture.Folder.Path, "*.tmp"));
        ExtractionSummary summary = new ExtractionRun(_fixture.Models, _fixture.Options).Write(clips, stopped, TestContext.Current.CancellationToken);
        Assert.InRange(summary.Kept, 3, 23);
        Assert.Equal(File.ReadAllText(whole), File.ReadAllText(stopped));
        Assert.Equal(24, new ExtractionRun(_fixture.Models, _fixture.Options).Write(clips, stopped, TestContext.Current.CancellationToken).Kept);
    }

    [Fact]
    public void A_damaged_cache_entry_counts_as_absent_and_other_content_has_another_key()
    {
        IReadOnlyList<MediaClip> clips = Pictures(2);
        new ExtractionRun(_fixture.Models, _fixture.Options).Write(clips, _fixture.Folder["a.csv"], TestContext.Current.CancellationToken);
        string[] kept = Directory.GetFiles(_fixture.Folder["cache"], "*.faces", SearchOption.AllDirectories);
        Assert.Equal(2, kept.Length);
        byte[] bytes = File.ReadAllBytes(kept[0]);
        bytes[100] ^= 1;
        File.WriteAllBytes(kept[0], bytes);
        File.WriteAllBytes(kept[1], []);
        Assert.Equal(0, new ExtractionRun(_fixture.Models, _fixture.Options).Write(clips, _fixture.Folder["b.csv"], TestContext.Current.CancellationToken).Kept);
        Assert.Equal(File.ReadAllText(_fixture.Folder["a.csv"]), File.ReadAllText(_fixture.Folder["b.csv"]));
        Assert.NotEqual(FaceCache.KeyOf(clips[0], 4), FaceCache.KeyOf(clips[1], 4));
        Assert.NotEqual(FaceCache.KeyOf(clips[0], 4), FaceCache.KeyOf(clips[0], 64));
    }

    [Fact]
    public void Models_that_are_missing_are_told_before_any_work()
    {
        (int code, _, string error) = Cli.CommandLineTests.Run("extract", SharedData.RequireVideo("single_face.mp4"), "--models", _fixture.Folder.Path, "--out", _fixture.Folder["x.csv"], "--no-cache");
        Assert.Equal(1, code);
        Assert.Contains("models fetch", error, StringComparison.Ordinal);
        Assert.Single(error.TrimEnd('\n').Split('\n'));
    }

    private IReadOnlyList<MediaClip> Pictures(int count) =>
        [.. Directory.GetFiles(SharedData.Require("face-images"), "*.jpg", SearchOption.AllDirectories).Order(StringComparer.Ordinal).Take(count).Select(f => new MediaClip(Path.GetFileName(f), [f]) { Label = "x" })];
}
