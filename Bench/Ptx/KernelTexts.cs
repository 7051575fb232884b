using System.Collections.Concurrent;
using EmotionXai.Engine.Gpu;
using EmotionXai.Engine.Gpu.Kernels;

namespace EmotionXai.Bench.Ptx;

/// <summary>The PTX of kernels for sm_80, which ILGPU writes for every later card too: compiled once in a process.</summary>
internal static class KernelTexts
{
    private static readonly Lazy<PtxCompiler> s_compiler = new(() => new PtxCompiler(8, 0));
    private static readonly ConcurrentDictionary<Type, Lazy<string>> s_texts = [];
    private static readonly Dictionary<Type, KernelSource> s_sources = KernelCatalog.All.ToDictionary(k => k.Type);

    /// <summary>The kernel of a type, as the catalogue has it.</summary>
    public static KernelSource? Source(Type type) => s_sources.GetValueOrDefault(type);

    public static string Of(KernelSource kernel) => s_texts.GetOrAdd(kernel.Type, _ => new Lazy<string>(() =>
    {
        lock (s_compiler) return s_compiler.Value.Compile(kernel);
    })).Value;
}
