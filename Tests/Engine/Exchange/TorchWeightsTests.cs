using EmotionXai.Engine.Backends;
using EmotionXai.Engine.Backends.Cpu;
using EmotionXai.Engine.Exchange;
using EmotionXai.Engine.Layers;
using EmotionXai.Engine.Serialization;
using EmotionXai.Engine.Training;
using Xunit;

namespace EmotionXai.Tests.Engine.Exchange;

/// <summary>
/// Weights with PyTorch's names are read as PyTorch means them: against its documented formulas, written out here in float64.
/// (<c>./bench.sh twin</c> compares with libtorch itself.)
/// </summary>
public sealed class TorchWeightsTests : IDisposable
{
    private const int Time = 5, Inputs = 3, Hidden = 4;

    private readonly TemporaryFolder _folder = new();
    private readonly CpuBackend _backend = new();

    public static TheoryData<ModelKind> Kinds => [.. Enum.GetValues<ModelKind>()];

    public void Dispose()
    {
        _backend.Dispose();
        _folder.Dispose();
    }

    [Theory]
    [InlineData(RecurrentCell.Elman, 1)]
    [InlineData(RecurrentCell.Gru, 3)]
    [InlineData(RecurrentCell.Lstm, 4)]
    public void A_recurrent_module_gives_what_its_formulas_give(RecurrentCell cell, int gates)
    {
        NamedTensor[] state = [.. Module("rnn", "_l0", gates, 1), .. Module("rnn", "_l0_reverse", gates, 20)];
        string path = Write(state);
        using Model model = new(_backend, Time, Inputs, new Recurrent(new Initializer(_backend, 1), "rnn", cell, Inputs, Hidden, bidirectional: true), new PoolOverTime(Pooling.Mean));
        TorchWeights.Load(model, path);
        float[] clip = Numbers.Singles(9, Time * Inputs, -2, 2);
        double[][] forward = States(cell, state[..4], clip, reverse: false), backward = States(cell, state[4..], clip, reverse: true);
        double[] expected = [.. Enumerable.Range(0, Hidden).Select(u => forward.Average(h => h[u])), .. Enumerable.Range(0, Hidden).Select(u => backward.Average(h => h[u]))];
        Assert.All(expected.Zip(Predictor.Outputs(model, clip)), pair => Assert.Equal(pair.First, pair.Second, 1e-6));
    }

