using EmotionXai.Engine.Backends;
using Xunit;

namespace EmotionXai.Tests.Backends;

public abstract partial class BackendContract
{
    [Fact]
    public void Live_buffers_are_counted()
    {
        Storage a = Backend.Allocate(5);
        Storage b = Backend.Allocate(0);
        Assert.Equal((5, 0, 2), (a.Length, b.Length, Backend.LiveBuffers));
        Backend.Free(a);
        Assert.Equal(1, Backend.LiveBuffers);
        Storage c = Backend.Allocate(3);
        Assert.Equal((3, 2), (c.Length, Backend.LiveBuffers));
        Backend.Free(b);
        Backend.Free(c);
        Assert.Equal(0, Backend.LiveBuffers);
    }

    [Fact]
    public void A_buffer_is_freed_once_and_not_used_after()
    {
        Storage storage = Backend.Allocate(4);
        Slice slice = new(storage, 0, 4);
        Backend.Free(storage);
        Assert.ThrowsAny<InvalidOperationException>(() => Backend.Free(storage));
        Assert.ThrowsAny<Exception>(() => Backend.Fill(slice, 1));
        Assert.ThrowsAny<Exception>(() => Backend.Read(slice, new double[4]));
        Assert.Equal(0, Backend.LiveBuffers);
    }

    [Fact]
    public void Storages_of_other_backends_and_slices_outside_are_refused()
    {
        Storage foreign = _reference.Allocate(4);
        Refuses(() => Backend.Fill(new Slice(foreign, 0, 4), 1));
        Storage own = Backend.Allocate(4);
        Refuses(() => Backend.Fill(new Slice(own, 1, 4), 1));
        Refuses(() => Backend.Fill(new Slice(own, -1, 2), 1));
        Refuses(() => Backend.Allocate(-1));
        Backend.Free(own);
        _reference.Free(foreign);
    }

    [Fact]
    public void What_is_written_is_read()
    {
        foreach (int n in Lengths)
        {
            double[] values = Values(n, n);
            float[] singles = Array.ConvertAll(values, value => (float)value);
            Assert.Equal(values, Get(Put(values)));
            Slice target = Output(n);
            Backend.Write(singles, target);
            float[] back = new float[n];
            Backend.Read(target, back);
            Assert.Equal(singles, back);
            Backend.Fill(target, 0.25);
            Assert.Equal(Full(n, 0.25), Get(target));
            Release();
        }
    }

    [Theory]
    [InlineData(0, 3)]
    [InlineData(5, 0)]
    [InlineData(7, 1)]
    [InlineData(70, 1871)]
    public void Rows_of_a_table_are_copied_in_the_order_given(int count, int width)
    {
        const int Held = 9;
        float[] table = Array.ConvertAll(Values(5, Held * width), value => (float)value);
        int[] rows = [.. Enumerable.Range(0, count).Select(i => i * 4 % Held)];
        Slice target = Output(count * width);
        Backend.WriteRows(table, width, rows, target);
        Assert.Equal(rows.SelectMany(row => table.Skip(row * width).Take(width)).Select(value => (double)value), Get(target));
    }

    [Fact]
    public void Rows_that_a_table_lacks_are_refused()
    {
        Slice target = Output(6);
        Refuses(() => Backend.WriteRows(new float[9], 3, [0, 3], target));
        Refuses(() => Backend.WriteRows(new float[9], 3, [-1, 0], target));
        Refuses(() => Backend.WriteRows(new float[9], 3, [0, 1, 2], target));
        Refuses(() => Backend.WriteRows(new float[9], -3, [0, 1], target));
    }

    [Fact]
    public void Transfers_of_another_length_are_refused()
    {
        Slice slice = Output(4);
        Refuses(() => Backend.Write(new float[3], slice));
        Refuses(() => Backend.Write(new double[5], slice));
        Refuses(() => Backend.Read(slice, new float[5]));
        Refuses(() => Backend.Read(slice, new double[3]));
    }

