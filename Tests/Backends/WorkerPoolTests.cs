using EmotionXai.Engine.Backends.Cpu;
using EmotionXai.Engine.Tensors;
using Xunit;

namespace EmotionXai.Tests.Backends;

/// <summary>The threads that share a job: what they do, and what happens when a part fails, when they sleep, when two callers come.</summary>
public sealed class WorkerPoolTests
{
    /// <summary>More threads than this machine has cores.</summary>
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    private static readonly int s_many = (2 * Environment.ProcessorCount) + 3;

    [Theory]
    [InlineData(2)]
    [InlineData(0)]
    public void Every_part_of_every_job_is_done_once(int threads)
    {
        using WorkerPool pool = new(threads == 0 ? s_many : threads);
        int[] done = new int[pool.Count];
        for (int job = 1; job <= 200; job++)
        {
            int parts = 1 + (job % pool.Count);
            Array.Clear(done);
            pool.Run(parts, part => Interlocked.Increment(ref done[part]));
            if (done.Take(parts).Any(times => times != 1) || done.Skip(parts).Any(times => times != 0)) Assert.Fail($"Job {job} of {parts} parts: {string.Join(", ", done)}");
        }
    }

    [Fact]
    public void A_failure_reaches_the_caller_once_all_parts_are_done()
    {
        using WorkerPool pool = new(3);
        for (int failing = 0; failing < pool.Count; failing++)
        {
            int done = 0;
            InvalidTimeZoneException e = Assert.Throws<InvalidTimeZoneException>(() => pool.Run(pool.Count, part =>
            {
                if (part == failing) Fail();
                Thread.Sleep(5);
                Interlocked.Increment(ref done);
            }));
            Assert.Equal(pool.Count - 1, done);
            Assert.Contains(nameof(Fail), e.StackTrace, StringComparison.Ordinal);
        }

        // And nothing of it is left for the next job.
        pool.Run(pool.Count, _ => { });

        static void Fail() => throw new InvalidTimeZoneException("on purpose");
    }

    [Fact]
    public void A_failure_of_a_caller_without_helpers_reaches_it_too()
    {
        using WorkerPool pool = new(2);
        int done = 0;
        Assert.Throws<InvalidTimeZoneException>(() => pool.Run(2, outer =>
        {
            if (outer != 0) return;
            pool.Run(2, inner =>
            {
                if (inner == 0) throw new InvalidTimeZoneException("on purpose");
                Interlocked.Increment(ref done);
            });
        }));
        Assert.Equal(1, done);
    }

    [Fact]
    public void Workers_that_sleep_are_woken_and_help()
    {
        using WorkerPool pool = new(3);
        for (int round = 0; round < 5; round++)
        {
            Assert.True(SpinWait.SpinUntil(() => pool.Asleep == 2, TimeSpan.FromSeconds(30)), "The workers did not go to sleep.");

            // The job ends only when all three are in it at the same time, which needs both sleepers.
            using Barrier barrier = new(3);
            pool.Run(3, _ => Assert.True(barrier.SignalAndWait(TimeSpan.FromSeconds(30), Cancelled), "A worker was not woken."));
        }
    }

    [Fact]
    public async Task A_second_caller_works_alone_instead_of_waiting()
    {
        using WorkerPool pool = new(2);
        using ManualResetEventSlim inside = new(), finished = new();
        Task first = Task.Run(() => pool.Run(2, part =>
        {
            if (part == 0) inside.Set();
            if (!finished.Wait(TimeSpan.FromSeconds(30), Cancelled)) Assert.Fail("The second caller waited for the first.");
        }), Cancelled);
        inside.Wait(Cancelled);
        int thread = Environment.CurrentManagedThreadId, done = 0;
        pool.Run(2, _ => done += Environment.CurrentManagedThreadId == thread ? 1 : 0);
        Assert.Equal(2, done);
        finished.Set();
        await first;
    }

    [Fact]
    public void To_dispose_from_inside_a_job_is_refused()
    {
        WorkerPool pool = new(2);
        Assert.Throws<InvalidOperationException>(() => pool.Run(2, _ => pool.Dispose()));
        pool.Dispose();
        pool.Dispose();
        int done = 0;
        pool.Run(2, _ => done++);
        Assert.Equal(2, done);
    }

    [Fact]
    public async Task To_dispose_waits_for_the_job_that_runs()
    {
        WorkerPool pool = new(2);
        using ManualResetEventSlim inside = new();
        int done = 0;
        Task job = Task.Run(() => pool.Run(2, _ =>
        {
            inside.Set();
            Thread.Sleep(50);
            Interlocked.Increment(ref done);
        }), Cancelled);
        inside.Wait(Cancelled);
        pool.Dispose();
        Assert.Equal(2, done);
        await job;
    }

    [Fact]
    public async Task A_backend_disposed_while_another_thread_computes_ends_in_an_exception_not_in_a_crash()
    {
        for (int round = 0; round < 20; round++)
        {
            CpuBackend backend = new(2);
            TensorScope scope = new(backend);
            Tensor a = scope.New(new Shape(200, 200)), b = scope.New(new Shape(200, 200)), c = scope.New(new Shape(200, 200));
            using ManualResetEventSlim started = new();
            Task work = Task.Run(() =>
            {
                while (true)
                {
                    backend.Multiply(new(200, 200, 200, false, false, false), a.Data, b.Data, null, c.Data);
                    started.Set();
                }
            }, Cancelled);
            started.Wait(Cancelled);
            backend.Dispose();
            await Assert.ThrowsAsync<ObjectDisposedException>(() => work);
            scope.Dispose();
        }
    }
}
