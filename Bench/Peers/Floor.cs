using System.Globalization;
using EmotionXai.Engine.Backends;
using EmotionXai.Engine.Backends.Cpu;
using EmotionXai.Engine.Backends.Profiling;

namespace EmotionXai.Bench.Peers;

/// <summary>
/// The least that a work can take on this machine as its ops are cut: for every call its multiply-adds at the measured peak or its operands'
/// bytes at the measured bandwidth, whichever is more. Exponentials, roots and divisions count nothing.
/// </summary>
/// <param name="Seconds">Of the work.</param>
/// <param name="Limit">What most of them go to, in words.</param>
internal sealed record Floor(double Seconds, string Limit)
{
    /// <summary>Does a work twice on a backend that is watched and takes the calls of the second time.</summary>
    /// <param name="settings">Threads and limits.</param>
    /// <param name="open">Makes what the work needs, and the work.</param>
    public static Floor? Of(Settings settings, Func<IBackend, (IDisposable Needs, Action Work)> open) => OfSeveral(settings, backends =>
    {
        IBackend backend = backends(settings.Threads);
        (IDisposable needs, Action work) = open(backend);
        return (new Both(needs, backend), work);
    });

    /// <summary>The same for a work that makes backends of its own, of as many threads as it says.</summary>
    public static Floor? OfSeveral(Settings settings, Func<Func<int, IBackend>, (IDisposable Needs, Action Work)> open)
    {
        if (settings.Limits is not { } limits) return null;
        Profile profile = new(limits);
        (IDisposable needs, Action work) = open(threads => profile.Watch(new CpuBackend(threads), threads));
        using (needs)
        {
            work();
            Dictionary<string, (double All, double Products)> first = Sum(profile);
            work();
            double all = 0, products = 0;
            foreach ((string name, (double seconds, double ofProducts)) in Sum(profile))
            {
                (double before, double productsBefore) = first.GetValueOrDefault(name);
                all += seconds - before;
                products += ofProducts - productsBefore;
            }

            return new Floor(all, string.Create(CultureInfo.InvariantCulture, $"multiply-adds {products / all:0%} of it, bytes the rest"));
        }

        // A call of a lane has one thread, and the others have as much to do.
        Dictionary<string, (double, double)> Sum(Profile profile) => profile.Kinds().GroupBy(k => k.Name).ToDictionary(g => g.Key, g => (
            g.Sum(k => k.Calls * limits.LeastSeconds(k) * k.Threads / settings.Threads),
            g.Sum(k => Arithmetic(k) ? k.Calls * limits.LeastSeconds(k) * k.Threads / settings.Threads : 0)));

        bool Arithmetic(OpKind kind) => 2.0 * kind.MultiplyAdds / limits.PeakOf(kind.Threads) >= kind.Bytes / limits.BandwidthOf(kind.Bytes, kind.Threads);
    }

    /// <summary>Of a product.</summary>
    public static Floor? Of(Settings settings, in MatrixProduct product)
    {
        if (settings.Limits is not { } limits) return null;
        long bytes = sizeof(float) * (((long)product.M * product.K) + ((long)product.K * product.N) + ((long)product.M * product.N));
        double arithmetic = 2.0 * product.MultiplyAdds / limits.Peak, memory = bytes / limits.BandwidthOf(bytes, settings.Threads);
        return new Floor(Math.Max(arithmetic, memory), arithmetic >= memory ? "multiply-adds" : "bytes");
    }
}

/// <summary>Two things that are done with together, the first one first.</summary>
internal sealed class Both(IDisposable first, IDisposable second) : IDisposable
{
    public void Dispose()
    {
        first.Dispose();
        second.Dispose();
    }
}
