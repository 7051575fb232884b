using EmotionXai.Landmarks;
using EmotionXai.Landmarks.Report;
using SkiaSharp;
using Svg.Skia;

namespace EmotionXai.Cli.Figures;

/// <summary>Drawings as files for papers: SVG, and PNG and PDF made from it.</summary>
internal static class FigureFiles
{
    /// <summary>Dots an inch of a PNG where nothing else is asked for: enough for print.</summary>
    public const int Dots = 300;

    /// <summary>The library reads a point as 96 / 72 pixels.</summary>
    private const float PixelsAnInch = 96, Points = 72 / PixelsAnInch;

    /// <summary>Where a figure's SVG goes; its other files lie beside it.</summary>
    public static string Path(string folder, string name) => System.IO.Path.Combine(folder, name + ".svg");

    /// <summary>Writes figures, each as .svg, .png and .pdf.</summary>
    /// <returns>Their number, each counted once.</returns>
    public static int Write(string folder, IEnumerable<(string Name, Drawing Drawing)> figures, int dots = Dots)
    {
        float scale = dots / PixelsAnInch;
        Directory.CreateDirectory(folder);
        int written = 0;
        foreach ((string name, Drawing drawing) in figures)
        {
            string path = System.IO.Path.Combine(folder, name), text = drawing.File();
            AtomicFile.WriteText(path + ".svg", text);
            using SKSvg svg = new();
            svg.Settings.TypefaceProviders = Fonts.Providers;
            using SKPicture picture = svg.FromSvg(text) ?? throw new InvalidDataException($"{path}.svg cannot be drawn.");
            AtomicFile.WriteStream(path + ".png", stream => picture.ToImage(stream, SKColors.White, SKEncodedImageFormat.Png, 100, scale, scale, SKColorType.Rgba8888, SKAlphaType.Premul, SKColorSpace.CreateSrgb()));
            AtomicFile.WriteStream(path + ".pdf", stream => ToPdf(picture, stream));
            written++;
        }

        return written;
    }

    private static void ToPdf(SKPicture picture, Stream stream)
    {
        using SKDocument document = SKDocument.CreatePdf(stream, Dots);
        SKCanvas page = document.BeginPage(picture.CullRect.Width * Points, picture.CullRect.Height * Points);
        page.Scale(Points);
        page.DrawPicture(picture);
        document.EndPage();
        document.Close();
    }
}
