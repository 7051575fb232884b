using BenchmarkDotNet.Attributes;
using EmotionXai.Engine.Backends;
using EmotionXai.Engine.Backends.Cpu;
using EmotionXai.Engine.Tensors;

namespace EmotionXai.Bench;

/// <summary>The matrix product at the sizes of the job and at square ones; 2 m n k floating-point operations each.</summary>
[MemoryDiagnoser]
public class Products
{
    private CpuBackend _backend = null!;
    private TensorScope _scope = null!;
    private Tensor _a = null!, _b = null!, _c = null!;
    private MatrixProduct _product;

    [Params("64x64x64", "512x512x512", "20x256x936", "32x64x2176", "2176x64x32")]
    public string Size { get; set; } = "";

    [Params(1, 2)]
    public int Threads { get; set; }

    [GlobalSetup]
    public void SetUp()
    {
        int[] extents = [.. Size.Split('x').Select(int.Parse)];
        _product = new MatrixProduct(extents[0], extents[1], extents[2], false, false, false);
        _backend = new CpuBackend(Threads);
        _scope = new TensorScope(_backend);
        _a = _scope.New(new Shape(extents[0], extents[2]));
        _b = _scope.New(new Shape(extents[2], extents[1]));
        _c = _scope.New(new Shape(extents[0], extents[1]));
        _backend.Fill(_a.Data, 1);
        _backend.Fill(_b.Data, 1);
    }

    [GlobalCleanup]
    public void TearDown()
    {
        _scope.Dispose();
        _backend.Dispose();
    }

    [Benchmark]
    public void Multiply() => _backend.Multiply(_product, _a.Data, _b.Data, null, _c.Data);
}
