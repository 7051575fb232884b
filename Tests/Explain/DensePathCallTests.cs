using CsCheck;
using EmotionXai.Engine.Backends;
using EmotionXai.Engine.Backends.Cpu;
using EmotionXai.Engine.Backends.Profiling;
using EmotionXai.Engine.Backends.Reference;
using EmotionXai.Engine.Layers;
using EmotionXai.Engine.Ops;
using EmotionXai.Engine.Tensors;
using EmotionXai.Explain;
using EmotionXai.Tests.Backends;
using EmotionXai.Tests.Engine;
using Xunit;

namespace EmotionXai.Tests.Explain;

/// <summary>Paths through dense layers in one call of Cpu, at every vector width, beside the tape of Reference.</summary>
public sealed class DensePathCallTests
{
    public static TheoryData<Activation> Activations => [.. Enum.GetValues<Activation>().Where(a => a != Activation.Identity)];

    [Theory]
    [MemberData(nameof(Activations))]
    public void Totals_are_those_of_the_tape(Activation activation)
    {
        foreach (int[] hidden in (int[][])[[1], [40], [7, 33], [64, 32], [128, 64, 9]])
        {
            Case paths = new(activation, hidden, Pairs: 3, Steps: 21);
            double[]? first = null;
            foreach (int width in VectorWidths.Supported)
            {
                using CpuBackend backend = new(1, width);
                double[] totals = paths.InOneCall(backend);
                Assert.InRange(paths.Error(totals), 0, 1e-5);
                Assert.Equal(first ??= totals, totals);
            }
        }
    }

    // However points are cut, and whoever works on them.
    [Fact]
    public void A_path_has_the_same_bits_in_any_company() => Gen.Select(Gen.Int[1, 9], Gen.Int[1, 60], Gen.Int[1, 80], Gen.Int[1, 40], Gen.Int[1, 4]).Sample(
        (pairs, steps, first, second, threads) =>
        {
            Case paths = new(Activation.Tanh, [first, second], pairs, steps);
            using CpuBackend one = new(1), several = new(threads);
            double[] all = paths.InOneCall(several);
            for (int pair = 0; pair < pairs; pair++) Assert.Equal((paths with { First = pair, Pairs = 1 }).InOneCall(one), all[(pair * first)..((pair + 1) * first)]);
        },
        iter: 40);

    [Fact]
    public void A_path_that_is_not_a_number_spoils_no_other()
    {
        using CpuBackend backend = new(1);
        Case paths = new(Activation.Tanh, [20, 10], Pairs: 3, Steps: 11), spoilt = paths with { Spoils = 25 };
        double[] clean = paths.InOneCall(backend), totals = spoilt.InOneCall(backend);
        Assert.All(totals[20..40], total => Assert.True(double.IsNaN(total)));
        Assert.Equal(clean[..20], totals[..20]);
        Assert.Equal(clean[40..], totals[40..]);
    }

    [Fact]
    public void Other_bodies_go_over_the_tape()
    {
        using CpuBackend backend = new(1);
        Initializer initializer = new(backend, 1);
        Dense First() => new(initializer, "a", 6, 5, Activation.Tanh);
        Dense Readout() => new(initializer, "r", 5, 1, Activation.Identity);
        Assert.Null(Body(First(), new Dense(initializer, "b", 5, 5, Activation.Relu), Readout()));
        Assert.Null(Body(First(), new LayerNorm(initializer, "n", 5), Readout()));
        Assert.Null(Body(new Dense(initializer, "a", 6, 5, Activation.Identity), Readout()));
        Assert.Null(Body(new Dense(initializer, "a", 6, 1, Activation.Tanh)));
        Assert.NotNull(Body(First(), new Dropout(initializer, 0.5), Readout()));

        PathBody? Body(params Layer[] layers)
        {
            using Classifier classifier = new(backend, 2, 3, layers);
            return classifier.PathBody;
        }
    }

    [Fact]
    public void A_watched_backend_takes_what_it_watches_takes()
    {
        Profile profile = Profiles.New();
        using CpuBackend backend = new(1);
        using ReferenceBackend reference = new();
        Case paths = new(Activation.Tanh, [6, 5], 2, 3);
        Assert.Equal(paths.InOneCall(backend), paths.InOneCall(profile.Watch(backend, threads: 1)));
        OpKind kind = Assert.Single(profile.Kinds(), k => k.Name == nameof(IIntegratesDensePaths.IntegrateDensePaths));
        Assert.Equal(("2 paths of 3 points, 6 to 5 units", 2L * 6 * 5 * 2 * 3), (kind.Shapes, kind.MultiplyAdds));
        using Classifier classifier = paths.Build(profile.Watch(reference, threads: 1));
        Assert.Null(PathCall.For(classifier.Backend, classifier, 2));
    }

