using EmotionXai.Engine.Autodiff;
using EmotionXai.Engine.Backends;
using EmotionXai.Engine.Layers;
using EmotionXai.Engine.Ops;
using EmotionXai.Engine.Tensors;
using EmotionXai.Engine.Training;
using Xunit;

namespace EmotionXai.Tests.Engine;

public sealed class TrainerTests
{
    private static readonly TrainingOptions s_quick = new() { Epochs = 25, BatchSize = 16, LearningRate = 0.02, WeightDecay = 1e-3 };

    public static TheoryData<string, ModelKind> Kinds => Models.TrainedKinds;

    public static TheoryData<string> Backends => TestBackends.Names;

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Every_model_learns_separable_clips_with_every_optimiser(string backendName, ModelKind kind)
    {
        ClipData data = Models.Separable(70, 1), unseen = Models.Separable(50, 2);
        foreach (OptimizerKind optimizer in Enum.GetValues<OptimizerKind>())
        {
            using IBackend backend = TestBackends.Create(backendName);
            using (Classifier classifier = Models.Small(backend, kind))
            {
                int before = backend.LiveBuffers;
                double rate = optimizer == OptimizerKind.Sgd ? 0.1 : s_quick.LearningRate;
                TrainingReport report = Models.Train(classifier, data, s_quick with { Optimizer = optimizer, LearningRate = rate }, 3);
                Assert.Equal(25, report.Epochs);
                Assert.Equal(25, report.BestEpoch);
                Assert.Empty(report.ValidationLosses);
                Assert.True(report.Losses[^1] < 0.2 * report.Losses[0], $"{kind} {optimizer}: {report.Losses[0]} to {report.Losses[^1]}");
                Metrics metrics = Metrics.Of(Predictor.Logits(classifier, unseen.Clips), unseen.Targets);
                Assert.True(metrics.BalancedAccuracy > 0.97, $"{kind} {optimizer}: {metrics}");
                Assert.Equal(before + classifier.Parameters.Count, backend.LiveBuffers); // gradients; of the training nothing is left
            }

            Assert.Equal(0, backend.LiveBuffers);
        }
    }

    // With all that has a state: moments, steps, dropout, the best epoch.
    [Theory]
    [MemberData(nameof(Kinds))]
    public void A_training_that_was_stopped_goes_on_to_the_same_bits(string backendName, ModelKind kind)
    {
        ClipData data = Models.Separable(20, 1), validation = Models.Separable(10, 2);
        foreach (OptimizerKind optimizer in kind == ModelKind.Dense ? Enum.GetValues<OptimizerKind>() : [OptimizerKind.AdamW])
        {
            (double[][] whole, TrainingReport report) = Run(null, TestContext.Current.CancellationToken);
            using CancellationTokenSource stop = new();
            Kept kept = new();
            Assert.Throws<OperationCanceledException>(() => Run(kept, stop.Token, epoch =>
            {
                if (epoch == 2) stop.Cancel();
            }));
            Assert.Equal(2, kept.Times);
            (double[][] resumed, TrainingReport again) = Run(kept, TestContext.Current.CancellationToken);
            Assert.Equal(whole, resumed);
            Assert.Equal(report.Losses, again.Losses);
            Assert.Equal(report.ValidationLosses, again.ValidationLosses);
            Assert.Equal(report.BestEpoch, again.BestEpoch);
            kept.State = kept.State![..^8];
            Assert.Contains("of another model", Assert.Throws<InvalidDataException>(() => Run(kept, TestContext.Current.CancellationToken)).Message, StringComparison.Ordinal);

            (double[][], TrainingReport) Run(ITrainingStore? store, CancellationToken cancellation, Action<int>? told = null)
            {
                using IBackend backend = TestBackends.Create(backendName);
                using Classifier classifier = new ClassifierOptions { Kind = kind, Hidden = [5, 3], Dropout = 0.3, Normalize = true }.Build(backend, Models.Time, Models.Features, 1);
                TrainingOptions options = s_quick with { Epochs = 4, Optimizer = optimizer, Patience = 2 };
                TrainingReport done = Trainer.Train(classifier, data, options, 5, validation, (epoch, _) => told?.Invoke(epoch), store, cancellation);
                return (Models.ParameterValues(classifier), done);
            }
        }
    }

