using EmotionXai.Engine.Autodiff;
using EmotionXai.Engine.Backends;
using EmotionXai.Engine.Numerics;
using EmotionXai.Engine.Ops;
using EmotionXai.Engine.Tensors;
using Xunit;

namespace EmotionXai.Tests.Engine;

/// <summary>What ops document about NaN, infinities, ties, kinks, tails and empty axes; dropout.</summary>
public sealed class OpEdgeTests
{
    public static TheoryData<string> Backends => TestBackends.Names;

    public static TheoryData<string, string> UnaryOps
    {
        get
        {
            TheoryData<string, string> data = [];
            foreach (ITheoryDataRow backend in TestBackends.Names)
            {
                foreach (string op in (string[])["Negate", "Scale", "Shift", "Exp", "Log", "Sqrt", "Square", "Sigmoid", "Tanh", "Relu", "LeakyRelu", "Gelu", "Softplus", "Clamp"])
                    data.Add((string)backend.GetData()[0]!, op);
            }

            return data;
        }
    }

    [Theory]
    [MemberData(nameof(UnaryOps))]
    public void NaN_stays_NaN_and_stays_where_it_is(string backendName, string op)
    {
        using IBackend backend = TestBackends.Create(backendName);
        using Tape tape = new(backend);
        Tensor x = tape.Input(new Shape(9), [1, 1, double.NaN, 1, 1, 1, 1, 1, double.NaN]);
        double[] y = OpTable.Find(op).Build(tape, [x]).ToDoubleArray();
        for (int i = 0; i < y.Length; i++) Assert.Equal(i is 2 or 8, double.IsNaN(y[i]));
    }

    [Theory]
    [MemberData(nameof(Backends))]
    public void NaN_in_one_operand_propagates(string backendName)
    {
        using IBackend backend = TestBackends.Create(backendName);
        using Tape tape = new(backend);
        Tensor x = tape.Input(new Shape(2), [double.NaN, 1]), y = tape.Input(new Shape(2), [2.0, double.NaN]);
        foreach (Tensor z in (Tensor[])[tape.Add(x, y), tape.Subtract(x, y), tape.Multiply(x, y), tape.Divide(x, y)])
            Assert.All(z.ToDoubleArray(), v => Assert.True(double.IsNaN(v)));
    }

    [Theory]
    [MemberData(nameof(Backends))]
    public void NaN_in_reductions_products_and_norms_reaches_its_row_only(string backendName)
    {
        using IBackend backend = TestBackends.Create(backendName);
        using Tape tape = new(backend);
        Tensor x = tape.Input(new Shape(2, 3), [1, double.NaN, 7, 1, 2, 3]);
        Tensor ones = tape.Input(new Shape(3), [1.0, 1, 1]), matrix = tape.Input(new Shape(3, 1), [1.0, 1, 1]);
        Tensor[] results = [tape.Sum(x, 1), tape.Mean(x, 1), tape.Max(x, 1), tape.MatrixMultiply(x, matrix)];
        foreach (double[] y in results.Select(r => r.ToDoubleArray()))
        {
            Assert.True(double.IsNaN(y[0]));
            Assert.False(double.IsNaN(y[1]));
        }

        double[] normal = tape.LayerNorm(x, ones, ones).ToDoubleArray();
        Assert.All(normal[..3], v => Assert.True(double.IsNaN(v)));
        Assert.All(normal[3..], v => Assert.True(double.IsFinite(v)));
        Assert.True(double.IsNaN(tape.BinaryCrossEntropy(tape.Reshape(x, new Shape(6)), tape.Input(new Shape(6), new double[6])).ToDoubleArray()[0]));
    }

    [Theory]
    [MemberData(nameof(Backends))]
    public void NaN_in_a_recurrence_goes_on_in_time_and_not_to_other_clips(string backendName)
    {
        using IBackend backend = TestBackends.Create(backendName);
        foreach (RecurrentCell cell in Enum.GetValues<RecurrentCell>())
        {
            foreach (bool reverse in (bool[])[false, true])
            {
                using Tape tape = new(backend);
                OpCase row = OpTable.Find($"Recurrent, {cell}{(reverse ? ", reverse" : "")}");
                Tensor[] inputs = [.. row.Shapes.Select((s, i) => tape.Input(new Shape(s), row.Values(i, 1)))];
                double[] projection = row.Values(0, 1);
                int width = row.Shapes[0][2];
                projection.AsSpan((reverse ? 2 : 1) * width, width).Fill(double.NaN);
                inputs[0].CopyFrom(projection);
                double[] y = row.Build(tape, inputs).ToDoubleArray();
                for (int i = 0; i < y.Length; i++)
                {
                    int clip = i / 12, step = i / 3 % 4;
                    Assert.Equal(clip == 0 && (reverse ? step <= 2 : step >= 1), double.IsNaN(y[i]));
                }
            }
        }
    }

