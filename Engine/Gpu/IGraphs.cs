using System.Diagnostics.CodeAnalysis;
using ILGPU.Runtime;

namespace EmotionXai.Engine.Gpu;

/// <summary>A device that can keep what a queue is given instead of doing it.</summary>
internal interface IGraphs
{
    /// <summary>From now on what the queue is given is kept.</summary>
    /// <exception cref="GraphException">The driver refuses.</exception>
    void Begin(AcceleratorStream stream);

    /// <summary>What the queue was given since; from now on it does again what it is given.</summary>
    /// <exception cref="GraphException">Something was given that cannot be kept.</exception>
    IGraph End(AcceleratorStream stream);
}

/// <summary>Launches that a device keeps.</summary>
internal interface IGraph : IDisposable
{
    /// <summary>Gives them to a queue; false where the driver refuses.</summary>
    bool Launch(AcceleratorStream stream);
}

/// <summary>Those of a card that is not there: what is kept is not counted again.</summary>
internal sealed class DryGraphs : IGraphs, IGraph
{
    public void Begin(AcceleratorStream stream)
    {
    }

    public IGraph End(AcceleratorStream stream) => this;

    public bool Launch(AcceleratorStream stream) => true;

    public void Dispose()
    {
    }
}

/// <summary>A driver that keeps no launches, and what it says.</summary>
[SuppressMessage("Design", "CA1064", Justification = "It never leaves the backend.")]
internal sealed class GraphException(string message) : Exception(message);
