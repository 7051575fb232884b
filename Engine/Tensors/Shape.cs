using System.Diagnostics.CodeAnalysis;
using EmotionXai.Engine.Backends;

namespace EmotionXai.Engine.Tensors;

/// <summary>The extents of a contiguous, row-major tensor of rank 0 (a scalar) to 4.</summary>
public readonly struct Shape : IEquatable<Shape>
{
    /// <summary>The largest rank a tensor may have.</summary>
    public const int MaxRank = 4;

    private readonly int _d0, _d1, _d2, _d3;

    /// <summary>A shape from its extents, outermost first.</summary>
    /// <exception cref="ArgumentException">More than four extents, a negative one, or more than 2^31-1 elements.</exception>
    public Shape(params ReadOnlySpan<int> extents)
    {
        if (extents.Length > MaxRank) ShapeError.RankTooHigh(extents.Length);
        Rank = extents.Length;
        long length = 1;
        foreach (int extent in extents)
        {
            if (extent < 0) ShapeError.NegativeExtent(extent);
            length *= extent;
            if (length > int.MaxValue) ShapeError.TooManyElements(length);
        }

        Length = (int)length;
        _d0 = Rank > 0 ? extents[0] : 1;
        _d1 = Rank > 1 ? extents[1] : 1;
        _d2 = Rank > 2 ? extents[2] : 1;
        _d3 = Rank > 3 ? extents[3] : 1;
    }

    /// <summary>The number of axes.</summary>
    public int Rank { get; }

    /// <summary>The number of elements; 1 for a scalar.</summary>
    public int Length { get; }

    /// <summary>The extent of an axis; negative axes count from the last.</summary>
    public int this[int axis]
    {
        get
        {
            int i = axis < 0 ? axis + Rank : axis;
            if ((uint)i >= (uint)Rank) ShapeError.NoSuchAxis(axis, this);
            return i switch { 0 => _d0, 1 => _d1, 2 => _d2, _ => _d3 };
        }
    }

    /// <summary>All extents but the last, multiplied: the rows of the tensor seen as a matrix.</summary>
    public int Rows => Rank == 0 ? 1 : Product(0, Rank - 1);

    /// <summary>The last extent, the columns of the tensor seen as a matrix; 1 for a scalar.</summary>
    public int Columns => Rank == 0 ? 1 : this[Rank - 1];

    /// <summary>This shape with one axis given another extent.</summary>
    public Shape With(int axis, int extent)
    {
        Span<int> extents = stackalloc int[Rank];
        CopyTo(extents);
        extents[axis < 0 ? axis + Rank : axis] = extent;
        return new Shape(extents);
    }

    /// <summary>This shape without one of its axes.</summary>
    public Shape Without(int axis)
    {
        int skip = axis < 0 ? axis + Rank : axis;
        Span<int> extents = stackalloc int[Rank - 1];
        for (int i = 0, j = 0; i < Rank; i++)
            if (i != skip) extents[j++] = this[i];
        return new Shape(extents);
    }

    /// <summary>The axes seen as [outer, <paramref name="axis"/>, inner].</summary>
    /// <param name="axis">Negative axes count from the last.</param>
    /// <param name="op">Who asks; named where there is no such axis.</param>
    public AxisSplit Split(int axis, string? op = null)
    {
        int i = axis < 0 ? axis + Rank : axis;
        if ((uint)i >= (uint)Rank) ShapeError.NoSuchAxis(axis, this, op);
        return new AxisSplit(Product(0, i), this[i], Product(i + 1, Rank));
    }

    /// <summary>Writes the extents, outermost first.</summary>
    public void CopyTo(Span<int> extents)
    {
        for (int i = 0; i < Rank; i++) extents[i] = this[i];
    }

    /// <inheritdoc/>
    public bool Equals(Shape other) =>
        Rank == other.Rank && _d0 == other._d0 && _d1 == other._d1 && _d2 == other._d2 && _d3 == other._d3;

    /// <inheritdoc/>
    public override bool Equals([NotNullWhen(true)] object? obj) => obj is Shape other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Rank, _d0, _d1, _d2, _d3);

    /// <summary>Whether two shapes have the same rank and extents.</summary>
    public static bool operator ==(Shape left, Shape right) => left.Equals(right);

    /// <summary>Whether two shapes differ in rank or extents.</summary>
    public static bool operator !=(Shape left, Shape right) => !left.Equals(right);

    /// <summary>The extents as <c>[2, 3]</c>.</summary>
    public override string ToString()
    {
        Span<int> extents = stackalloc int[Rank];
        CopyTo(extents);
        return "[" + string.Join(", ", extents.ToArray()) + "]";
    }

    private int Product(int from, int to)
    {
        int product = 1;
        for (int i = from; i < to; i++) product *= this[i];
        return product;
    }
}
