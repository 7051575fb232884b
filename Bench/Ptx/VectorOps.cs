using System.Runtime.Intrinsics;

namespace EmotionXai.Bench.Ptx;

/// <summary>The instructions that most of a kernel consists of, eight lanes at a time. float32 rounds as IEEE 754 says.</summary>
internal static class VectorOps
{
    /// <summary>The step of an instruction; null for those that are run lane by lane.</summary>
    public static Step? Step(string name, int d, int a, int b, int c) => name switch
    {
        "mov.f32" or "mov.b32" or "mov.u32" or "mov.s32" => new VectorStep<Move>(d, a, b, c),
        "add.f32" or "add.rn.f32" => new VectorStep<AddSingle>(d, a, b, c),
        "sub.f32" or "sub.rn.f32" => new VectorStep<SubtractSingle>(d, a, b, c),
        "mul.f32" or "mul.rn.f32" => new VectorStep<MultiplySingle>(d, a, b, c),
        "fma.rn.f32" => new VectorStep<Fused>(d, a, b, c),
        "add.s32" or "add.u32" => new VectorStep<Add>(d, a, b, c),
        "sub.s32" or "sub.u32" => new VectorStep<Subtract>(d, a, b, c),
        "mul.lo.s32" or "mul.lo.u32" => new VectorStep<Multiply>(d, a, b, c),
        "mad.lo.s32" or "mad.lo.u32" => new VectorStep<MultiplyAdd>(d, a, b, c),
        "and.b32" => new VectorStep<And>(d, a, b, c),
        "or.b32" => new VectorStep<Or>(d, a, b, c),
        "xor.b32" => new VectorStep<Xor>(d, a, b, c),
        _ => null,
    };

    /// <summary>The step of a sum that takes a product with it, rounded once: a b + c, c - a b or a b - c.</summary>
    public static Step Fuse(int d, int a, int b, int c, bool minusProduct, bool minusTerm) =>
        minusProduct ? new VectorStep<FusedLess>(d, a, b, c) : minusTerm ? new VectorStep<FusedFrom>(d, a, b, c) : new VectorStep<Fused>(d, a, b, c);

    private readonly struct Move : IVectorOp
    {
        public static Vector256<uint> Of(Vector256<uint> a, Vector256<uint> b, Vector256<uint> c) => a;
    }

    private readonly struct AddSingle : IVectorOp
    {
        public static Vector256<uint> Of(Vector256<uint> a, Vector256<uint> b, Vector256<uint> c) => (a.AsSingle() + b.AsSingle()).AsUInt32();
    }

    private readonly struct SubtractSingle : IVectorOp
    {
        public static Vector256<uint> Of(Vector256<uint> a, Vector256<uint> b, Vector256<uint> c) => (a.AsSingle() - b.AsSingle()).AsUInt32();
    }

    private readonly struct MultiplySingle : IVectorOp
    {
        public static Vector256<uint> Of(Vector256<uint> a, Vector256<uint> b, Vector256<uint> c) => (a.AsSingle() * b.AsSingle()).AsUInt32();
    }

    private readonly struct Fused : IVectorOp
    {
        public static Vector256<uint> Of(Vector256<uint> a, Vector256<uint> b, Vector256<uint> c) => Vector256.FusedMultiplyAdd(a.AsSingle(), b.AsSingle(), c.AsSingle()).AsUInt32();
    }

    private readonly struct FusedLess : IVectorOp
    {
        public static Vector256<uint> Of(Vector256<uint> a, Vector256<uint> b, Vector256<uint> c) => Vector256.FusedMultiplyAdd(-a.AsSingle(), b.AsSingle(), c.AsSingle()).AsUInt32();
    }

    private readonly struct FusedFrom : IVectorOp
    {
        public static Vector256<uint> Of(Vector256<uint> a, Vector256<uint> b, Vector256<uint> c) => Vector256.FusedMultiplyAdd(a.AsSingle(), b.AsSingle(), -c.AsSingle()).AsUInt32();
    }

    private readonly struct Add : IVectorOp
    {
        public static Vector256<uint> Of(Vector256<uint> a, Vector256<uint> b, Vector256<uint> c) => a + b;
    }

    private readonly struct Subtract : IVectorOp
    {
        public static Vector256<uint> Of(Vector256<uint> a, Vector256<uint> b, Vector256<uint> c) => a - b;
    }

    private readonly struct Multiply : IVectorOp
    {
        public static Vector256<uint> Of(Vector256<uint> a, Vector256<uint> b, Vector256<uint> c) => a * b;
    }

    private readonly struct MultiplyAdd : IVectorOp
    {
        public static Vector256<uint> Of(Vector256<uint> a, Vector256<uint> b, Vector256<uint> c) => (a * b) + c;
    }

    private readonly struct And : IVectorOp
    {
        public static Vector256<uint> Of(Vector256<uint> a, Vector256<uint> b, Vector256<uint> c) => a & b;
    }

    private readonly struct Or : IVectorOp
    {
        public static Vector256<uint> Of(Vector256<uint> a, Vector256<uint> b, Vector256<uint> c) => a | b;
    }

    private readonly struct Xor : IVectorOp
    {
        public static Vector256<uint> Of(Vector256<uint> a, Vector256<uint> b, Vector256<uint> c) => a ^ b;
    }
}