    [Fact]
    public void Wrong_slices_are_refused()
    {
        using CpuBackend cpu = new(1);
        DensePaths paths = new(2, 3, 4, [new(4, 5, New(20), New(5))], New(5), NeedsInputs: false);
        Slice ends = New(8), nodes = New(3), total = New(8);
        Throws(paths, ends.Part(0, 7), nodes, total);
        Throws(paths, ends, nodes.Part(0, 2), total);
        Throws(paths with { Readout = New(4) }, ends, nodes, total);
        Throws(paths with { Layers = [new(4, 5, New(21), New(5))] }, ends, nodes, total);
        Throws(paths with { Layers = [new(3, 5, New(15), New(5))] }, ends, nodes, total);
        Throws(paths with { Steps = 0 }, ends, nodes, total);
        Throws(paths, ends, nodes, ends);

        Slice New(int length) => new(cpu.Allocate(length), 0, length);

        void Throws(DensePaths paths, Slice start, Slice nodes, Slice total) => Assert.Throws<ArgumentException>(() =>
            ((IIntegratesDensePaths)cpu).IntegrateDensePaths(paths, start, start, nodes, nodes, default(ReluOp.Forward), default(ReluOp.Backward), total));
    }

    /// <summary>Paths behind the stem of a dense classifier, the same numbers on every backend.</summary>
    private sealed record Case(Activation Activation, int[] Hidden, int Pairs, int Steps)
    {
        /// <summary>The number of the first pair, which decides its ends.</summary>
        public int First { get; init; }

        /// <summary>Which number of the starts is not a number; none where it is negative.</summary>
        public int Spoils { get; init; } = -1;

        public double[] InOneCall(IBackend backend)
        {
            using Classifier classifier = Build(backend);
            return Of(backend, (quadrature, start, direction, total) =>
            {
                using PathCall call = PathCall.For(backend, classifier, Pairs) ?? throw new InvalidOperationException($"{backend.Name} does not take {this}.");
                call.Integrate(quadrature, start, direction, total);
            });
        }

        /// <summary>The largest difference from the tape of Reference, relative to the largest number.</summary>
        public double Error(double[] totals)
        {
            using ReferenceBackend backend = new();
            using Classifier classifier = Build(backend);
            double[] expected = Of(backend, (quadrature, start, direction, total) =>
            {
                using PathTape tape = new(backend, classifier, new Shape(Pairs, Hidden[0]), Steps);
                tape.Integrate(quadrature, start, direction, total);
            });
            return expected.Zip(totals, (e, a) => double.IsNaN(a) ? double.PositiveInfinity : Math.Abs(e - a)).Max() / expected.Max(Math.Abs);
        }

        public Classifier Build(IBackend backend)
        {
            Initializer initializer = new(backend, 7);
            List<Layer> layers = [.. Hidden.Select((units, i) => new Dense(initializer, $"d{i}", i == 0 ? 3 : Hidden[i - 1], units, Activation)), new Dense(initializer, "readout", Hidden[^1], 1, Activation.Identity)];
            Classifier classifier = new(backend, 1, 3, layers);
            foreach (EmotionXai.Engine.Autodiff.Parameter parameter in classifier.Parameters.Where(p => p.Value.Shape.Rank == 1))
                parameter.Value.CopyFrom(Numbers.Singles(parameter.Name.Length, parameter.Value.Shape.Length));
            return classifier;
        }

        private double[] Of(IBackend backend, Action<Quadrature, Slice, Slice, Slice> integrate)
        {
            int width = Hidden[0], length = Pairs * width;
            float[] starts = Ends(1, -1, 1), directions = Ends(2, -2, 2);
            if (Spoils >= 0) starts[Spoils] = float.NaN;
            using TensorScope scope = new(backend);
            Shape shape = new(Pairs, width);
            Tensor start = scope.From(shape, starts), direction = scope.From(shape, directions), total = scope.New(shape);
            integrate(Quadrature.Create(QuadratureRule.GaussLegendre, Steps), start.Data, direction.Data, total.Data);
            return total.ToDoubleArray();

            float[] Ends(int seed, float low, float high) => [.. Enumerable.Range(First, Pairs).SelectMany(p => Numbers.Singles((10 * p) + seed, width, low, high)).Take(length)];
        }
    }
}
