using System.Globalization;
using System.Numerics;
using Op = System.Func<ulong, ulong, ulong, ulong>;

namespace EmotionXai.Bench.Ptx;

/// <summary>
/// The arithmetic of PTX on one lane, bits in and bits out. Functions that a card approximates (ex2.approx and the like) are worked out
/// in float64 and rounded: a kernel may ask for no particular error of them.
/// </summary>
internal static class LaneOps
{
    /// <summary>The function of an instruction by the parts of its name; null where it is none.</summary>
    public static Op? Of(string[] name)
    {
        string type = name[^1];
        if (name.Contains("ftz") || name.Contains("sat")) return null;
        return name[0] switch
        {
            "cvt" => Conversion(name),
            "setp" => Comparison(name[1], type, name.Length == 4 ? name[2] : null),
            "selp" => (a, b, p) => p != 0 ? a : b,
            "mov" => (a, _, _) => a,
            "cvta" => (a, _, _) => a,
            "testp" => Test(name[1], type),
            _ => type switch
            {
                "f32" => Single(name),
                "f64" => Double(name),
                "pred" => Logic(name[0], 1),
                "b16" => Logic(name[0], 16),
                "b32" => Logic(name[0], 32) ?? Bits32(name),
                "b64" => Logic(name[0], 64),
                "s32" or "u32" or "s64" or "u64" or "s16" or "u16" => Integer(name),
                _ => null,
            },
        };
    }

    public static float Single(ulong bits) => BitConverter.UInt32BitsToSingle((uint)bits);

    public static ulong Bits(float value) => BitConverter.SingleToUInt32Bits(value);

    private static double Double(ulong bits) => BitConverter.UInt64BitsToDouble(bits);

    private static ulong Bits(double value) => BitConverter.DoubleToUInt64Bits(value);

    private static Op? Single(string[] name) => name[0] switch
    {
        "add" => (a, b, _) => Bits(Single(a) + Single(b)),
        "sub" => (a, b, _) => Bits(Single(a) - Single(b)),
        "mul" => (a, b, _) => Bits(Single(a) * Single(b)),
        "div" => (a, b, _) => Bits(Single(a) / Single(b)),
        "fma" or "mad" => (a, b, c) => Bits(MathF.FusedMultiplyAdd(Single(a), Single(b), Single(c))),
        "rcp" => (a, _, _) => Bits(1 / Single(a)),
        "sqrt" => (a, _, _) => Bits(MathF.Sqrt(Single(a))),
        "rsqrt" => (a, _, _) => Bits((float)(1 / Math.Sqrt(Single(a)))),
        "neg" => (a, _, _) => a ^ 0x80000000,
        "abs" => (a, _, _) => a & 0x7FFFFFFF,
        "copysign" => (a, b, _) => (b & 0x7FFFFFFF) | (a & 0x80000000),

        // The number wins where one of them is no number.
        "min" => (a, b, _) => float.IsNaN(Single(a)) ? b : float.IsNaN(Single(b)) ? a : Bits(MathF.Min(Single(a), Single(b))),
        "max" => (a, b, _) => float.IsNaN(Single(a)) ? b : float.IsNaN(Single(b)) ? a : Bits(MathF.Max(Single(a), Single(b))),
        "ex2" => (a, _, _) => Bits((float)Math.Pow(2, Single(a))),
        "lg2" => (a, _, _) => Bits((float)Math.Log2(Single(a))),
        "sin" => (a, _, _) => Bits((float)Math.Sin(Single(a))),
        "cos" => (a, _, _) => Bits((float)Math.Cos(Single(a))),
        "tanh" => (a, _, _) => Bits((float)Math.Tanh(Single(a))),
        _ => null,
    };

    private static Op? Double(string[] name) => name[0] switch
    {
        "add" => (a, b, _) => Bits(Double(a) + Double(b)),
        "sub" => (a, b, _) => Bits(Double(a) - Double(b)),
        "mul" => (a, b, _) => Bits(Double(a) * Double(b)),
        "div" => (a, b, _) => Bits(Double(a) / Double(b)),
        "fma" => (a, b, c) => Bits(Math.FusedMultiplyAdd(Double(a), Double(b), Double(c))),
        "rcp" => (a, _, _) => Bits(1 / Double(a)),
        "sqrt" => (a, _, _) => Bits(Math.Sqrt(Double(a))),
        "neg" => (a, _, _) => Bits(-Double(a)),
        "abs" => (a, _, _) => Bits(Math.Abs(Double(a))),
        _ => null,
    };

    private static Op? Test(string what, string type) => (what, type) switch
    {
        ("notanumber", "f32") => (a, _, _) => float.IsNaN(Single(a)) ? 1UL : 0,
        ("finite", "f32") => (a, _, _) => float.IsFinite(Single(a)) ? 1UL : 0,
        ("infinite", "f32") => (a, _, _) => float.IsInfinity(Single(a)) ? 1UL : 0,
        _ => null,
    };

