using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using EmotionXai.Engine.Serialization;

namespace EmotionXai.Landmarks.Video;

/// <summary>
/// Keeps what was seen in clips, under a key of the files' content, the models and all that changes the result. What is chosen
/// from it later (main face, points, smoothing) costs little and is not part of the key. Damaged entries count as absent.
/// </summary>
internal sealed class FaceCache(string folder)
{
    /// <summary>Goes up with every change of code that changes results.</summary>
    public const int Version = 1;

    private const int Checksum = 32;

    /// <summary>The key of a clip; reads all of its files.</summary>
    /// <exception cref="IOException">A file cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">A file may not be read.</exception>
    public static string KeyOf(MediaClip clip, int mostFaces)
    {
        using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{Version} {mostFaces} {clip.Files.Count} {clip.IsStill} {FaceModel.Detector.Sha256} {FaceModel.Mesh.Sha256}")));
        foreach (string file in clip.Files)
        {
            using FileStream stream = InputFile.Open(file);
            hash.AppendData(SHA256.HashData(stream));
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    /// <summary>What was kept, or null.</summary>
    public ClipFaces? Find(string key)
    {
        string path = PathOf(key);
        if (!File.Exists(path)) return null;
        byte[] bytes = File.ReadAllBytes(path);
        if (bytes.Length < Checksum || !SHA256.HashData(bytes.AsSpan(0, bytes.Length - Checksum)).AsSpan().SequenceEqual(bytes.AsSpan(bytes.Length - Checksum))) return null;
        using BinaryReader reader = new(new MemoryStream(bytes));
        double[] seconds = new double[reader.ReadInt32()];
        for (int i = 0; i < seconds.Length; i++) seconds[i] = reader.ReadDouble();
        FaceTrack[] faces = new FaceTrack[reader.ReadInt32()];
        for (int f = 0; f < faces.Length; f++)
        {
            faces[f] = new FaceTrack(reader.ReadInt32(), seconds.Length);
            for (int sightings = reader.ReadInt32(); sightings > 0; sightings--)
            {
                int frame = reader.ReadInt32();
                float score = reader.ReadSingle();
                float[] mesh = new float[FaceMesh.Length];
                reader.BaseStream.ReadExactly(System.Runtime.InteropServices.MemoryMarshal.AsBytes(mesh.AsSpan()));
                faces[f].Set(frame, mesh, score);
            }
        }

        return new ClipFaces { Seconds = seconds, Faces = faces };
    }

    /// <summary>Keeps a clip.</summary>
    public void Keep(string key, ClipFaces clip)
    {
        using MemoryStream memory = new();
        using (BinaryWriter writer = new(memory, Encoding.UTF8, leaveOpen: true))
        {
            writer.Write(clip.Frames);
            foreach (double seconds in clip.Seconds) writer.Write(seconds);
            writer.Write(clip.Faces.Count);
            foreach (FaceTrack face in clip.Faces)
            {
                writer.Write(face.Track);
                writer.Write(face.Sure);
                for (int frame = 0; frame < clip.Frames; frame++)
                {
                    if (face.Meshes[frame] is not float[] mesh) continue;
                    writer.Write(frame);
                    writer.Write(face.Scores[frame]);
                    writer.Write(System.Runtime.InteropServices.MemoryMarshal.AsBytes(mesh.AsSpan()));
                }
            }
        }

        ReadOnlySpan<byte> content = memory.GetBuffer().AsSpan(0, (int)memory.Length);
        byte[] checksum = SHA256.HashData(content);
        string path = PathOf(key);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);

        // Two runs may finish the same clip at once: each writes a file of its own, and either will do.
        string temporary = $"{path}.{Environment.ProcessId}.tmp";
        using (FileStream file = File.Create(temporary))
        {
            file.Write(content);
            file.Write(checksum);
        }

        File.Move(temporary, path, overwrite: true);
    }

    private string PathOf(string key) => Path.Combine(folder, key[..2], key + ".faces");
}
