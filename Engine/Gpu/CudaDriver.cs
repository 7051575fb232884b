using System.Reflection;
using System.Runtime.InteropServices;
using ILGPU.Runtime;
using ILGPU.Runtime.Cuda;

namespace EmotionXai.Engine.Gpu;

/// <summary>What ILGPU does not ask of CUDA's driver. The driver is looked for at the first call, and every refusal is an answer, not an error.</summary>
internal static partial class CudaDriver
{
    /// <summary>The driver, as ILGPU names it on Linux.</summary>
    public const string Library = "cuda";

    // What a call answers for whom there is no driver, or one without it.
    private const int NotFound = 500;

    private const int MaxSharedMemoryPerBlockOptIn = 97, FixedSharedBytes = 1, MaxDynamicSharedBytes = 8;

    static CudaDriver() => NativeLibrary.SetDllImportResolver(typeof(CudaDriver).Assembly, Find);

    /// <summary>Bytes of shared memory that a group may have where its kernel asks for them; 0 where the driver does not say.</summary>
    public static int SharedBytes(CudaAccelerator device)
    {
        int bytes = 0;
        return Call(() => GetDeviceAttribute(out bytes, MaxSharedMemoryPerBlockOptIn, device.DeviceId)) == 0 ? bytes : 0;
    }

    /// <summary>Lets groups of a kernel have so many bytes of shared memory.</summary>
    /// <returns>Those that a launch may ask for, without what has a fixed size; 0 where the driver refuses.</returns>
    public static int AllowShared(Kernel kernel, int bytes)
    {
        if (kernel is not CudaKernel { FunctionPtr: var function }) return 0;
        int held = 0;
        bool allowed = Call(() => GetFunctionAttribute(out held, FixedSharedBytes, function)) == 0 && Call(() => SetFunctionAttribute(function, MaxDynamicSharedBytes, bytes - held)) == 0;
        return allowed ? bytes - held : 0;
    }

    /// <summary>What the driver answers, 0 where it has done it. One that is not there, or older than the call, answers that it does not know it.</summary>
    public static int Call(Func<int> call)
    {
        try
        {
            return call();
        }
        catch (Exception e) when (e is DllNotFoundException or EntryPointNotFoundException or BadImageFormatException)
        {
            return NotFound;
        }
    }

    private static nint Find(string name, Assembly assembly, DllImportSearchPath? path) =>
        name == Library && OperatingSystem.IsWindows() && NativeLibrary.TryLoad("nvcuda", assembly, path, out nint driver) ? driver : 0;

    [LibraryImport(Library, EntryPoint = "cuDeviceGetAttribute")]
    private static partial int GetDeviceAttribute(out int value, int attribute, int device);

    [LibraryImport(Library, EntryPoint = "cuFuncGetAttribute")]
    private static partial int GetFunctionAttribute(out int value, int attribute, nint function);

    [LibraryImport(Library, EntryPoint = "cuFuncSetAttribute")]
    private static partial int SetFunctionAttribute(nint function, int attribute, int value);
}
