using System.Runtime.CompilerServices;

namespace EmotionXai.Engine.Backends.Cpu;

/// <summary>Where a cell finds what the inputs of a step add to its gates.</summary>
internal interface IProjection
{
    /// <summary>The numbers from <paramref name="j"/> on, of [gates * hidden].</summary>
    V At<V>(int j)
        where V : struct, ILanes<V>;
}

/// <summary>A projection that is stored.</summary>
internal readonly unsafe struct StoredProjection(float* values) : IProjection
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V At<V>(int j)
        where V : struct, ILanes<V> => V.Load(values + j);
}

/// <summary>A point of a straight path, start + position * direction, which is never stored.</summary>
internal readonly unsafe struct ProjectionOnPath(float* start, float* direction, float position) : IProjection
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V At<V>(int j)
        where V : struct, ILanes<V> => V.MultiplyAdd(V.Splat(position), V.Load(direction + j), V.Load(start + j));
}
