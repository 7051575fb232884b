using System.Globalization;
using System.Reflection;
using EmotionXai.Engine.Gpu;
using EmotionXai.Engine.Gpu.Kernels;
using ILGPU;
using ILGPU.Runtime;

namespace EmotionXai.Tests.Gpu;

/// <summary>
/// A card's stream capture without the card: between <see cref="Begin"/> and <see cref="End"/> launches are kept, and run when what is kept is
/// launched: by another runner, or by none where nothing is computed. Says in order what was run, with all arguments but the addresses.
/// </summary>
internal sealed class KeptLaunches(IKernelRunner? inner = null) : IKernelRunner, IGraphs
{
    private List<(string Text, Action Run)>? _open;

    /// <summary>Every launch that was run, those that were kept among them.</summary>
    public List<string> Ran { get; } = [];

    public int Captures { get; private set; }

    public int GraphLaunches { get; private set; }

    public int LiveGraphs { get; private set; }

    /// <summary>What the driver refuses.</summary>
    public string Refuses { get; set; } = "";

    public void Run<TKernel>(AcceleratorStream stream, KernelConfig config, TKernel kernel)
        where TKernel : struct, IKernel
    {
        (string Text, Action Run) launch = (
            string.Create(CultureInfo.InvariantCulture, $"{typeof(TKernel)} {config.GridDim} {config.GroupDim} {config.SharedMemoryConfig.ArraySize}: {string.Join(' ', Fields(kernel))}"),
            () => inner?.Run(stream, config, kernel));
        if (_open is not null) _open.Add(launch);
        else Do(launch);
    }

    public void Renew(ArrayView<float> memory) => inner?.Renew(memory);

    public void Begin(AcceleratorStream stream)
    {
        if (Refuses == nameof(Begin)) throw new GraphException("no capture");
        _open = [];
    }

    public IGraph End(AcceleratorStream stream)
    {
        List<(string, Action)> kept = _open!;
        _open = null;
        if (Refuses == nameof(End)) throw new GraphException("no graph");
        Captures++;
        LiveGraphs++;
        return new Graph(this, kept);
    }

    private void Do((string Text, Action Run) launch)
    {
        Ran.Add(launch.Text);
        launch.Run();
    }

    // Of views only the length: memory is another in every run.
    private static IEnumerable<object> Fields(object value)
    {
        Type type = value.GetType();
        if (type.IsPrimitive) return [value];
        if (type.IsGenericType && type.GetGenericTypeDefinition() == typeof(ArrayView<>)) return [((IArrayView)value).Length];
        return type.GetFields(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic).SelectMany(f => Fields(f.GetValue(value)!));
    }

    private sealed class Graph(KeptLaunches owner, List<(string, Action)> kept) : IGraph
    {
        public bool Launch(AcceleratorStream stream)
        {
            if (owner.Refuses == nameof(Launch)) return false;
            owner.GraphLaunches++;
            foreach ((string, Action) launch in kept) owner.Do(launch);
            return true;
        }

        public void Dispose() => owner.LiveGraphs--;
    }
}
