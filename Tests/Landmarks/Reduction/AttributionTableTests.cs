using EmotionXai.Engine.Tensors;
using EmotionXai.Landmarks.Preprocessing;
using EmotionXai.Landmarks.Reduction;
using Parquet;
using Parquet.Schema;
using Xunit;

namespace EmotionXai.Tests.Landmarks.Reduction;

public sealed class AttributionTableTests
{
    private const int Points = 68, Frames = 8, Clips = (2 * AttributionTable.MostRows / (Points * Frames)) + 3;

    // A group stands in memory while it is written.
    [Fact]
    public async Task A_large_fold_is_cut_into_row_groups_and_no_row_is_lost()
    {
        FeatureSet features = new()
        {
            Time = Frames,
            Points = Points,
            Dimensions = 2,
            Values = ClipRows.From([], 0),
            Names = [.. Enumerable.Range(0, Clips).Select(c => $"clip {c}")],
            Labels = [.. Enumerable.Repeat("joy", Clips)],
            Subjects = [.. Enumerable.Repeat("Ann", Clips)],
            Skipped = [],
        };
        float[] values = [.. Enumerable.Range(0, Clips * Points * Frames).Select(i => (float)i)];
        FoldOutcome outcome = new()
        {
            Emotion = "joy",
            Fold = 0,
            Clips = [.. Enumerable.Range(0, Clips).Reverse()],
            Relevance = [],
            Signed = [],
            Absolute = [],
            Nulls = [],
            TimeMap = [],
            SignedTimeMap = [],
            Attributions = [.. System.Runtime.InteropServices.MemoryMarshal.AsBytes(values.AsSpan())],
            RelativeGap = 0,
            Stages = [],
            Chosen = 0,
            InnerLosses = [],
            ControlHeads = [],
        };
        using MemoryStream stream = new();
        AttributionTable.Write(stream, [outcome], features);
        stream.Position = 0;
        ParquetReader reader = await ParquetReader.CreateAsync(stream, cancellationToken: TestContext.Current.CancellationToken);
        await using (reader.ConfigureAwait(false))
        {
            DataField[] fields = reader.Schema.GetDataFields();
            Assert.Equal(3, reader.RowGroupCount);
            int at = 0;
            for (int g = 0; g < reader.RowGroupCount; g++)
            {
                using ParquetRowGroupReader group = reader.OpenRowGroupReader(g);
                int rows = (int)group.RowCount;
                Assert.True(rows <= AttributionTable.MostRows, $"{rows}");
                float[] found = new float[rows];
                int[] landmarks = new int[rows];
                await group.ReadAsync<float>(fields.Single(f => f.Name == "value"), found, null, TestContext.Current.CancellationToken);
                await group.ReadAsync<int>(fields.Single(f => f.Name == "landmark"), landmarks, null, TestContext.Current.CancellationToken);
                for (int i = 0; i < rows; i++, at++)
                    if (found[i] != at || landmarks[i] != at % Points) Assert.Fail($"row {at}: {found[i]}, {landmarks[i]}");
            }

            Assert.Equal(values.Length, at);
        }
    }
}
