namespace EmotionXai.Engine.Backends;

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
