using EmotionXai.Landmarks.Datasets;
using EmotionXai.Landmarks.Sequences;
using EmotionXai.Landmarks.Topologies;
using EmotionXai.Landmarks.Video;
using OpenCvSharp;
using Xunit;

namespace EmotionXai.Tests.Landmarks.Video;

/// <summary>Detector, crop and mesh against the landmarks that another program made of the same images with the same two models.</summary>
public sealed class FaceImagesTests(ITestOutputHelper output)
{
    [Fact]
    public void The_crop_that_the_landmarks_were_made_with_gives_them_again()
    {
        (double pixels, _, int found) = Compare(upright: false, direct: true);
        Assert.InRange(found, 140, 144);

        // The files round to hundredths of a pixel.
        Assert.InRange(pixels, 0, 0.01);
    }

    [Fact]
    public void The_upright_crop_differs_by_less_than_two_percent_of_the_eyes_distance()
    {
        (_, double eyes, int found) = Compare(upright: true, direct: false);
        Assert.InRange(found, 140, 144);
        Assert.InRange(eyes, 0, 0.02);
    }

    private (double Pixels, double Eyes, int Found) Compare(bool upright, bool direct)
    {
        string[] images = [.. Directory.GetFiles(SharedData.Require("face-images"), "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal)];
        Dictionary<string, LandmarkClip> known = LandmarkDataset.Read(SharedData.Require("faces468/landmarks.csv"), new DatasetOptions()).Clips.ToDictionary(c => c.Name);
        ModelStore store = ModelStore.Open(SharedData.RequireModels());
        NativeVision.Require();
        using FaceDetector detector = new(store.Require(FaceModel.Detector));
        using FaceMesh mesh = new(store.Require(FaceModel.Mesh));
        float[] points = new float[FaceMesh.Length];
        List<double> pixels = [], eyes = [];
        int found = 0;
        foreach (string image in images)
        {
            using Mat frame = Cv2.ImRead(image);
            IReadOnlyList<FaceDetection> faces = detector.Detect(frame);
            if (faces.Count == 0) continue;
            found++;
            mesh.Place(frame, FaceCrop.Of(faces[0], upright), points, direct);
            LandmarkClip expected = known[Path.GetFileName(image)];
            double distance = Eyes(expected);
            for (int p = 0; p < 468; p++)
            {
                ReadOnlySpan<float> at = expected.Point(0, p);
                double off = Math.Sqrt(Math.Pow(points[3 * p] - at[0], 2) + Math.Pow(points[(3 * p) + 1] - at[1], 2));
                pixels.Add(off);
                eyes.Add(off / distance);
            }
        }

        pixels.Sort();
        eyes.Sort();
        output.WriteLine($"{found} of {images.Length} faces; pixels: median {pixels[pixels.Count / 2]:F3}, 99% {pixels[pixels.Count * 99 / 100]:F2}, most {pixels[^1]:F1}; eyes' distances: median {eyes[eyes.Count / 2]:F4}");
        return (pixels[pixels.Count / 2], eyes[eyes.Count / 2], found);
    }

    private static double Eyes(LandmarkClip clip)
    {
        double x = 0, y = 0;
        foreach ((IReadOnlyList<int> eye, int sign) in new[] { (LandmarkTopology.MediaPipe468.LeftEye, 1), (LandmarkTopology.MediaPipe468.RightEye, -1) })
        {
            x += sign * eye.Average(p => (double)clip.Point(0, p)[0]);
            y += sign * eye.Average(p => (double)clip.Point(0, p)[1]);
        }

        return Math.Sqrt((x * x) + (y * y));
    }
}
