using SkiaSharp;
using Svg.Skia.TypefaceProviders;

namespace EmotionXai.Cli.Figures;

/// <summary>
/// The fonts of figures. The Linux library that needs nothing installed finds no font by itself: the usual ones are looked for
/// where distributions put them. Elsewhere the system is asked.
/// </summary>
internal static class Fonts
{
    private static readonly string[] s_folders = ["/usr/share/fonts", "/usr/local/share/fonts", Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".fonts")];

    // Helvetica's likes first.
    private static readonly (string Regular, string Bold)[] s_files =
    [
        ("LiberationSans-Regular.ttf", "LiberationSans-Bold.ttf"), ("Arimo-Regular.ttf", "Arimo-Bold.ttf"), ("arial.ttf", "arialbd.ttf"), ("DejaVuSans.ttf", "DejaVuSans-Bold.ttf"),
        ("NotoSans-Regular.ttf", "NotoSans-Bold.ttf"), ("OpenSans-Regular.ttf", "OpenSans-Bold.ttf"), ("FreeSans.ttf", "FreeSansBold.ttf"),
    ];

    /// <summary>Who finds a font for a text.</summary>
    /// <exception cref="InvalidOperationException">There is none on this Linux.</exception>
    public static IList<ITypefaceProvider> Providers { get; } = OperatingSystem.IsLinux() ? [Find()] : [new DefaultTypefaceProvider()];

    private static Pair Find()
    {
        Dictionary<string, string> files = new(StringComparer.OrdinalIgnoreCase);
        foreach (string folder in s_folders.Where(Directory.Exists))
            foreach (string file in Directory.EnumerateFiles(folder, "*.ttf", new EnumerationOptions { RecurseSubdirectories = true, IgnoreInaccessible = true })) files.TryAdd(Path.GetFileName(file), file);
        foreach ((string regular, string bold) in s_files)
            if (files.TryGetValue(regular, out string? plain)) return new Pair(SKTypeface.FromFile(plain), SKTypeface.FromFile(files.GetValueOrDefault(bold, plain)));
        throw new InvalidOperationException($"Figures need a font, and {string.Join(", ", s_folders)} hold none of {string.Join(", ", s_files.Select(f => f.Regular))}: install the package fonts-dejavu-core or fonts-liberation.");
    }

    private sealed class Pair(SKTypeface regular, SKTypeface bold) : ITypefaceProvider
    {
        public SKTypeface? FromFamilyName(string fontFamily, SKFontStyleWeight fontWeight, SKFontStyleWidth fontWidth, SKFontStyleSlant fontStyle) => fontWeight >= SKFontStyleWeight.SemiBold ? bold : regular;
    }
}
