using System.Diagnostics;
using System.Globalization;
using System.Text.Json;

namespace EmotionXai.Engine.Backends.Profiling;

/// <summary>A profile in the Trace Event Format: complete events ("X") with times in microseconds, a row a thread.</summary>
internal static class ChromeTrace
{
    private const int Process = 1;

    // Times to the nanosecond: with fewer digits a slice could seem to begin before the one before it ends.
    private const string Time = "0.000";

    public static void Write(TextWriter writer, Profile profile)
    {
        MachineLimits limits = profile.Limits;
        writer.Write("{\"displayTimeUnit\":\"ns\",\"otherData\":{");
        writer.Write(string.Create(CultureInfo.InvariantCulture,
            $"\"threads\":{limits.Threads},\"peak_gflops\":{limits.Peak * 1e-9:0.0},\"memory_gb_per_s\":{limits.MemoryBandwidth * 1e-9:0.0},\"cache_gb_per_s\":{limits.CacheBandwidth * 1e-9:0.0},\"truncated\":{(profile.Truncated ? "true" : "false")}"));
        writer.Write("},\"traceEvents\":[");
        HashSet<int> threads = [];
        string separator = "\n";
        foreach (Recorder.Slice slice in profile.Recorders().SelectMany(r => r.Slices))
        {
            if (threads.Add(slice.Thread))
            {
                writer.Write(string.Create(CultureInfo.InvariantCulture,
                    $"{separator}{{\"name\":\"thread_name\",\"ph\":\"M\",\"pid\":{Process},\"tid\":{slice.Thread},\"args\":{{\"name\":\"thread {slice.Thread}\"}}}}"));
                separator = ",\n";
            }

            writer.Write(separator);
            Write(writer, profile, slice);
        }

        writer.Write("\n]}\n");
    }

    private static void Write(TextWriter writer, Profile profile, in Recorder.Slice slice)
    {
        double start = Microseconds(profile.Start, slice.Start), length = Microseconds(slice.Start, slice.End);
        string name = JsonEncodedText.Encode(slice.Kind?.Name ?? slice.Name!).ToString();
        writer.Write(string.Create(CultureInfo.InvariantCulture,
            $"{{\"name\":\"{name}\",\"cat\":\"{(slice.Kind is null ? "section" : "op")}\",\"ph\":\"X\",\"pid\":{Process},\"tid\":{slice.Thread},\"ts\":{start.ToString(Time, CultureInfo.InvariantCulture)},\"dur\":{length.ToString(Time, CultureInfo.InvariantCulture)}"));
        if (slice.Kind is { } kind)
        {
            // A call too short for the clock has no rate.
            double seconds = length * 1e-6, rate = seconds > 0 ? 2 * kind.MultiplyAdds / seconds : 0, bandwidth = seconds > 0 ? kind.Bytes / seconds : 0;
            writer.Write(string.Create(CultureInfo.InvariantCulture,
                $",\"args\":{{\"shapes\":\"{JsonEncodedText.Encode(kind.Shapes)}\",\"multiply_adds\":{kind.MultiplyAdds},\"bytes\":{kind.Bytes},\"gflops\":{rate * 1e-9:0.###},\"gb_per_s\":{bandwidth * 1e-9:0.###},\"percent_of_peak\":{100 * rate / profile.Limits.PeakOf(kind.Threads):0.##},\"threads\":{kind.Threads}}}"));
        }

        writer.Write('}');
    }

    private static double Microseconds(long from, long to) => Stopwatch.GetElapsedTime(from, to).Ticks * (1e6 / TimeSpan.TicksPerSecond);
}
