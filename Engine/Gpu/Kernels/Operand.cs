using ILGPU;
using ILGPU.Runtime;

namespace EmotionXai.Engine.Gpu.Kernels;

/// <summary>
/// One operand of a product on its way from global to shared memory. Seen as [outer, k] (outer: the rows of A, the columns of
/// B), it is stored with k contiguous (<typeparamref name="TAlongK"/>) or with outer contiguous; in shared memory it always lies
/// [k, outer], so that a thread reads its eight rows or columns as two <see cref="Float4"/>. This is where transposes go, and where the rounding of <typeparamref name="TMath"/> happens.
/// </summary>
internal readonly struct Operand<TTile, TMath, TAlongK, TAligned>(ArrayView<float> data, int outer, int k)
    where TTile : struct, ITile
    where TMath : struct, IRounding
    where TAlongK : struct, IChoice
    where TAligned : struct, IChoice
{
    /// <summary>Elements of outer in a tile.</summary>
    public static int Width => 8 * TTile.Across;

    /// <summary>Elements from one k to the next in shared memory.</summary>
    public static int Pitch => Width + TTile.Pad;

    /// <summary>Elements of a tile in shared memory.</summary>
    public static int Size => TTile.Depth * Pitch;

    /// <summary>Loads a thread makes for a tile: at most 4.</summary>
    private static int Loads => Width * TTile.Depth / 4 / (TTile.Across * TTile.Across);

    /// <summary>A thread's part of the tile at (firstOuter, firstK); zero outside the matrix and from <paramref name="endK"/> on.</summary>
    public Fetched Fetch(int firstOuter, int firstK, int endK)
    {
        Fetched fetched = default;
        fetched.V0 = Fetch(0, firstOuter, firstK, endK);
        if (Loads > 1) fetched.V1 = Fetch(1, firstOuter, firstK, endK);
        if (Loads > 2) fetched.V2 = Fetch(2, firstOuter, firstK, endK);
        if (Loads > 3) fetched.V3 = Fetch(3, firstOuter, firstK, endK);
        return fetched;
    }

    /// <summary>Stores what was fetched into a tile in shared memory.</summary>
    public static void Stage(Fetched fetched, ArrayView<Float4> tile)
    {
        Stage(0, fetched.V0, tile);
        if (Loads > 1) Stage(1, fetched.V1, tile);
        if (Loads > 2) Stage(2, fetched.V2, tile);
        if (Loads > 3) Stage(3, fetched.V3, tile);
    }

    private static int Slot(int load) => Group.IdxX + (load * TTile.Across * TTile.Across);

    private Float4 Fetch(int load, int firstOuter, int firstK, int endK)
    {
        int slot = Slot(load);
        if (TAlongK.Value)
        {
            int o = firstOuter + (slot / (TTile.Depth / 4)), at = firstK + (4 * (slot % (TTile.Depth / 4)));
            return o < outer ? Four((o * k) + at, endK - at) : default;
        }
        else
        {
            int o = firstOuter + (4 * (slot % (Width / 4))), at = firstK + (slot / (Width / 4));
            return at < endK ? Four((at * outer) + o, outer - o) : default;
        }
    }

    // Up to four elements, as many as there are. Aligned operands have rows of whole fours.
    private Float4 Four(int at, int left)
    {
        if (TAligned.Value) return left > 0 ? data.AsAligned(16).Cast<Float4>()[at / 4] : default;
        return new Float4(left > 0 ? data[at] : 0, left > 1 ? data[at + 1] : 0, left > 2 ? data[at + 2] : 0, left > 3 ? data[at + 3] : 0);
    }

    private static void Stage(int load, Float4 fetched, ArrayView<Float4> tile)
    {
        Float4 v = new(TMath.Round(fetched.X), TMath.Round(fetched.Y), TMath.Round(fetched.Z), TMath.Round(fetched.W));
        int slot = Slot(load);
        if (TAlongK.Value)
        {
            ArrayView<float> elements = tile.Cast<float>();
            int at = (4 * (slot % (TTile.Depth / 4)) * Pitch) + (slot / (TTile.Depth / 4));
            elements[at] = v.X;
            elements[at + Pitch] = v.Y;
            elements[at + (2 * Pitch)] = v.Z;
            elements[at + (3 * Pitch)] = v.W;
        }
        else
        {
            tile[(slot / (Width / 4) * (Pitch / 4)) + (slot % (Width / 4))] = v;
        }
    }
}

/// <summary>What a thread has loaded of a tile.</summary>
internal struct Fetched
{
    public Float4 V0, V1, V2, V3;
}
