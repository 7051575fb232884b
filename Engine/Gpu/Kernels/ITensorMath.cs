using ILGPU;
using ILGPU.Runtime.Cuda;

namespace EmotionXai.Engine.Gpu.Kernels;

/// <summary>
/// A product of small matrices on a warp's tensor cores: D = A B + C with A [16, <see cref="Step"/>], B [<see cref="Step"/>, 8]. Which
/// lane holds which elements is laid down in NVIDIA's PTX ISA (mma.m16n8k8 for .tf32, mma.m16n8k16 for .bf16): lane l has the
/// row (of A) or column (of B) l / 4, and the lanes of four share k out.
/// </summary>
internal interface ITensorMath : IRounding
{
    /// <summary>Steps of k at a time.</summary>
    static abstract int Step { get; }

    /// <summary>A register of an operand that lies [k, outer] in shared memory, <paramref name="pitch"/> from one k to the next; <paramref name="half"/> is the lower or upper half of the steps.</summary>
    static abstract uint Word(ArrayView<float> tile, int at, int pitch, int lane, int half);

    /// <summary>Sets a lane's 64 sums to zero; once in a kernel.</summary>
    static virtual void Clear() => Accumulators.Clear();

    /// <summary>The sums of a block of 16 x 8: of row l / 4 columns 2 (l mod 4) and the next, and the same eight rows below.</summary>
    static virtual Float4 Read(int block) => Accumulators.Read(block);

    /// <summary>Adds a warp's product to a block: registers 0 to 3 of A, 0 and 1 of B. The block is known when a kernel is compiled.</summary>
    static abstract void Multiply(int block, uint a0, uint a1, uint a2, uint a3, uint b0, uint b1);
}

/// <summary>TF32: the exponent of float32 and 10 bits of fraction, ties away from zero, as cvt.rna.tf32 rounds.</summary>
internal readonly struct Tf32 : ITensorMath
{
    private const string Mma = "mma.sync.aligned.m16n8k8.row.col.f32.tf32.tf32.f32 ";

    public static int Step => 8;

    public static float Round(float value) => Digits.Drop(value, 13, even: false);

    public static uint Word(ArrayView<float> tile, int at, int pitch, int lane, int half) => Interop.FloatAsInt(tile[at + (((lane % 4) + (4 * half)) * pitch)]);

    public static void Multiply(int block, uint a0, uint a1, uint a2, uint a3, uint b0, uint b1)
    {
        switch (block)
        {
            case 0: CudaAsm.Emit(Mma + Accumulators.Block0 + Accumulators.Operands + Accumulators.Block0 + ";", a0, a1, a2, a3, b0, b1); break;
            case 1: CudaAsm.Emit(Mma + Accumulators.Block1 + Accumulators.Operands + Accumulators.Block1 + ";", a0, a1, a2, a3, b0, b1); break;
            case 2: CudaAsm.Emit(Mma + Accumulators.Block2 + Accumulators.Operands + Accumulators.Block2 + ";", a0, a1, a2, a3, b0, b1); break;
            case 3: CudaAsm.Emit(Mma + Accumulators.Block3 + Accumulators.Operands + Accumulators.Block3 + ";", a0, a1, a2, a3, b0, b1); break;
            case 4: CudaAsm.Emit(Mma + Accumulators.Block4 + Accumulators.Operands + Accumulators.Block4 + ";", a0, a1, a2, a3, b0, b1); break;
            case 5: CudaAsm.Emit(Mma + Accumulators.Block5 + Accumulators.Operands + Accumulators.Block5 + ";", a0, a1, a2, a3, b0, b1); break;
            case 6: CudaAsm.Emit(Mma + Accumulators.Block6 + Accumulators.Operands + Accumulators.Block6 + ";", a0, a1, a2, a3, b0, b1); break;
            case 7: CudaAsm.Emit(Mma + Accumulators.Block7 + Accumulators.Operands + Accumulators.Block7 + ";", a0, a1, a2, a3, b0, b1); break;
            case 8: CudaAsm.Emit(Mma + Accumulators.Block8 + Accumulators.Operands + Accumulators.Block8 + ";", a0, a1, a2, a3, b0, b1); break;
            case 9: CudaAsm.Emit(Mma + Accumulators.Block9 + Accumulators.Operands + Accumulators.Block9 + ";", a0, a1, a2, a3, b0, b1); break;
            case 10: CudaAsm.Emit(Mma + Accumulators.Block10 + Accumulators.Operands + Accumulators.Block10 + ";", a0, a1, a2, a3, b0, b1); break;
            case 11: CudaAsm.Emit(Mma + Accumulators.Block11 + Accumulators.Operands + Accumulators.Block11 + ";", a0, a1, a2, a3, b0, b1); break;
            case 12: CudaAsm.Emit(Mma + Accumulators.Block12 + Accumulators.Operands + Accumulators.Block12 + ";", a0, a1, a2, a3, b0, b1); break;
            case 13: CudaAsm.Emit(Mma + Accumulators.Block13 + Accumulators.Operands + Accumulators.Block13 + ";", a0, a1, a2, a3, b0, b1); break;
            case 14: CudaAsm.Emit(Mma + Accumulators.Block14 + Accumulators.Operands + Accumulators.Block14 + ";", a0, a1, a2, a3, b0, b1); break;
            default: CudaAsm.Emit(Mma + Accumulators.Block15 + Accumulators.Operands + Accumulators.Block15 + ";", a0, a1, a2, a3, b0, b1); break;
        }
    }
}

