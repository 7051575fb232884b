using System.Globalization;
using EmotionXai.Fuzz;
using SharpFuzz;

// instrument FILE...: counts branches in assemblies, in place.
// hunt MINUTES OUT SEED [TARGET...]: mutates for so long, shared among the targets.
// try TARGET FILE...: reads files that a hunt has kept.
switch (args)
{
    case ["instrument", .. string[] files]:
        foreach (string file in files) Fuzzer.Instrument(file, name => !name.StartsWith('<') && (!name.StartsWith("EmotionXai.Engine.", StringComparison.Ordinal) || name.Contains(".Serialization.", StringComparison.Ordinal) || name.Contains(".Exchange.", StringComparison.Ordinal)), Options.Value);
        return 0;
    case ["hunt", string minutes, string output, string seed, .. string[] names]:
        FuzzTarget[] targets = [.. Targets.All.Where(t => names.Length == 0 || names.Contains(t.Name))];
        if (targets.Length == 0) goto default;
        TimeSpan each = TimeSpan.FromMinutes(double.Parse(minutes, CultureInfo.InvariantCulture) / targets.Length);
        foreach (FuzzTarget target in targets) Console.WriteLine(new Hunt(target, output, int.Parse(seed, CultureInfo.InvariantCulture)).Run(each));
        return 0;
    case ["try", string name, .. string[] files] when Targets.All.FirstOrDefault(t => t.Name == name) is { } target:
        string work = Directory.CreateTempSubdirectory("emotionxai-fuzz-").FullName;
        foreach (string file in files)
        {
            FuzzOutcome outcome = target.Try(work, File.ReadAllBytes(file));
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{file}: {outcome.Seconds:0.000} s, {outcome.Bytes / 1e6:0.0} MB, {outcome.Fault ?? "well"}"));
        }

        Directory.Delete(work, recursive: true);
        return 0;
    default:
        Console.Error.WriteLine($"usage: instrument FILE... | hunt MINUTES OUT SEED [TARGET...] | try TARGET FILE...; targets: {string.Join(", ", Targets.All.Select(t => t.Name))}");
        return 2;
}
