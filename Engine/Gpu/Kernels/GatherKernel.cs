using ILGPU;

namespace EmotionXai.Engine.Gpu.Kernels;

/// <summary>y[i] = table[rows[i]], rows of numbers; an index that is none makes its row NaN.</summary>
internal readonly struct GatherKernel(ArrayView<float> table, int width, ArrayView<float> rows, ArrayView<float> y) : IKernel
{
    public void Run()
    {
        int held = (int)table.Length / width;
        for (int at = Threads.First; at < (int)y.Length; at += Threads.Count)
        {
            int i = at / width, element = at - (i * width);
            float row = rows[i];
            y[at] = row >= 0 && row < held ? table[((int)row * width) + element] : float.NaN;
        }
    }
}
