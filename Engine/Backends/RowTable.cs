
namespace EmotionXai.Engine.Backends;

/// <summary>What every backend checks before it copies rows of a host table.</summary>
internal static class RowTable
{
    /// <summary>float32 holds whole numbers up to here.</summary>
    public const int MostRows = 1 << 24;

    public static void Check(int length, int width, ReadOnlySpan<int> rows, int target)
    {
        const string Op = nameof(IBackend.WriteRows);
        if (width < 0) Throw.OutOfRange(Op, nameof(width), width, "0 or more");
        if ((long)rows.Length * width != target) Throw.BadLength(Op, nameof(target), target, (int)Math.Min((long)rows.Length * width, int.MaxValue));
        if (width == 0) return;
        int count = length / width;
        foreach (int row in rows)
            if ((uint)row >= (uint)count) Throw.OutOfRange(Op, nameof(rows), row, $"from 0 to {count - 1}");
    }

    /// <summary>Checks a table of the backend's own; returns its rows.</summary>
    public static int Check(int length, int width, int rows, int target)
    {
        const string Op = nameof(IBackend.Gather);
        if (width < 1) Throw.OutOfRange(Op, nameof(width), width, "1 or more");
        if (length % width != 0) Throw.BadLength(Op, "table", length, length / width * width);
        if (length / width > MostRows) Throw.OutOfRange(Op, "table", length / width, $"of {MostRows} rows at most");
        if ((long)rows * width != target) Throw.BadLength(Op, nameof(target), target, (int)Math.Min((long)rows * width, int.MaxValue));
        return length / width;
    }
}
