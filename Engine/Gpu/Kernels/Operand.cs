using ILGPU;
using ILGPU.Runtime;

namespace EmotionXai.Engine.Gpu.Kernels;

/// <summary>
/// One operand of a product on its way from global to shared memory, a tile after the other along k. Seen as [outer, k] (outer: the
/// rows of A, the columns of B), it is stored with k contiguous (<typeparamref name="TAlongK"/>) or with outer contiguous; in
/// shared memory it always lies [k, outer], so that a thread reads its eight rows or columns as two <see cref="Float4"/>. This is
/// where transposes go. Beyond the last row or column the last is copied again: what is made of it is never written, and no copy
/// asks where it is.
/// </summary>
internal readonly struct Operand<TTile, TAlongK, TAligned>
    where TTile : struct, ITile
    where TAlongK : struct, IChoice
    where TAligned : struct, IChoice
{
    private readonly ArrayView<float> _data;
    private readonly int _from, _step, _place, _outer;

    // Where the thread's copies come from: of single elements, or of fours.
    private readonly int _at0, _at1, _at2, _at3, _at4, _at5, _at6, _at7;

    /// <summary>The tile at (first, firstK).</summary>
    public Operand(ArrayView<float> data, int outer, int k, int first, int firstK)
    {
        int line = TAlongK.Value ? Group.IdxX / TTile.Depth : 4 * (Group.IdxX % (Width / 4));
        _step = TAlongK.Value ? Group.IdxX % TTile.Depth : Group.IdxX / (Width / 4);
        _place = Instructions.Hold((_step * Pitch) + line);
        _outer = outer;
        _data = data;
        _from = TAlongK.Value ? firstK + _step : (firstK + _step) * outer;
        _at0 = From(0, first + line, outer, k);
        _at1 = From(1, first + line, outer, k);
        _at2 = From(2, first + line, outer, k);
        _at3 = From(3, first + line, outer, k);
        _at4 = From(4, first + line, outer, k);
        _at5 = From(5, first + line, outer, k);
        _at6 = From(6, first + line, outer, k);
        _at7 = From(7, first + line, outer, k);
    }

    private Operand(Operand<TTile, TAlongK, TAligned> before, int steps)
    {
        this = before;
        _from += TAlongK.Value ? steps : steps * before._outer;
    }

    /// <summary>Elements of outer in a tile.</summary>
    public static int Width => 8 * TTile.Across;

    /// <summary>Elements from one k to the next in shared memory; 4 more, so that threads that work at once meet different banks.</summary>
    public static int Pitch => Width + 4;

    /// <summary>Elements of a tile in shared memory.</summary>
    public static int Size => TTile.Depth * Pitch;

    private static int Threads => TTile.Across * TTile.Across;

    /// <summary>Elements a thread copies for a tile, by fours where they lie so in both memories: 4 or 8.</summary>
    private static int Elements => Width * TTile.Depth / Threads;

    // An aligned operand has rows of whole fours.
    private static bool ByFours => !TAlongK.Value && TAligned.Value;

    // Rows from one of a thread's copies to the next: of outer, or of k.
    private static int Rows => TAlongK.Value ? Threads / TTile.Depth : Threads / (Width / 4);

    /// <summary>The tile that begins so many steps of k later.</summary>
    public Operand<TTile, TAlongK, TAligned> Next(int steps) => new(this, steps);

    /// <summary>Begins to copy a whole tile.</summary>
    public void Copy(ArrayView<Float4> tile) => Copy<No>(tile, 0);

    /// <summary>Copies a tile of which only so many steps of k are there, with zeros behind them, at once.</summary>
    public void Copy(ArrayView<Float4> tile, int steps) => Copy<Yes>(tile, steps);

    private void Copy<TPart>(ArrayView<Float4> tile, int steps)
        where TPart : struct, IChoice
    {
        ArrayView<float> to = tile.Cast<float>().SubView(_place);
        if (ByFours)
        {
            CopyFour<TPart>(to, 0, _at0, steps);
            if (Elements > 4) CopyFour<TPart>(to, 4, _at1, steps);
            return;
        }

        CopyOne<TPart>(to, 0, _at0, steps);
        CopyOne<TPart>(to, 1, _at1, steps);
        CopyOne<TPart>(to, 2, _at2, steps);
        CopyOne<TPart>(to, 3, _at3, steps);
        if (Elements == 4) return;
        CopyOne<TPart>(to, 4, _at4, steps);
        CopyOne<TPart>(to, 5, _at5, steps);
        CopyOne<TPart>(to, 6, _at6, steps);
        CopyOne<TPart>(to, 7, _at7, steps);
    }

    private void CopyOne<TPart>(ArrayView<float> to, int element, int at, int steps)
        where TPart : struct, IChoice
    {
        int place = TAlongK.Value ? element * Rows : (element / 4 * Rows * Pitch) + (element % 4);
        if (!TPart.Value) Instructions.CopyOne(ref to[place], ref _data.SubView(_from)[at]);
        else to[place] = Step(element) < steps ? _data[_from + at] : 0;
    }

    private void CopyFour<TPart>(ArrayView<float> to, int element, int at, int steps)
        where TPart : struct, IChoice
    {
        ArrayView<Float4> fours = to.AsAligned(16).Cast<Float4>();
        int place = element / 4 * Rows * Pitch / 4;
        if (!TPart.Value) Instructions.CopyFour(ref fours[place], ref _data.SubView(_from).AsAligned(16).Cast<Float4>()[at]);
        else fours[place] = Step(element) < steps ? _data.SubView(_from).AsAligned(16).Cast<Float4>()[at] : default;
    }

    private int Step(int element) => TAlongK.Value ? _step : _step + (element / 4 * Rows);

    private static int From(int copy, int first, int outer, int k)
    {
        if (copy >= (ByFours ? Elements / 4 : Elements)) return 0;
        if (ByFours) return Instructions.Hold(((copy * Rows * outer) + Math.Min(first, outer - 4)) / 4);
        return Instructions.Hold(TAlongK.Value ? Math.Min(first + (copy * Rows), outer - 1) * k : (copy / 4 * Rows * outer) + Math.Min(first + (copy % 4), outer - 1));
    }
}