    private sealed class Kept : ITrainingStore
    {
        public byte[]? State { get; set; }

        public int Times { get; private set; }

        public bool IsDue => true;

        public byte[]? Find() => State;

        public void Keep(byte[] state) => (State, Times) = (state, Times + 1);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void A_seed_gives_the_same_bits_twice(string backendName, ModelKind kind)
    {
        ClipData data = Models.Separable(37, 1);
        double[][] Run(ulong seed)
        {
            using IBackend backend = TestBackends.Create(backendName);
            using Classifier classifier = new ClassifierOptions { Kind = kind, Hidden = [5, 3], Dropout = 0.3, Normalize = true }.Build(backend, Models.Time, Models.Features, 1);
            Models.Train(classifier, data, s_quick with { Epochs = 3 }, seed);
            return Models.ParameterValues(classifier);
        }

        double[][] first = Run(5);
        Assert.Equal(first, Run(5));
        Assert.NotEqual(first[0], Run(6)[0]);
    }

    [Theory]
    [MemberData(nameof(Backends))]
    public void Early_stopping_restores_the_best_epoch(string backendName)
    {
        ClipData data = Models.Separable(40, 1), validation = Models.Separable(30, 2);

        // Validation targets are turned around, so learning makes the validation loss worse soon.
        ClipData reversed = new(Models.Time, Models.Features, validation.Clips.ToArray(), [.. validation.Targets.Select(t => 1 - t)]);
        using IBackend backend = TestBackends.Create(backendName);
        using Classifier stopped = Models.Small(backend, ModelKind.Dense), cut = Models.Small(backend, ModelKind.Dense);
        TrainingOptions options = s_quick with { Patience = 4, Schedule = ScheduleKind.Constant };
        TrainingReport report = Models.Train(stopped, data, options, 3, reversed);
        Assert.Equal(report.ValidationLosses.Min(), report.ValidationLosses[report.BestEpoch - 1]);
        Assert.Equal(report.BestEpoch + 4, report.Epochs);
        Models.Train(cut, data, options with { Patience = 0, Epochs = report.BestEpoch }, 3);
        Assert.Equal(Models.ParameterValues(cut), Models.ParameterValues(stopped));
    }

    [Theory]
    [MemberData(nameof(Backends))]
    public void Classes_are_balanced_by_weight(string backendName)
    {
        // Clips of zeros have the same logit z, the bias: the weighted loss is least where n_pos w sigmoid(-z) = n_neg sigmoid(z).
        using IBackend backend = TestBackends.Create(backendName);
        foreach ((double weight, double expected) in ((double, double)[])[(0, 0), (1, Math.Log(1.0 / 3)), (6, Math.Log(2))])
        {
            using Classifier classifier = new(backend, 1, 2, new Dense(new Initializer(backend, 1), "d", 2, 1, Activation.Identity));
            ClipData data = new(1, 2, new float[16], [1, 0, 0, 0, 1, 0, 0, 0]);
            Models.Train(classifier, data, new TrainingOptions { Epochs = 400, BatchSize = 8, Optimizer = OptimizerKind.Sgd, LearningRate = 0.5, WeightDecay = 0, ClipNorm = 0, PositiveWeight = weight }, 1);
            Assert.Equal(expected, Predictor.Logits(classifier, new float[2])[0], 1e-4);
        }
    }

