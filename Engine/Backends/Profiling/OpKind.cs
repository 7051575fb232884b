using System.Globalization;

namespace EmotionXai.Engine.Backends.Profiling;

/// <summary>One primitive on operands of one size, and all its calls.</summary>
public sealed class OpKind
{
    internal OpKind(string name, string shapes, long multiplyAdds, long bytes, int threads) =>
        (Name, Shapes, MultiplyAdds, Bytes, Threads) = (name, shapes, multiplyAdds, bytes, threads);

    /// <summary>The primitive, and for elementwise ones the formula.</summary>
    public string Name { get; }

    /// <summary>The extents.</summary>
    public string Shapes { get; }

    /// <summary>Multiply-adds of a call.</summary>
    public long MultiplyAdds { get; }

    /// <summary>Bytes of a call's operands, each read or written once.</summary>
    public long Bytes { get; }

    /// <summary>Threads that a call may share: those of the backend, or one on a lane.</summary>
    public int Threads { get; }

    /// <summary>Calls so far.</summary>
    public long Calls { get; internal set; }

    /// <summary>Seconds of all calls.</summary>
    public double Seconds { get; internal set; }

    /// <summary>Floating-point operations a second over all calls, two a multiply-add.</summary>
    public double Rate => Seconds > 0 ? 2.0 * MultiplyAdds * Calls / Seconds : 0;

    /// <summary>Bytes a second over all calls.</summary>
    public double Bandwidth => Seconds > 0 ? (double)Bytes * Calls / Seconds : 0;

    /// <inheritdoc/>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Name} {Shapes}: {Calls} calls, {Seconds:0.000} s");

    internal OpKind Copy() => new(Name, Shapes, MultiplyAdds, Bytes, Threads) { Calls = Calls, Seconds = Seconds };
}
