using System.Globalization;

namespace EmotionXai.Landmarks.Video;

/// <summary>Writes extracted clips as CSV, a row a frame. Cells of a frame without the face stay empty.</summary>
internal sealed class LandmarkCsvWriter : ILandmarkWriter
{
    private const int LongestNumber = 32;
    private readonly TextWriter _writer;
    private readonly LandmarkColumns _columns;
    private readonly (string Name, Func<ExtractedClip, int, int> Value)[] _counts;
    private readonly (string Name, Func<ExtractedClip, int, float> Value)[] _numbers;
    private readonly int[] _places;

    public LandmarkCsvWriter(Stream stream, LandmarkColumns columns)
    {
        _writer = new StreamWriter(stream, bufferSize: 1 << 16, leaveOpen: true) { NewLine = "\n" };
        _columns = columns;
        (_counts, _numbers, _places) = ([.. columns.Counts], [.. columns.Numbers], [.. columns.Coordinates.Select(c => c.At)]);
        _writer.WriteLine(string.Join(',', [.. columns.Texts.Select(t => t.Name), .. _counts.Select(c => c.Name), .. _numbers.Select(n => n.Name), .. columns.Coordinates.Select(c => c.Name)]));
    }

    public void Write(ExtractedClip clip)
    {
        string texts = string.Join(',', _columns.Texts.Select(t => CsvText.Cell(t.Value(clip))));
        Span<char> digits = stackalloc char[LongestNumber];
        for (int t = 0; t < clip.Frames; t++)
        {
            _writer.Write(texts);
            foreach ((_, Func<ExtractedClip, int, int> value) in _counts)
            {
                value(clip, t).TryFormat(digits, out int length, default, CultureInfo.InvariantCulture);
                _writer.Write(',');
                _writer.Write(digits[..length]);
            }

            foreach ((_, Func<ExtractedClip, int, float> value) in _numbers) Number(value(clip, t), digits);
            float[]? points = clip.Points[t];
            foreach (int place in _places) Number(points is null ? float.NaN : points[place], digits);
            _writer.WriteLine();
        }
    }

    public void Dispose() => _writer.Dispose();

    private void Number(float value, Span<char> digits)
    {
        _writer.Write(',');
        if (float.IsNaN(value)) return;
        value.TryFormat(digits, out int length, default, CultureInfo.InvariantCulture);
        _writer.Write(digits[..length]);
    }
}
