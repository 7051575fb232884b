using EmotionXai.Engine.Gpu.Kernels;
using ILGPU;
using ILGPU.Runtime;

namespace EmotionXai.Engine.Gpu;

/// <summary>Another way to run kernels than ILGPU's own: an interpreter of their PTX, which checks what they do.</summary>
internal interface IKernelRunner
{
    /// <summary>Runs a kernel to its end.</summary>
    void Run<TKernel>(AcceleratorStream stream, KernelConfig config, TKernel kernel)
        where TKernel : struct, IKernel;

    /// <summary>Memory has been handed out; what it holds is nobody's.</summary>
    void Renew(ArrayView<float> memory);
}
