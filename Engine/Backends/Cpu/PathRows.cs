namespace EmotionXai.Engine.Backends.Cpu;

/// <summary>Where the points of a path that walk together keep what they need.</summary>
/// <param name="Rows">Points at once.</param>
/// <param name="Time">Steps.</param>
/// <param name="Hidden">Units of a direction.</param>
/// <param name="Directions">Walks.</param>
/// <param name="Columns">Gates by units, of a direction.</param>
/// <param name="Saved">Numbers that a step keeps for the way back, without its state.</param>
/// <param name="HasRecurrent">Whether the gradients of the recurrent products differ from those of the projection.</param>
/// <param name="Units">Dense units.</param>
internal readonly record struct PathLayout(int Rows, int Time, int Hidden, int Directions, int Columns, int Saved, bool HasRecurrent, int Units)
{
    public static PathLayout Of(in RecurrentPaths paths, int rows)
    {
        Recurrence shape = paths.Sequences;
        return new(
            rows, paths.Time, paths.Hidden, paths.Directions, shape.Gates * paths.Hidden, shape.SavedPerUnit * paths.Hidden, paths.Cell == RecurrentCell.Gru, paths.Units);
    }

    /// <summary>Numbers between the states of one row and the next.</summary>
    public int StateOfRow => Time * Hidden;

    /// <summary>The states of all directions side by side.</summary>
    public int Pooled => Directions * Hidden;

    /// <summary>Numbers of <see cref="PathRows"/>, those of all directions.</summary>
    public int Length => checked((Rows * RowLength) + Hidden);

    // Gates; pooled, when and seed; two carried; dense units; states and saved.
    private int RowLength => checked(((HasRecurrent ? 2 : 1) * Columns) + (3 * Pooled) + (2 * Hidden) + Units + (Directions * ((Time * Saved) + StateOfRow)));
}

/// <summary>The same as addresses, for one direction; directions share all but what they keep.</summary>
internal readonly unsafe struct PathRows
{
    private readonly float* _saved, _states;

    public PathRows(in PathLayout layout, float* room, int direction)
    {
        (Layout, Direction) = (layout, direction);
        nint rows = layout.Rows;
        Gates = room;
        float* at = room + (rows * layout.Columns);
        if (layout.HasRecurrent)
        {
            Recurrent = at;
            at += rows * layout.Columns;
        }

        Pooled = at;
        When = Pooled + (rows * layout.Pooled);
        Seed = When + (rows * layout.Pooled);
        Carry = Seed + (rows * layout.Pooled);
        Dense = Carry + (2 * rows * layout.Hidden);
        Outside = Dense + (rows * layout.Units);
        _states = Outside + layout.Hidden + (direction * rows * ((layout.Time * layout.Saved) + layout.StateOfRow));
        _saved = _states + (rows * layout.StateOfRow);
    }

    public PathLayout Layout { get; }

    /// <summary>0, or 1 for the walk from the last step to the first.</summary>
    public int Direction { get; }

    /// <summary>[row, gates * hidden]: products, and on the way back the gradients of the projection.</summary>
    public float* Gates { get; }

    /// <summary>[row, gates * hidden]: the gradients of the recurrent products, where they are others; else null.</summary>
    public float* Recurrent { get; }

    /// <summary>[row, directions * hidden].</summary>
    public float* Pooled { get; }

    /// <summary>[row, directions * hidden]: the step of the largest state.</summary>
    public float* When { get; }

    /// <summary>[row, directions * hidden]: the gradient of the pooled states.</summary>
    public float* Seed { get; }

    /// <summary>[row, hidden] twice: what the step after hands back to state and cell.</summary>
    public float* Carry { get; }

    /// <summary>[row, units].</summary>
    public float* Dense { get; }

    /// <summary>[hidden]: what a row's state gets from outside in a step; zeros unless its states are pooled by their maximum.</summary>
    public float* Outside { get; }

    /// <summary>Where the direction's units of a row start in <see cref="Pooled"/>, <see cref="When"/> and <see cref="Seed"/>.</summary>
    public nint UnitsOf(int row) => ((nint)row * Layout.Pooled) + (Direction * Layout.Hidden);

    /// <summary>The frame that the walk meets at a step.</summary>
    public int Frame(int step) => Direction == 0 ? step : Layout.Time - 1 - step;

    public float* State(int row, int step) => _states + ((((nint)row * Layout.Time) + step) * Layout.Hidden);

    public float* Kept(int row, int step) => _saved + ((((nint)row * Layout.Time) + step) * Layout.Saved);

    /// <summary>An LSTM's cell, the last of what a step keeps.</summary>
    public float* Cell(int row, int step) => Kept(row, step) + Layout.Saved - Layout.Hidden;
}
