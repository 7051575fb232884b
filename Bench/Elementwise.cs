using BenchmarkDotNet.Attributes;
using EmotionXai.Engine.Autodiff;
using EmotionXai.Engine.Ops;
using EmotionXai.Engine.Tensors;

namespace EmotionXai.Bench;

/// <summary>Elementwise formulas, in the second-level cache and beyond it.</summary>
public abstract class FormulaKernel : Kernel
{
    private static readonly Dictionary<string, Func<Tape, Tensor, Tensor>> s_formulas = new()
    {
        ["exp"] = (tape, x) => tape.Exp(x),
        ["log"] = (tape, x) => tape.Log(x),
        ["tanh"] = (tape, x) => tape.Tanh(x),
        ["sigmoid"] = (tape, x) => tape.Sigmoid(x),
        ["gelu"] = (tape, x) => tape.Gelu(x),
        ["relu"] = (tape, x) => tape.Relu(x),
        ["square"] = (tape, x) => tape.Square(x),
    };

    public static IEnumerable<string> Formulas => s_formulas.Keys;

    [ParamsSource(nameof(Formulas))]
    public string Formula { get; set; } = "";

    [Params(1 << 13, 1 << 22)]
    public int Length { get; set; }

    protected Tape Tape { get; private set; } = null!;

    protected Tensor Output { get; private set; } = null!;

    protected override void Prepare()
    {
        Tape = new Tape(Backend);
        float[] values = new float[Length];
        Backend.Read(Operand(Length), values);
        Output = s_formulas[Formula](Tape, Tape.Input(new Shape(Length), values, tracksGradient: true));
        Tape.Backward(Output);
    }

    protected override void Release() => Tape.Dispose();
}

/// <summary>The formula.</summary>
public class ElementwiseKernel : FormulaKernel
{
    protected override void Call() => Tape.Replay();
}

/// <summary>Its derivative, with the gradient of ones that it starts from.</summary>
public class DerivativeKernel : FormulaKernel
{
    protected override void Call() => Tape.Backward(Output);
}
