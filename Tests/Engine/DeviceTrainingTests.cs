using EmotionXai.Engine.Backends;
using EmotionXai.Engine.Backends.Reference;
using EmotionXai.Engine.Gpu;
using EmotionXai.Engine.Layers;
using EmotionXai.Engine.Training;
using Xunit;

namespace EmotionXai.Tests.Engine;

/// <summary>Training whose losses, norms and clips stay on a device does what training beside the host does.</summary>
public sealed class DeviceTrainingTests
{
    private static readonly TrainingOptions s_options = new() { Epochs = 3, BatchSize = 8, ClipNorm = 0.05, Schedule = ScheduleKind.Constant };

    [Theory]
    [InlineData(ModelKind.Dense, OptimizerKind.AdamW)]
    [InlineData(ModelKind.Gru, OptimizerKind.Adam)]
    [InlineData(ModelKind.BiLstm, OptimizerKind.Sgd)]
    public void Losses_are_those_of_reference(ModelKind kind, OptimizerKind optimizer)
    {
        ClipData data = Models.Separable(21, 1), validation = Models.Separable(9, 2);
        using IBackend reference = new ReferenceBackend(), device = GpuBackend.Emulated();
        TrainingReport expected = Train(reference), actual = Train(device);
        Numbers.Near([.. expected.Losses], [.. actual.Losses], 1e-5, "losses");
        Numbers.Near([.. expected.ValidationLosses], [.. actual.ValidationLosses], 1e-5, "validation losses");

        TrainingReport Train(IBackend backend)
        {
            using Classifier classifier = Models.Small(backend, kind);
            return Models.Train(classifier, data, s_options with { Optimizer = optimizer }, 1, validation);
        }
    }

    [Fact]
    public void Clips_on_the_device_or_from_the_host_give_the_same_bits()
    {
        // The smaller device has no room for the clips; its batches come row by row.
        ClipData data = Models.Separable(67, 1);
        using GpuBackend large = GpuBackend.Emulated(1L << 24), small = GpuBackend.Emulated(12_800);
        Assert.True(large.Batches.Resident > data.Count * 30 && small.Batches.Resident < data.Count * 24);
        using Classifier first = new(large, Models.Time, Models.Features, Layers(large)), second = new(small, Models.Time, Models.Features, Layers(small));
        TrainingOptions options = s_options with { BatchSize = 4, Epochs = 1 };
        Assert.Equal(Models.Train(first, data, options, 1).Losses, Models.Train(second, data, options, 1).Losses);
        Assert.Equal(Models.ParameterValues(first), Models.ParameterValues(second));

        static Layer[] Layers(IBackend backend) => [new Dense(new Initializer(backend, 3), "d", Models.Time * Models.Features, 1, Activation.Identity)];
    }

    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    public void A_parameter_that_goes_wrong_ends_the_epoch_and_is_named(int spoilt)
    {
        using GpuBackend device = GpuBackend.Emulated();
        using Classifier classifier = Models.Small(device, ModelKind.Dense), sound = Models.Small(device, ModelKind.Dense);
        ClipData data = Models.Separable(40, 1);
        Models.Train(sound, data, s_options with { Epochs = 1 }, 1);
        int epochs = 0;
        using Trainer trainer = new(classifier, data, s_options, 1);
        ArithmeticException e = Assert.Throws<ArithmeticException>(() => trainer.Run(
            progress: (_, _) => device.Fill(classifier.Parameters[spoilt].Value.Data, ++epochs == 1 ? float.NaN : 0), cancellation: TestContext.Current.CancellationToken));
        Assert.Equal(1, epochs);
        Assert.Contains($"parameter '{classifier.Parameters[spoilt].Name}'", e.Message, StringComparison.Ordinal);
        Assert.Contains("after epoch 1", e.Message, StringComparison.Ordinal);
        Assert.Equal(Models.ParameterValues(sound), Models.ParameterValues(classifier));
    }

    [Fact]
    public void From_a_step_that_goes_wrong_on_none_is_taken()
    {
        // The loss stays finite, a gradient does not: 1e30 squared is beyond float32.
        using GpuBackend device = GpuBackend.Emulated();
        using Classifier classifier = Models.Small(device, ModelKind.Dense);
        double[][] before = Models.ParameterValues(classifier);
        ClipData sound = Models.Separable(24, 1);
        float[] clips = sound.Clips.ToArray();
        for (int i = 0; i < clips.Length; i += Models.Features) clips[i + 1] = 3e30f;
        using Trainer trainer = new(classifier, new ClipData(sound.Time, sound.Features, clips, sound.Targets), s_options, 1);
        ArithmeticException e = Assert.Throws<ArithmeticException>(() => trainer.Epoch());
        Assert.Contains("learning rate", e.Message, StringComparison.Ordinal);
        Assert.Equal(before, Models.ParameterValues(classifier));
    }
}