    private static Op? Logic(string name, int bits)
    {
        ulong all = bits == 64 ? ulong.MaxValue : (1UL << bits) - 1;
        return name switch
        {
            "and" => (a, b, _) => a & b,
            "or" => (a, b, _) => a | b,
            "xor" => (a, b, _) => a ^ b,
            "not" => (a, _, _) => ~a & all,

            // A shift by the width or more leaves nothing.
            "shl" => (a, b, _) => (uint)b >= bits ? 0 : (a << (int)b) & all,
            "shr" => (a, b, _) => (uint)b >= bits ? 0 : a >> (int)b,
            _ => null,
        };
    }

    private static Op? Bits32(string[] name) => name[0] switch
    {
        "prmt" => Permute,
        "popc" => (a, _, _) => (ulong)BitOperations.PopCount((uint)a),
        "clz" => (a, _, _) => (ulong)BitOperations.LeadingZeroCount((uint)a),
        "brev" => (a, _, _) => Enumerable.Range(0, 32).Aggregate(0UL, (sum, i) => sum | ((a >> i & 1) << (31 - i))),
        _ => null,
    };

    // Each of four nibbles of c picks a byte of b:a; its top bit asks for the byte's sign, eight times.
    private static ulong Permute(ulong a, ulong b, ulong c)
    {
        ulong bytes = (uint)a | (b << 32), result = 0;
        for (int i = 0; i < 4; i++)
        {
            ulong pick = c >> (4 * i), value = bytes >> (int)(8 * (pick & 7)) & 0xFF;
            if ((pick & 8) != 0) value = (value & 0x80) != 0 ? 0xFFUL : 0;
            result |= value << (8 * i);
        }

        return result;
    }

    private static Op? Integer(string[] name)
    {
        (int bits, bool signed) = Kind(name[^1]);
        bool wide = name.Contains("wide"), high = name.Contains("hi");
        ulong all = bits == 64 ? ulong.MaxValue : (1UL << bits) - 1;
        long S(ulong x) => (long)(x << (64 - bits)) >> (64 - bits);
        ulong U(ulong x) => x & all;
        Int128 Product(ulong a, ulong b) => signed ? (Int128)S(a) * S(b) : (Int128)((UInt128)U(a) * U(b));
        ulong Part(Int128 p) => wide ? (ulong)p : high ? (ulong)(p >> bits) & all : (ulong)p & all;
        return name[0] switch
        {
            "add" => (a, b, _) => U(a + b),
            "sub" => (a, b, _) => U(a - b),
            "mul" => (a, b, _) => Part(Product(a, b)),
            "mad" => (a, b, c) => wide ? Part(Product(a, b)) + c : U(Part(Product(a, b)) + c),

            // A quotient by zero is no number in particular; all ones is what cards give.
            "div" => (a, b, _) => U(b) == 0 ? all : U(signed ? (ulong)(S(b) == -1 ? -S(a) : S(a) / S(b)) : U(a) / U(b)),
            "rem" => (a, b, _) => U(b) == 0 ? U(a) : U(signed ? (ulong)(S(b) == -1 ? 0 : S(a) % S(b)) : U(a) % U(b)),
            "neg" => (a, _, _) => U(0 - a),
            "abs" => (a, _, _) => U((ulong)Math.Abs(S(a))),
            "min" => (a, b, _) => signed ? (S(a) < S(b) ? a : b) : Math.Min(U(a), U(b)),
            "max" => (a, b, _) => signed ? (S(a) > S(b) ? a : b) : Math.Max(U(a), U(b)),
            "shr" => (a, b, _) => U(signed ? (ulong)(S(a) >> (int)Math.Min((uint)b, 63u)) : (uint)b >= bits ? 0 : U(a) >> (int)b),
            "bfe" => (a, b, c) => Field(a, (int)b & 255, (int)c & 255, bits, signed),
            _ => null,
        };
    }

    private static ulong Field(ulong a, int from, int length, int bits, bool signed)
    {
        if (length == 0 || from >= bits) return 0;
        length = Math.Min(length, bits - from);
        ulong all = bits == 64 ? ulong.MaxValue : (1UL << bits) - 1, value = a >> from << (64 - length);
        return signed ? (ulong)((long)value >> (64 - length)) & all : value >> (64 - length);
    }

    private static Op? Comparison(string how, string type, string? with)
    {
        Func<ulong, ulong, bool>? compare = type switch
        {
            "f32" => Ordered(how, (a, b) => Order(Single(a), Single(b))),
            "f64" => Ordered(how, (a, b) => Order(Double(a), Double(b))),
            "b32" or "b64" or "b16" => Ordered(how, (a, b) => a.CompareTo(b)),
            _ when Kind(type) is var (bits, signed) => signed
                ? Ordered(how, (a, b) => ((long)(a << (64 - bits))).CompareTo((long)(b << (64 - bits))))
                : Ordered(how, (a, b) => (a << (64 - bits)).CompareTo(b << (64 - bits))),
            _ => null,
        };
        if (compare is null) return null;
        return with switch
        {
            null => (a, b, _) => compare(a, b) ? 1UL : 0,
            "and" => (a, b, c) => compare(a, b) && c != 0 ? 1UL : 0,
            "or" => (a, b, c) => compare(a, b) || c != 0 ? 1UL : 0,
            "xor" => (a, b, c) => compare(a, b) != (c != 0) ? 1UL : 0,
            _ => null,
        };
    }