/// <summary>bfloat16: the exponent of float32 and 7 bits of fraction, ties to even. Two neighbours along k share a register, the first in its lower half.</summary>
internal readonly struct Bf16 : ITensorMath
{
    private const string Mma = "mma.sync.aligned.m16n8k16.row.col.f32.bf16.bf16.f32 ";

    public static int Step => 16;

    public static float Round(float value) => Digits.Drop(value, 16, even: true);

    public static uint Word(ArrayView<float> tile, int at, int pitch, int lane, int half)
    {
        int first = at + (((2 * (lane % 4)) + (8 * half)) * pitch);
        return (Interop.FloatAsInt(tile[first]) >> 16) | (Interop.FloatAsInt(tile[first + pitch]) & 0xFFFF0000);
    }

    public static void Multiply(int block, uint a0, uint a1, uint a2, uint a3, uint b0, uint b1)
    {
        switch (block)
        {
            case 0: CudaAsm.Emit(Mma + Accumulators.Block0 + Accumulators.Operands + Accumulators.Block0 + ";", a0, a1, a2, a3, b0, b1); break;
            case 1: CudaAsm.Emit(Mma + Accumulators.Block1 + Accumulators.Operands + Accumulators.Block1 + ";", a0, a1, a2, a3, b0, b1); break;
            case 2: CudaAsm.Emit(Mma + Accumulators.Block2 + Accumulators.Operands + Accumulators.Block2 + ";", a0, a1, a2, a3, b0, b1); break;
            case 3: CudaAsm.Emit(Mma + Accumulators.Block3 + Accumulators.Operands + Accumulators.Block3 + ";", a0, a1, a2, a3, b0, b1); break;
            case 4: CudaAsm.Emit(Mma + Accumulators.Block4 + Accumulators.Operands + Accumulators.Block4 + ";", a0, a1, a2, a3, b0, b1); break;
            case 5: CudaAsm.Emit(Mma + Accumulators.Block5 + Accumulators.Operands + Accumulators.Block5 + ";", a0, a1, a2, a3, b0, b1); break;
            case 6: CudaAsm.Emit(Mma + Accumulators.Block6 + Accumulators.Operands + Accumulators.Block6 + ";", a0, a1, a2, a3, b0, b1); break;
            case 7: CudaAsm.Emit(Mma + Accumulators.Block7 + Accumulators.Operands + Accumulators.Block7 + ";", a0, a1, a2, a3, b0, b1); break;
            case 8: CudaAsm.Emit(Mma + Accumulators.Block8 + Accumulators.Operands + Accumulators.Block8 + ";", a0, a1, a2, a3, b0, b1); break;
            case 9: CudaAsm.Emit(Mma + Accumulators.Block9 + Accumulators.Operands + Accumulators.Block9 + ";", a0, a1, a2, a3, b0, b1); break;
            case 10: CudaAsm.Emit(Mma + Accumulators.Block10 + Accumulators.Operands + Accumulators.Block10 + ";", a0, a1, a2, a3, b0, b1); break;
            case 11: CudaAsm.Emit(Mma + Accumulators.Block11 + Accumulators.Operands + Accumulators.Block11 + ";", a0, a1, a2, a3, b0, b1); break;
            case 12: CudaAsm.Emit(Mma + Accumulators.Block12 + Accumulators.Operands + Accumulators.Block12 + ";", a0, a1, a2, a3, b0, b1); break;
            case 13: CudaAsm.Emit(Mma + Accumulators.Block13 + Accumulators.Operands + Accumulators.Block13 + ";", a0, a1, a2, a3, b0, b1); break;
            case 14: CudaAsm.Emit(Mma + Accumulators.Block14 + Accumulators.Operands + Accumulators.Block14 + ";", a0, a1, a2, a3, b0, b1); break;
            default: CudaAsm.Emit(Mma + Accumulators.Block15 + Accumulators.Operands + Accumulators.Block15 + ";", a0, a1, a2, a3, b0, b1); break;
        }
    }
}
