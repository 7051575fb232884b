using EmotionXai.Landmarks.Preprocessing;
using Parquet;
using Parquet.Schema;

namespace EmotionXai.Landmarks.Reduction;

/// <summary><c>attributions.parquet</c>: one row a tested clip, emotion, landmark and frame, from networks that never saw the clip's person. Row groups of an emotion and fold, none larger than <see cref="MostRows"/> unless one clip is.</summary>
internal static class AttributionTable
{
    /// <summary>Rows of a group at most: a group stands in memory while it is written.</summary>
    internal const int MostRows = 1 << 16;

    private static readonly DataField s_clip = Text("clip"), s_subject = Text("subject"), s_label = Text("label"), s_emotion = Text("emotion"), s_fold = Whole("fold"), s_landmark = Whole("landmark"),
        s_frame = new("frame", typeof(int), isNullable: true), s_value = new("value", typeof(float), isNullable: false);

    /// <summary>Writes the table.</summary>
    /// <param name="stream">Where to.</param>
    /// <param name="outcomes">The folds of all emotions.</param>
    /// <param name="features">The clips.</param>
    public static void Write(Stream stream, IEnumerable<FoldOutcome> outcomes, FeatureSet features) => WriteAsync(stream, outcomes, features).GetAwaiter().GetResult();

    private static async Task WriteAsync(Stream stream, IEnumerable<FoldOutcome> outcomes, FeatureSet features)
    {
        ParquetWriter writer = await ParquetWriter.CreateAsync(new ParquetSchema(s_clip, s_subject, s_label, s_emotion, s_fold, s_landmark, s_frame, s_value), stream).ConfigureAwait(false);
        await using (writer.ConfigureAwait(false))
        {
            int slots = ClipAttributions.Slots(features), points = features.Points, each = slots * points;
            foreach (FoldOutcome outcome in outcomes)
            {
                float[] all = ClipAttributions.FromBytes(outcome.Attributions);
                if (all.Length != outcome.Clips.Length * each) continue;
                for (int first = 0; first < outcome.Clips.Length; first += Math.Max(1, MostRows / each))
                {
                    int[] clips = [.. outcome.Clips.Skip(first).Take(Math.Max(1, MostRows / each))];
                    Garbage.Collect();
                    using ParquetRowGroupWriter group = writer.CreateRowGroup();
                    await group.WriteAsync(s_clip, Rows(i => features.Names[clips[i / each]])).ConfigureAwait(false);
                    await group.WriteAsync(s_subject, Rows(i => features.Subjects[clips[i / each]])).ConfigureAwait(false);
                    await group.WriteAsync(s_label, Rows(i => features.Labels[clips[i / each]])).ConfigureAwait(false);
                    await group.WriteAsync(s_emotion, Rows(_ => outcome.Emotion)).ConfigureAwait(false);
                    await group.WriteAsync<int>(s_fold, Rows(_ => outcome.Fold + 1)).ConfigureAwait(false);
                    await group.WriteAsync<int>(s_landmark, Rows(i => i % points)).ConfigureAwait(false);
                    await group.WriteAsync<int>(s_frame, Rows<int?>(i => i / points % slots is int t && t < features.Frames ? t : null)).ConfigureAwait(false);
                    await group.WriteAsync<float>(s_value, all.AsMemory(first * each, clips.Length * each)).ConfigureAwait(false);
                    group.CompleteValidate();

                    T[] Rows<T>(Func<int, T> value)
                    {
                        T[] rows = new T[clips.Length * each];
                        for (int i = 0; i < rows.Length; i++) rows[i] = value(i);
                        return rows;
                    }
                }
            }
        }
    }

    private static DataField Text(string name) => new(name, typeof(string), isNullable: false);

    private static DataField Whole(string name) => new(name, typeof(int), isNullable: false);
}