    [Fact]
    public void Linear_convolution_and_normalisation_are_read_as_PyTorch_means_them()
    {
        float[] kernel = Numbers.Singles(1, 2 * Inputs * 3), kernelBias = Numbers.Singles(2, 2), gain = Numbers.Singles(3, 2), shift = Numbers.Singles(4, 2), weight = Numbers.Singles(5, 3 * 6);
        string path = Write(new("c.weight", [2, Inputs, 3], kernel), new("c.bias", [2], kernelBias), new("n.weight", [2], gain), new("n.bias", [2], shift), new("head.weight", [3, 6], weight));
        Initializer draw = new(_backend, 1);
        using Model model = new(_backend, Time, Inputs, new Convolution(draw, "c", Inputs, 2, 3), new LayerNorm(draw, "n", 2), new Dense(draw, "d", 6, 3, Activation.Identity));
        TorchWeights.Load(model, path, new Dictionary<string, string> { ["d"] = "head" });

        float[] x = Numbers.Singles(6, Time * Inputs);
        double[] normal = new double[6];
        for (int s = 0; s < 3; s++)
        {
            double[] y = [.. Enumerable.Range(0, 2).Select(o => kernelBias[o] + Enumerable.Range(0, 3).Sum(w => Enumerable.Range(0, Inputs).Sum(f => (double)x[((s + w) * Inputs) + f] * kernel[(((o * Inputs) + f) * 3) + w])))];
            double mean = y.Average(), deviation = Math.Sqrt(y.Average(v => (v - mean) * (v - mean)) + 1e-5);
            for (int o = 0; o < 2; o++) normal[(s * 2) + o] = ((y[o] - mean) / deviation * gain[o]) + shift[o];
        }

        // A Linear without a bias has zeros.
        double[] expected = [.. Enumerable.Range(0, 3).Select(o => Enumerable.Range(0, 6).Sum(i => normal[i] * weight[(o * 6) + i]))];
        Assert.All(expected.Zip(Predictor.Outputs(model, x)), pair => Assert.Equal(pair.First, pair.Second, 1e-5));
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void What_was_written_is_read_back(ModelKind kind)
    {
        using Classifier classifier = Models.Small(_backend, kind, seed: 1, normalize: true), other = Models.Small(_backend, kind, seed: 2, normalize: true);
        TorchWeights.Save(classifier, _folder["w.safetensors"]);
        TorchWeights.Load(other, _folder["w.safetensors"]);
        float[] clips = Numbers.Singles(1, 9 * Models.Time * Models.Features);
        Assert.Equal(Predictor.Outputs(classifier, clips), Predictor.Outputs(other, clips));
    }

    [Fact]
    public void Layers_of_a_stacked_module_are_told_by_their_number()
    {
        NamedTensor[] state = [.. Module("lstm", "_l0", 4, 1), .. Module("lstm", "_l1", 4, 30, Hidden)];
        Initializer draw = new(_backend, 1);
        using Model model = new(_backend, Time, Inputs, new Recurrent(draw, "one", RecurrentCell.Lstm, Inputs, Hidden), new Recurrent(draw, "two", RecurrentCell.Lstm, Hidden, Hidden), new PoolOverTime(Pooling.Last));
        Dictionary<string, string> modules = new() { ["one"] = "lstm", ["two"] = "lstm[1]" };
        TorchWeights.Load(model, Write(state), modules);
        float[] clip = Numbers.Singles(9, Time * Inputs);
        double[][] below = States(RecurrentCell.Lstm, state[..4], clip, reverse: false);
        double[] expected = States(RecurrentCell.Lstm, state[4..], [.. below.SelectMany(h => h.Select(v => (float)v))], reverse: false)[^1];
        Assert.All(expected.Zip(Predictor.Outputs(model, clip)), pair => Assert.Equal(pair.First, pair.Second, 1e-6));
        TorchWeights.Save(model, _folder["again.safetensors"], modules);
        Assert.Equal(state.Select(t => t.Name), SafeTensors.Read(_folder["again.safetensors"]).Tensors.Select(t => t.Name));
    }

    [Fact]
    public void Files_of_other_layers_are_refused_with_the_reason_and_change_nothing()
    {
        NamedTensor[] state = [.. Module("rnn", "_l0", 4, 1)];
        using Model model = new(_backend, Time, Inputs, new Recurrent(new Initializer(_backend, 1), "rnn", RecurrentCell.Lstm, Inputs, Hidden), new PoolOverTime(Pooling.Last));
        double[] before = Numbered();
        Refused("it lacks 'rnn.weight_hh_l0' of [16, 4]", state[0]);
        Refused("'rnn.weight_ih_l0' is [12, 3], and this model's is [16, 3]", [.. Module("rnn", "_l0", 3, 1)]);
        Refused("it holds 'fc.weight', which no layer of this model takes; its modules are rnn", [.. state, new("fc.weight", [1, 4], new float[4])]);
        Assert.Equal(before, Numbered());
        Assert.Contains("no layer 'gru'", Assert.Throws<ArgumentException>(() => TorchWeights.Load(model, Write(state), new Dictionary<string, string> { ["gru"] = "rnn" })).Message, StringComparison.Ordinal);

        void Refused(string said, params NamedTensor[] tensors) =>
            Assert.Contains(said, Assert.Throws<InvalidDataException>(() => TorchWeights.Load(model, Write(tensors))).Message, StringComparison.Ordinal);

        double[] Numbered() => [.. model.Parameters.SelectMany(p => p.Value.ToDoubleArray())];
    }

    private string Write(params NamedTensor[] tensors)
    {
        SafeTensors.Write(_folder["state.safetensors"], tensors, new Dictionary<string, string> { ["format"] = "pt" });
        return _folder["state.safetensors"];
    }

    private static NamedTensor[] Module(string name, string suffix, int gates, int seed, int inputs = Inputs) =>
    [
        new($"{name}.weight_ih{suffix}", [gates * Hidden, inputs], Numbers.Singles(seed, gates * Hidden * inputs)),
        new($"{name}.weight_hh{suffix}", [gates * Hidden, Hidden], Numbers.Singles(seed + 1, gates * Hidden * Hidden)),
        new($"{name}.bias_ih{suffix}", [gates * Hidden], Numbers.Singles(seed + 2, gates * Hidden)),
        new($"{name}.bias_hh{suffix}", [gates * Hidden], Numbers.Singles(seed + 3, gates * Hidden)),
    ];

    // The formulas of torch.nn.RNN, GRU (r, z, n) and LSTM (i, f, g, o); [time][hidden].
    private static double[][] States(RecurrentCell cell, NamedTensor[] weights, float[] clip, bool reverse)
    {
        int inputs = weights[0].Extents[1];
        double[] h = new double[Hidden], c = new double[Hidden];
        double[][] all = new double[Time][];
        for (int s = 0; s < Time; s++)
        {
            int t = reverse ? Time - 1 - s : s;
            double[] old = [.. h];
            double X(int row) => weights[2].Values[row] + Enumerable.Range(0, inputs).Sum(f => (double)weights[0].Values[(row * inputs) + f] * clip[(t * inputs) + f]);
            double S(int row) => weights[3].Values[row] + Enumerable.Range(0, Hidden).Sum(u => (double)weights[1].Values[(row * Hidden) + u] * old[u]);
            double Gate(int gate, int unit) => 1 / (1 + Math.Exp(-(X((gate * Hidden) + unit) + S((gate * Hidden) + unit))));
            for (int u = 0; u < Hidden; u++)
            {
                switch (cell)
                {
                    case RecurrentCell.Elman:
                        h[u] = Math.Tanh(X(u) + S(u));
                        break;
                    case RecurrentCell.Gru:
                        double n = Math.Tanh(X((2 * Hidden) + u) + (Gate(0, u) * S((2 * Hidden) + u)));
                        h[u] = ((1 - Gate(1, u)) * n) + (Gate(1, u) * old[u]);
                        break;
                    default:
                        double g = Math.Tanh(X((2 * Hidden) + u) + S((2 * Hidden) + u));
                        c[u] = (Gate(1, u) * c[u]) + (Gate(0, u) * g);
                        h[u] = Gate(3, u) * Math.Tanh(c[u]);
                        break;
                }
            }

            all[t] = [.. h];
        }

        return all;
    }
}
