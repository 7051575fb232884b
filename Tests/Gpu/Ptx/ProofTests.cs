using EmotionXai.Bench.Ptx;
using EmotionXai.Engine.Backends;
using EmotionXai.Engine.Gpu;
using EmotionXai.Engine.Layers;
using EmotionXai.Engine.Numerics;
using EmotionXai.Tests.Engine;
using Xunit;

namespace EmotionXai.Tests.Gpu.Ptx;

/// <summary>Faults put into the PTX of the kernels as they are: each must be found.</summary>
public sealed class ProofTests
{
    // Kernels by a call that launches them.
    private static readonly Dictionary<string, (ProductMath Math, Func<IBackend, Arrays, Slice[]> Work)> s_calls = new()
    {
        ["product-large-nn"] = (ProductMath.Float32, Product),
        ["product-tf32-nn"] = (ProductMath.Tf32, Product),
        ["product-bf16-nn"] = (ProductMath.Bf16, Product),
        ["sum-rows"] = (ProductMath.Float32, Sum),
        ["loss"] = (ProductMath.Float32, Loss),
        ["lstm-64-forward"] = (ProductMath.Float32, Recur),
        ["lstm-64-backward"] = (ProductMath.Float32, Recur),
        ["lstm-16-paths"] = (ProductMath.Float32, Paths),
        ["map-squared"] = (ProductMath.Float32, Square),
    };

    [Theory]
    [InlineData("product-large-nn")]
    [InlineData("product-tf32-nn")]
    [InlineData("product-bf16-nn")]
    [InlineData("sum-rows")]
    [InlineData("loss")]
    [InlineData("lstm-64-forward")]
    [InlineData("lstm-64-backward")]
    [InlineData("lstm-16-paths")]
    public void Each_barrier_that_is_taken_out_is_missed(string kernel)
    {
        int barriers = Places(kernel, "bar.sync").Length;
        Assert.InRange(barriers, 1, 20);
        for (int i = 0; i < barriers; i++)
        {
            Findings findings = Run(kernel, text => Without(text, Places(text, "bar.sync")[i])).Findings;
            Assert.Contains(findings.All, f => f.Kind == Wrong.Race && f.Kernel == kernel);
        }
    }

    // Four registers of results, then four of A (rows, then halves of the depth) and two of B (halves of the depth).
    [Theory]
    [InlineData("product-tf32-nn", 4, 5)]
    [InlineData("product-tf32-nn", 5, 6)]
    [InlineData("product-tf32-nn", 8, 9)]
    [InlineData("product-bf16-nn", 4, 6)]
    [InlineData("product-bf16-nn", 8, 9)]
    public void Exchanged_operands_of_a_tensor_product_are_seen_in_the_result(string kernel, int first, int second)
    {
        double[][] right = Run(kernel, text => text).Results, wrong = Run(kernel, Exchange).Results;

        // Rounding to 11 or 8 bits errs by far less.
        Assert.True(Numbers.RelativeDistance(right[0], wrong[0]) > 0.02);

        string Exchange(string text)
        {
            int at = Places(text, "mma.sync")[0], end = text.IndexOf(';', at);
            string line = text[at..end];
            string[] registers = [.. line.Split(['{', '}', ',', ' ', '\t'], StringSplitOptions.RemoveEmptyEntries)[1..]];
            string a = registers[first], b = registers[second];
            Assert.NotEqual(a, b);
            return text[..at] + Swap(line, a, b) + text[end..];
        }
    }

    // The last bounds of a product keep rows inside C (the last of TF32 those eight lower); the only one of a map keeps elements inside the array.
    [Theory]
    [InlineData("product-large-nn", 1)]
    [InlineData("product-tf32-nn", 2)]
    [InlineData("map-squared", 1)]
    public void A_bound_moved_by_one_is_found(string kernel, int fromEnd)
    {
        Findings findings = Run(kernel, text =>
        {
            int at = Places(text, "setp.ge.s32")[^fromEnd];
            return text[..at] + "setp.gt.s32" + text[(at + "setp.gt.s32".Length)..];
        }).Findings;
        Assert.Contains(findings.All, f => f.Kind == Wrong.OutOfBounds && f.Kernel == kernel);
    }

    [Theory]
    [InlineData("product-large-nn")]
    [InlineData("product-tf32-nn")]
    public void A_store_that_is_left_out_leaves_words_that_nothing_wrote(string kernel)
    {
        Findings findings = Run(kernel, text => Without(text, Places(text, "st.shared")[0])).Findings;
        Assert.Contains(findings.All, f => f.Kind == Wrong.NeverWritten && f.Kernel == kernel);
    }

    [Fact]
    public void A_copy_that_is_not_awaited_is_found()
    {
        Findings findings = Run("product-large-nn", text => Without(text, Places(text, "cp.async.wait_group")[0])).Findings;
        Assert.Contains(findings.All, f => f.Kernel == "product-large-nn" && f.Kind is Wrong.Race or Wrong.NeverWritten);
    }

