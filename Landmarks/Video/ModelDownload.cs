using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;

namespace EmotionXai.Landmarks.Video;

/// <summary>
/// Fetches models into a store. A download that was stopped goes on where it was; nothing bears a model's name before its
/// checksum has been found right.
/// </summary>
public sealed class ModelDownload(HttpClient client, ModelStore store)
{
    private const int Chunk = 1 << 16;

    /// <summary>Fetches a model that is missing or damaged; leaves a good one alone.</summary>
    /// <param name="model">Which.</param>
    /// <param name="progress">Told the bytes that are there and the bytes of the whole.</param>
    /// <param name="cancellation">Stops; what was fetched is kept for the next time.</param>
    /// <returns>Whether anything had to be fetched.</returns>
    /// <exception cref="IOException">The address cannot be reached or refuses.</exception>
    /// <exception cref="InvalidDataException">What came has another checksum.</exception>
    public async Task<bool> FetchAsync(FaceModel model, Action<long, long>? progress = null, CancellationToken cancellation = default)
    {
        if (store.StateOf(model) == ModelState.Good) return false;
        Directory.CreateDirectory(store.Folder);
        string part = store.PathOf(model) + ".part";
        try
        {
            await DownloadAsync(model, part, progress, cancellation).ConfigureAwait(false);
        }
        catch (Exception e) when (e is HttpRequestException or HttpIOException)
        {
            throw new IOException(
                $"{model.Source}: the download failed ({Cause(e)}). Try again: it goes on where it stopped; without a network, copy {model.File} from another machine into {store.Folder}.", e);
        }

        await using (FileStream whole = File.OpenRead(part))
        {
            string found = Convert.ToHexStringLower(await SHA256.HashDataAsync(whole, cancellation).ConfigureAwait(false));
            if (found != model.Sha256)
            {
                whole.Close();
                File.Delete(part);
                throw new InvalidDataException(
                    $"{model.Source}: what came is not {model.File}: SHA-256 {found[..12]}... instead of {model.Sha256[..12]}.... It was thrown away; try again, or copy the file from another machine into {store.Folder}.");
            }
        }

        File.Move(part, store.PathOf(model), overwrite: true);
        return true;
    }

    private async Task DownloadAsync(FaceModel model, string part, Action<long, long>? progress, CancellationToken cancellation)
    {
        await using FileStream file = new(part, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        if (file.Length > model.Bytes) file.SetLength(0);
        if (file.Length == model.Bytes) return;
        using HttpRequestMessage request = new(HttpMethod.Get, model.Source);
        if (file.Length > 0) request.Headers.Range = new RangeHeaderValue(file.Length, null);
        using HttpResponseMessage response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellation).ConfigureAwait(false);
        response.EnsureSuccessStatusCode();

        // A server that knows no ranges sends all of it again.
        if (response.StatusCode != HttpStatusCode.PartialContent || response.Content.Headers.ContentRange?.From != file.Length) file.SetLength(0);
        file.Position = file.Length;
        await using Stream body = await response.Content.ReadAsStreamAsync(cancellation).ConfigureAwait(false);
        byte[] buffer = new byte[Chunk];
        int read;
        while ((read = await body.ReadAsync(buffer, cancellation).ConfigureAwait(false)) > 0)
        {
            await file.WriteAsync(buffer.AsMemory(0, read), cancellation).ConfigureAwait(false);
            progress?.Invoke(file.Length, model.Bytes);
        }
    }

    private static string Cause(Exception e) => (e.InnerException?.Message ?? e.Message).ReplaceLineEndings(" ").TrimEnd('.');
}
