namespace EmotionXai.Landmarks.Preprocessing;

/// <summary>
/// The turn in space that brings points nearest to others (Horn 1987). With M = sum of p q^T over centred points, the turn's unit quaternion v
/// is the eigenvector of the largest eigenvalue of a symmetric 4 x 4 matrix N that is linear in M, and the turn is linear in v v^T.
/// Squaring N + |N| I again and again, divided by its trace, leaves v v^T: products alone, so a graph can do it as well.
/// </summary>
internal static class Turn
{
    /// <summary>Squarings: 2^20 steps of the power method, which tell eigenvalues apart that differ by 1e-4 of |N|.</summary>
    public const int Squarings = 20;

    // By entry of N, then of the turn: which entries of M and of v v^T it sums, [row, column] with signs. Quaternions are (w, x, y, z).
    private static readonly (int Row, int Column, int Sign)[][] s_matrix =
    [
        [(0, 0, 1), (1, 1, 1), (2, 2, 1)], [(1, 2, 1), (2, 1, -1)], [(2, 0, 1), (0, 2, -1)], [(0, 1, 1), (1, 0, -1)],
        [(1, 2, 1), (2, 1, -1)], [(0, 0, 1), (1, 1, -1), (2, 2, -1)], [(0, 1, 1), (1, 0, 1)], [(2, 0, 1), (0, 2, 1)],
        [(2, 0, 1), (0, 2, -1)], [(0, 1, 1), (1, 0, 1)], [(0, 0, -1), (1, 1, 1), (2, 2, -1)], [(1, 2, 1), (2, 1, 1)],
        [(0, 1, 1), (1, 0, -1)], [(2, 0, 1), (0, 2, 1)], [(1, 2, 1), (2, 1, 1)], [(0, 0, -1), (1, 1, -1), (2, 2, 1)],
    ];

    private static readonly (int Row, int Column, int Sign)[][] s_turn =
    [
        [(0, 0, 1), (1, 1, 1), (2, 2, -1), (3, 3, -1)], [(1, 2, 2), (0, 3, 2)], [(1, 3, 2), (0, 2, -2)],
        [(1, 2, 2), (0, 3, -2)], [(0, 0, 1), (1, 1, -1), (2, 2, 1), (3, 3, -1)], [(2, 3, 2), (0, 1, 2)],
        [(1, 3, 2), (0, 2, 2)], [(2, 3, 2), (0, 1, -2)], [(0, 0, 1), (1, 1, -1), (2, 2, -1), (3, 3, 1)],
    ];

    /// <summary>[9, 16]: from M to N, both row by row.</summary>
    public static IReadOnlyList<double> ToMatrix { get; } = Table(s_matrix, 3);

    /// <summary>[16, 9]: from v v^T to the turn T with q = p T for rows p and q.</summary>
    public static IReadOnlyList<double> ToTurn { get; } = Table(s_turn, 4);

    /// <summary>T, [3, 3], so that rows p T are nearest to rows q.</summary>
    /// <param name="products">M = sum p q^T, [3, 3], not zero.</param>
    public static double[] Of(ReadOnlySpan<double> products)
    {
        double[] n = Times(products, ToMatrix, 16), next = new double[16];
        double size = Math.Sqrt(n.Sum(v => v * v));
        for (int i = 0; i < 4; i++) n[5 * i] += size;
        for (int step = 0; step < Squarings; step++)
        {
            for (int i = 0; i < 16; i++)
            {
                next[i] = 0;
                for (int k = 0; k < 4; k++) next[i] += n[(i / 4 * 4) + k] * n[(k * 4) + (i % 4)];
            }

            double trace = next[0] + next[5] + next[10] + next[15];
            for (int i = 0; i < 16; i++) n[i] = next[i] / trace;
        }

        return Times(n, ToTurn, 9);
    }

    private static double[] Times(ReadOnlySpan<double> row, IReadOnlyList<double> table, int width)
    {
        double[] product = new double[width];
        for (int k = 0; k < row.Length; k++)
            for (int i = 0; i < width; i++) product[i] += row[k] * table[(k * width) + i];
        return product;
    }

    private static double[] Table((int Row, int Column, int Sign)[][] entries, int size)
    {
        double[] table = new double[size * size * entries.Length];
        for (int e = 0; e < entries.Length; e++)
            foreach ((int row, int column, int sign) in entries[e]) table[(((row * size) + column) * entries.Length) + e] = sign;
        return table;
    }
}
