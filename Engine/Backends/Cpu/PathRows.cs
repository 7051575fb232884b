namespace EmotionXai.Engine.Backends.Cpu;

/// <summary>Where the points of a path that walk together keep what they need.</summary>
/// <param name="Rows">Points at once.</param>
/// <param name="Time">Steps.</param>
/// <param name="Hidden">Units.</param>
/// <param name="Columns">Gates by units.</param>
/// <param name="Saved">Numbers that a step keeps for the way back, without its state.</param>
/// <param name="States">States that a row keeps: all, or the last two where the way back needs none.</param>
/// <param name="HasRecurrent">Whether the gradients of the recurrent products differ from those of the projection.</param>
/// <param name="Units">Dense units.</param>
internal readonly record struct PathLayout(int Rows, int Time, int Hidden, int Columns, int Saved, int States, bool HasRecurrent, int Units)
{
    public static PathLayout Of(in RecurrentPaths paths, int rows)
    {
        Recurrence shape = paths.Sequences;
        int states = paths.Cell == RecurrentCell.Lstm ? Math.Min(2, paths.Time) : paths.Time;
        return new(rows, paths.Time, paths.Hidden, shape.Gates * paths.Hidden, shape.SavedPerUnit * paths.Hidden, states, paths.Cell == RecurrentCell.Gru, paths.Units);
    }

    public int StateOfRow => States * Hidden;

    /// <summary>All numbers: gates, saved, states; six blocks of units (pooled, when, seed, two carried); dense units; one row from outside.</summary>
    public int Length => checked((Rows * ((HasRecurrent ? 2 : 1) * Columns)) + (Rows * ((Time * Saved) + StateOfRow)) + (Rows * ((5 * Hidden) + Units)) + Hidden);
}

/// <summary>The same as addresses.</summary>
internal readonly unsafe struct PathRows
{
    private readonly float* _saved, _states;

    public PathRows(in PathLayout layout, float* room)
    {
        Layout = layout;
        nint units = (nint)layout.Rows * layout.Hidden;
        Gates = room;
        float* at = room + ((nint)layout.Rows * layout.Columns);
        if (layout.HasRecurrent)
        {
            Recurrent = at;
            at += (nint)layout.Rows * layout.Columns;
        }

        Pooled = at;
        When = Pooled + units;
        Seed = When + units;
        Carry = Seed + units;
        Dense = Carry + (2 * units);
        Outside = Dense + ((nint)layout.Rows * layout.Units);
        _states = Outside + layout.Hidden;
        _saved = _states + ((nint)layout.Rows * layout.StateOfRow);
    }

    public PathLayout Layout { get; }

    /// <summary>[row, gates * hidden]: products, and on the way back the gradients of the projection.</summary>
    public float* Gates { get; }

    /// <summary>[row, gates * hidden]: the gradients of the recurrent products, where they are others; else null.</summary>
    public float* Recurrent { get; }

    /// <summary>[row, hidden].</summary>
    public float* Pooled { get; }

    /// <summary>[row, hidden]: the step of the largest state.</summary>
    public float* When { get; }

    /// <summary>[row, hidden]: the gradient of the pooled states.</summary>
    public float* Seed { get; }

    /// <summary>[row, hidden] twice: what the step after hands back to state and cell.</summary>
    public float* Carry { get; }

    /// <summary>[row, units].</summary>
    public float* Dense { get; }

    /// <summary>[hidden]: what a row's state gets from outside in a step; zeros unless its states are pooled by their maximum.</summary>
    public float* Outside { get; }

    public float* State(int row, int t) => _states + (((nint)row * Layout.States) + (t % Layout.States)) * Layout.Hidden;

    public float* Kept(int row, int t) => _saved + (((nint)row * Layout.Time) + t) * Layout.Saved;

    /// <summary>An LSTM's cell, the last of what a step keeps.</summary>
    public float* Cell(int row, int t) => Kept(row, t) + Layout.Saved - Layout.Hidden;
}