    [Theory]
    [MemberData(nameof(Backends))]
    public void Infinities_and_zeros_give_what_the_ops_say(string backendName)
    {
        const double Inf = double.PositiveInfinity;
        using IBackend backend = TestBackends.Create(backendName);
        using Tape tape = new(backend);
        Tensor x = tape.Input(new Shape(4), [-Inf, 0, Inf, -1]);
        Assert.Equal([0, 0.5, 1], tape.Sigmoid(x).ToDoubleArray()[..3]);
        Assert.Equal([double.NaN, double.NegativeInfinity, Inf, double.NaN], tape.Log(x).ToDoubleArray());
        Assert.Equal([double.NaN, 0, Inf, double.NaN], tape.Sqrt(x).ToDoubleArray());
        Assert.Equal([0, 1, Inf], tape.Exp(x).ToDoubleArray()[..3]);
        Assert.Equal([0, 0, Inf, 0], tape.Relu(x).ToDoubleArray());
        Assert.Equal([-0.5, 0, 1, -0.5], tape.Clamp(x, -0.5, 1).ToDoubleArray());
        Assert.Equal([-1, 0, 1], tape.Tanh(x).ToDoubleArray()[..3]);
        Assert.Equal([0, Inf], [tape.Softplus(x).ToDoubleArray()[0], tape.Softplus(x).ToDoubleArray()[2]]);
    }

    [Theory]
    [MemberData(nameof(Backends))]
    public void Kinks_have_the_derivative_that_is_documented(string backendName)
    {
        using IBackend backend = TestBackends.Create(backendName);
        (Func<Tape, Tensor, Tensor> Op, double[] Slopes)[] kinks =
        [
            ((t, x) => t.Relu(x), [0, 0, 1]), ((t, x) => t.LeakyRelu(x, 0.25), [0.25, 0.25, 1]), ((t, x) => t.Clamp(x, 0, 1), [0, 0, 0]),
        ];
        foreach ((Func<Tape, Tensor, Tensor> op, double[] slopes) in kinks)
        {
            using Tape tape = new(backend);
            Tensor x = tape.Input(new Shape(3), [-1.0, 0, 1], tracksGradient: true);
            tape.Backward(op(tape, x));
            Assert.Equal(slopes, tape.GradientOf(x).ToDoubleArray());
        }
    }

    [Theory]
    [MemberData(nameof(Backends))]
    public void The_gradient_of_a_tied_maximum_goes_to_the_first(string backendName)
    {
        using IBackend backend = TestBackends.Create(backendName);
        using Tape tape = new(backend);
        Tensor x = tape.Input(new Shape(2, 3), [1, 5, 5, 2, 2, 2.0], tracksGradient: true);
        tape.Backward(tape.Max(x, 1));
        Assert.Equal([0, 1, 0, 1, 0, 0], tape.GradientOf(x).ToDoubleArray());
    }

    [Theory]
    [MemberData(nameof(Backends))]
    public void Softplus_keeps_its_tail(string backendName)
    {
        using IBackend backend = TestBackends.Create(backendName);
        using Tape tape = new(backend);
        double[] x = [-60, -40, -20, -12, -8, 8, 12, 60, 500];
        double[] y = tape.Softplus(tape.Input(new Shape(x.Length), x)).ToDoubleArray();

        // ln(1 + t) = t - t^2 / 2 + t^3 / 3 to 1e-11 of itself for t = e^-8 and below.
        for (int i = 0; i < x.Length; i++)
        {
            double t = Math.Exp(-Math.Abs(x[i])), expected = Math.Max(x[i], 0) + t - (t * t / 2) + (t * t * t / 3);
            Assert.InRange(y[i] / expected, 1 - TestBackends.Bound(backend, 1e-10, 1e-6), 1 + TestBackends.Bound(backend, 1e-10, 1e-6));
        }
    }

    [Theory]
    [MemberData(nameof(Backends))]
    public void Cross_entropy_is_finite_for_every_finite_logit(string backendName)
    {
        using IBackend backend = TestBackends.Create(backendName);
        using Tape tape = new(backend);
        Tensor x = tape.Input(new Shape(4), [1e4, -1e4, 1e4, -1e4], tracksGradient: true);
        Tensor loss = tape.BinaryCrossEntropy(x, tape.Input(new Shape(4), [1.0, 1, 0, 0]), 3);
        tape.Backward(loss);
        Assert.Equal(1e4, loss.ToDoubleArray()[0], 1e-6);
        Assert.Equal([0, -0.75, 0.25, 0], tape.GradientOf(x).ToDoubleArray());
    }

    [Theory]
    [MemberData(nameof(Backends))]
    public void Long_rows_transpose_though_their_square_is_too_large(string backendName)
    {
        using IBackend backend = TestBackends.Create(backendName);
        using Tape tape = new(backend);
        double[] values = Numbers.Random(1, 100_000);
        Tensor y = tape.Transpose(tape.Input(new Shape(2, 50_000), values));
        Assert.Equal(new Shape(50_000, 2), y.Shape);
        Assert.Equal(values[50_001], y.ToDoubleArray()[3]);
    }

