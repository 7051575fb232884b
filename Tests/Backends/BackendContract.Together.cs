using EmotionXai.Engine.Backends;
using Xunit;

namespace EmotionXai.Tests.Backends;

/// <summary>What a step of training leaves to the backend: rows of a table it holds, the squares of many arrays, steps of many parameters.</summary>
public abstract partial class BackendContract
{
    [Theory]
    [InlineData(0, 3)]
    [InlineData(5, 1)]
    [InlineData(7, 33)]
    [InlineData(70, 1871)]
    public void Rows_are_gathered_in_the_order_given(int count, int width)
    {
        const int Held = 9;
        double[] table = Values(5, Held * width), rows = [.. Enumerable.Range(0, count).Select(i => (double)(i * 4 % Held))];
        Slice target = Output(count * width);
        Backend.Gather(Put(table), width, Put(rows), target);
        Assert.Equal(rows.SelectMany(row => table.Skip((int)row * width).Take(width)), Get(target));
    }

    [Fact]
    public void A_row_that_a_table_lacks_is_NaN_and_wrong_lengths_are_refused()
    {
        Slice table = Put([1, 2, 3, 4, 5, 6]), target = Output(10);
        Backend.Gather(table, 2, Put([2, -1, 0, 3, double.NaN]), target);
        Assert.Equal([5, 6, double.NaN, double.NaN, 1, 2, double.NaN, double.NaN, double.NaN, double.NaN], Get(target));
        Slice two = Put([0, 1]), four = Output(4);
        Refuses(() => Backend.Gather(table, 4, two, Output(8)));
        Refuses(() => Backend.Gather(table, 0, two, four));
        Refuses(() => Backend.Gather(table, 2, two, target));
        Refuses(() => Backend.Gather(table, 2, two, table.Part(0, 4)));
        Refuses(() => Backend.Gather(table, 1, four.Part(0, 2), four.Part(1, 2)));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(5)]
    [InlineData(19)]
    public void Squares_of_several_slices_are_added(int count)
    {
        double[][] parts = [.. Enumerable.Range(0, count).Select(i => Values(60 + i, i * i * i, -3, 3))];
        Slice scratch = Output(parts.Length == 0 ? 0 : parts.Max(p => p.Length)), sum = Output(1);
        Backend.SumOfSquares([.. parts.Select(Put)], scratch, sum);
        double want = parts.Sum(p => p.Sum(x => x * x));

        // All terms are positive: each passes through at most as many additions as there are numbers.
        AllClose([want], Get(sum), (parts.Sum(p => p.Length) + 2) * U * want, $"{count} slices");
    }

    [Fact]
    public void Squares_beyond_range_and_NaN_show()
    {
        Slice scratch = Output(5), sum = Output(1), sound = Put([1, 2]);
        Backend.SumOfSquares([sound, Put([0, double.NaN, 1]), sound], scratch, sum);
        Assert.Equal(double.NaN, Get(sum)[0]);
        Backend.SumOfSquares([sound, Put([0, double.NegativeInfinity, 1, 1, 1])], scratch, sum);
        Assert.Equal(double.PositiveInfinity, Get(sum)[0]);
        Refuses(() => Backend.SumOfSquares([sound, Put(new double[6])], scratch, sum));
        Refuses(() => Backend.SumOfSquares([sound, scratch], scratch, sum));
        Refuses(() => Backend.SumOfSquares([sound], sum, sum));
        Refuses(() => Backend.SumOfSquares([sound], scratch, scratch));
    }

    // More parameters than a launch takes, one of them empty; steps, rates and decays of their own.
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Steps_together_are_the_steps_one_by_one(bool adam)
    {
        const double Factor = 0.375;
        int[] lengths = [3, 0, 700, 1, 64, 65, 12, 5, 33, 300, 2];
        Slice factor = Put([Factor]);
        Slice[] together = [.. lengths.SelectMany(State)], alone = [.. lengths.SelectMany(State)];
        for (int t = 1; t <= 2; t++)
        {
            int now = t;
            Slice[] gradients = [.. lengths.Select((n, i) => Put(Values((100 * now) + i, n)))];
            if (adam)
            {
                Backend.Adam([.. lengths.Select((_, i) => new AdamPart(Adam(i, now, 0.5), together[3 * i], gradients[i], together[(3 * i) + 1], together[(3 * i) + 2]))], factor);
                for (int i = 0; i < lengths.Length; i++) Backend.Adam(Adam(i, now, 0.5 * Factor), alone[3 * i], gradients[i], alone[(3 * i) + 1], alone[(3 * i) + 2]);
            }
            else
            {
                Backend.SgdMomentum([.. lengths.Select((_, i) => new SgdPart(0.01 * i, 0.9, 0.1 * i, together[3 * i], gradients[i], together[(3 * i) + 1]))], factor);
                for (int i = 0; i < lengths.Length; i++) Backend.SgdMomentum(0.01 * i, 0.9, 0.1 * i, Factor, alone[3 * i], gradients[i], alone[(3 * i) + 1]);
            }

            // Powers of two as factors: the same products, so the same bits.
            for (int i = 0; i < alone.Length; i++) Assert.Equal(Get(alone[i]), Get(together[i]));
        }

        static AdamStep Adam(int i, int time, double scale) => new(0.01 * (i + 1), 0.9, 0.999, 1e-8, 0.1 * (i % 3), i % 2 == 0, scale, time + i);
        IEnumerable<Slice> State(int n, int i) => [Put(Values(i, n)), Put(new double[n]), Put(new double[n])];
    }

    [Theory]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    [InlineData(double.NegativeInfinity)]
    public void A_factor_that_is_not_finite_changes_nothing(double value)
    {
        double[] before = Values(1, 40);
        Slice p = Put(before), m = Put(before), v = Put(before), g = Put(Values(2, 40)), factor = Put([value]);
        Backend.Adam([new AdamPart(new AdamStep(0.1, 0.9, 0.99, 1e-8, 1, true, 1, 1), p, g, m, v)], factor);
        Backend.SgdMomentum([new SgdPart(0.1, 0.9, 1, p, g, v)], factor);
        foreach (Slice slice in new[] { p, m, v }) Assert.Equal(before, Get(slice));
        Refuses(() => Backend.Adam([new AdamPart(new AdamStep(0.1, 0.9, 0.99, 1e-8, 1, true, 1, 1), p, g, m, v)], Put([1, 1])));
        Backend.Write([1.0], factor);
        Refuses(() => Backend.Adam([new AdamPart(new AdamStep(0.1, 0.9, 0.99, 1e-8, 1, true, 1, 0), p, g, m, v)], factor));
        Refuses(() => Backend.Adam([new AdamPart(new AdamStep(0.1, 0.9, 0.99, 1e-8, 1, true, 1, 1), p, g, m.Part(0, 3), v)], factor));
        Refuses(() => Backend.SgdMomentum([new SgdPart(0.1, 0.9, 1, p, p, v)], factor));
        foreach (Slice slice in new[] { p, m, v }) Assert.Equal(before, Get(slice));
    }
}