    [Theory]
    [InlineData(1, 1, 0)]
    [InlineData(0, 3, 2)]
    [InlineData(1, 1, 70)]
    [InlineData(3, 5, 1)]
    [InlineData(2, 7, 9)]
    [InlineData(5, 3, 33)]
    [InlineData(40, 50, 60)]
    public void Copy_moves_blocks_between_layouts(int count0, int count1, int block)
    {
        // Gaps of 1 and 2 in the source; the target has its leading axes swapped.
        int inner = block + 1;
        int outer = (count1 * inner) + 2;
        BlockCopy layout = new(count0, count1, block, outer, inner, block, count0 * block);
        double[] from = Values(1, count0 * outer);
        double[] held = Values(2, count0 * count1 * block);
        foreach (bool accumulate in new[] { false, true })
        {
            double[] want = [.. held];
            for (int i = 0; i < count0; i++)
                for (int j = 0; j < count1; j++)
                    for (int e = 0; e < block; e++)
                    {
                        double value = from[(i * outer) + (j * inner) + e];
                        int at = (j * count0 * block) + (i * block) + e;
                        want[at] = accumulate ? want[at] + value : value;
                    }

            Slice target = Put(held);
            Backend.Copy(layout, Put(from), target, accumulate);
            AllClose(want, Get(target), accumulate ? 4 * U : 0, $"{layout} {accumulate}");
        }
    }

    // A block, a number and a row of blocks, each repeated; the last is a copy without repetition.
    [Theory]
    [InlineData(3, 5, 7, 7, 0)]
    [InlineData(4, 6, 1, 1, 0)]
    [InlineData(2, 37, 1, 0, 0)]
    [InlineData(1, 9, 40, 0, 0)]
    [InlineData(5, 1, 3, 0, 0)]
    [InlineData(6, 4, 5, 0, 5)]
    [InlineData(3, 4, 6, 24, 6)]
    public void Copy_repeats_and_scales(int count0, int count1, int block, int stride0, int stride1)
    {
        double[] from = Values(3, ((count0 - 1) * stride0) + ((count1 - 1) * stride1) + block), held = Values(4, count0 * count1 * block);
        foreach (double scale in new[] { 1, 0.3f, -2 })
            foreach (bool accumulate in new[] { false, true })
            {
                double[] want = [.. held];
                for (int i = 0; i < want.Length; i++)
                {
                    double value = scale * from[(i / (count1 * block) * stride0) + (i / block % count1 * stride1) + (i % block)];
                    want[i] = accumulate ? want[i] + value : value;
                }

                BlockCopy layout = new(count0, count1, block, stride0, stride1, count1 * block, block) { Scale = scale };
                Slice target = Put(held);
                Backend.Copy(layout, Put(from), target, accumulate);

                // A product of at most 4 and a sum of at most 6, rounded once each.
                AllClose(want, Get(target), (scale == 1 ? 0 : 4 * U) + (accumulate ? 6 * U : 0), $"{layout} {accumulate}");
            }
    }

    [Theory]
    [InlineData(0, 3)]
    [InlineData(1, 1)]
    [InlineData(7, 5)]
    [InlineData(70, 16)]
    [InlineData(1031, 3)]
    public void Points_lie_on_their_lines(int n, int steps)
    {
        double[] start = Values(6, n), direction = Values(7, n), positions = Values(8, steps, 0, 1);
        Slice target = Output(n * steps);
        Backend.Points(Put(start), Put(direction), Put(positions), target);
        double[] want = [.. positions.SelectMany(p => start.Zip(direction, (s, d) => s + (p * d)))];

        // A product of at most 2 and a sum of at most 4.
        AllClose(want, Get(target), 6 * U, $"{steps} points of {n}");
    }

    [Fact]
    public void Points_of_other_lengths_or_in_place_are_refused()
    {
        (Slice two, Slice three, Slice six) = (Put(new double[2]), Put(new double[3]), Put(new double[6]));
        Refuses(() => Backend.Points(three, two, two, six));
        Refuses(() => Backend.Points(three, three, three, six));
        Refuses(() => Backend.Points(six.Part(0, 3), three, two, six));
        Refuses(() => Backend.Points(three, three, six.Part(4, 2), six));
        Assert.Equal(new double[6], Get(six));
    }

    [Fact]
    public void Copy_leaves_the_gaps_alone_and_stays_inside()
    {
        Slice target = Put(Full(10, 7));
        Backend.Copy(new BlockCopy(3, 1, 2, 2, 0, 4, 0), Put([1, 2, 3, 4, 5, 6]), target, false);
        Assert.Equal([1, 2, 7, 7, 3, 4, 7, 7, 5, 6], Get(target));
        Slice repeated = Output(6);
        Backend.Copy(new BlockCopy(3, 1, 2, 0, 0, 2, 0), Put([1, 2]), repeated, false);
        Assert.Equal([1, 2, 1, 2, 1, 2], Get(repeated));
        Refuses(() => Backend.Copy(new BlockCopy(3, 1, 2, 2, 0, 4, 0), Put(new double[5]), target, false));
        Refuses(() => Backend.Copy(new BlockCopy(3, 1, 2, 2, 0, 5, 0), Put(new double[6]), target, false));
    }
}