    [Theory]
    [MemberData(nameof(Backends))]
    public void Empty_batches_pass_through(string backendName)
    {
        using IBackend backend = TestBackends.Create(backendName);
        using Tape tape = new(backend);
        Tensor x = tape.Input(new Shape(0, 3), tracksGradient: true);
        Tensor y = tape.Concatenate(x, tape.Slice(x, 1, 1, 2), 1);
        Assert.Equal(new Shape(0, 5), y.Shape);
        Tensor w = tape.Input(new Shape(5, 2), new double[10], tracksGradient: true);
        Tensor z = tape.MatrixMultiply(tape.Gelu(y), w);
        tape.Backward(z);
        Assert.Equal(new double[10], tape.GradientOf(w).ToDoubleArray());
        Assert.Empty(tape.GradientOf(x).ToDoubleArray());
        Assert.Equal([0, 0], tape.Sum(z, 0).ToDoubleArray());
        Assert.All(tape.Mean(z, 0).ToDoubleArray(), v => Assert.True(double.IsNaN(v)));
    }

    [Theory]
    [MemberData(nameof(Backends))]
    public void Dropout_keeps_the_mean_draws_anew_and_masks_the_gradient(string backendName)
    {
        const int Length = 40_000;
        const double Rate = 0.3;
        using IBackend backend = TestBackends.Create(backendName);
        RandomCursor cursor = new(new RandomKey(7, 3));
        using Tape tape = new(backend, training: true);
        Tensor x = tape.Input(new Shape(Length), Enumerable.Repeat(1.0, Length).ToArray(), tracksGradient: true);
        Tensor y = tape.Dropout(x, Rate, cursor);
        double[] first = y.ToDoubleArray();
        tape.Backward(y);
        Assert.Equal(first, tape.GradientOf(x).ToDoubleArray());
        Assert.All(first, v => Assert.True(v == 0 || Math.Abs(v - (1 / (1 - Rate))) < 1e-6));

        // The share kept has standard deviation sqrt(0.3 * 0.7 / n) = 0.0023; five of them. Two draws agree with
        // probability 0.3^2 + 0.7^2 = 0.58.
        Assert.InRange(first.Count(v => v > 0) / (double)Length, 0.7 - 0.0115, 0.7 + 0.0115);
        tape.Replay();
        double[] second = y.ToDoubleArray();
        Assert.InRange(first.Zip(second, (a, b) => a == b ? 1.0 : 0).Average(), 0.58 - 0.0125, 0.58 + 0.0125);

        using Tape again = new(backend, training: true);
        Assert.Equal(first, again.Dropout(again.Input(new Shape(Length), Enumerable.Repeat(1.0, Length).ToArray()), Rate, new RandomCursor(new RandomKey(7, 3))).ToDoubleArray());
    }

    [Fact]
    public void Dropout_is_nothing_outside_training_and_at_rate_zero()
    {
        using IBackend backend = TestBackends.Create("reference");
        using Tape plain = new(backend), training = new(backend, training: true);
        RandomCursor cursor = new(default);
        Tensor x = plain.Input(new Shape(3), [1.0, 2, 3]), y = training.Input(new Shape(3), [1.0, 2, double.NaN]);
        Assert.Same(x, plain.Dropout(x, 0.5, cursor));
        Assert.Same(y, training.Dropout(y, 0, cursor));
        Assert.All(Enumerable.Range(0, 20), _ => Assert.True(double.IsNaN(training.Dropout(y, 0.5, cursor).ToDoubleArray()[2])));
    }

    [Theory]
    [MemberData(nameof(Backends))]
    public void An_empty_batch_walks_through_every_cell_and_back(string backendName)
    {
        foreach (RecurrentCell cell in Enum.GetValues<RecurrentCell>())
        {
            using IBackend backend = TestBackends.Create(backendName);
            using Tape tape = new(backend);
            int gates = new Recurrence(cell, 0, 0, 3, false).Gates;
            Tensor projection = tape.Input(new Shape(0, 4, gates * 3), tracksGradient: true), weights = tape.Input(new Shape(3, gates * 3), new double[gates * 9], tracksGradient: true);
            Tensor? bias = cell == RecurrentCell.Gru ? tape.Input(new Shape(3), new double[3], tracksGradient: true) : null;
            Tensor states = tape.Recurrent(cell, projection, weights, bias);
            tape.Backward(states);
            Assert.Empty(tape.GradientOf(projection).ToDoubleArray());
            Assert.All(tape.GradientOf(weights).ToDoubleArray(), v => Assert.Equal(0, v));
            if (bias is not null) Assert.Equal([0, 0, 0], tape.GradientOf(bias).ToDoubleArray());
        }
    }
}