    // What is found names the kernel, the line of its text and the thread.
    [Fact]
    public void A_finding_says_where()
    {
        int line = 0;
        Findings findings = Run("map-squared", text =>
        {
            int at = Places(text, "st.global")[0];
            line = 1 + text[..at].Count(c => c == '\n');
            return text[..at] + text[at..].Replace("]", "+4]", StringComparison.Ordinal);
        }).Findings;
        Finding found = Assert.Single(findings.All, f => f.Line == line);
        Assert.Equal((Wrong.OutOfBounds, "map-squared", 1, 299 - 256), (found.Kind, found.Kernel, found.Group, found.Thread));
        Assert.Contains("st.global.f32", found.ToString(), StringComparison.Ordinal);
    }

    private static (Findings Findings, double[][] Results) Run(string kernel, Func<string, string> change)
    {
        (ProductMath math, Func<IBackend, Arrays, Slice[]> work) = s_calls[kernel];
        using PtxDevice device = new(change: (name, text) => name == kernel ? change(text) : text);
        using GpuBackend backend = device.Backend(math);
        double[][] results = Executed.Of(backend, work);
        Assert.Contains(kernel, Executed.Names(device));
        return (device.Findings, results);
    }

    private static int[] Places(string kernelOrText, string word)
    {
        string text = s_calls.ContainsKey(kernelOrText) ? KernelTexts.Of(KernelCatalog.All.Single(k => k.Name == kernelOrText)) : kernelOrText;
        List<int> places = [];
        for (int at = text.IndexOf(word, StringComparison.Ordinal); at >= 0; at = text.IndexOf(word, at + 1, StringComparison.Ordinal)) places.Add(at);
        return [.. places];
    }

    private static string Without(string text, int at) => text.Remove(at, text.IndexOf(';', at) + 1 - at);

    private static string Swap(string line, string a, string b) =>
        System.Text.RegularExpressions.Regex.Replace(line, @"%r\d+", match => match.Value == a ? b : match.Value == b ? a : match.Value);

    private static Slice[] Product(IBackend backend, Arrays arrays)
    {
        const int M = 131, N = 61, K = 37;
        Slice c = arrays.New(M * N);
        backend.Multiply(new MatrixProduct(M, N, K, false, false, Accumulate: false), arrays.Random(M * K, 1), arrays.Random(K * N, 2), null, c);
        return [c];
    }

    private static Slice[] Sum(IBackend backend, Arrays arrays)
    {
        Slice y = arrays.New(2);
        backend.Sum(new AxisSplit(2, 500, 1), arrays.Random(1000, 1), y, 1, accumulate: false);
        return [y];
    }

    private static Slice[] Loss(IBackend backend, Arrays arrays)
    {
        Slice loss = arrays.New(1), slope = arrays.New(300);
        backend.BinaryCrossEntropy(arrays.Random(300, 1), arrays.Random(300, 2, 0, 1), 1, loss, slope);
        return [loss, slope];
    }

    private static Slice[] Square(IBackend backend, Arrays arrays)
    {
        Slice y = arrays.New(300);
        backend.Map(default(Squared), arrays.Random(300, 1), y, accumulate: false);
        return [y];
    }

    private static Slice[] Recur(IBackend backend, Arrays arrays)
    {
        Recurrence shape = new(RecurrentCell.Lstm, 5, 3, 40, Reverse: false);
        int units = shape.Batch * shape.Time * shape.Hidden, wide = units * shape.Gates;
        Slice weights = arrays.Random(shape.Hidden * shape.Hidden * shape.Gates, 1, -0.1, 0.1), states = arrays.New(units), saved = arrays.New(units * shape.SavedPerUnit), projected = arrays.New(wide);
        backend.RecurrentForward(shape, arrays.Random(wide, 2), weights, null, states, saved);
        backend.RecurrentBackward(shape, weights, states, saved, arrays.Random(units, 3), projected, null);
        return [states, projected];
    }

    // 40 threads' units of 64 threads, two turns of points.
    private static Slice[] Paths(IBackend backend, Arrays arrays)
    {
        RecurrentPaths paths = new(RecurrentCell.Lstm, 2, 20, 2, 13, Directions: 1, Averaged: 2, Units: 5);
        int length = paths.Pairs * paths.Time * 4 * paths.Hidden;
        Slice total = arrays.New(length);
        RecurrentWeights body = new(new DirectionWeights(arrays.Random(4 * paths.Hidden * paths.Hidden, 1), null), null, arrays.Random(paths.Hidden * paths.Units, 2), arrays.Random(paths.Units, 3), arrays.Random(paths.Units, 4));
        ((IIntegratesPaths)backend).IntegratePaths(
            paths, arrays.Random(length, 5), arrays.Random(length, 6), arrays.Random(paths.Steps, 7, 0, 1), arrays.Random(paths.Steps, 8), body, new ActivationSlope(Activation.Gelu), total);
        return [total];
    }
}