    // null where one of the two is no number.
    private static int? Order(double a, double b) => double.IsNaN(a) || double.IsNaN(b) ? null : a.CompareTo(b);

    private static Func<ulong, ulong, bool>? Ordered(string how, Func<ulong, ulong, int?> order) => how switch
    {
        "lt" or "lo" => (a, b) => order(a, b) < 0,
        "le" or "ls" => (a, b) => order(a, b) <= 0,
        "gt" or "hi" => (a, b) => order(a, b) > 0,
        "ge" or "hs" => (a, b) => order(a, b) >= 0,
        "eq" => (a, b) => order(a, b) == 0,
        "ne" => (a, b) => order(a, b) is { } o && o != 0,
        "ltu" => (a, b) => order(a, b) is not >= 0,
        "leu" => (a, b) => order(a, b) is not > 0,
        "gtu" => (a, b) => order(a, b) is not <= 0,
        "geu" => (a, b) => order(a, b) is not < 0,
        "equ" => (a, b) => order(a, b) is null or 0,
        "neu" => (a, b) => order(a, b) != 0,
        "num" => (a, b) => order(a, b) is not null,
        "nan" => (a, b) => order(a, b) is null,
        _ => null,
    };

    // cvt.rzi.s32.f32: what it becomes, then what it is.
    private static Op? Conversion(string[] name)
    {
        string to = name[^2], from = name[^1], rounding = name.Length > 3 ? name[1] : "";
        if (to == "tf32") return rounding == "rna" ? (a, _, _) => (a + 0x1000) & 0xFFFFE000 : null;
        if (to == "bf16x2") return rounding == "rn" ? (a, b, _) => (ulong)(Brain(a) << 16 | Brain(b)) : null;
        if (to == "bf16") return rounding == "rn" ? (a, _, _) => Brain(a) : null;
        if (from is "f32" or "f64")
        {
            Func<ulong, double> value = from == "f32" ? a => Single(a) : Double;
            if (to == "f64") return (a, _, _) => Bits(value(a));
            Func<double, double>? round = rounding switch
            {
                "rzi" => Math.Truncate,
                "rni" => x => Math.Round(x, MidpointRounding.ToEven),
                "rmi" => Math.Floor,
                "rpi" => Math.Ceiling,
                _ => null,
            };
            if (to == "f32") return (a, _, _) => Bits((float)(round is null ? value(a) : round(value(a))));
            if (round is null) return null;
            (int bits, bool signed) = Kind(to);
            double least = signed ? -Math.Pow(2, bits - 1) : 0, most = Math.Pow(2, signed ? bits - 1 : bits);
            ulong all = bits == 64 ? ulong.MaxValue : (1UL << bits) - 1, top = signed ? all >> 1 : all;
            return (a, _, _) =>
            {
                double x = round(value(a));
                if (double.IsNaN(x)) return 0;
                if (x >= most) return top;
                return x <= least ? (ulong)(signed ? (long)least : 0) & all : signed ? (ulong)(long)x & all : (ulong)x;
            };
        }

        (int width, bool negative) = Kind(from);
        if (width == 0) return null;
        long Signed(ulong a) => (long)(a << (64 - width)) >> (64 - width);
        ulong Unsigned(ulong a) => a << (64 - width) >> (64 - width);
        if (to == "f32") return negative ? (a, _, _) => Bits((float)Signed(a)) : (a, _, _) => Bits((float)Unsigned(a));
        if (to == "f64") return negative ? (a, _, _) => Bits((double)Signed(a)) : (a, _, _) => Bits((double)Unsigned(a));
        (int wide, _) = Kind(to);
        if (wide == 0) return null;
        ulong mask = wide == 64 ? ulong.MaxValue : (1UL << wide) - 1;
        return negative ? (a, _, _) => (ulong)Signed(a) & mask : (a, _, _) => Unsigned(a) & mask;
    }

    // Ties to even; a NaN stays one.
    private static uint Brain(ulong bits) =>
        float.IsNaN(Single(bits)) ? 0x7FFFu : (uint)((bits + 0x7FFF + (bits >> 16 & 1)) >> 16) & 0xFFFF;

    private static (int Bits, bool Signed) Kind(string type) =>
        type.Length > 1 && type[0] is 's' or 'u' or 'b' && int.TryParse(type.AsSpan(1), CultureInfo.InvariantCulture, out int bits) ? (bits, type[0] == 's') : (0, false);
}
