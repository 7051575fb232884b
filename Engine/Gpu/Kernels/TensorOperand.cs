using ILGPU;
using ILGPU.Runtime;

namespace EmotionXai.Engine.Gpu.Kernels;

/// <summary>
/// One operand of a product on tensor cores, on its way from global memory through registers, where it is rounded, to shared memory. There a tile is 128
/// rows (of A; columns of B) of 16 words along k, in four quads, which is what <see cref="ITensorMath.Load"/> takes. Eight quads
/// one below the other meet every bank once, because quad q of row r lies in place q xor (r / 2 mod 4). A thread has two quads of a tile.
/// </summary>
internal readonly struct TensorOperand<TMath, TAlongK, TAligned>
    where TMath : struct, ITensorMath
    where TAlongK : struct, IChoice
    where TAligned : struct, IChoice
{
    private const int Quads = 4;
    private readonly ArrayView<float> _data;
    private readonly int _from, _first, _second, _outer, _place;

    /// <summary>The tile at (first, firstK).</summary>
    public TensorOperand(ArrayView<float> data, int outer, int k, int first, int firstK)
    {
        _outer = outer;
        int row = first + Row, step = firstK + (Quad * PerQuad);
        _data = data;
        _from = TAlongK.Value ? step : step * outer;
        _first = Instructions.Hold(TAlongK.Value ? Math.Min(row, outer - 1) * k : Math.Min(row, outer - 1));
        _second = Instructions.Hold(TAlongK.Value ? Math.Min(row + (Width / 2), outer - 1) * k : _first + (2 * PerQuad * outer));
        _place = Instructions.Hold(Place(Row, Quad));
    }

    private TensorOperand(TensorOperand<TMath, TAlongK, TAligned> before, int steps)
    {
        this = before;
        _from += TAlongK.Value ? steps : steps * before._outer;
    }

    /// <summary>Rows of a tile.</summary>
    public static int Width => 128;

    /// <summary>Steps of k of a tile.</summary>
    public static int Depth => Quads * PerQuad;

    /// <summary>Quads of a tile.</summary>
    public static int Size => Width * Quads;

    private static int PerQuad => 4 * TMath.PerWord;

    // The thread's first quad. The second lies half a tile lower where k is contiguous, so that four neighbours read a row; else two quads on, so that neighbours read neighbours.
    private static int Row => TAlongK.Value ? Group.IdxX / Quads : Group.IdxX % Width;

    private static int Quad => TAlongK.Value ? Group.IdxX % Quads : Group.IdxX / Width;

    /// <summary>Where a quad lies in a tile.</summary>
    public static int Place(int row, int quad) => (row * Quads) + (quad ^ (row / 2 % Quads));

    /// <summary>The tile that begins so many steps of k later.</summary>
    public TensorOperand<TMath, TAlongK, TAligned> Next(int steps) => new(this, steps);

    /// <summary>The thread's part of a whole tile.</summary>
    public Fetched Fetch() => Fetch<No>(0);

    /// <summary>The thread's part of a tile of which only so many steps of k are there, with zeros behind them.</summary>
    public Fetched Fetch(int steps) => Fetch<Yes>(steps);

    /// <summary>Rounds and stores what was fetched.</summary>
    public void Store(Fetched fetched, ArrayView<Quad> tile)
    {
        tile[_place] = TMath.Pack(fetched.V0, fetched.V1);
        tile[TAlongK.Value ? _place + (Size / 2) : _place ^ 2] = TMath.Pack(fetched.V2, fetched.V3);
    }

    private Fetched Fetch<TPart>(int steps)
        where TPart : struct, IChoice
    {
        // A whole tile is read from where it begins; of a part, only what is there has an address.
        int left = steps - (Quad * PerQuad), leftSecond = TAlongK.Value ? left : left - (2 * PerQuad);
        int at = TPart.Value ? _from + _first : 0, atSecond = TPart.Value ? _from + _second : 0;
        ArrayView<float> first = TPart.Value ? _data : _data.SubView(_from + _first), second = TPart.Value ? _data : _data.SubView(_from + _second);
        Fetched fetched = default;
        fetched.V0 = Four<TPart>(first, at, 0, left);
        fetched.V2 = Four<TPart>(second, atSecond, 0, leftSecond);
        if (TMath.PerWord == 1) return fetched;
        fetched.V1 = Four<TPart>(first, at, 4, left);
        fetched.V3 = Four<TPart>(second, atSecond, 4, leftSecond);
        return fetched;
    }

    private Float4 Four<TPart>(ArrayView<float> from, int at, int step, int left)
        where TPart : struct, IChoice
    {
        if (!TPart.Value && TAlongK.Value && TAligned.Value) return from.AsAligned(16).Cast<Float4>()[step / 4];
        return new Float4(One<TPart>(from, at, step, left), One<TPart>(from, at, step + 1, left), One<TPart>(from, at, step + 2, left), One<TPart>(from, at, step + 3, left));
    }

    private float One<TPart>(ArrayView<float> from, int at, int step, int left)
        where TPart : struct, IChoice => !TPart.Value || step < left ? from[at + (TAlongK.Value ? step : step * _outer)] : 0;
}

/// <summary>What a thread has loaded of a tile: its first quad from <see cref="V0"/>, its second from <see cref="V2"/>.</summary>
internal struct Fetched
{
    public Float4 V0, V1, V2, V3;
}
