using EmotionXai.Landmarks.Datasets;
using EmotionXai.Landmarks.Sequences;
using EmotionXai.Landmarks.Spilling;
using EmotionXai.Landmarks.Topologies;
using EmotionXai.Landmarks.Video;
using Xunit;

namespace EmotionXai.Tests.Landmarks.Video;

/// <summary>Clips of which only a part stands in memory. No model and no video is needed: what was seen is made up.</summary>
public sealed class LongClipTests : IDisposable
{
    // Three times what stands in memory, and more than a group of Parquet rows.
    private const int Frames = 4500, Gap = 9;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Frames_come_back_from_disk_as_from_memory()
    {
        FrameRows rows = new(3, mostBytes: 2 * 3 * sizeof(float));
        rows.SkipTo(1);
        for (int i = 1; i < 6; i++) rows.Add([i, 10 * i, 100 * i]);
        rows.SkipTo(8);
        rows.Add([8, 80, 800]);
        Assert.Equal(9, rows.Count);
        for (int i = 8; i >= 0; i--)
        {
            float[]? expected = i is 0 or 6 or 7 ? null : [i, 10 * i, 100 * i];
            Assert.Equal(expected is not null, rows.Has(i));
            Assert.Equal(expected, rows[i]);
        }

        Assert.Throws<ArgumentException>(() => rows.Add([1, 2]));
    }

    [Fact]
    public void A_long_clip_is_written_whole_as_csv_and_as_parquet()
    {
        MediaClip clip = new("long", ["long.mp4"]);
        ExtractionOptions options = new() { Topology = LandmarkTopology.MediaPipe468 };
        ClipFaces faces = ClipFaces.Of(Seen());
        ExtractedClip extracted = Assert.Single(ExtractedClip.Choose(clip, faces, options, out _));
        foreach (string name in (string[])["long.csv", "long.parquet"])
        {
            LandmarkColumns columns = LandmarkColumns.Of([clip], options);
            using FileStream stream = File.Create(_folder[name]);
            using ILandmarkWriter writer = name.EndsWith("csv", StringComparison.Ordinal) ? new LandmarkCsvWriter(stream, columns) : new LandmarkParquetWriter(stream, columns);
            writer.Write(extracted);
        }

        foreach (string name in (string[])["long.csv", "long.parquet"])
        {
            LandmarkClip read = Assert.Single(LandmarkDataset.Read(_folder[name], new DatasetOptions { RequireLabels = false }).Clips);
            Assert.Equal(Frames, read.Frames);
            for (int t = 0; t < Frames; t++)
            {
                float[] expected = t % Gap == 0 ? [.. Enumerable.Repeat(float.NaN, FaceMesh.Length)] : ExtractedClip.Pick(Mesh(t), LandmarkTopology.MediaPipe468);
                Assert.Equal(expected, read.Coordinates.AsSpan(t * FaceMesh.Length, FaceMesh.Length).ToArray());
            }
        }
    }

    [Fact]
    public void A_long_clip_is_kept_and_found_again_unless_it_was_damaged()
    {
        FaceCache cache = new(_folder["cache"]);
        ClipFaces faces = ClipFaces.Of(Seen());
        cache.Keep("abc", faces);
        ClipFaces found = cache.Find("abc")!;
        FaceTrack before = Assert.Single(faces.Faces), after = Assert.Single(found.Faces);
        Assert.Equal(faces.Seconds, found.Seconds);
        Assert.Equal((before.Track, before.Sure, before.First, before.Last, before.Weight), (after.Track, after.Sure, after.First, after.Last, after.Weight));
        Assert.Equal(before.Scores, after.Scores);
        for (int t = 0; t < Frames; t++) Assert.Equal(before.Meshes[t], after.Meshes[t]);

        string file = Assert.Single(Directory.GetFiles(_folder["cache"], "*", SearchOption.AllDirectories));
        byte[] bytes = File.ReadAllBytes(file);
        bytes[bytes.Length / 2] ^= 1;
        File.WriteAllBytes(file, bytes);
        Assert.Null(cache.Find("abc"));
        File.WriteAllBytes(file, bytes[..20]);
        Assert.Null(cache.Find("abc"));
    }

    // Two files of one content, say, at once; and a disk that fails in the middle, here a clip whose scores are fewer than its frames.
    [Fact]
    public void Threads_may_keep_the_same_clip_at_once_and_a_failure_leaves_no_file()
    {
        FaceCache cache = new(_folder["cache"]);
        ClipFaces faces = ClipFaces.Of(Seen().Take(300));
        Parallel.For(0, 16, new ParallelOptions { MaxDegreeOfParallelism = 4 }, _ => cache.Keep("abc", faces));
        Assert.Single(Directory.GetFiles(_folder["cache"], "*", SearchOption.AllDirectories));
        Assert.Equal(faces.Seconds, cache.Find("abc")!.Seconds);

        ClipFaces broken = new() { Seconds = [.. faces.Seconds, 13], Faces = faces.Faces };
        Assert.Throws<ArgumentOutOfRangeException>(() => cache.Keep("abd", broken));
        Assert.Single(Directory.GetFiles(_folder["cache"], "*", SearchOption.AllDirectories));
    }

    private static IEnumerable<(double, IReadOnlyList<FaceSighting>)> Seen()
    {
        for (int t = 0; t < Frames; t++) yield return (t / 25.0, t % Gap == 0 ? [] : [new FaceSighting(0, Mesh(t), 20 + (t % 3))]);
    }

    private static float[] Mesh(int frame) => [.. LandmarkTopology.MediaPipe468.Neutral.SelectMany((p, i) => new[] { (200 * p.X) + (frame % 97), (200 * p.Y) + (0.01f * frame), (200 * p.Z) + (i % 5) })];
}
