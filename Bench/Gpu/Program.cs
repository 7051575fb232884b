using EmotionXai.Bench.Gpu;
using EmotionXai.Engine;
using EmotionXai.Engine.Gpu;

// What kernels do is counted without a card.
if (args is ["kernels"] or ["kernels", "--all"]) return KernelTable.Run(all: args.Length > 1) == 0 ? 0 : 1;

// Checks first, then times: a kernel that is wrong has no time worth knowing.
bool emulated = args is ["--device", "emulated"];
if (args is ["--counts"])
{
    Counts.Run();
    return 0;
}

if (args.Length > 0 && !emulated)
{
    Console.Error.WriteLine("usage: EmotionXai.GpuBench [--device emulated | --counts | kernels [--all]]");
    return 2;
}

foreach (string gpu in GpuDevices.Describe()) Console.WriteLine($"gpu  {gpu}");
try
{
    if (!Checks.Run(emulated))
    {
        Console.Error.WriteLine("error: kernels above differ from Reference; nothing was timed.");
        return 1;
    }

    if (GpuDevices.GraphsRefused is { } why) Console.WriteLine($"The card keeps no launches ({why}): every kernel was launched by itself.");
    if (emulated) Console.WriteLine("The emulation is checked, not timed: its times say nothing about a card.");
    else Times.Run();
    return 0;
}
catch (EngineException e)
{
    Console.Error.WriteLine($"error: {e.Message}");
    if (GpuDevices.Describe().Count == 0) Console.Error.WriteLine("No GPU is present here, so nothing was checked or timed on one; './bench.sh gpu --device emulated' checks the kernels on the CPU.");
    return 1;
}