    [Theory]
    [MemberData(nameof(Backends))]
    public void Gradients_are_clipped_over_all_parameters_together(string backendName)
    {
        using IBackend backend = TestBackends.Create(backendName);
        foreach (double clip in (double[])[0, 1e-3, 1e6])
        {
            using Classifier classifier = Models.Small(backend, ModelKind.Dense);
            double[][] before = Models.ParameterValues(classifier);
            ClipData data = Models.Separable(10, 1);
            Models.Train(classifier, data, new TrainingOptions { Epochs = 1, BatchSize = 10, Optimizer = OptimizerKind.Sgd, LearningRate = 1, WeightDecay = 0, ClipNorm = clip }, 1);
            double[][] after = Models.ParameterValues(classifier);
            double moved = Math.Sqrt(before.Zip(after, (b, a) => Math.Pow(Numbers.Norm(b.Zip(a, (x, y) => x - y)), 2)).Sum());
            double gradient = Math.Sqrt(classifier.Parameters.Sum(p => Math.Pow(Numbers.Norm(p.Gradient.ToDoubleArray()), 2)));
            Assert.True(gradient > 0.05);
            double expected = clip == 1e-3 ? clip : gradient;
            Assert.InRange(moved / expected, 1 - TestBackends.Bound(backend, 1e-6, 1e-3), 1 + TestBackends.Bound(backend, 1e-6, 1e-3));
        }
    }

    [Theory]
    [MemberData(nameof(Backends))]
    public void Frozen_parameters_stay(string backendName)
    {
        using IBackend backend = TestBackends.Create(backendName);
        using Classifier classifier = Models.Small(backend, ModelKind.Lstm);
        classifier.Parameters[0].Frozen = true;
        double[][] before = Models.ParameterValues(classifier);
        Models.Train(classifier, Models.Separable(20, 1), s_quick with { Epochs = 2 }, 1);
        double[][] after = Models.ParameterValues(classifier);
        Assert.Equal(before[0], after[0]);
        for (int i = 1; i < before.Length; i++) Assert.NotEqual(before[i], after[i]);
    }

    [Fact]
    public void Schedules_have_the_values_of_their_formulas()
    {
        TrainingOptions options = new() { LearningRate = 0.5 };
        Assert.Equal([0.5, 0.25, 0], ((int[])[0, 50, 100]).Select(s => options.RateAt(s, 100)), (a, b) => Math.Abs(a - b) < 1e-15);
        Assert.Equal([0.5, 0.5, 0.05, 0.05, 0.005, 0.005], ((int[])[0, 32, 33, 65, 66, 98]).Select(s => (options with { Schedule = ScheduleKind.Step }).RateAt(s, 99)), (a, b) => Math.Abs(a - b) < 1e-15);
        Assert.Equal(0.5, (options with { Schedule = ScheduleKind.Constant }).RateAt(77, 100));

        // Past the end nothing rises again.
        Assert.Equal(0, options.RateAt(150, 100), 1e-15);
        Assert.Equal(0, options.RateAt(200, 100), 1e-15);
        Assert.Equal(0.0005, (options with { Schedule = ScheduleKind.Step }).RateAt(500, 100), 1e-15);
        Assert.All(Enum.GetValues<ScheduleKind>(), kind => Assert.Equal(0.5, (options with { Schedule = kind }).RateAt(0, 0)));
    }

    [Fact]
    public void Optimisers_take_the_steps_of_their_formulas()
    {
        using IBackend backend = TestBackends.Create("reference");
        using Parameter parameter = new(backend, "p", new Shape(1));
        double Steps(Func<Optimizer> make)
        {
            backend.Fill(parameter.Value.Data, 2);
            using Optimizer optimizer = make();
            foreach (double gradient in (double[])[1, -3])
            {
                backend.Fill(parameter.Gradient.Data, gradient);
                parameter.HasGradient = true;
                optimizer.Step(0.1, 0.5);
            }

            return parameter.Value.ToDoubleArray()[0];
        }

        // With gradients halved to 0.5 and -1.5. SGD: v = 0.5 + 0.1 * 2 = 0.7, p = 1.93; v = 0.63 - 1.5 + 0.193, p = 1.9977.
        Assert.Equal(1.9977, Steps(() => new Sgd(backend, [parameter], 0.9, 0.1)), 1e-12);

        // Adam: the first step is the rate; then m = 0.9 * 0.05 - 0.15, v = 0.999 * 0.00025 + 0.00225, corrected.
        double second = -0.105 / (1 - 0.81) / Math.Sqrt((0.00024975 + 0.00225) / (1 - (0.999 * 0.999)));
        Assert.Equal(2 - 0.1 - (0.1 * second), Steps(() => new Adam(backend, [parameter])), 1e-7);
        Assert.Equal(((((2 * 0.99) - 0.1) * 0.99) - (0.1 * second)), Steps(() => new Adam(backend, [parameter], 0.1, decoupled: true)), 1e-7);
    }

