using System.Globalization;
using System.Text.Json.Nodes;
using EmotionXai.Engine.Gpu;
using EmotionXai.Landmarks;

namespace EmotionXai.Cli;

/// <summary>The GPU's kernels as <c>info --kernels</c> writes them: a file of PTX for each, and a table of what they need.</summary>
internal static class KernelFiles
{
    /// <summary>Compiles and writes all; the table is shown and lies in the folder as kernels.csv.</summary>
    public static IReadOnlyList<KernelReport> Write(string folder, TextWriter output)
    {
        if (File.Exists(folder)) throw new ArgumentException($"--kernels {folder}: this is a file; name a folder.");
        Directory.CreateDirectory(folder);
        List<KernelReport> kernels = [];
        output.WriteLine($"{"kernel",-34} {"for",-6} {"threads",7} {"shared",8} {"local",6} {"PTX lines",9}");
        foreach (KernelReport kernel in KernelReport.All())
        {
            AtomicFile.Write(Path.Combine(folder, $"{kernel.Name}.{kernel.Target}.ptx"), writer => writer.Write(kernel.Ptx));
            output.WriteLine($"{kernel.Name,-34} {kernel.Target,-6} {kernel.Threads,7} {kernel.SharedBytes,8} {kernel.LocalBytes,6} {kernel.Instructions,9}");
            kernels.Add(kernel);
        }

        AtomicFile.Write(Path.Combine(folder, "kernels.csv"), writer =>
        {
            writer.WriteLine("kernel,target,ptx_target,threads,shared_bytes,local_bytes,instructions");
            foreach (KernelReport k in kernels)
                writer.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{k.Name},{k.Target},{k.PtxTarget},{k.Threads},{k.SharedBytes},{k.LocalBytes},{k.Instructions}"));
        });
        output.WriteLine($"Wrote {kernels.Count} files of PTX and kernels.csv to {folder}. Registers are the assembler's to give; ./bench.sh kernels shows them where ptxas is on the PATH. Shared memory of a size chosen at launch is not counted.");
        return kernels;
    }

    public static JsonArray Describe(IReadOnlyList<KernelReport> kernels) => new([.. kernels.Select(k => new JsonObject
    {
        ["kernel"] = k.Name,
        ["target"] = k.Target,
        ["ptx_target"] = k.PtxTarget,
        ["threads"] = k.Threads,
        ["shared_bytes"] = k.SharedBytes,
        ["local_bytes"] = k.LocalBytes,
        ["instructions"] = k.Instructions,
    })]);
}
