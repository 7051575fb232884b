using EmotionXai.Landmarks.Topologies;
using OpenCvSharp;

namespace EmotionXai.Landmarks.Video;

/// <summary>A square that is cut out of a frame: its centre and side in pixels, and the turn of its upper edge against the frame's.</summary>
internal readonly record struct FaceCrop(float CentreX, float CentreY, float Side, float Cos, float Sin)
{
    /// <summary>The side in longer sides of the face: what MediaPipe's mesh was trained with.</summary>
    private const float Margin = 1.5f;

    private static readonly IReadOnlyList<int> s_leftEye = LandmarkTopology.MediaPipe468.LeftEye, s_rightEye = LandmarkTopology.MediaPipe468.RightEye;

    /// <summary>Around a face that was detected.</summary>
    /// <param name="face">The face.</param>
    /// <param name="upright">Whether the crop is turned so that the eyes are level.</param>
    public static FaceCrop Of(FaceDetection face, bool upright)
    {
        (float cos, float sin) = upright ? Turn(face.LeftEye.X - face.RightEye.X, face.LeftEye.Y - face.RightEye.Y) : (1, 0);
        return new FaceCrop(face.Box.CentreX, face.Box.CentreY, Margin * face.Box.Side, cos, sin);
    }

    /// <summary>Around a mesh [point, (x, y, z)], turned so that its eyes are level.</summary>
    public static FaceCrop Of(ReadOnlySpan<float> mesh)
    {
        (float lx, float ly) = Mean(mesh, s_leftEye);
        (float rx, float ry) = Mean(mesh, s_rightEye);
        (float cos, float sin) = Turn(lx - rx, ly - ry);
        float left = float.MaxValue, top = float.MaxValue, right = float.MinValue, bottom = float.MinValue;
        for (int i = 0; i < mesh.Length; i += 3)
        {
            float x = (cos * mesh[i]) + (sin * mesh[i + 1]), y = (cos * mesh[i + 1]) - (sin * mesh[i]);
            (left, right) = (Math.Min(left, x), Math.Max(right, x));
            (top, bottom) = (Math.Min(top, y), Math.Max(bottom, y));
        }

        float middle = (left + right) / 2, height = (top + bottom) / 2;
        return new FaceCrop((cos * middle) - (sin * height), (sin * middle) + (cos * height), Margin * Math.Max(right - left, bottom - top), cos, sin);
    }

    /// <summary>Cuts the square out and scales it to size x size pixels. What lies outside the frame is black.</summary>
    /// <param name="frame">The frame.</param>
    /// <param name="target">Receives the square.</param>
    /// <param name="size">Its side in pixels.</param>
    /// <param name="sampled">Whether pixels are only sampled, never averaged first.</param>
    public void Cut(Mat frame, Mat target, int size, bool sampled)
    {
        // Far larger faces are shrunk first, by whole factors and with every pixel counted; a warp alone would skip most of them.
        int shrink = sampled ? 1 : (int)(Side / size);
        if (shrink >= 2)
        {
            float reach = Side * (MathF.Abs(Cos) + MathF.Abs(Sin)) / 2;
            int left = Math.Clamp((int)(CentreX - reach) - shrink, 0, frame.Width - 1), top = Math.Clamp((int)(CentreY - reach) - shrink, 0, frame.Height - 1);
            int width = Math.Min((int)(2 * reach) + (2 * shrink), frame.Width - left), height = Math.Min((int)(2 * reach) + (2 * shrink), frame.Height - top);
            if (width >= shrink && height >= shrink)
            {
                Rect part = new(left, top, width / shrink * shrink, height / shrink * shrink);
                using Mat region = new(frame, part);
                using Mat smaller = region.Resize(new Size(part.Width / shrink, part.Height / shrink), 0, 0, InterpolationFlags.Area);
                FaceCrop inside = this with
                {
                    CentreX = ((CentreX - left + 0.5f) / shrink) - 0.5f,
                    CentreY = ((CentreY - top + 0.5f) / shrink) - 0.5f,
                    Side = Side / shrink,
                };
                inside.Warp(smaller, target, size);
                return;
            }
        }

        Warp(frame, target, size);
    }

    /// <summary>Brings a mesh from a crop of size x size pixels back into the frame, in place. Depth is scaled with it.</summary>
    public void ToFrame(Span<float> mesh, int size)
    {
        float scale = Side / size;
        for (int i = 0; i < mesh.Length; i += 3)
        {
            float x = (mesh[i] * scale) - (Side / 2), y = (mesh[i + 1] * scale) - (Side / 2);
            mesh[i] = CentreX + (Cos * x) - (Sin * y);
            mesh[i + 1] = CentreY + (Sin * x) + (Cos * y);
            mesh[i + 2] *= scale;
        }
    }

    // Places are pixel indices, in the crop as in the frame, so index 0 goes to the corner of the square.
    private void Warp(Mat frame, Mat target, int size)
    {
        float scale = Side / size, half = Side / 2;
        float[,] map =
        {
            { Cos * scale, -Sin * scale, CentreX - (Cos * half) + (Sin * half) },
            { Sin * scale, Cos * scale, CentreY - (Sin * half) - (Cos * half) },
        };
        using Mat affine = Mat.FromArray(map);
        Cv2.WarpAffine(frame, target, affine, new Size(size, size), InterpolationFlags.Linear | InterpolationFlags.WarpInverseMap, BorderTypes.Constant, Scalar.Black);
    }

    private static (float Cos, float Sin) Turn(float x, float y)
    {
        float length = MathF.Sqrt((x * x) + (y * y));
        return length > 0 ? (x / length, y / length) : (1, 0);
    }

    private static (float X, float Y) Mean(ReadOnlySpan<float> mesh, IReadOnlyList<int> points)
    {
        float x = 0, y = 0;
        for (int i = 0; i < points.Count; i++)
        {
            x += mesh[3 * points[i]];
            y += mesh[(3 * points[i]) + 1];
        }

        return (x / points.Count, y / points.Count);
    }
}
