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
    int Count0, int Count1, int Block, int SourceStride0, int SourceStride1, int TargetStride0, int TargetStride1);

/// <summary>
/// The extents of C[m, n] = op(A) op(B): op(A) is m x k and op(B) is k x n. A is stored [m, k], or [k, m] when
/// <paramref name="TransposeA"/>; B is stored [k, n], or [n, k] when <paramref name="TransposeB"/>. All contiguous.
/// A bias has n elements. With k = 0 the product is 0 (plus bias, plus C when accumulating).
/// </summary>
public readonly record struct MatrixProduct(int M, int N, int K, bool TransposeA, bool TransposeB, bool Accumulate)
{
    /// <summary>Multiply-adds.</summary>
    public long MultiplyAdds => (long)M * N * K;
}

/// <summary>The recurrent cells.</summary>
public enum RecurrentCell
{
    /// <summary>Elman: h' = tanh(p + h W). One gate.</summary>
    Elman,

    /// <summary>
    /// GRU (Cho et al. 2014, in the form of cuDNN and PyTorch), gates in the order r, z, n:
    /// r = sigmoid(p_r + h W_r), z = sigmoid(p_z + h W_z), n = tanh(p_n + r * (h W_n + b_n)), h' = (1 - z) * n + z * h.
    /// </summary>
    Gru,

    /// <summary>
    /// LSTM (Hochreiter and Schmidhuber 1997, with forget gate), gates in the order i, f, g, o:
    /// i, f, o = sigmoid(p + h W), g = tanh(p_g + h W_g), c' = f * c + i * g, h' = o * tanh(c').
    /// </summary>
    Lstm,
}

/// <summary>A recurrent cell over a batch of sequences. State and cell start at zero.</summary>
/// <param name="Cell">Which cell.</param>
/// <param name="Batch">Sequences.</param>
/// <param name="Time">Steps.</param>
/// <param name="Hidden">Units.</param>
/// <param name="Reverse">Whether time runs from the last step to the first.</param>
public readonly record struct Recurrence(RecurrentCell Cell, int Batch, int Time, int Hidden, bool Reverse)
{
    /// <summary>Blocks of pre-activations a unit has: 1, 3 or 4.</summary>
    public int Gates => Cell switch { RecurrentCell.Elman => 1, RecurrentCell.Gru => 3, _ => 4 };

    /// <summary>
    /// Numbers a unit and step that forward saves for backward, as blocks of <see cref="Hidden"/>:
    /// Elman none (the state is enough); GRU r, z, n, (h W_n + b_n); LSTM i, f, g, o, c'.
    /// </summary>
    public int SavedPerUnit => Cell switch { RecurrentCell.Elman => 0, RecurrentCell.Gru => 4, _ => 5 };

    /// <summary>Multiply-adds of the recurrent products of one pass forward.</summary>
    public long MultiplyAdds => (long)Batch * Time * Hidden * Gates * Hidden;

    /// <summary>Elements of the recurrent weights.</summary>
    internal long WeightLength => (long)Hidden * Hidden * Gates;

    /// <summary>Elements of the states. No slice holds more than int.MaxValue, and below it no length worked out from this one overflows.</summary>
    /// <exception cref="ArgumentException">An extent is negative, or the states are more than a slice can hold.</exception>
    internal long CheckedUnits(string op)
    {
        if (Batch < 0 || Time < 0 || Hidden < 0) throw new ArgumentException($"{op}: extents are 0 or more, not {this}.");
        long steps = (long)Batch * Time;
        if (steps > int.MaxValue || steps * Hidden > int.MaxValue) throw new ArgumentException($"{op}: {this} has more states than a slice can hold; work in smaller batches.");
        return steps * Hidden;
    }
}

/// <summary>
/// Adam (Kingma and Ba 2015): g = gradient * gradientScale (+ decay * p unless decoupled); m = b1 m + (1 - b1) g;
/// v = b2 v + (1 - b2) g^2; p -= rate * (m / (1 - b1^t)) / (sqrt(v / (1 - b2^t)) + epsilon).
/// AdamW (Loshchilov and Hutter 2019), when decoupled: first p -= rate * decay * p, and decay stays out of g.
/// </summary>
/// <param name="Rate">The learning rate of this step.</param>
/// <param name="Beta1">Decay of the first moment.</param>
/// <param name="Beta2">Decay of the second moment.</param>
/// <param name="Epsilon">Added to the root.</param>
/// <param name="Decay">Weight decay.</param>
/// <param name="Decoupled">AdamW rather than Adam with an L2 penalty.</param>
/// <param name="GradientScale">A factor on the gradient: gradient-norm clipping.</param>
/// <param name="Time">t, from 1.</param>
public readonly record struct AdamStep(
    double Rate, double Beta1, double Beta2, double Epsilon, double Decay, bool Decoupled, double GradientScale, int Time);

/// <summary>What random numbers are drawn from.</summary>
public enum Distribution
{
    /// <summary>[0, 1), multiples of 2^-24: the upper 24 bits of a Philox word.</summary>
    Uniform,

    /// <summary>Mean 0, variance 1: Box and Muller on consecutive pairs of words of one Philox block.</summary>
    Normal,
}
