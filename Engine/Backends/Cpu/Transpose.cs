using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;

namespace EmotionXai.Engine.Backends.Cpu;

/// <summary>Transposes by blocks of 4 x 4 in registers: a scalar at a time is slower than the product it is for.</summary>
internal static unsafe class Transpose
{
    /// <summary>to[i, j] = from[j, i] for j below <paramref name="rows"/> and i below <paramref name="columns"/>, with rows so many elements apart.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Blocks(float* from, int rows, int columns, nint fromStep, float* to, nint toStep)
    {
        int j = 0;
        for (; j <= rows - 4; j += 4)
        {
            float* x = from + (j * fromStep), y = to + j;
            int i = 0;
            for (; i <= columns - 4; i += 4, y += 4 * toStep)
            {
                (Vector128<float> r0, Vector128<float> r1) = (Vector128.Load(x + i), Vector128.Load(x + fromStep + i));
                (Vector128<float> r2, Vector128<float> r3) = (Vector128.Load(x + (2 * fromStep) + i), Vector128.Load(x + (3 * fromStep) + i));
                (Vector128<float> a, Vector128<float> b) = (Low(r0, r2), High(r0, r2));
                (Vector128<float> c, Vector128<float> d) = (Low(r1, r3), High(r1, r3));
                Low(a, c).Store(y);
                High(a, c).Store(y + toStep);
                Low(b, d).Store(y + (2 * toStep));
                High(b, d).Store(y + (3 * toStep));
            }

            for (; i < columns; i++, y += toStep)
                for (int r = 0; r < 4; r++) y[r] = x[(r * fromStep) + i];
        }

        for (; j < rows; j++)
            for (int i = 0; i < columns; i++) to[(i * toStep) + j] = from[(j * fromStep) + i];
    }

    // a0 b0 a1 b1
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<float> Low(Vector128<float> a, Vector128<float> b) =>
        Sse.IsSupported ? Sse.UnpackLow(a, b)
        : AdvSimd.Arm64.IsSupported ? AdvSimd.Arm64.ZipLow(a, b)
        : Vector128.Create(a[0], b[0], a[1], b[1]);

    // a2 b2 a3 b3
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<float> High(Vector128<float> a, Vector128<float> b) =>
        Sse.IsSupported ? Sse.UnpackHigh(a, b)
        : AdvSimd.Arm64.IsSupported ? AdvSimd.Arm64.ZipHigh(a, b)
        : Vector128.Create(a[2], b[2], a[3], b[3]);
}
