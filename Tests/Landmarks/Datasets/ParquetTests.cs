using EmotionXai.Landmarks.Datasets;
using EmotionXai.Landmarks.Sequences;
using Parquet;
using Parquet.Schema;
using Xunit;

namespace EmotionXai.Tests.Landmarks.Datasets;

/// <summary>Parquet tables as other programs write them, and damaged ones. What extraction writes is tested with it.</summary>
public sealed class ParquetTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Doubles_nulls_and_longs_are_read()
    {
        string path = await Write("t.parquet", 68, points => new double?[] { points, null, points + 2 }, ["b", "a", "a"], [1, 1, 2]);
        LandmarkSet set = LandmarkDataset.Read(path, new DatasetOptions());
        Assert.Equal([("b", "joy", 1), ("a", "joy", 2)], set.Clips.Select(c => (c.Name, c.Label, c.Frames)));
        Assert.Equal(5, set.Clips[0].Point(0, 5)[0]);
        Assert.True(float.IsNaN(set.Clips[1].Point(0, 5)[0]));
        Assert.Equal(7, set.Clips[1].Point(1, 5)[0]);
    }

    [Fact]
    public async Task A_folder_of_files_is_one_set()
    {
        await Write("set/a.parquet", 68, p => new double?[] { p }, ["a"], [1]);
        await Write("set/b.parquet", 68, p => new double?[] { p }, ["b"], [1]);
        Assert.Equal(["a", "b"], LandmarkDataset.Read(_folder["set"], new DatasetOptions()).Clips.Select(c => c.Name));
    }

    [Fact]
    public async Task What_is_wrong_is_named()
    {
        string path = await Write("t.parquet", 68, p => new double?[] { p, p }, ["a", "a"], [1, 1]);
        Fails(path, "already");
        path = await Write("few.parquet", 60, p => new double?[] { p }, ["a"], [1]);
        Fails(path, "x_60");
        byte[] bytes = File.ReadAllBytes(path);
        Fails(_folder.Write("cut.parquet", bytes[..(bytes.Length / 2)]), "cut off");
        Fails(_folder.Write("magic.parquet", "PAR1"), "cut off");
        Assert.Contains("no Parquet file", Assert.Throws<InvalidDataException>(() => LandmarkDataset.Read(_folder.Write("no.csv", "a,b\n1,2\n"), new DatasetOptions { Format = "parquet" })).Message, StringComparison.Ordinal);
    }

    private static void Fails(string path, string says)
    {
        string message = Assert.Throws<InvalidDataException>(() => LandmarkDataset.Read(path, new DatasetOptions())).Message;
        Assert.StartsWith(path, message, StringComparison.Ordinal);
        Assert.Contains(says, message, StringComparison.Ordinal);
    }

    private async Task<string> Write(string name, int points, Func<int, double?[]> column, string[] clips, long[] frames)
    {
        string path = _folder.Write(name, "");
        DataField[] coordinates = [.. "xy".SelectMany(axis => Enumerable.Range(0, points).Select(p => new DataField($"{axis}_{p}", typeof(double), isNullable: true)))];
        DataField[] fields = [new("file", typeof(string), isNullable: true), new("label", typeof(string), isNullable: true), new("frame", typeof(long), isNullable: false), new("confidence", typeof(double), isNullable: false), .. coordinates];
        await using FileStream stream = File.Create(path);
        await using ParquetWriter writer = await ParquetWriter.CreateAsync(new ParquetSchema(fields), stream, cancellationToken: TestContext.Current.CancellationToken);
        using ParquetRowGroupWriter group = writer.CreateRowGroup();
        await group.WriteAsync(fields[0], clips);
        await group.WriteAsync(fields[1], Enumerable.Repeat("joy", clips.Length).ToArray());
        await group.WriteAsync<long>(fields[2], frames, cancellationToken: TestContext.Current.CancellationToken);
        await group.WriteAsync<double>(fields[3], Enumerable.Repeat(0.9, clips.Length).ToArray(), cancellationToken: TestContext.Current.CancellationToken);
        for (int i = 0; i < coordinates.Length; i++) await group.WriteAsync<double>(coordinates[i], column(i % points), cancellationToken: TestContext.Current.CancellationToken);
        group.CompleteValidate();
        return path;
    }
}
