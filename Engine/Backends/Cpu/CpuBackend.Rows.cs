
namespace EmotionXai.Engine.Backends.Cpu;

public sealed unsafe partial class CpuBackend
{
    // A number of a table comes from memory that no cache holds; it costs as much as so many multiply-adds.
    private const long RowCost = 64;

    // Rows of a batch come in no order; short ones end before the machine has noticed them.
    private const int ShortRow = 4096;

    /// <inheritdoc/>
    public void WriteRows(ReadOnlySpan<float> table, int width, ReadOnlySpan<int> rows, Slice target)
    {
        RowTable.Check(table.Length, width, rows, target.Length);
        float* to = Open(nameof(WriteRows), nameof(target), target);
        fixed (float* from = table)
        fixed (int* chosen = rows)
        {
            RowsJob job = new(from, width, chosen, rows.Length, to);
            Run(RowCost * target.Length, rows.Length, ref job);
        }
    }

    /// <inheritdoc/>
    public void Gather(Slice table, int width, Slice rows, Slice target)
    {
        float* from = Open(nameof(Gather), nameof(table), table), chosen = Open(nameof(Gather), nameof(rows), rows), to = Open(nameof(Gather), nameof(target), target);
        int count = RowTable.Check(table.Length, width, rows.Length, target.Length);
        Overlap.Gather(table, rows, target);
        for (int i = 0; i < rows.Length; i++)
        {
            Span<float> row = new(to + ((nint)i * width), width);
            if (chosen[i] >= 0 && chosen[i] < count) new ReadOnlySpan<float>(from + ((nint)chosen[i] * width), width).CopyTo(row);
            else row.Fill(float.NaN);
        }
    }

    private readonly struct RowsJob(float* table, int width, int* rows, int rowCount, float* target) : IJob
    {
        public void Do(int part, int parts)
        {
            (int first, int count) = ParallelRange.Of(rowCount, part, parts);
            for (int i = first; i < first + count; i++)
            {
                if (width <= ShortRow && i + 1 < first + count) Prefetch.Lines(table + ((nint)rows[i + 1] * width), width);
                new ReadOnlySpan<float>(table + ((nint)rows[i] * width), width).CopyTo(new Span<float>(target + ((nint)i * width), width));
            }
        }
    }
}
