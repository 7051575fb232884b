using EmotionXai.Landmarks.Reduction;
using Xunit;

namespace EmotionXai.Tests.Landmarks;

/// <summary>Pieces of work that wait for others.</summary>
public sealed class OrderedWorkTests
{
    [Fact]
    public async Task A_piece_waits_for_those_before_it()
    {
        using OrderedWork work = new(3);
        OrderedWork.Piece first = work.Begin(0), second = work.Begin(1);
        Task<bool> waits = Task.Run(() => work.WaitFor(0, 2, TestContext.Current.CancellationToken), TestContext.Current.CancellationToken);
        first.Succeed();
        first.Dispose();
        await Task.Delay(50, TestContext.Current.CancellationToken);
        Assert.False(waits.IsCompleted);
        second.Succeed();
        second.Dispose();
        Assert.True(await waits);
    }

    // The third never begins, as where a loop has stopped.
    [Fact]
    public void Nobody_waits_once_a_piece_has_failed()
    {
        using OrderedWork work = new(3);
        work.Begin(1).Dispose();
        Assert.False(work.WaitFor(2, 1, TestContext.Current.CancellationToken));
    }

    [Fact]
    public void A_cancelled_wait_ends()
    {
        using OrderedWork work = new(1);
        using CancellationTokenSource cancelled = new();
        cancelled.Cancel();
        Assert.Throws<OperationCanceledException>(() => work.WaitFor(0, 1, cancelled.Token));
    }
}
