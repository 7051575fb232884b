using System.Runtime.InteropServices;
using TorchSharp;

namespace EmotionXai.Bench.Peers;

/// <summary>Whether libtorch is there.</summary>
internal static class Torch
{
    /// <summary>Loads it; null, or what is missing and how to get it.</summary>
    public static string? Load(int threads)
    {
        try
        {
            torch.set_num_threads(threads);
            using torch.Tensor one = torch.ones(1);
            return one.item<float>() == 1 ? null : "libtorch gives wrong numbers.";
        }
        catch (Exception e) when (e is TypeInitializationException or DllNotFoundException or NotSupportedException or EntryPointNotFoundException or BadImageFormatException)
        {
            return $"""
                libtorch cannot be loaded here, so there is nothing to compare with: {Cause(e)}
                TorchSharp-cpu brings libtorch for x64 Linux and Windows and for ARM macOS; this is {RuntimeInformation.RuntimeIdentifier}.
                On Linux its library asks for GLIBCXX_3.4.32 (GCC 13 or newer: Debian 13, Ubuntu 24.04). On an older system give
                PEERS_TORCH_FIX=SCRIPT to ./bench.sh peers: a script that patches the native library in the build folder it is called with.
                """;
        }
    }

    private static string Cause(Exception e)
    {
        while (e is TypeInitializationException && e.InnerException is { } inner) e = inner;
        return e.Message.ReplaceLineEndings(" ");
    }
}
