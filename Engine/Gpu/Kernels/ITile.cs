namespace EmotionXai.Engine.Gpu.Kernels;

/// <summary>
/// How a group works on a tile of C: <see cref="Across"/> x <see cref="Across"/> threads, each with eight rows and eight columns,
/// and <see cref="Depth"/> steps of k in shared memory at a time. Constants, known when a kernel is compiled.
/// </summary>
internal interface ITile
{
    /// <summary>Threads along a side.</summary>
    static abstract int Across { get; }

    /// <summary>Steps of k of a tile: 8, or 2.</summary>
    static abstract int Depth { get; }
}

/// <summary>128 x 128 of C by 256 threads.</summary>
internal readonly struct LargeTile : ITile
{
    public static int Across => 16;

    public static int Depth => 8;
}

/// <summary>64 x 64 of C by 64 threads: more groups where C is small.</summary>
internal readonly struct MediumTile : ITile
{
    public static int Across => 8;

    public static int Depth => 8;
}

/// <summary>16 x 16 of C by 4 threads, for the emulated device, whose threads are dear.</summary>
internal readonly struct EmulatedTile : ITile
{
    public static int Across => 2;

    public static int Depth => 2;
}

/// <summary>A choice made when a kernel is compiled.</summary>
internal interface IChoice
{
    static abstract bool Value { get; }
}

internal readonly struct Yes : IChoice
{
    public static bool Value => true;
}

internal readonly struct No : IChoice
{
    public static bool Value => false;
}
