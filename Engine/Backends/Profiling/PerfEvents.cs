using System.Runtime.InteropServices;

namespace EmotionXai.Engine.Backends.Profiling;

/// <summary>Where counters come from: the kernel, or what a test makes up.</summary>
internal interface ICounterSource
{
    /// <summary>Begins to count an event of a thread, and of the threads that it starts from then on.</summary>
    /// <returns>A handle, or less than 0: the error number with a minus sign.</returns>
    int Open(in CounterEvent counted, int thread);

    /// <summary>What has been counted, and for how much of the time: the kernel takes turns where there are more events than counters.</summary>
    (ulong Value, ulong Enabled, ulong Running)? Read(int handle);

    void Close(int handle);
}

/// <summary>An event as <c>perf_event_open</c> names it.</summary>
/// <param name="Type">0 for an event that every processor has, 1 for one of the kernel's own, 4 for one of this kind of processor.</param>
/// <param name="Config">Which.</param>
/// <param name="Weight">What an event counts for.</param>
internal readonly record struct CounterEvent(uint Type, ulong Config, double Weight = 1);

/// <summary>Linux's <c>perf_event_open</c>. Only the program's own instructions are counted, not the kernel's, which every program may ask for by default.</summary>
internal sealed unsafe partial class PerfEvents : ICounterSource
{
    private const uint AttributeSize = 64;
    private const ulong TimeEnabled = 1, TimeRunning = 2;
    private const ulong Inherit = 1 << 1, ExcludeKernel = 1 << 5, ExcludeHypervisor = 1 << 6;
    private const int AnyProcessor = -1, NoGroup = -1;
    private const nint CloseOnExec = 8;

    // perf_event_open has no function in the C library.
    private static nint Number => RuntimeInformation.ProcessArchitecture switch
    {
        Architecture.X64 => 298,
        Architecture.Arm64 => 241,
        _ => -1,
    };

    /// <summary>Whether this is a system that has it.</summary>
    public static bool IsSupported => OperatingSystem.IsLinux() && Number > 0;

    public int Open(in CounterEvent counted, int thread)
    {
        Attribute attribute = new()
        {
            Type = counted.Type,
            Size = AttributeSize,
            Config = counted.Config,
            ReadFormat = TimeEnabled | TimeRunning,
            Flags = Inherit | ExcludeKernel | ExcludeHypervisor,
        };
        nint handle = SystemCall(Number, &attribute, thread, AnyProcessor, NoGroup, CloseOnExec);
        return handle < 0 ? -Marshal.GetLastPInvokeError() : (int)handle;
    }

    public (ulong Value, ulong Enabled, ulong Running)? Read(int handle)
    {
        ulong* buffer = stackalloc ulong[3];
        return ReadFile(handle, buffer, 3 * sizeof(ulong)) == 3 * sizeof(ulong) ? (buffer[0], buffer[1], buffer[2]) : null;
    }

    public void Close(int handle) => _ = CloseFile(handle);

    [LibraryImport("libc", EntryPoint = "syscall", SetLastError = true)]
    private static partial nint SystemCall(nint number, Attribute* attribute, nint thread, nint processor, nint group, nint flags);

    [LibraryImport("libc", EntryPoint = "read", SetLastError = true)]
    private static partial nint ReadFile(int handle, void* buffer, nuint count);

    [LibraryImport("libc", EntryPoint = "close")]
    private static partial int CloseFile(int handle);

    // The first published form of perf_event_attr, which every kernel takes.
    [StructLayout(LayoutKind.Sequential)]
    private struct Attribute
    {
        public uint Type, Size;
        public ulong Config, SamplePeriod, SampleType, ReadFormat, Flags;
        public uint WakeupEvents, BreakpointType;
        public ulong Config1;
    }
}
