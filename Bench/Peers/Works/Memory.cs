using System.Diagnostics;
using System.Globalization;
using EmotionXai.Engine.Backends.Cpu;
using EmotionXai.Engine.Layers;
using EmotionXai.Explain;
using TorchSharp;

namespace EmotionXai.Bench.Peers.Works;

/// <summary>
/// Peak memory of a process that attributes clips and does nothing else. Clips come in portions made on the spot, as from
/// a file, so that what is measured is the attribution and not a list of clips that either side would hold alike.
/// </summary>
internal static class Memory
{
    /// <summary>What a child is called with.</summary>
    public const string Verb = "--attribute-in-child";

    private const int Portion = 100, Many = 2000, Few = 200;

    private static NetworkCase Network => NetworkCase.Lstm20;

    public static IEnumerable<Row> Run(Settings settings)
    {
        double ours = Peak("ours", Many, 0, settings), few = Peak("ours", Few, 0, settings);

        // What libtorch takes depends on the clips at a time: its fastest, and the least it can do with.
        double peer = Peak("peer", Many, 8, settings), least = Peak("peer", Many, 1, settings);
        string work = $"peak memory of an attribution, {Network.Name}, {Many} clips";
        yield return new Row(work, ours, peer, "MiB", peer / ours, 4, Agrees: true) { Note = $"processes of their own; libtorch, 8 clips at a time; at 1 it takes {least:0} MiB" };
        yield return new Row(
            $"peak memory, {Many} clips against {Few}", ours, few, "MiB", few / ours, 0.95, Agrees: true)
        { Note = "ours on both sides: flat in the number of clips" };
    }

    /// <summary>The work of a child: prints its peak in bytes.</summary>
    public static void Child(string side, int clips, int batch, int threads)
    {
        // Apart, so that a process of ours never loads libtorch.
        if (side == "ours") Ours(clips, threads);
        else Peer(clips, batch, threads);
        using Process process = Process.GetCurrentProcess();
        Console.WriteLine(process.PeakWorkingSet64.ToString(CultureInfo.InvariantCulture));
    }

    private static void Ours(int clips, int threads)
    {
        using CpuBackend backend = new(threads);
        using Classifier classifier = Network.Ours(backend);
        Baselines zero = Baselines.Zero(Network.Length);
        IntegratedGradients method = new(PathIntegration.Options);
        PathIntegration.Discard discard = new();
        Portions(backend, clips, values => method.Attribute(classifier, values, zero, discard));
    }

    private static void Peer(int clips, int batch, int threads)
    {
        torch.set_num_threads(threads);
        using CpuBackend backend = new(threads);
        using Classifier classifier = Network.Ours(backend);
        using TorchPaths paths = new(Network, classifier);
        Portions(backend, clips, values => paths.Time(values, batch, Portion));
    }

    private static void Portions(CpuBackend backend, int clips, Action<float[]> attribute)
    {
        float[] values = new float[Portion * Network.Length];
        for (int at = 0; at < clips; at += Portion)
        {
            Numbers.Fill(backend, values, (ulong)at);
            attribute(values);
        }
    }

    private static double Peak(string side, int clips, int batch, Settings settings)
    {
        ProcessStartInfo start = new(Environment.ProcessPath!) { RedirectStandardOutput = true };
        foreach (string argument in new[] { Verb, side, $"{clips}", $"{batch}", $"{settings.Threads}" }) start.ArgumentList.Add(argument);
        using Process child = Process.Start(start) ?? throw new InvalidOperationException("The child process did not start.");
        string text = child.StandardOutput.ReadToEnd();
        child.WaitForExit();
        if (child.ExitCode != 0) throw new InvalidOperationException($"The child process ({side}, {clips} clips) failed with {child.ExitCode}.");
        return long.Parse(text, CultureInfo.InvariantCulture) / (double)(1 << 20);
    }
}
