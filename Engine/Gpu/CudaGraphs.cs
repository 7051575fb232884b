using System.Runtime.InteropServices;
using ILGPU.Runtime;
using ILGPU.Runtime.Cuda;

namespace EmotionXai.Engine.Gpu;

/// <summary>
/// Stream capture of CUDA (driver 11.4 and newer). It is relaxed: other threads go on allocating and waiting for streams of their own,
/// which would spoil a capture otherwise.
/// </summary>
internal sealed partial class CudaGraphs : IGraphs
{
    private const int Relaxed = 2;

    public void Begin(AcceleratorStream stream) => Check("cuStreamBeginCapture", CudaDriver.Call(() => BeginCapture(Of(stream), Relaxed)));

    public IGraph End(AcceleratorStream stream)
    {
        nint graph = 0, launcher = 0;
        Check("cuStreamEndCapture", CudaDriver.Call(() => EndCapture(Of(stream), out graph)));
        int answer = CudaDriver.Call(() => Instantiate(out launcher, graph, 0));
        CudaDriver.Call(() => DestroyGraph(graph));
        Check("cuGraphInstantiate", answer);
        return new Graph(launcher);
    }

    private static nint Of(AcceleratorStream stream) => ((CudaStream)stream).StreamPtr;

    private static void Check(string call, int answer)
    {
        if (answer != 0) throw new GraphException($"{call} answers {answer}");
    }

    private sealed class Graph(nint launcher) : IGraph
    {
        public bool Launch(AcceleratorStream stream) => LaunchGraph(launcher, Of(stream)) == 0;

        // One that still runs goes when it is done.
        public void Dispose() => _ = DestroyLauncher(launcher);
    }

    [LibraryImport(CudaDriver.Library, EntryPoint = "cuStreamBeginCapture_v2")]
    private static partial int BeginCapture(nint stream, int mode);

    [LibraryImport(CudaDriver.Library, EntryPoint = "cuStreamEndCapture")]
    private static partial int EndCapture(nint stream, out nint graph);

    [LibraryImport(CudaDriver.Library, EntryPoint = "cuGraphInstantiateWithFlags")]
    private static partial int Instantiate(out nint launcher, nint graph, ulong flags);

    [LibraryImport(CudaDriver.Library, EntryPoint = "cuGraphLaunch")]
    private static partial int LaunchGraph(nint launcher, nint stream);

    [LibraryImport(CudaDriver.Library, EntryPoint = "cuGraphExecDestroy")]
    private static partial int DestroyLauncher(nint launcher);

    [LibraryImport(CudaDriver.Library, EntryPoint = "cuGraphDestroy")]
    private static partial int DestroyGraph(nint graph);
}
