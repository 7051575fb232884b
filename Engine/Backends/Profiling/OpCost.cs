namespace EmotionXai.Engine.Backends.Profiling;

/// <summary>What a primitive has to do, whatever the backend: the work that its definition names and each operand's elements once.</summary>
/// <param name="MultiplyAdds">Of products, those inside recurrent cells among them. Elementwise work counts none: its bytes bound it.</param>
/// <param name="Elements">Elements read plus elements written; an output that is added to counts twice.</param>
internal readonly record struct OpCost(long MultiplyAdds, long Elements)
{
    public static OpCost Moves(long elements) => new(0, elements);

    public static OpCost Of(in MatrixProduct product, bool bias) => new(
        product.MultiplyAdds,
        ((long)product.M * product.K) + ((long)product.K * product.N) + Written((long)product.M * product.N, product.Accumulate) + (bias ? product.N : 0));

    /// <summary>A product that is not written, and parameter and moments along it, read and written.</summary>
    public static OpCost Stepped(in MatrixProduct product) => new(
        product.MultiplyAdds, ((long)product.M * product.K) + ((long)product.K * product.N) + (6L * product.M * product.N));

    /// <summary>The ends and positions to every point.</summary>
    public static OpCost Points(int length, int steps) => Moves((2L * length) + steps + ((long)steps * length));

    /// <summary>All elements once, and their sum.</summary>
    public static OpCost Squares(ReadOnlySpan<Slice> parts)
    {
        long elements = 1;
        foreach (Slice part in parts) elements += part.Length;
        return Moves(elements);
    }

    /// <summary>Projection and weights to states and what is saved.</summary>
    public static OpCost Forward(in Recurrence shape)
    {
        long units = Units(shape);
        return new OpCost(shape.MultiplyAdds, (units * (shape.Gates + 1 + shape.SavedPerUnit)) + Weights(shape));
    }

    /// <summary>The same without what the way back needs.</summary>
    public static OpCost Judging(in Recurrence shape) => new(shape.MultiplyAdds, (Units(shape) * (shape.Gates + 1)) + Weights(shape));

    /// <summary>The gradients of the gates, and of the state before through the recurrent weights: as many multiply-adds as forward.</summary>
    public static OpCost Backward(in Recurrence shape)
    {
        long units = Units(shape), gradients = shape.Gates * (shape.Cell == RecurrentCell.Gru ? 2 : 1);
        return new OpCost(shape.MultiplyAdds, (units * (gradients + 2 + shape.SavedPerUnit)) + Weights(shape));
    }

    /// <summary>Ends, nodes and weights to totals: forward and backward of every point. Dense units count as nothing beside them.</summary>
    public static OpCost Of(in RecurrentPaths paths)
    {
        Recurrence sequences = paths.Sequences;
        return new OpCost(2 * sequences.MultiplyAdds, (3L * paths.Pairs * paths.Time * paths.Directions * paths.Hidden * sequences.Gates) + (2L * paths.Steps) + (paths.Directions * Weights(sequences)));
    }

    /// <summary>Ends, nodes and weights to totals. Points never leave the nearest cache and count nothing.</summary>
    public static OpCost Of(in DensePaths paths)
    {
        long elements = (3L * paths.Pairs * paths.Width) + (2L * paths.Steps) + paths.Last;
        foreach (DenseWeights layer in paths.Layers) elements += layer.Weight.Length + layer.Bias.Length;
        return new OpCost(paths.MultiplyAdds, elements);
    }

    /// <summary>An output's elements, read as well where they are added to.</summary>
    public static long Written(long elements, bool accumulate) => accumulate ? 2 * elements : elements;

    private static long Units(in Recurrence shape) => (long)shape.Batch * shape.Time * shape.Hidden;

    private static long Weights(in Recurrence shape) => (long)shape.Hidden * shape.Hidden * shape.Gates;
}
