
namespace EmotionXai.Engine.Backends;

/// <summary>What every backend checks before it copies rows of a host table.</summary>
internal static class RowTable
{
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
}
