using EmotionXai.Engine.Autodiff;
using EmotionXai.Engine.Tensors;

namespace EmotionXai.Engine.Ops;

/// <summary>
/// Arithmetic written as such: <c>(a - b) * 2 + c</c> records ops on the tape of its operands. One of them at least is a
/// tape's; tensors of a scope join it as leaves.
/// </summary>
public static class TensorOperators
{
    extension(Tensor)
    {
        /// <summary>a + b; axes of extent one are repeated.</summary>
        public static Tensor operator +(Tensor a, Tensor b) => Of(a, b).Add(a, b);

        /// <summary>a - b; axes of extent one are repeated.</summary>
        public static Tensor operator -(Tensor a, Tensor b) => Of(a, b).Subtract(a, b);

        /// <summary>a b, element by element; axes of extent one are repeated.</summary>
        public static Tensor operator *(Tensor a, Tensor b) => Of(a, b).Multiply(a, b);

        /// <summary>a / b, element by element; axes of extent one are repeated.</summary>
        public static Tensor operator /(Tensor a, Tensor b) => Of(a, b).Divide(a, b);

        /// <summary>-a.</summary>
        public static Tensor operator -(Tensor a) => Of(a, a).Negate(a);

        /// <summary>a + b.</summary>
        public static Tensor operator +(Tensor a, double b) => Of(a, a).Shift(a, b);

        /// <summary>a - b.</summary>
        public static Tensor operator -(Tensor a, double b) => Of(a, a).Shift(a, -b);

        /// <summary>a b.</summary>
        public static Tensor operator *(Tensor a, double b) => Of(a, a).Scale(a, b);

        /// <summary>a b.</summary>
        public static Tensor operator *(double a, Tensor b) => Of(b, b).Scale(b, a);

        /// <summary>a / b.</summary>
        public static Tensor operator /(Tensor a, double b) => Of(a, a).Scale(a, 1 / b);
    }

    private static Tape Of(Tensor a, Tensor b)
    {
        if (a.Tape is { } first && b.Tape is { } second && !ReferenceEquals(first, second))
            throw new InvalidOperationException("The operands are of two tapes; record an expression on one.");
        return (Tape?)(a.Tape ?? b.Tape) ?? throw new InvalidOperationException("Neither operand is a tape's; make one with Tape.Input, Tape.Use or an op.");
    }
}
