using EmotionXai.Engine.Numerics;

namespace EmotionXai.Engine.Backends.Cpu;

/// <summary>
/// What the Cpu backend needs of a vector of float32 beyond arithmetic and the bit tricks of <see cref="LaneMath"/>: memory.
/// A scalar implements it too, so a loop's tail runs the same formula as its body and gives the same bits.
/// </summary>
internal unsafe interface ILanes<TSelf> : ISingle<TSelf>
    where TSelf : struct, ILanes<TSelf>
{
    /// <summary>Numbers in a vector.</summary>
    static abstract int Count { get; }

    static abstract TSelf Load(float* address);

    static abstract void Store(float* address, TSelf value);

    /// <summary>sum += a b, rounded once: the number of <c>MultiplyAdd(a, b, sum)</c>. The compiler then keeps a sum in its register, where it else moves it back there after every second product.</summary>
    static abstract void AddProduct(ref TSelf sum, TSelf a, TSelf b);

    /// <summary>The sum of the lanes, in the fixed order of a binary tree.</summary>
    static abstract float HorizontalSum(TSelf a);
}
