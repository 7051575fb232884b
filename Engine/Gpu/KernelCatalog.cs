using EmotionXai.Engine.Gpu.Kernels;
using EmotionXai.Engine.Layers;
using EmotionXai.Engine.Numerics;
using EmotionXai.Engine.Ops;
using EmotionXai.Engine.Training;

namespace EmotionXai.Engine.Gpu;

/// <summary>Every kernel that the engine launches on a GPU, in every variant, for compiling them all where there is none.</summary>
internal static class KernelCatalog
{
    /// <summary>All of them.</summary>
    public static IReadOnlyList<KernelSource> All { get; } =
    [
        .. Maps(), .. Plain(), .. Products<LargeTile>("large"), .. Products<MediumTile>("medium"),
        .. Tensors<Tf32>("tf32"), .. Tensors<Bf16>("bf16"),
        .. Recurrences<ElmanCell>("elman"), .. Recurrences<GruCell>("gru"), .. Recurrences<LstmCell>("lstm"), .. Paths<GruCell>("gru"), .. Paths<LstmCell>("lstm"),
    ];

    private static IEnumerable<KernelSource> Maps() =>
    [
        .. Unary<Identity>("identity"), .. Unary<Squared>("squared"), .. Binary<Difference>("difference"), .. Binary<Product>("product"),
        .. Unary<Initializer.ToInterval>("to-interval"), .. Unary<Times>("times"), .. Unary<DropoutOp.Mask>("dropout-mask"), .. Binary<Along>("along"),
        .. Ternary<RescaleRule.Secant>("secant"), .. Ternary<StepEnds.ClipFactor>("clip-factor"), .. Binary<HalfDifference>("half-difference"),
        .. Binary<AddOp.Forward>("add"), .. Ternary<AddOp.BackwardA>("add-backward-a"), .. Ternary<AddOp.BackwardB>("add-backward-b"),
        .. Binary<SubtractOp.Forward>("subtract"), .. Ternary<SubtractOp.BackwardA>("subtract-backward-a"), .. Ternary<SubtractOp.BackwardB>("subtract-backward-b"),
        .. Binary<MultiplyOp.Forward>("multiply"), .. Ternary<MultiplyOp.BackwardA>("multiply-backward-a"), .. Ternary<MultiplyOp.BackwardB>("multiply-backward-b"),
        .. Binary<DivideOp.Forward>("divide"), .. Ternary<DivideOp.BackwardA>("divide-backward-a"), .. Ternary<DivideOp.BackwardB>("divide-backward-b"),
        .. Unary<ClampOp.Forward>("clamp"), .. Ternary<ClampOp.Backward>("clamp-backward"),
        .. Unary<ExpOp.Forward>("exp"), .. Ternary<ExpOp.Backward>("exp-backward"),
        .. Unary<GeluOp.Forward>("gelu"), .. Ternary<GeluOp.Backward>("gelu-backward"),
        .. Unary<LeakyReluOp.Forward>("leaky-relu"), .. Ternary<LeakyReluOp.Backward>("leaky-relu-backward"),
        .. Unary<LogOp.Forward>("log"), .. Ternary<LogOp.Backward>("log-backward"),
        .. Unary<LossOps.Huber>("huber"), .. Ternary<LossOps.HuberSlope>("huber-slope"),
        .. Unary<NegateOp.Forward>("negate"), .. Ternary<NegateOp.Backward>("negate-backward"),
        .. Unary<ReluOp.Forward>("relu"), .. Ternary<ReluOp.Backward>("relu-backward"),
        .. Unary<ScaleOp.Forward>("scale"), .. Ternary<ScaleOp.Backward>("scale-backward"),
        .. Unary<ShiftOp.Forward>("shift"), .. Ternary<ShiftOp.Backward>("shift-backward"),
        .. Unary<SigmoidOp.Forward>("sigmoid"), .. Ternary<SigmoidOp.Backward>("sigmoid-backward"),
        .. Unary<SoftplusOp.Forward>("softplus"), .. Ternary<SoftplusOp.Backward>("softplus-backward"),
        .. Unary<SqrtOp.Forward>("sqrt"), .. Ternary<SqrtOp.Backward>("sqrt-backward"), .. Ternary<RootOp.Backward>("root-backward"),
        .. Unary<SquareOp.Forward>("square"), .. Ternary<SquareOp.Backward>("square-backward"),
        .. Unary<TanhOp.Forward>("tanh"), .. Ternary<TanhOp.Backward>("tanh-backward"),
    ];

