namespace EmotionXai.Engine.Backends;

/// <summary>Blocks[i, j] of <paramref name="Block"/> contiguous elements, at i * stride0 + j * stride1 on either side.</summary>
/// <param name="Count0">Outer count.</param>
/// <param name="Count1">Inner count.</param>
/// <param name="Block">Contiguous elements.</param>
/// <param name="SourceStride0">Elements between outer blocks of the source.</param>
/// <param name="SourceStride1">Elements between inner blocks of the source.</param>
/// <param name="TargetStride0">Elements between outer blocks of the target.</param>
/// <param name="TargetStride1">Elements between inner blocks of the target.</param>
public readonly record struct BlockCopy(
    int Count0, int Count1, int Block, int SourceStride0, int SourceStride1, int TargetStride0, int TargetStride1)
{
    /// <summary>What every element is multiplied with on its way.</summary>
    public double Scale { get; init; } = 1;
}
