using EmotionXai.Engine.Tensors;

namespace EmotionXai.Engine.Backends.Cpu;

public sealed unsafe partial class CpuBackend
{
    // A number of a table comes from memory that no cache holds; it costs as much as so many multiply-adds.
    private const long RowCost = 64;

    // Rows of a batch come in no order; short ones end before the machine has noticed them.
    private const int ShortRow = 4096;

    private int* _rows;
    private int _rowWidth, _rowCount;
    private Action<int>? _rowsPart;

    /// <inheritdoc/>
    public void WriteRows(ReadOnlySpan<float> table, int width, ReadOnlySpan<int> rows, Slice target)
    {
        RowTable.Check(table.Length, width, rows, target.Length);
        (_rowWidth, _rowCount) = (width, rows.Length);
        _c = Open(nameof(WriteRows), nameof(target), target);
        fixed (float* from = table)
        fixed (int* chosen = rows)
        {
            _a = from;
            _rows = chosen;
            Share(RowCost * target.Length, rows.Length, _rowsPart ??= RowsPart);
        }
    }

    private void RowsPart(int part)
    {
        (int first, int count) = Share(part, _rowCount);
        for (int i = first; i < first + count; i++)
        {
            if (_rowWidth <= ShortRow && i + 1 < first + count) Ahead.AskFor(_a + ((nint)_rows[i + 1] * _rowWidth), _rowWidth);
            new ReadOnlySpan<float>(_a + ((nint)_rows[i] * _rowWidth), _rowWidth).CopyTo(new Span<float>(_c + ((nint)i * _rowWidth), _rowWidth));
        }
    }
}
