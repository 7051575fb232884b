using EmotionXai.Landmarks.Datasets;
using Xunit;

namespace EmotionXai.Tests.Landmarks.Datasets;

/// <summary>Each error names the file, the place and the remedy, in one line.</summary>
public sealed class BadInputTests : IDisposable
{
    private const string Labels = "file,subject,label\na,s,joy\nb,t,fear\n";
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    // Reading fails with this exception, whose message starts with the file and has every part.
    private void Fails<T>(string read, string file, params string[] parts)
        where T : Exception => Fails<T>(read, file, new DatasetOptions(), parts);

    private void Fails<T>(string read, string file, DatasetOptions options, params string[] parts)
        where T : Exception
    {
        string message = Assert.Throws<T>(() => LandmarkDataset.Read(_folder[read], options)).Message;
        Assert.StartsWith(Path.TrimEndingDirectorySeparator(_folder[file]) + ": ", message.Replace("/:", ":", StringComparison.Ordinal), StringComparison.Ordinal);
        Assert.All(parts, part => Assert.Contains(part, message, StringComparison.Ordinal));
        Assert.DoesNotContain('\n', message);
        Assert.EndsWith(".", message, StringComparison.Ordinal);
    }

    private void Pair(string a, string? b = null)
    {
        _folder.Write("a.csv", a);
        _folder.Write("b.csv", b ?? SampleFiles.OpenFace());
        _folder.Write("labels.csv", Labels);
    }

    [Fact]
    public void Missing_path() => Fails<FileNotFoundException>("nowhere", "nowhere", "no such file or folder", "Check the path");

    [Fact]
    public void Empty_folder() => Fails<InvalidDataException>("", "", "the folder is empty", "Put CSV files");

    [Fact]
    public void Folder_with_nothing_usable()
    {
        _folder.Write("notes.txt", "hello");
        Fails<InvalidDataException>("", "", "neither CSV files", "Point to the folder");
    }

    [Fact]
    public void Folder_with_labels_only()
    {
        _folder.Write("labels.csv", Labels);
        Fails<InvalidDataException>("", "", "neither CSV files");
        Fails<InvalidDataException>("", "", new DatasetOptions { Format = "openface" }, "no CSV file for the format openface", "Point to the folder");
    }

