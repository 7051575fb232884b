using System.Runtime.CompilerServices;

namespace EmotionXai.Engine.Numerics;

/// <summary>
/// exp, log and tanh of float32, written once for every width of a CPU and for the threads of a GPU. Polynomials are those of the
/// Cephes library (S. Moshier), but for exp: e^r = 1 + r + r^2 q(r), with q of degree 4 fitted by Remez's algorithm to 3.2e-9 of e^r.
/// Error against float64 over all 2^32 inputs: exp 1.01, log 0.83, tanh 1.33 units in the last place (<c>./bench.sh ulp</c>).
/// </summary>
internal static class LaneMath
{
    /// <summary>
    /// e^x = 2^n e^r with n = round(x / ln 2), |r| at most ln 2 / 2, ln 2 in two parts so that r is exact to float32.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Exp<V>(V x)
        where V : struct, ISingle<V>
    {
        x = V.Clamp(x, -104, 89);
        V n = V.Round(x * V.Splat(1.44269504f));
        V r = V.MultiplyAdd(n, V.Splat(-0.693359375f), x);
        r = V.MultiplyAdd(n, V.Splat(2.12194440e-4f), r);
        V p = V.Splat(1.38388085e-3f);
        p = V.MultiplyAdd(p, r, V.Splat(8.36919248e-3f));
        p = V.MultiplyAdd(p, r, V.Splat(4.16681021e-2f));
        p = V.MultiplyAdd(p, r, V.Splat(1.66665167e-1f));
        p = V.MultiplyAdd(p, r, V.Splat(4.99999940e-1f));
        p = V.MultiplyAdd(p, r * r, r) + V.Splat(1);
        return V.Scale(p, n);
    }

    /// <summary>ln x = e ln 2 + ln m with m in [sqrt(1/2), sqrt 2); subnormals are scaled up first.</summary>
    public static V Log<V>(V x)
        where V : struct, ISingle<V>
    {
        V tiny = V.Splat(1.17549435e-38f), zero = V.Splat(0), one = V.Splat(1);
        V scaled = V.IfGreater(tiny, x, x * V.Splat(8388608), x);
        V e = V.Exponent(scaled) - V.IfGreater(tiny, x, V.Splat(23), zero);
        V m = V.Mantissa(scaled);
        V root = V.Splat(1.41421356f);
        e = V.IfGreater(m, root, e + one, e);
        m = V.IfGreater(m, root, m * V.Splat(0.5f), m);
        V f = m - one, z = f * f;
        V p = V.Splat(7.0376836292e-2f);
        p = V.MultiplyAdd(p, f, V.Splat(-1.1514610310e-1f));
        p = V.MultiplyAdd(p, f, V.Splat(1.1676998740e-1f));
        p = V.MultiplyAdd(p, f, V.Splat(-1.2420140846e-1f));
        p = V.MultiplyAdd(p, f, V.Splat(1.4249322787e-1f));
        p = V.MultiplyAdd(p, f, V.Splat(-1.6668057665e-1f));
        p = V.MultiplyAdd(p, f, V.Splat(2.0000714765e-1f));
        p = V.MultiplyAdd(p, f, V.Splat(-2.4999993993e-1f));
        p = V.MultiplyAdd(p, f, V.Splat(3.3333331174e-1f));
        V y = V.MultiplyAdd(e, V.Splat(-2.12194440e-4f), p * f * z);
        y = V.MultiplyAdd(z, V.Splat(-0.5f), y);
        V result = V.MultiplyAdd(e, V.Splat(0.693359375f), f + y);

        // The edges: ln inf = inf, ln 0 = -inf, ln of a negative number or NaN = NaN.
        V infinity = V.Splat(float.PositiveInfinity);
        result = V.IfGreater(infinity, x, result, x);
        return V.IfGreater(x, zero, result, V.IfGreater(zero, x, V.Splat(float.NaN), x - infinity));
    }

    /// <summary>Below 0.625 an odd polynomial, which keeps small results exact to a few roundings; above, 1 - 2 / (e^2|x| + 1).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Tanh<V>(V x)
        where V : struct, ISingle<V>
    {
        V size = V.Abs(x), z = size * size;
        V p = V.Splat(-5.70498872745e-3f);
        p = V.MultiplyAdd(p, z, V.Splat(2.06390887954e-2f));
        p = V.MultiplyAdd(p, z, V.Splat(-5.37397155531e-2f));
        p = V.MultiplyAdd(p, z, V.Splat(1.33314422036e-1f));
        p = V.MultiplyAdd(p, z, V.Splat(-3.33332819422e-1f));
        V small = V.MultiplyAdd(p * z, size, size);
        V large = V.Splat(1) - (V.Splat(2) / (Exp(size + size) + V.Splat(1)));
        return V.CopySign(V.IfGreater(size, V.Splat(0.625f), large, small), x);
    }
}
