using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using EmotionXai.Landmarks.Video;

namespace EmotionXai.Cli.Verbs;

/// <summary><c>face-models</c>: the face models of others that extraction needs.</summary>
internal static class ModelsVerb
{
    private const double Mega = 1e6;

    public static Verb Create(Terminal terminal) => new(
        "face-models",
        "List, fetch or verify the face models that extract needs.",
        command => Fill(command, terminal),
        "face-models fetch",
        "face-models verify --face-models FOLDER")
    {
        Aliases = { "models" },
    };

    private static void Fill(Command command, Terminal terminal)
    {
        Option<string> folder = FaceModelSetting.Create();
        folder.Recursive = true;
        command.Options.Add(folder);
        Command list = new("list", "Name the models, their licences and sources, and say whether they are there.");
        list.SetAction(parsed =>
        {
            ModelStore store = ModelStore.Open(parsed.GetValue(folder));
            return terminal.Close(parsed, () => Result("list", store), output => List(store, output));
        });
        Command fetch = new("fetch", "Download what is missing or damaged; a stopped download goes on.");
        fetch.SetAction(async (parsed, cancellation) =>
        {
            ModelStore store = ModelStore.Open(parsed.GetValue(folder));
            await FetchAsync(store, terminal.Eyes(parsed), cancellation).ConfigureAwait(false);
            return terminal.Close(parsed, () => Result("fetch", store), _ => { });
        });
        Command verify = new("verify", "Check every model by its SHA-256; exit code 1 where one is missing or damaged.");
        verify.SetAction(parsed =>
        {
            ModelStore store = ModelStore.Open(parsed.GetValue(folder));
            int bad = FaceModel.All.Count(m => store.StateOf(m) != ModelState.Good);
            terminal.Close(parsed, () => Result("verify", store), output => Verify(store, bad, output));
            return bad > 0 ? 1 : 0;
        });
        foreach (Command verb in new[] { list, fetch, verify })
        {
            terminal.AddTo(verb);
            command.Subcommands.Add(verb);
        }
    }

    private static JsonObject Result(string verb, ModelStore store) => new()
    {
        ["verb"] = $"face-models {verb}",
        ["folder"] = store.Folder,
        ["models"] = Json.List(FaceModel.All.Select(m => new JsonObject
        {
            ["file"] = m.File,
            ["state"] = store.StateOf(m).ToString().ToLowerInvariant(),
            ["bytes"] = m.Bytes,
            ["licence"] = m.Licence,
            ["source"] = m.Source.ToString(),
            ["sha256"] = m.Sha256,
        })),
    };

    private static void List(ModelStore store, TextWriter output)
    {
        output.WriteLine($"Folder: {store.Folder}");
        foreach (FaceModel model in FaceModel.All)
        {
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{model.File,-22} {store.StateOf(model).ToString().ToLowerInvariant(),-8} {model.Bytes / Mega:0.0} MB  {model.Purpose}; {model.Licence}"));
            output.WriteLine($"  {model.Source}");
            output.WriteLine($"  sha256 {model.Sha256}");
        }
    }

    private static async Task FetchAsync(ModelStore store, TextWriter output, CancellationToken cancellation)
    {
        using HttpClient client = new();
        ModelDownload download = new(client, store);
        bool live = ReferenceEquals(output, Console.Out) && !Console.IsOutputRedirected;
        foreach (FaceModel model in FaceModel.All)
        {
            bool fetched = await download.FetchAsync(model, live ? Show : null, cancellation).ConfigureAwait(false);
            output.WriteLine($"{(live ? "\r" : "")}{store.PathOf(model)}: {(fetched ? "fetched, checksum right" : "already there, checksum right")}");
            void Show(long done, long all) => output.Write(string.Create(CultureInfo.InvariantCulture, $"\r{model.File}: {done / Mega:0.0} of {all / Mega:0.0} MB"));
        }
    }

    private static void Verify(ModelStore store, int bad, TextWriter output)
    {
        foreach (FaceModel model in FaceModel.All) output.WriteLine(store.Problem(model, store.StateOf(model)));
        if (bad > 0) output.WriteLine($"{bad} of {FaceModel.All.Count} models are missing or damaged: run 'emotionxai face-models fetch'{(store.IsCache ? "" : $" --face-models {store.Folder}")}.");
    }
}