    [Fact]
    public void Unknown_format_name()
    {
        ArgumentException e = Assert.Throws<ArgumentException>(() => LandmarkDataset.Read(_folder.Path, new DatasetOptions { Format = "xml" }));
        Assert.Contains("--format xml: choose auto, openface, mediapipe, ckplus, pyfeat, parquet.", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Unknown_content()
    {
        _folder.Write("prices.csv", "day,price\n1,2\n");
        Fails<InvalidDataException>("prices.csv", "prices.csv", "line 1", "lacks x_0", "--format");
    }

    [Fact]
    public void Landmarks_of_an_unknown_tracker()
    {
        _folder.Write("t.csv", "x_0,y_0\n1,2\n");
        Fails<InvalidDataException>("t.csv", "t.csv", "lacks confidence (OpenFace), z_0 (MediaPipe) or FaceScore (py-feat)");
    }

    [Fact]
    public void Header_lacking_columns()
    {
        Pair(SampleFiles.OpenFace(points: 60));
        Fails<InvalidDataException>("", "a.csv", "line 1", "lacks the columns x_60, y_60, x_61 and 13 more", "Write the file again");
    }

    [Fact]
    public void Format_insisted_on_names_what_it_lacks()
    {
        _folder.Write("t.csv", "x_0,y_0\n1,2\n");
        Fails<InvalidDataException>("t.csv", "t.csv", new DatasetOptions { Format = "openface" }, "lacks the columns confidence, x_1, y_1 and");
    }

    [Fact]
    public void Wrong_number_of_cells()
    {
        string[] lines = SampleFiles.OpenFace(3).Split('\n');
        lines[2] = lines[2][..200];
        Pair(string.Join('\n', lines));
        Fails<InvalidDataException>("", "a.csv", "line 3", "cells where the header has 144 columns", "write it again");
    }

    [Fact]
    public void Garbage_in_a_cell()
    {
        Pair(SampleFiles.OpenFace().Replace(",  3.5,", ",  3.5px,", StringComparison.Ordinal));
        Fails<InvalidDataException>("", "a.csv", "line 2, column x_3", "'3.5px' is no number", "leave the cell empty");
    }

    [Theory]
    [InlineData("Infinity")]
    [InlineData("1e39")]
    public void Infinite_cells(string cell)
    {
        Pair(SampleFiles.OpenFace().Replace(",  3.5,", $",  {cell},", StringComparison.Ordinal));
        Fails<InvalidDataException>("", "a.csv", "line 2, column x_3", "is no number");
    }

    [Fact]
    public void Empty_file()
    {
        Pair("");
        Fails<InvalidDataException>("", "a.csv", "the file is empty", "Write it again");
    }

    [Fact]
    public void Blank_file()
    {
        Pair("\r\n  \n\n");
        Fails<InvalidDataException>("", "a.csv", "nothing but empty lines");
    }

    [Fact]
    public void Header_only()
    {
        Pair(SampleFiles.OpenFace(0));
        Fails<InvalidDataException>("", "a.csv", "a header and no row", "delete it");
    }

    [Fact]
    public void Column_named_twice()
    {
        Pair(SampleFiles.OpenFace().Replace(" x_1,", " x_0,", StringComparison.Ordinal));
        Fails<InvalidDataException>("", "a.csv", "line 1, column x_0", "twice", "Delete one");
    }

    [Fact]
    public void Quote_not_closed()
    {
        Pair(SampleFiles.OpenFace(1, "file", _ => "\"a"));
        Fails<InvalidDataException>("", "a.csv", "line 2", "a quote is opened and not closed", "Close it");
    }

    [Fact]
    public void Binary()
    {
        _folder.Write("a.csv", [0x50, 0x4B, 3, 4, 0, 0, 0xFF, 0xC3, 0x28]);
        Fails<InvalidDataException>("", "a.csv", "line 1", "this is no text", "Give a CSV file");
    }

    [Fact]
    public void Utf16()
    {
        _folder.Write("a.csv", [0xFF, 0xFE, (byte)'x', 0]);
        Fails<InvalidDataException>("a.csv", "a.csv", "UTF-16", "Save it as UTF-8");
    }

    [Fact]
    public void Frame_twice()
    {
        string[] lines = SampleFiles.OpenFace(2).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Pair(string.Join('\n', lines[0], lines[1], lines[2], lines[1]));
        Fails<InvalidDataException>("", "a.csv", "line 4", "frame 1 of clip 'a' was already on line 2", "Keep one face a frame");
    }

    [Fact]
    public void Frame_without_number()
    {
        _folder.Write("m.csv", SampleFiles.MediaPipe("clip,frame,label", "a,,joy"));
        Fails<InvalidDataException>("m.csv", "m.csv", "line 2, column frame", "Number the frames");
    }

    [Fact]
    public void Clip_twice_in_a_file()
    {
        _folder.Write("m.csv", SampleFiles.MediaPipe("image,emotion", "a.jpg,anger", "b.jpg,fear", "a.jpg,anger"));
        Fails<InvalidDataException>("m.csv", "m.csv", "line 4, column image", "clip 'a.jpg' was already on line 2", "add a column frame");
    }

    [Fact]
    public void Clip_in_two_files()
    {
        Pair(SampleFiles.OpenFace(1, "file, label", _ => "same, joy"), SampleFiles.OpenFace(1, "file, label", _ => "same, joy"));
        Fails<InvalidDataException>("", "b.csv", "line 2", "clip 'same' is in", "a.csv too", "Name the clips apart");
    }

    [Fact]
    public void Rows_that_name_no_clip()
    {
        _folder.Write("m.csv", SampleFiles.MediaPipe("emotion", "anger"));
        Fails<InvalidDataException>("m.csv", "m.csv", "line 1", "lacks the columns image and frame", "Name the clip");
    }

    [Fact]
    public void Clip_without_a_name()
    {
        _folder.Write("m.csv", SampleFiles.MediaPipe("image,emotion", ",anger"));
        Fails<InvalidDataException>("m.csv", "m.csv", "line 2, column image", "no name");
    }

    [Fact]
    public void Label_changes_within_a_clip()
    {
        _folder.Write("m.csv", SampleFiles.MediaPipe("clip,frame,label", "a,1,joy", "a,2,fear"));
        Fails<InvalidDataException>("m.csv", "m.csv", "line 3, column label", "'fear' here, but 'joy'", "(line 2)");
    }

    [Fact]
    public void Mixed_formats()
    {
        Pair(SampleFiles.OpenFace(), SampleFiles.MediaPipe("image,emotion", "a.jpg,anger"));
        Fails<InvalidDataException>("", "b.csv", "line 1", "of the format mediapipe and not openface", "--format mediapipe");
    }

    [Fact]
    public void Labels_file_missing()
    {
        Pair(SampleFiles.OpenFace());
        Fails<FileNotFoundException>("", "other.csv", new DatasetOptions { LabelsFile = _folder["other.csv"] }, "no such file", "file, subject, label");
    }

    [Fact]
    public void Labels_file_lacking_columns()
    {
        Pair(SampleFiles.OpenFace());
        _folder.Write("labels.csv", "file,emotion\na,joy\n");
        Fails<InvalidDataException>("", "labels.csv", "line 1", "lacks the columns subject, label");
    }

    [Theory]
    [InlineData("a.csv,s,joy\nb,t,fear\na,s,joy\n", "line 4, column file", "'a' was already on line 2")]
    [InlineData("a,s,\nb,t,fear\n", "line 2, column label", "the cell is empty")]
    [InlineData("a,s,joy\nb,,fear\n", "line 3, column subject", "the cell is empty")]
    [InlineData("a,s,joy\nb,t\n", "line 3", "2 cells where the header has 3 columns")]
    [InlineData("", "a header and no row", "Write a line for each clip")]
    public void Labels_file_damaged(string rows, string place, string problem)
    {
        Pair(SampleFiles.OpenFace());
        _folder.Write("labels.csv", "file,subject,label\n" + rows);
        Fails<InvalidDataException>("", "labels.csv", place, problem);
    }

    [Fact]
    public void Clips_without_a_label_in_the_labels_file()
    {
        Pair(SampleFiles.OpenFace());
        _folder.Write("c.csv", SampleFiles.OpenFace());
        _folder.Write("d.csv", SampleFiles.OpenFace());
        Fails<InvalidDataException>("", "labels.csv", "clip 'c' and 1 more have no label", "Add a line for each");
    }

    [Fact]
    public void No_labels_anywhere()
    {
        _folder.Write("a.csv", SampleFiles.OpenFace());
        Fails<InvalidDataException>("", "a.csv", "line 2", "clip 'a' has no label", "--labels FILE");
    }

    [Fact]
    public void Label_that_may_mean_two_clips()
    {
        _folder.Write("f.csv", SampleFiles.PyFeat("input,frame", "/v/a.mp4,0", "/w/a.mp4,0"));
        _folder.Write("labels.csv", "file,subject,label\na,s,joy\n");
        Fails<InvalidDataException>("f.csv", "labels.csv", "line 2, column file", "'/v/a.mp4' and '/w/a.mp4'", "whole name");
    }

    [Fact]
    public void CkPlus_without_the_emotion_folder()
    {
        _folder.Write("Landmarks/S1/001/a_landmarks.txt", SampleFiles.CkPlusFrame());
        Fails<InvalidDataException>("", "", "the folder Emotion is missing", "--labels FILE");
    }

    [Fact]
    public void CkPlus_that_is_a_file()
    {
        _folder.Write("a.csv", SampleFiles.OpenFace());
        Fails<InvalidDataException>("a.csv", "a.csv", new DatasetOptions { Format = "ckplus" }, "CK+ is a folder");
    }

    [Theory]
    [InlineData(67, "line 67", "ends after 67 of 68 points", "unpack it again")]
    [InlineData(0, "line 1", "ends after 0 of 68 points", "unpack it again")]
    [InlineData(69, "line 69", "more than 68 points", "Write one line")]
    public void CkPlus_wrong_number_of_points(int points, params string[] parts)
    {
        _folder.Write("Landmarks/S1/001/a_landmarks.txt", SampleFiles.CkPlusFrame(points));
        _folder.Write("Emotion/S1/001/a_emotion.txt", "3");
        Fails<InvalidDataException>("", "Landmarks/S1/001/a_landmarks.txt", parts);
    }

    [Theory]
    [InlineData("1.0 two", "column y: 'two' is no number")]
    [InlineData("1.0", "one number where a point has two")]
    public void CkPlus_garbage(string line, string problem)
    {
        _folder.Write("Landmarks/S1/001/a_landmarks.txt", SampleFiles.CkPlusFrame(2) + line + "\n");
        _folder.Write("Emotion/S1/001/a_emotion.txt", "3");
        Fails<InvalidDataException>("", "Landmarks/S1/001/a_landmarks.txt", "line 3", problem, "Write 'x y'");
    }

    [Theory]
    [InlineData("8")]
    [InlineData("-1")]
    [InlineData("2.5")]
    [InlineData("joy")]
    [InlineData("")]
    public void CkPlus_emotion_out_of_range(string emotion)
    {
        _folder.Write("Landmarks/S1/001/a_landmarks.txt", SampleFiles.CkPlusFrame());
        _folder.Write("Emotion/S1/001/a_emotion.txt", emotion);
        Fails<InvalidDataException>("", "Emotion/S1/001/a_emotion.txt", "line 1", $"'{emotion}' is no emotion", "from 0 (neutral) to 7 (surprise)");
    }

    [Fact]
    public void CkPlus_without_any_emotion()
    {
        _folder.Write("Landmarks/S1/001/a_landmarks.txt", SampleFiles.CkPlusFrame());
        Directory.CreateDirectory(_folder["Emotion"]);
        Fails<InvalidDataException>("", "Landmarks", "none of its 1 sequences", "Unpack");
    }

    [Fact]
    public void File_that_may_not_be_read()
    {
        Assert.SkipWhen(Environment.IsPrivilegedProcess || OperatingSystem.IsWindows(), "The superuser may read everything.");
        _folder.Write("a.csv", SampleFiles.OpenFace());
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(_folder["a.csv"], UnixFileMode.None);
        Fails<UnauthorizedAccessException>("a.csv", "a.csv", "may not be read", "Grant");
    }
}
