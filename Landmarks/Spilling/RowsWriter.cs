using EmotionXai.Engine.Tensors;

namespace EmotionXai.Landmarks.Spilling;

/// <summary>Rows that are written once, in order, and read in any: in memory where all of them have room there, else on disk.</summary>
internal static class RowsWriter
{
    /// <summary>Writes rows.</summary>
    /// <param name="most">Rows at most.</param>
    /// <param name="length">Numbers of each.</param>
    /// <param name="rows">The rows; fewer than <paramref name="most"/> may come. An array is taken over before the next one is asked for.</param>
    public static ClipRows Write(int most, int length, IEnumerable<float[]> rows)
    {
        long numbers = (long)most * length;
        if (numbers * sizeof(float) > DataBudget.Half || numbers > Array.MaxLength) return new SpilledRows(length, rows);
        float[] all = new float[numbers];
        int count = 0;
        foreach (float[] row in rows) row.CopyTo(all, count++ * length);
        if (count < most) Array.Resize(ref all, count * length);
        return ClipRows.From(all, length);
    }

    private sealed class SpilledRows : ClipRows
    {
        private readonly SpillFile _file;

        public SpilledRows(int length, IEnumerable<float[]> rows)
            : this(length, Fill(rows, out int count), count)
        {
        }

        private SpilledRows(int length, SpillFile file, int count)
            : base(count, length) => _file = file;

        public override ReadOnlySpan<float> Of(int clip, Span<float> room)
        {
            _file.Read((long)clip * Length, room[..Length]);
            return room[..Length];
        }

        private static SpillFile Fill(IEnumerable<float[]> rows, out int count)
        {
            SpillFile file = new();
            count = 0;
            foreach (float[] row in rows)
            {
                file.Append(row);
                count++;
            }

            return file;
        }
    }
}