    [Fact]
    public void A_parameter_that_no_walk_reaches_is_left_alone_by_optimisers_and_norms()
    {
        using IBackend backend = TestBackends.Create("reference");
        using Parameter used = new(backend, "used", new Shape(1)), unused = new(backend, "unused", new Shape(1)), late = new(backend, "late", new Shape(1));
        foreach (Parameter p in (Parameter[])[used, unused, late]) backend.Fill(p.Value.Data, 2);
        foreach (Func<Optimizer> make in (Func<Optimizer>[])[() => new Sgd(backend, [used, unused, late], decay: 0.5), () => new Adam(backend, [used, unused, late], 0.5, decoupled: true)])
        {
            using Optimizer optimizer = make();
            using GradientNorm norm = new(backend, [used, unused, late]);
            using Tape tape = new(backend, training: true);
            Tensor loss = tape.Scale(tape.Use(used), 3);
            _ = tape.Use(unused);
            tape.Backward(loss);
            Assert.Equal(3, norm.Measure(), 1e-12);
            optimizer.Step(0.1);
            Assert.NotEqual(2, used.Value.ToDoubleArray()[0]);
            Assert.Equal(2, unused.Value.ToDoubleArray()[0]);
            Assert.Equal(0, norm.Measure());
            double after = used.Value.ToDoubleArray()[0];
            optimizer.Step(0.1);
            Assert.Equal(after, used.Value.ToDoubleArray()[0]);
        }

        // Adam's bias correction counts a parameter's own steps: the first step of a late one is the rate.
        using Adam adam = new(backend, [used, late]);
        for (int step = 0; step < 5; step++)
        {
            used.HasGradient = true;
            late.HasGradient = step == 4;
            backend.Fill(late.Gradient.Data, 7);
            adam.Step(0.1);
        }

        Assert.Equal(1.9, late.Value.ToDoubleArray()[0], 1e-7);
    }

    [Fact]
    public void Groups_have_a_decay_and_a_rate_of_their_own()
    {
        using IBackend backend = TestBackends.Create("reference");
        using Parameter weight = new(backend, "weight", new Shape(1, 1)), bias = new(backend, "bias", new Shape(1)), slow = new(backend, "slow", new Shape(1, 1));
        foreach (Parameter p in (Parameter[])[weight, bias, slow])
        {
            backend.Fill(p.Value.Data, 2);
            p.HasGradient = true;
        }

        using Sgd sgd = new(backend, [.. ParameterGroup.WeightsAndVectors([weight, bias]), new ParameterGroup([slow]) { RateFactor = 0.1, Decay = 1 }], decay: 0.5);
        sgd.Step(0.1);
        Assert.Equal([1.9, 2, 1.98], [weight.Value.ToDoubleArray()[0], bias.Value.ToDoubleArray()[0], slow.Value.ToDoubleArray()[0]], (a, b) => Math.Abs(a - b) < 1e-12);
        Assert.Contains("'bias'", Assert.Throws<ArgumentException>(() => new Sgd(backend, [bias, bias])).Message, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Backends))]
    public void Biases_and_gains_do_not_decay(string backendName)
    {
        // All clips are zero and balanced, so the weights' gradients are zero: what moves a weight is decay alone, and the bias stays at zero where the loss is flat.
        using IBackend backend = TestBackends.Create(backendName);
        using Classifier classifier = new(backend, 1, 2, new Dense(new Initializer(backend, 1), "d", 2, 2, Activation.Identity), new LayerNorm(new Initializer(backend, 2), "n", 2), new Dense(new Initializer(backend, 3), "r", 2, 1, Activation.Identity));
        double[][] before = Models.ParameterValues(classifier);
        Models.Train(classifier, new ClipData(1, 2, new float[8], [1, 0, 1, 0]), new TrainingOptions { Epochs = 1, BatchSize = 4, LearningRate = 0.5, WeightDecay = 0.5, Schedule = ScheduleKind.Constant }, 1);
        double[][] after = Models.ParameterValues(classifier);
        foreach ((Parameter parameter, double[] old, double[] now) in classifier.Parameters.Select((p, i) => (p, before[i], after[i])))
        {
            double factor = parameter.Value.Shape.Rank > 1 ? 0.75 : 1;
            Assert.Equal(old.Select(v => factor * v), now, (a, b) => Math.Abs(a - b) <= TestBackends.Bound(backend, 1e-12, 1e-6));
        }
    }

