using EmotionXai.Engine.Algebra;

namespace EmotionXai.Engine.Training;

/// <summary>
/// The Gram matrices of the parts (landmarks, say) that clips' features consist of, each computed when it is first asked for and kept:
/// the direct links of a read-out on any of the parts then cost a sum of matrices, not a product of all features. May be used by one
/// thread at a time.
/// </summary>
public sealed class PartGrams
{
    private readonly FeatureBlock?[] _blocks;
    private readonly Func<int, float[]> _values;

    /// <summary>Takes clips; computes nothing yet.</summary>
    /// <param name="values">The features of a part, [clip, row, channel].</param>
    /// <param name="clips">Clips.</param>
    /// <param name="rows">Rows of a clip.</param>
    /// <param name="parts">Parts.</param>
    /// <param name="channels">Channels of a part in a row.</param>
    public PartGrams(Func<int, float[]> values, int clips, int rows, int parts, int channels) =>
        (_values, _blocks, Clips, Rows, Channels) = (values, new FeatureBlock?[parts], clips, rows, channels);

    /// <summary>Clips.</summary>
    public int Clips { get; }

    /// <summary>Rows of a clip.</summary>
    public int Rows { get; }

    /// <summary>Channels of a part in a row.</summary>
    public int Channels { get; }

    /// <summary>Bytes of the matrices of so many parts.</summary>
    public static long Bytes(int clips, int parts) => FeatureBlock.GramSize(clips) * sizeof(double) * parts;

    internal FeatureBlock Of(int part) => _blocks[part] ??= new FeatureBlock(_values(part), Rows * Channels, 1);
}
