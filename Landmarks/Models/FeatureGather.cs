using System.Runtime.InteropServices;
using EmotionXai.Engine.Tensors;
using EmotionXai.Landmarks.Preprocessing;
using EmotionXai.Landmarks.Spilling;

namespace EmotionXai.Landmarks.Models;

/// <summary>Scaled features of some clips and some landmarks.</summary>
internal sealed class FeatureGather : ClipRows
{
    private readonly FeatureSet _features;
    private readonly Standardizer _scaling;
    private readonly int[] _clips, _landmarks;

    [ThreadStatic]
    private static float[]? s_room;

    private FeatureGather(FeatureSet features, Standardizer scaling, int[] clips, int[] landmarks)
        : base(clips.Length, features.Time * landmarks.Length * features.Dimensions)
    {
        int dimensions = features.Dimensions;
        (_features, _clips, _landmarks) = (features, clips, landmarks);
        _scaling = scaling.Of([.. landmarks.SelectMany(landmark => Enumerable.Range(landmark * dimensions, dimensions))]);
    }

    /// <summary>[clip, time, landmark, coordinate] in one array.</summary>
    public static float[] Gather(FeatureSet features, Standardizer scaling, int[] clips, int[] landmarks) => new FeatureGather(features, scaling, clips, landmarks).ToArray();

    /// <summary>The clips, each [time, landmark, coordinate]: in memory where they have room there (<see cref="DataBudget"/>), else put together when they are asked for.</summary>
    public static ClipRows Rows(FeatureSet features, Standardizer scaling, int[] clips, int[] landmarks)
    {
        FeatureGather rows = new(features, scaling, clips, landmarks);
        return (long)rows.Count * rows.Length * sizeof(float) <= DataBudget.Part ? From(rows.ToArray(), rows.Length) : rows;
    }

    /// <inheritdoc/>
    public override ReadOnlySpan<float> Of(int clip, Span<float> room)
    {
        int dimensions = _features.Dimensions, row = _features.Points * dimensions, width = _landmarks.Length * dimensions;
        if (_features.Values.Whole is null && (s_room is null || s_room.Length < _features.Values.Length)) s_room = new float[_features.Values.Length];
        ReadOnlySpan<float> all = _features.Values.Of(_clips[clip], s_room);
        Span<float> picked = room[..Length];
        for (int t = 0; t < _features.Time; t++) Pick(all.Slice(t * row, row), _landmarks, dimensions, picked.Slice(t * width, width));
        _scaling.Apply(picked);
        return picked;
    }

    // Two coordinates, nearly always the case, are one number of twice the size.
    private static void Pick(ReadOnlySpan<float> frame, int[] landmarks, int dimensions, Span<float> to)
    {
        if (dimensions == 2)
        {
            ReadOnlySpan<ulong> pairs = MemoryMarshal.Cast<float, ulong>(frame);
            Span<ulong> picked = MemoryMarshal.Cast<float, ulong>(to);
            for (int i = 0; i < landmarks.Length; i++) picked[i] = pairs[landmarks[i]];
            return;
        }

        for (int i = 0; i < landmarks.Length; i++)
            for (int d = 0; d < dimensions; d++) to[(i * dimensions) + d] = frame[(landmarks[i] * dimensions) + d];
    }
}
