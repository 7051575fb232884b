using EmotionXai.Engine.Backends;
using EmotionXai.Engine.Backends.Cpu;
using Xunit;

namespace EmotionXai.Tests.Backends;

/// <summary>The contract on the widest vectors of this machine.</summary>
public sealed class CpuContractTests : BackendContract
{
    protected override IBackend Create() => new CpuBackend();
}

/// <summary>The contract on 256 bits, where they run.</summary>
public sealed class Cpu256ContractTests : BackendContract
{
    protected override IBackend Create() => CpuWidth.Create(8);
}

/// <summary>The contract on 128 bits, where they run.</summary>
public sealed class Cpu128ContractTests : BackendContract
{
    protected override IBackend Create() => CpuWidth.Create(4);
}

/// <summary>The contract on scalars.</summary>
public sealed class CpuScalarContractTests : BackendContract
{
    protected override IBackend Create() => CpuWidth.Create(1);

    protected override int Rounds => 500;
}

/// <summary>The contract with a worker beside the caller.</summary>
public sealed class CpuTwoThreadsContractTests : BackendContract
{
    protected override IBackend Create() => new CpuBackend(2);
}

internal static class CpuWidth
{
    public static CpuBackend Create(int lanes)
    {
        Assert.SkipUnless(VectorWidths.Supported.Contains(lanes), $"This machine has no vectors of {lanes} float32.");
        return new CpuBackend(1, lanes);
    }
}
