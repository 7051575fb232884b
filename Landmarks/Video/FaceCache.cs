using System.Globalization;
using System.Runtime.InteropServices;
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
        using FileStream file = File.OpenRead(path);
        if (!IsWhole(file)) return null;
        file.Position = 0;
        using BinaryReader reader = new(file);
        double[] seconds = new double[reader.ReadInt32()];
        for (int i = 0; i < seconds.Length; i++) seconds[i] = reader.ReadDouble();
        FaceTrack[] faces = new FaceTrack[reader.ReadInt32()];
        for (int f = 0; f < faces.Length; f++)
        {
            faces[f] = new FaceTrack(reader.ReadInt32());
            for (int sightings = reader.ReadInt32(); sightings > 0; sightings--)
            {
                int frame = reader.ReadInt32();
                float score = reader.ReadSingle();
                float[] mesh = new float[FaceMesh.Length];
                file.ReadExactly(MemoryMarshal.AsBytes(mesh.AsSpan()));
                faces[f].Add(frame, mesh, score);
            }

            faces[f].End(seconds.Length);
        }

        return new ClipFaces { Seconds = seconds, Faces = faces };
    }

    /// <summary>Keeps a clip.</summary>
    public void Keep(string key, ClipFaces clip)
    {
        string path = PathOf(key);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);

        // Runs, and threads of one run, may finish clips of the same content at once: each writes a file of its own, and either will do.
        string temporary = $"{path}.{Guid.NewGuid():N}.tmp";
        try
        {
            using (FileStream file = File.Create(temporary))
            {
                using SHA256 checksum = SHA256.Create();
                using (CryptoStream hashed = new(file, checksum, CryptoStreamMode.Write, leaveOpen: true))
                using (BinaryWriter writer = new(hashed, Encoding.UTF8, leaveOpen: true)) Write(clip, writer);
                file.Write(checksum.Hash);
            }

            File.Move(temporary, path, overwrite: true);
        }
        finally
        {
            File.Delete(temporary);
        }
    }

    private static void Write(ClipFaces clip, BinaryWriter writer)
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
                writer.Write(MemoryMarshal.AsBytes(mesh.AsSpan()));
            }
        }
    }

    // The last bytes are the checksum of those before them.
    private static bool IsWhole(FileStream file)
    {
        long left = file.Length - Checksum;
        if (left < 0) return false;
        using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        byte[] bytes = new byte[1 << 16];
        for (int read; left > 0; left -= read)
        {
            read = file.Read(bytes, 0, (int)Math.Min(left, bytes.Length));
            if (read == 0) return false;
            hash.AppendData(bytes, 0, read);
        }

        file.ReadExactly(bytes, 0, Checksum);
        return hash.GetHashAndReset().AsSpan().SequenceEqual(bytes.AsSpan(0, Checksum));
    }

    private string PathOf(string key) => Path.Combine(folder, key[..2], key + ".faces");
}