    private static IEnumerable<KernelSource> Plain() =>
    [
        KernelSource.Of<FillKernel>("fill"), KernelSource.Of<CopyKernel>("copy"), KernelSource.Of<PointsKernel>("points"),
        KernelSource.Of<SumColumns>("sum-columns"), KernelSource.Of<SumRows>("sum-rows"),
        KernelSource.Of<MaxKernel>("max"), KernelSource.Of<ScatterKernel>("scatter"),
        KernelSource.Of<SkinnyKernel>("product-skinny"), KernelSource.Of<FinishKernel>("product-finish"),
        KernelSource.Of<LossKernel>("loss"), KernelSource.Of<AdamKernel>("adam"), KernelSource.Of<SgdMomentumKernel>("sgd-momentum"), KernelSource.Of<RandomKernel>("random"),
        KernelSource.Of<GatherKernel>("gather"), KernelSource.Of<SquaresKernel>("squares"), KernelSource.Of<TogetherKernel<AdamSlot>>("adam-together"), KernelSource.Of<TogetherKernel<SgdSlot>>("sgd-together"),
    ];

    private static IEnumerable<KernelSource> Unary<TOp>(string name)
        where TOp : struct, IUnary => [KernelSource.Of<UnaryMap<TOp, No>>($"map-{name}"), KernelSource.Of<UnaryMap<TOp, Yes>>($"map-{name}-repeated")];

    private static IEnumerable<KernelSource> Binary<TOp>(string name)
        where TOp : struct, IBinary => [KernelSource.Of<BinaryMap<TOp, No>>($"map-{name}"), KernelSource.Of<BinaryMap<TOp, Yes>>($"map-{name}-repeated")];

    private static IEnumerable<KernelSource> Ternary<TOp>(string name)
        where TOp : struct, ITernary => [KernelSource.Of<TernaryMap<TOp, No>>($"map-{name}"), KernelSource.Of<TernaryMap<TOp, Yes>>($"map-{name}-repeated")];

    private static IEnumerable<KernelSource> Products<TTile>(string tile)
        where TTile : struct, ITile =>
    [
        .. Products<TTile, No, No>($"product-{tile}-nn"), .. Products<TTile, No, Yes>($"product-{tile}-nt"),
        .. Products<TTile, Yes, No>($"product-{tile}-tn"), .. Products<TTile, Yes, Yes>($"product-{tile}-tt"),
    ];

    private static IEnumerable<KernelSource> Products<TTile, TTransposeA, TTransposeB>(string name)
        where TTile : struct, ITile
        where TTransposeA : struct, IChoice
        where TTransposeB : struct, IChoice =>
    [
        KernelSource.Of<MultiplyKernel<TTile, Whole, TTransposeA, TTransposeB, Yes>>($"{name}-aligned"),
        KernelSource.Of<MultiplyKernel<TTile, Whole, TTransposeA, TTransposeB, No>>(name),
    ];

    private static IEnumerable<KernelSource> Tensors<TMath>(string math)
        where TMath : struct, ITensorMath =>
    [
        .. Tensors<TMath, No, No>($"product-{math}-nn"), .. Tensors<TMath, No, Yes>($"product-{math}-nt"),
        .. Tensors<TMath, Yes, No>($"product-{math}-tn"), .. Tensors<TMath, Yes, Yes>($"product-{math}-tt"),
    ];

    private static IEnumerable<KernelSource> Tensors<TMath, TTransposeA, TTransposeB>(string name)
        where TMath : struct, ITensorMath
        where TTransposeA : struct, IChoice
        where TTransposeB : struct, IChoice =>
    [
        KernelSource.Of<TensorKernel<TMath, TTransposeA, TTransposeB, Yes>>($"{name}-aligned"), KernelSource.Of<TensorKernel<TMath, TTransposeA, TTransposeB, No>>(name),
    ];

    private static IEnumerable<KernelSource> Recurrences<TCell>(string cell)
        where TCell : struct, ICell =>
    [
        .. Recurrences<TCell, Twice<Four>>($"{cell}-16"),
        .. Recurrences<TCell, Twice<Twice<Four>>>($"{cell}-32"),
        .. Recurrences<TCell, Twice<Twice<Twice<Four>>>>($"{cell}-64"),
    ];

    private static IEnumerable<KernelSource> Recurrences<TCell, TPanel>(string name)
        where TCell : struct, ICell
        where TPanel : struct, IPanel<TPanel> =>
    [
        KernelSource.Of<RecurrentForwardKernel<TCell, TPanel>>($"{name}-forward"), KernelSource.Of<RecurrentBackwardKernel<TCell, TPanel>>($"{name}-backward"),
    ];

    private static IEnumerable<KernelSource> Paths<TCell>(string cell)
        where TCell : struct, ICell =>
    [
        KernelSource.Of<RecurrentPathKernel<TCell, Twice<Four>, ActivationSlope>>($"{cell}-16-paths"),
        KernelSource.Of<RecurrentPathKernel<TCell, Twice<Twice<Four>>, ActivationSlope>>($"{cell}-32-paths"),
        KernelSource.Of<RecurrentPathKernel<TCell, Twice<Twice<Twice<Four>>>, ActivationSlope>>($"{cell}-64-paths"),
    ];
}
