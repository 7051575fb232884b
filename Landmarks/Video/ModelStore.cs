using System.Security.Cryptography;

namespace EmotionXai.Landmarks.Video;

/// <summary>What a model file in a store is.</summary>
public enum ModelState
{
    /// <summary>There is none.</summary>
    Missing,

    /// <summary>It is shorter than it must be.</summary>
    CutOff,

    /// <summary>Its checksum is another.</summary>
    Wrong,

    /// <summary>It is what it must be, byte by byte.</summary>
    Good,
}

/// <summary>A folder of model files. None is used before its checksum has been found right.</summary>
public sealed class ModelStore
{
    /// <summary>The variable that names the folder.</summary>
    public const string Variable = "EMOTIONXAI_MODELS";

    private ModelStore(string folder, bool mine) => (Folder, IsCache) = (folder, mine);

    /// <summary>The folder. It need not exist.</summary>
    public string Folder { get; }

    /// <summary>Whether it is the program's own cache, not one that the user named.</summary>
    public bool IsCache { get; }

    /// <summary>The store that a user means: the folder given, else the one that <see cref="Variable"/> names, else the cache.</summary>
    public static ModelStore Open(string? folder)
    {
        string? named = string.IsNullOrEmpty(folder) ? Environment.GetEnvironmentVariable(Variable) : folder;
        return string.IsNullOrEmpty(named) ? new ModelStore(CacheFolder.Of("models"), mine: true) : new ModelStore(named, mine: false);
    }

    /// <summary>Where a model lies, or would.</summary>
    public string PathOf(FaceModel model) => Path.Combine(Folder, model.File);

    /// <summary>Looks at a model and computes its checksum.</summary>
    public ModelState StateOf(FaceModel model)
    {
        string path = PathOf(model);
        if (!File.Exists(path)) return ModelState.Missing;
        using FileStream stream = File.OpenRead(path);
        if (stream.Length < model.Bytes) return ModelState.CutOff;
        return Convert.ToHexStringLower(SHA256.HashData(stream)) == model.Sha256 ? ModelState.Good : ModelState.Wrong;
    }

    /// <summary>The path of a model whose checksum is right.</summary>
    /// <exception cref="FileNotFoundException">It is not there.</exception>
    /// <exception cref="InvalidDataException">It is cut off or another file.</exception>
    public string Require(FaceModel model)
    {
        ModelState state = StateOf(model);
        string path = PathOf(model);
        return state switch
        {
            ModelState.Good => path,
            ModelState.Missing => throw new FileNotFoundException($"{Problem(model, state)} {Remedy}", path),
            _ => throw new InvalidDataException($"{Problem(model, state)} {Remedy}"),
        };
    }

    /// <summary>What is wrong with a model, as one sentence.</summary>
    public string Problem(FaceModel model, ModelState state) => state switch
    {
        ModelState.Missing => $"{PathOf(model)}: the model that {model.Purpose} is not there.",
        ModelState.CutOff => $"{PathOf(model)}: the model is cut off ({new FileInfo(PathOf(model)).Length} of {model.Bytes} bytes).",
        ModelState.Wrong => $"{PathOf(model)}: this is another file than the model of that name: its SHA-256 is not {model.Sha256[..12]}....",
        _ => $"{PathOf(model)}: good.",
    };

    private string Remedy => IsCache
        ? "Run 'emotionxai face-models fetch', or give a folder that has it with --face-models DIR or " + Variable + "."
        : $"Run 'emotionxai face-models fetch --face-models {Folder}', or give a folder that has it with --face-models DIR or {Variable}.";
}
