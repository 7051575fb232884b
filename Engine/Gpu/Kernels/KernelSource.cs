using System.Reflection;

namespace EmotionXai.Engine.Gpu.Kernels;

/// <summary>A kernel that can be compiled: its name, its entry point and the largest group it is launched with.</summary>
internal sealed record KernelSource(string Name, Type Type, MethodInfo Entry, int MostThreads)
{
    /// <summary>The kernel of a type.</summary>
    public static KernelSource Of<TKernel>(string name)
        where TKernel : struct, IKernel
    {
        Action<TKernel> entry = KernelEntry.Run;
        return new KernelSource(name, typeof(TKernel), entry.Method, TKernel.MostThreads);
    }
}