    [Fact]
    public void Validation_clips_are_judged_in_batches_of_bounded_memory()
    {
        using IBackend backend = TestBackends.Create("cpu");
        int most = backend.Batches.Numbers / (Models.Time * Models.Features), count = (2 * most) + 7;
        ClipData data = Models.Separable(20, 1), validation = Models.Separable(count, 2);
        using Classifier classifier = Models.Small(backend, ModelKind.Dense);
        TrainingReport report = Models.Train(classifier, data, s_quick with { Epochs = 1 }, 1, validation);
        double[] logits = Predictor.Logits(classifier, validation.Clips);
        double positive = (data.Count - data.Targets.Sum()) / data.Targets.Sum();
        double mean = logits.Select((x, i) => Oracles.CrossEntropy(x, validation.Targets[i], positive)).Average();

        // Each logit is off by some u |x|; their mean by less than 1e-5 of itself.
        Assert.InRange(report.ValidationLosses[0] / mean, 1 - 1e-5, 1 + 1e-5);
    }

    [Fact]
    public void A_run_that_goes_wrong_stops_at_once_restores_the_weights_and_names_the_parameter()
    {
        using IBackend backend = TestBackends.Create("cpu");
        using Classifier classifier = Models.Small(backend, ModelKind.Dense);
        using Classifier sound = Models.Small(backend, ModelKind.Dense);
        ClipData data = Models.Separable(64, 1);
        Models.Train(sound, data, s_quick with { Epochs = 1, Schedule = ScheduleKind.Constant }, 1);

        // After the first epoch the second weight matrix is spoilt.
        int epochs = 0;
        using Trainer trainer = new(classifier, data, s_quick with { Epochs = 3, Schedule = ScheduleKind.Constant }, 1);
        ArithmeticException e = Assert.Throws<ArithmeticException>(() => trainer.Run(
            progress: (_, _) => backend.Fill(classifier.Parameters[2].Value.Data, ++epochs == 1 ? float.NaN : 0), cancellation: TestContext.Current.CancellationToken));
        Assert.Equal(1, epochs);
        Assert.Contains(classifier.Parameters[2].Name, e.Message, StringComparison.Ordinal);
        Assert.Contains("epoch 2", e.Message, StringComparison.Ordinal);
        Assert.Contains("after epoch 1", e.Message, StringComparison.Ordinal);
        Assert.Equal(Models.ParameterValues(sound), Models.ParameterValues(classifier));
    }

