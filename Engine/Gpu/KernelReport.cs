using EmotionXai.Engine.Gpu.Kernels;

namespace EmotionXai.Engine.Gpu;

/// <summary>One kernel, compiled for one architecture without a device.</summary>
/// <param name="Name">The kernel.</param>
/// <param name="Target">The architecture it was compiled for, such as sm_90.</param>
/// <param name="PtxTarget">The architecture that its PTX names: ILGPU 1.5.3 names none above sm_80, whose PTX the driver compiles for any newer card.</param>
/// <param name="Threads">Its largest group.</param>
/// <param name="SharedBytes">Shared memory of fixed size; more may be asked for at launch.</param>
/// <param name="LocalBytes">Memory of a thread's own that did not become registers: slow, and none is wanted.</param>
/// <param name="Instructions">Instructions of the PTX.</param>
/// <param name="Ptx">The PTX.</param>
internal sealed record KernelReport(string Name, string Target, string PtxTarget, int Threads, int SharedBytes, int LocalBytes, int Instructions, string Ptx)
{
    /// <summary>Compiles every kernel for A100 (sm_80) and H100 (sm_90), one after the other.</summary>
    public static IEnumerable<KernelReport> All()
    {
        foreach ((int major, int minor) in PtxCompiler.Architectures)
        {
            using PtxCompiler compiler = new(major, minor);
            foreach (KernelSource kernel in KernelCatalog.All) yield return Of(compiler.Target, kernel, compiler.Compile(kernel));
        }
    }

    internal static KernelReport Of(string target, KernelSource kernel, string ptx)
    {
        PtxStatistics s = PtxStatistics.Of(ptx);
        return new KernelReport(kernel.Name, target, s.Target, kernel.MostThreads, s.SharedBytes, s.LocalBytes, s.Instructions, ptx);
    }
}
