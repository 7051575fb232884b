using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace EmotionXai.Engine.Serialization;

/// <summary>A named array of float32.</summary>
/// <param name="Name">Unique in its file.</param>
/// <param name="Extents">Outermost first.</param>
/// <param name="Values">Row-major.</param>
public sealed record NamedTensor(string Name, IReadOnlyList<int> Extents, float[] Values);

/// <summary>
/// The safetensors format: eight bytes of header length, a JSON header that names every tensor's type, shape and place,
/// then the numbers, little-endian. Only F32 is written and read.
/// </summary>
public static class SafeTensors
{
    private const long LargestHeader = 20_000_000;

    /// <summary>Writes a file whole or not at all: under a temporary name first, then renamed.</summary>
    /// <exception cref="ArgumentException">A tensor's values do not fill its shape, or a name is taken.</exception>
    public static void Write(string path, IReadOnlyList<NamedTensor> tensors, IReadOnlyDictionary<string, string> metadata)
    {
        JsonObject header = new()
        {
            ["__metadata__"] = new JsonObject(metadata.OrderBy(m => m.Key, StringComparer.Ordinal).Select(m => KeyValuePair.Create(m.Key, (JsonNode?)m.Value))),
        };
        long offset = 0;
        foreach (NamedTensor tensor in tensors)
        {
            if (header.ContainsKey(tensor.Name)) throw new ArgumentException($"The name '{tensor.Name}' is taken; give every tensor its own.", nameof(tensors));
            if (tensor.Values.Length != tensor.Extents.Aggregate(1L, (product, extent) => product * extent))
                throw new ArgumentException($"Tensor '{tensor.Name}' of [{string.Join(", ", tensor.Extents)}] was given {tensor.Values.Length} values.", nameof(tensors));
            long end = offset + ((long)tensor.Values.Length * sizeof(float));
            header[tensor.Name] = new JsonObject
            {
                ["dtype"] = "F32",
                ["shape"] = new JsonArray([.. tensor.Extents.Select(e => (JsonNode)e)]),
                ["data_offsets"] = new JsonArray(offset, end),
            };
            offset = end;
        }

        byte[] json = Encoding.UTF8.GetBytes(header.ToJsonString());

        // The header is padded with blanks so that the numbers start on a multiple of eight bytes.
        int padded = (json.Length + 7) & ~7;
        WholeFile.Write(path, file =>
        {
            Span<byte> length = stackalloc byte[8];
            BinaryPrimitives.WriteInt64LittleEndian(length, padded);
            file.Write(length);
            file.Write(json);
            for (int i = json.Length; i < padded; i++) file.WriteByte((byte)' ');
            foreach (NamedTensor tensor in tensors) file.Write(MemoryMarshal.AsBytes(tensor.Values.AsSpan()));
        });
    }

    /// <summary>Reads a file.</summary>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InvalidDataException">The file is truncated, is no safetensors file, or holds another type than F32.</exception>
    public static (IReadOnlyList<NamedTensor> Tensors, IReadOnlyDictionary<string, string> Metadata) Read(string path)
    {
        if (!File.Exists(path)) throw new FileNotFoundException($"{path}: there is no such model file.", path);
        byte[] bytes = InputFile.ReadAll(path, Array.MaxLength);
        if (bytes.Length < 8) throw Damaged(path, $"it has {bytes.Length} bytes, too few for a header");
        long headerLength = BinaryPrimitives.ReadInt64LittleEndian(bytes);
        if (headerLength is < 2 or > LargestHeader || headerLength > bytes.Length - 8) throw Damaged(path, "its header is cut off, or it is another kind of file");
        ReadOnlySpan<byte> data = bytes.AsSpan(8 + (int)headerLength);
        try
        {
            using JsonDocument header = JsonDocument.Parse(bytes.AsMemory(8, (int)headerLength));
            List<NamedTensor> tensors = [];
            List<Place> places = [];
            long taken = 0;
            HashSet<string> names = [];
            Dictionary<string, string> metadata = [];
            foreach (JsonProperty entry in header.RootElement.EnumerateObject())
            {
                if (entry.Name == "__metadata__")
                {
                    foreach (JsonProperty item in entry.Value.EnumerateObject()) metadata[item.Name] = item.Value.GetString() ?? "";
                    continue;
                }

                if (!names.Add(entry.Name)) throw Damaged(path, $"it holds two tensors '{entry.Name}'");
                tensors.Add(ReadTensor(path, entry, data, places, ref taken));
            }

            CheckPlaces(path, places);
            return (tensors, metadata);
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
        {
            throw Damaged(path, "its header is not the JSON that safetensors prescribes");
        }
    }

    private static NamedTensor ReadTensor(string path, JsonProperty entry, ReadOnlySpan<byte> data, List<Place> places, ref long taken)
    {
        string? type = entry.Value.GetProperty("dtype").GetString();
        if (type != "F32") throw new InvalidDataException($"{path}: tensor '{entry.Name}' is of type {type}; only F32 is read.");
        JsonElement shape = entry.Value.GetProperty("shape");
        int[] extents = new int[shape.GetArrayLength()];
        for (int i = 0; i < extents.Length; i++) extents[i] = shape[i].GetInt32();
        JsonElement offsets = entry.Value.GetProperty("data_offsets");
        if (offsets.GetArrayLength() != 2) throw Damaged(path, $"tensor '{entry.Name}' has not two offsets");
        long start = offsets[0].GetInt64(), end = offsets[1].GetInt64();

        // Nothing here is to be trusted: no product or difference may overflow into something that fits.
        bool fits = start >= 0 && end >= start;
        long count = 1;
        foreach (int extent in extents)
        {
            count *= extent;
            if (extent < 0 || count > int.MaxValue)
            {
                fits = false;
                break;
            }
        }

        if (!fits || end - start != count * sizeof(float)) throw Damaged(path, $"the bytes of tensor '{entry.Name}' do not fit its shape");
        if (end > data.Length) throw Damaged(path, $"tensor '{entry.Name}' ends {end - data.Length} bytes after the file does");
        places.Add(new Place(start, end, entry.Name));
        taken += end - start;
        if (taken > data.Length) throw Damaged(path, $"tensor '{entry.Name}' overlaps another");
        float[] values = MemoryMarshal.Cast<byte, float>(data[(int)start..(int)end]).ToArray();
        return new NamedTensor(entry.Name, extents, values);
    }

    // Tensors that share bytes would each be copied: a small file could ask for any amount of memory.
    private static void CheckPlaces(string path, List<Place> places)
    {
        places.Sort((a, b) => a.Start != b.Start ? a.Start.CompareTo(b.Start) : a.End.CompareTo(b.End));
        for (int i = 1; i < places.Count; i++)
        {
            if (places[i].Start < places[i - 1].End) throw Damaged(path, $"tensors '{places[i - 1].Name}' and '{places[i].Name}' overlap");
        }
    }

    private sealed record Place(long Start, long End, string Name);

    private static InvalidDataException Damaged(string path, string what) =>
        new($"{path}: not a whole safetensors file: {what}; train or copy the model again.");
}