    [Fact]
    public void Mistakes_are_named()
    {
        using IBackend backend = TestBackends.Create("reference");
        using (Classifier classifier = Models.Small(backend, ModelKind.Dense))
        {
            ClipData data = Models.Separable(6, 1);
            int live = backend.LiveBuffers;
            ClipData oneClass = new(Models.Time, Models.Features, data.Clips.ToArray(), new float[6]);
            Assert.Contains("both classes", Refuses(oneClass, s_quick), StringComparison.Ordinal);
            Assert.Contains("no clip", Refuses(new ClipData(Models.Time, Models.Features, [], []), s_quick), StringComparison.Ordinal);
            Assert.Contains("Epochs", Refuses(data, s_quick with { Epochs = 0 }), StringComparison.Ordinal);
            Assert.Contains("BatchSize", Refuses(data, s_quick with { BatchSize = 0 }), StringComparison.Ordinal);
            Assert.Contains("LearningRate", Refuses(data, s_quick with { LearningRate = double.NaN }), StringComparison.Ordinal);
            Assert.Contains("[4, 6]", Refuses(new ClipData(Models.Time, 3, new float[72], data.Targets), s_quick), StringComparison.Ordinal);
            Assert.Contains("[4, 6]", Refuses(new ClipData(6, Models.Time, data.Clips.ToArray(), data.Targets), s_quick), StringComparison.Ordinal);
            Assert.Contains("[4, 6]", Assert.ThrowsAny<ArgumentException>(() => Models.Train(classifier, data, s_quick, 1, new ClipData(2, 6, new float[24], [0, 1]))).Message, StringComparison.Ordinal);
            Assert.Throws<ArgumentException>(() => new ClipData(2, 2, new float[7], new float[2]));
            Assert.Equal(live, backend.LiveBuffers);

            string Refuses(ClipData clips, TrainingOptions options) =>
                Assert.ThrowsAny<ArgumentException>(() => Models.Train(classifier, clips, options, 1)).Message;
        }

        Assert.Equal(0, backend.LiveBuffers);
    }

    [Theory]
    [MemberData(nameof(Backends))]
    public void NaN_in_the_clips_ends_the_run(string backendName)
    {
        using IBackend backend = TestBackends.Create(backendName);
        using Classifier classifier = Models.Small(backend, ModelKind.Gru);
        ClipData sound = Models.Separable(20, 1), data = new(sound.Time, sound.Features, sound.Clips.ToArray(), sound.Targets);
        data.Clips.Whole![100] = float.NaN;
        Assert.Contains("clip 4 of the training clips holds NaN", Assert.Throws<ArithmeticException>(() => Models.Train(classifier, data, s_quick, 1)).Message, StringComparison.Ordinal);
        using CancellationTokenSource source = new();
        source.Cancel();
        Assert.Throws<OperationCanceledException>(() => Trainer.Train(classifier, data, s_quick, 1, cancellation: source.Token));
    }

    [Theory]
    [InlineData(ModelKind.Dense, 1)]
    [InlineData(ModelKind.Lstm, 1)]
    [InlineData(ModelKind.Gru, 2)]
    public void A_steady_epoch_on_the_cpu_allocates_nothing(ModelKind kind, int threads)
    {
        using EmotionXai.Engine.Backends.Cpu.CpuBackend backend = new(threads);
        using Classifier classifier = new ClassifierOptions { Kind = kind, Hidden = [64, 16] }.Build(backend, Models.Time, Models.Features, 1);
        using Trainer trainer = new(classifier, Models.Separable(70, 1), s_quick with { BatchSize = 32 }, 1);
        for (int i = 0; i < 3; i++) trainer.Epoch();
        long before = GC.GetAllocatedBytesForCurrentThread();
        trainer.Epoch();
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    [Theory]
    [InlineData(OptimizerKind.Sgd)]
    [InlineData(OptimizerKind.AdamW)]
    public void A_steady_epoch_allocates_nothing(OptimizerKind optimizer)
    {
        // Reference allocates inside its plain recurrent loops and its random numbers; what is around them must not.
        using IBackend backend = TestBackends.Create("reference");
        using Classifier classifier = Models.Small(backend, ModelKind.Dense, normalize: true);
        using Trainer trainer = new(classifier, Models.Separable(37, 1), s_quick with { Optimizer = optimizer, ClipNorm = 0.1 }, 1);
        for (int i = 0; i < 3; i++) trainer.Epoch();
        long before = GC.GetAllocatedBytesForCurrentThread();
        trainer.Epoch();
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }
}
