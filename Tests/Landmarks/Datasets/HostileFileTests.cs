using System.Diagnostics;
using System.Globalization;
using CsCheck;
using EmotionXai.Landmarks;
using EmotionXai.Landmarks.Datasets;
using EmotionXai.Landmarks.Sequences;
using EmotionXai.Landmarks.Topologies;
using Parquet;
using Parquet.Schema;
using Xunit;

namespace EmotionXai.Tests.Landmarks.Datasets;

/// <summary>Files that wait for ever, take all memory, or make a terminal or a spreadsheet do things.</summary>
public sealed class HostileFileTests : IDisposable
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(60);

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(new byte[] { 0x15 }, "footer")]
    [InlineData(new byte[] { 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF }, "footer")]
    [InlineData(new byte[] { 0x29, 0xFC, 0xFF, 0xFF, 0xFF, 0xFF, 0x0F, 0x00 }, "footer")]
    [InlineData(new byte[] { 0x00 }, "schema")]
    public async Task A_parquet_file_with_a_broken_footer_is_refused_at_once(byte[] footer, string says)
    {
        string path = _folder.Write("t.parquet", [.. "PAR1"u8, .. footer, .. BitConverter.GetBytes(footer.Length), .. "PAR1"u8]);
        await Fails(path, says);
    }

    [Fact]
    public async Task A_parquet_file_of_any_other_length_of_footer_is_refused()
    {
        string whole = await Write("t.parquet", 2, frame: 1);
        byte[] bytes = await File.ReadAllBytesAsync(whole, TestContext.Current.CancellationToken);
        foreach (int length in (int[])[0, 1, 100, bytes.Length, int.MaxValue, -1])
        {
            BitConverter.GetBytes(length).CopyTo(bytes, bytes.Length - 8);
            await Fails(_folder.Write("cut.parquet", bytes), "damaged");
        }
    }

    [Fact]
    public async Task Few_bytes_may_not_promise_many_rows()
    {
        string path = await Write("many.parquet", 60_000, frame: 1);
        Assert.True(new FileInfo(path).Length < 2_000_000, "the file is small");
        await Fails(path, "unfold");
    }

    [Fact]
    public async Task Frame_numbers_that_a_float32_cannot_tell_apart_are()
    {
        string path = await Write("t.parquet", 3, frame: 1 << 24);
        Assert.Equal(3, Assert.Single(LandmarkDataset.Read(path, new DatasetOptions()).Clips).Frames);
    }

    [Theory]
    [InlineData("t.csv")]
    [InlineData("t.parquet")]
    [InlineData("labels.csv")]
    [InlineData("model.safetensors")]
    public async Task A_named_pipe_is_no_file(string name)
    {
        if (!OperatingSystem.IsLinux()) Assert.Skip("Named pipes are made with mkfifo.");
        string pipe = _folder[name], clips = _folder.Write("clips/a.csv", SampleFiles.OpenFace());
        using (Process make = Process.Start("mkfifo", pipe)) await make.WaitForExitAsync(TestContext.Current.CancellationToken);
        await Fails(pipe, "named pipe", name switch
        {
            "labels.csv" => () => LandmarkDataset.Read(clips, new DatasetOptions { LabelsFile = pipe }),
            "model.safetensors" => () => EmotionXai.Engine.Serialization.SafeTensors.Read(pipe),
            _ => () => LandmarkDataset.Read(pipe, new DatasetOptions()),
        });
    }

    [Fact]
    public async Task A_device_is_no_file()
    {
        if (!OperatingSystem.IsLinux()) Assert.Skip("There is no /dev/zero.");
        await Fails("/dev/zero", "device");
    }

    [Theory]
    [InlineData("1e38")]
    [InlineData("-2e9")]
    public void A_coordinate_of_no_picture_is_refused_where_it_stands(string number)
    {
        string path = _folder.Write("a.csv", SampleFiles.OpenFace(3, "label", _ => "joy").Replace(",  7.5,", $", {number},", StringComparison.Ordinal));
        string message = Assert.Throws<InvalidDataException>(() => LandmarkDataset.Read(path, new DatasetOptions())).Message;
        Assert.StartsWith($"{path}: line 2:", message, StringComparison.Ordinal);
        Assert.Contains("point 7", message, StringComparison.Ordinal);
    }

    [Fact]
    public void Terminal_escapes_in_labels_are_shown_and_told()
    {
        string path = _folder.Write("a.csv", SampleFiles.OpenFace(2, "file, subject, label", t => $"c{t}, Ann\u202e, \u001b]0;owned\u0007joy"));
        LandmarkSet set = LandmarkDataset.Read(path, new DatasetOptions());
        Assert.Equal("␛]0;owned␇joy", Assert.Single(set.Labels));
        Assert.Equal("Ann\uFFFD", Assert.Single(set.Subjects));
        Assert.Contains(set.Warnings, w => w.Contains("control characters", StringComparison.Ordinal));
        Assert.All(set.Warnings, w => Assert.Equal(w, PlainText.Show(w)));
    }

    [Theory]
    [InlineData("Ann", "ann")]
    [InlineData("Zoë", "Zoe\u0308")]
    [InlineData("José  M", "jose\u0301 m")]
    [InlineData("김", "\u1100\u1175\u11B7")]
    public void Names_of_one_person_are_one_person(string first, string second)
    {
        string path = _folder.Write("a.csv", SampleFiles.OpenFace(2, "file, subject, label", t => $"c{t}, {(t == 0 ? first : second)}, joy"));
        LandmarkSet set = LandmarkDataset.Read(path, new DatasetOptions());
        Assert.Equal(first.Replace("  ", "  ", StringComparison.Ordinal), Assert.Single(set.Subjects));
        string warning = Assert.Single(set.Warnings, w => w.Contains("one person", StringComparison.Ordinal));
        Assert.Contains("--subjects as-is", warning, StringComparison.Ordinal);
        LandmarkSet apart = LandmarkDataset.Read(path, new DatasetOptions { SubjectsAsIs = true });
        Assert.Equal(2, apart.Subjects.Count);
        Assert.Contains(apart.Warnings, w => w.Contains("stay different", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("e\u0301", "é")]
    [InlineData("e\u0323\u0302", "ệ")]
    [InlineData("か\u3099", "が")]
    [InlineData("\u1112\u1161\u11AB", "한")]
    [InlineData("plain", "plain")]
    [InlineData("\u0301x", "\u0301x")]
    public void Marks_join_their_letters(string apart, string joined) => Assert.Equal(joined, UnicodeForms.Compose(apart));

    [Fact]
    public void A_cell_is_no_formula_and_is_read_back()
    {
        foreach (string text in (string[])["=cmd()", "+1", "-1", "@x", "\tx", "'=x", "''=", "=", "-"])
        {
            Assert.StartsWith("'", CsvText.Cell(text).TrimStart('"'), StringComparison.Ordinal);
            Assert.Equal(text, CsvText.Text(CsvText.Cell(text)));
        }

        Gen.String[Gen.Char["='+-@ab ,"], 0, 6].Sample(text => CsvText.Text(Unquoted(CsvText.Cell(text))) == text && !"=+-@".Contains(CsvText.Cell(text).TrimStart('"').FirstOrDefault('x')));
        string path = _folder.Write("a.csv", SampleFiles.OpenFace(2, "file, label", t => $"c{t}, " + CsvText.Cell("=joy")));
        Assert.Equal(["=joy"], LandmarkDataset.Read(path, new DatasetOptions()).Labels);
    }

    [Fact]
    public void Findings_name_what_they_are_about()
    {
        LandmarkSet set = Set(
            Clip("a", "Ann", "joy", 20), Clip("b", "Bob", "joy", 20), Clip("a2", "Bob", "joy", 20, like: "a"), Clip("one", "Cid", "fear", 1), Clip("long", "Bob", "joy", 400),
            Clip("still", "Ann", "sad", 20, still: true), Clip("held", "Bob", "sad", 20, held: 30), Clip("far", "Cid", "sad", 20, far: 5));
        IReadOnlyList<string> found = DataFindings.Of(set);
        Finds("label 'fear'", "'Cid'");
        Finds("'one'", "one frame");
        Finds("'long'", "400 frames");
        Finds("'a2' of 'Bob' is 'a' of 'Ann'", "accuracy");
        Finds("'still'", "every frame");
        Finds("'held'", LandmarkTopology.Ibug68.Names[30]);
        Finds("'far'", LandmarkTopology.Ibug68.Names[5]);
        Assert.Equal(7, found.Count);
        Assert.Empty(DataFindings.Of(Set(Clip("a", "Ann", "joy", 20), Clip("b", "Bob", "joy", 25), Clip("c", "Ann", "sad", 20), Clip("d", "Bob", "sad", 20))));

        void Finds(params string[] words) => Assert.Single(found, f => words.All(w => f.Contains(w, StringComparison.Ordinal)));
    }

    private static string Unquoted(string cell) => cell.StartsWith('"') ? cell[1..^1].Replace("\"\"", "\"", StringComparison.Ordinal) : cell;

    private static LandmarkSet Set(params LandmarkClip[] clips) => new("test", LandmarkTopology.Ibug68, clips);

    private static LandmarkClip Clip(string name, string subject, string label, int frames, string? like = null, bool still = false, int held = -1, int far = -1)
    {
        Random random = new((like ?? name).Sum(c => c));
        float[] coordinates = new float[frames * 136];
        for (int i = 0; i < coordinates.Length; i++)
        {
            (int t, int p) = (i / 136, i / 2 % 68);
            coordinates[i] = (t > 0 && (still || p == held)) ? coordinates[i - 136] : (float)((10 * (p % 8)) + (i % 2 * p) + random.NextDouble());
            if (p == far && t == 3) coordinates[i] = 1e5f;
        }

        float[] sure = new float[frames];
        Array.Fill(sure, 1);
        return new LandmarkClip(name, subject, label, 68, 2, coordinates, sure);
    }

    private static Task Fails(string path, string says) => Fails(path, says, () => LandmarkDataset.Read(path, new DatasetOptions()));

    private static async Task Fails(string path, string says, Func<object> read)
    {
        Task<object> task = Task.Run(read);
        Task first = await Task.WhenAny(task, Task.Delay(s_patience, TestContext.Current.CancellationToken));
        Assert.True(first == task, $"{path}: still reading after {s_patience.TotalSeconds.ToString(CultureInfo.InvariantCulture)} s");
        string message = (await Assert.ThrowsAsync<InvalidDataException>(() => task)).Message;
        Assert.StartsWith(path, message, StringComparison.Ordinal);
        Assert.Contains(says, message, StringComparison.Ordinal);
    }

    private async Task<string> Write(string name, int rows, long frame)
    {
        string path = _folder.Write(name, "");
        DataField[] coordinates = [.. "xy".SelectMany(axis => Enumerable.Range(0, 68).Select(p => new DataField($"{axis}_{p}", typeof(float), isNullable: false)))];
        DataField[] fields = [new("label", typeof(string), isNullable: false), new("frame", typeof(long), isNullable: false), new("confidence", typeof(float), isNullable: false), .. coordinates];
        await using FileStream stream = File.Create(path);
        await using ParquetWriter writer = await ParquetWriter.CreateAsync(new ParquetSchema(fields), stream, cancellationToken: TestContext.Current.CancellationToken);
        using ParquetRowGroupWriter group = writer.CreateRowGroup();
        float[] same = new float[rows];
        Array.Fill(same, 0.9f);
        await group.WriteAsync(fields[0], Enumerable.Repeat("joy", rows).ToArray());
        await group.WriteAsync<long>(fields[1], Enumerable.Range(0, rows).Select(i => frame + i).ToArray(), cancellationToken: TestContext.Current.CancellationToken);
        await group.WriteAsync<float>(fields[2], same, cancellationToken: TestContext.Current.CancellationToken);
        foreach (DataField field in coordinates) await group.WriteAsync<float>(field, same, cancellationToken: TestContext.Current.CancellationToken);
        group.CompleteValidate();
        return path;
    }
}
