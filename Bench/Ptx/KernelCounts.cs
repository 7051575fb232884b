namespace EmotionXai.Bench.Ptx;

/// <summary>
/// What warps ran in a loop of a kernel, every turn of the loops inside it counted. Moves and 64-bit arithmetic of addresses, which an
/// assembler removes for the most part, are left out; a product and the sum that takes it are one.
/// </summary>
/// <param name="Instructions">All instructions but those.</param>
/// <param name="MultiplyAdds">Multiply-adds of float32 among them.</param>
/// <param name="TensorProducts">Products of matrices on tensor cores among them.</param>
internal sealed record KernelCounts(long Instructions, long MultiplyAdds, long TensorProducts)
{
    public double MultiplyAddsPerInstruction => (double)MultiplyAdds / Instructions;

    public double InstructionsPerTensorProduct => (double)Instructions / TensorProducts;

    /// <summary>The outermost loop that does most of the arithmetic.</summary>
    public static KernelCounts OfMainLoop(PtxProgram program) =>
        All(program, loop => loop.Depth == 1).MaxBy(c => c.Arithmetic) ?? throw new InvalidOperationException($"{program.Name} has no loop.");

    /// <summary>The innermost loops that do most of the arithmetic: the busiest, and what does at least half as much.</summary>
    public static IReadOnlyList<KernelCounts> OfInnerLoops(PtxProgram program)
    {
        KernelCounts[] loops = All(program, loop => loop.IsInnermost);
        return [.. loops.Where(c => 2 * c.Arithmetic >= loops.Max(most => most.Arithmetic))];
    }

    private long Arithmetic => MultiplyAdds + TensorProducts;

    private static KernelCounts[] All(PtxProgram program, Func<Loop, bool> which)
    {
        Kind[] kinds = Kinds.Of(program.Text);
        return [.. program.Loops.Where(which).Select(loop => Of(program, kinds, loop.Body))];
    }

    private static KernelCounts Of(PtxProgram program, Kind[] kinds, IEnumerable<int> body)
    {
        long all = 0, sums = 0, tensor = 0;
        foreach (int i in body)
        {
            if (kinds[i] is Kind.Move or Kind.Address or Kind.Merged) continue;
            all += program.Counts[i];
            if (kinds[i] == Kind.MultiplyAdd) sums += program.Counts[i];
            if (kinds[i] == Kind.Tensor) tensor += program.Counts[i];
        }

        return new KernelCounts(all, sums, tensor);
    }
}
