using EmotionXai.Bench.Ptx;
using EmotionXai.Engine.Backends;
using EmotionXai.Engine.Gpu;
using EmotionXai.Tests.Backends;
using Xunit;

namespace EmotionXai.Tests.Gpu.Ptx;

/// <summary>The contract of every backend on the kernels' PTX, in groups of 256 threads and warps of 32, products fused with sums: what a card would run.</summary>
public sealed class PtxContractTests : BackendContract
{
    private static readonly Lazy<PtxDevice> s_device = new(() => new PtxDevice(fused: true));

    protected override int Rounds => 4;

    protected override IBackend Create()
    {
        // Other tests leave what they found; each answers for its own.
        s_device.Value.Findings.Clear();
        return s_device.Value.Backend();
    }

    // A kernel that is new needs a call here, in the contract or in the tests of maps and products.
    [Fact]
    public void No_kernel_of_the_catalogue_is_without_a_case()
    {
        foreach (RecurrentCell cell in Enum.GetValues<RecurrentCell>())
        {
            Recurrent_forward_follows_the_formulas(cell, reverse: false);
            Recurrent_backward_follows_the_reference(cell, reverse: false);
        }

        What_is_written_is_read();
        Copy_leaves_the_gaps_alone_and_stays_inside();
        Points_lie_on_their_lines(7, 3);
        Rows_are_gathered_in_the_order_given(5, 7);
        Squares_of_several_slices_are_added(3);
        Steps_together_are_the_steps_one_by_one(adam: true);
        Steps_together_are_the_steps_one_by_one(adam: false);
        Sum_over_every_split();
        Max_and_where_it_stands_first();
        Scatter_puts_back_what_max_picked();
        Binary_cross_entropy_and_its_derivative(2);
        Adam_for_several_steps(decoupled: true, 0.1, 1);
        Descend_for_several_steps(0.9, 0.1, 1);
        Random_numbers_are_those_of_the_reference(Distribution.Normal);
        Multiply_in_all_its_forms(m: 5, n: 2, k: 9);
        string[] elsewhere = ["map-", "product-large-", "product-medium-", "product-tf32-", "product-bf16-", "product-finish", "gru-16-paths", "gru-32-paths", "gru-64-paths", "lstm-16-paths", "lstm-32-paths", "lstm-64-paths"];
        Assert.Equal([], KernelCatalog.All.Select(k => k.Name).Except(Executed.Names(s_device.Value)).Where(name => !elsewhere.Any(prefix => name.StartsWith(prefix, StringComparison.Ordinal))));
    }

    public override void Dispose()
    {
        base.Dispose();
        if (s_device.IsValueCreated) Assert.Equal([], s_device.Value.Findings.All);
    }
}
