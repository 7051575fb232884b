using System.CommandLine;
using System.Globalization;
using EmotionXai.Landmarks.Video;

namespace EmotionXai.Cli.Verbs;

/// <summary><c>models</c>: the face models of others that extraction needs.</summary>
internal static class ModelsVerb
{
    private const double Mega = 1e6;

    public static Command Create(Terminal terminal)
    {
        TextWriter output = terminal.Output;
        Verb command = new(
            "models",
            "List, fetch or verify the face models that extract needs.",
            "models fetch",
            "models verify --models FOLDER");
        Option<string> folder = FaceModelSetting.Create();
        folder.Recursive = true;
        command.Options.Add(folder);
        Command list = new("list", "Name the models, their licences and sources, and say whether they are there.");
        list.SetAction(parsed => List(ModelStore.Open(parsed.GetValue(folder)), output));
        Command fetch = new("fetch", "Download what is missing or damaged; a stopped download goes on.");
        fetch.SetAction((parsed, cancellation) => FetchAsync(ModelStore.Open(parsed.GetValue(folder)), output, cancellation));
        Command verify = new("verify", "Check every model by its SHA-256; exit code 1 where one is missing or damaged.");
        verify.SetAction(parsed => Verify(ModelStore.Open(parsed.GetValue(folder)), output));
        foreach (Command verb in new[] { list, fetch, verify }) command.Subcommands.Add(verb);
        return command;
    }

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

    private static async Task<int> FetchAsync(ModelStore store, TextWriter output, CancellationToken cancellation)
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

        return 0;
    }

    private static int Verify(ModelStore store, TextWriter output)
    {
        int bad = 0;
        foreach (FaceModel model in FaceModel.All)
        {
            ModelState state = store.StateOf(model);
            output.WriteLine(store.Problem(model, state));
            if (state != ModelState.Good) bad++;
        }

        if (bad > 0) output.WriteLine($"{bad} of {FaceModel.All.Count} models are missing or damaged: run 'emotionxai models fetch'{(store.IsCache ? "" : $" --models {store.Folder}")}.");
        return bad > 0 ? 1 : 0;
    }
}
