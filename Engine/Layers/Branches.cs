using EmotionXai.Engine.Autodiff;
using EmotionXai.Engine.Ops;
using EmotionXai.Engine.Tensors;

namespace EmotionXai.Engine.Layers;

/// <summary>How branches become one.</summary>
public enum BranchJoin
{
    /// <summary>Their outputs are added.</summary>
    Sum,

    /// <summary>Their outputs stand side by side, along the last axis.</summary>
    Concatenation,
}

/// <summary>
/// Layers side by side: every branch takes the same input, and their outputs are joined. A branch without layers passes the input on,
/// so a residual block is the sum of an empty branch and another.
/// </summary>
public sealed class Branches : Layer
{
    private readonly Layer[][] _branches;

    /// <summary>Branches, whose layers it owns from here on.</summary>
    /// <param name="join">How their outputs become one.</param>
    /// <param name="branches">The layers of every branch, in order. Their outputs have as many axes.</param>
    /// <exception cref="ArgumentException">There are fewer than two branches.</exception>
    public Branches(BranchJoin join, params IReadOnlyList<IReadOnlyList<Layer>> branches)
    {
        if (branches.Count < 2) throw new ArgumentException($"Two branches or more are joined; {branches.Count} was given.", nameof(branches));
        Join = join;
        _branches = [.. branches.Select(b => b.ToArray())];
        foreach (Layer layer in _branches.SelectMany(b => b))
        {
            foreach (Parameter parameter in layer.Parameters) Add(parameter);
            foreach (RandomCursor cursor in layer.Cursors) Add(cursor);
        }
    }

    /// <summary>How outputs become one.</summary>
    public BranchJoin Join { get; }

    /// <summary>The layers of every branch.</summary>
    public IReadOnlyList<IReadOnlyList<Layer>> All => _branches;

    /// <inheritdoc/>
    public override Tensor Body(Tape tape, Tensor stem) => _branches
        .Select(b => b.Aggregate(stem, (x, layer) => layer.Apply(tape, x)))
        .Aggregate((a, b) => Join == BranchJoin.Sum ? tape.Add(a, b) : tape.Concatenate(a, b, a.Shape.Rank - 1));

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">The branches' outputs do not fit each other.</exception>
    public override Shape OutputShape(Shape input)
    {
        Shape[] shapes = [.. _branches.Select(b => b.Aggregate(input, (shape, layer) => layer.OutputShape(shape)))];
        Shape first = shapes[0];
        bool sum = Join == BranchJoin.Sum;
        if (!shapes.All(s => sum ? s == first : first.Rank > 0 && s.Rank == first.Rank && s.With(-1, 0) == first.With(-1, 0)))
            throw new ArgumentException($"The branches give {string.Join(" and ", shapes)}, which cannot be {(sum ? "added" : "set side by side")}.", nameof(input));
        return sum ? first : first.With(-1, shapes.Sum(s => s[-1]));
    }

    /// <inheritdoc/>
    public override long MultiplyAdds(Shape input)
    {
        long sum = 0;
        foreach (Layer[] branch in _branches)
        {
            Shape shape = input;
            foreach (Layer layer in branch)
            {
                sum += layer.MultiplyAdds(shape);
                shape = layer.OutputShape(shape);
            }
        }

        return sum;
    }
}
