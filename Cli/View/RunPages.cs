using System.Globalization;
using EmotionXai.Landmarks.Reduction;
using EmotionXai.Landmarks.Report;

namespace EmotionXai.Cli.View;

/// <summary>The pages: the list of runs, and one run. What changes while one looks stands in elements marked <c>data-live</c>.</summary>
internal sealed class RunPages(RunFiles files)
{
    public Html List(IReadOnlyList<Run> runs) => Page("Runs", runs.Count == 0
        ? Html.Of($"<p>There is no run in {files.Root} yet. Start one with <code>emotionxai reduce --out {Path.Combine(files.Root, "NAME")}</code>; it will appear here.</p>")
        : Html.Of($"""
            <div class="scroll" tabindex="0" role="region" aria-label="Runs"><table>
            <caption>{runs.Count} {(runs.Count == 1 ? "run" : "runs")} in {files.Root}</caption>
            <thead><tr><th scope="col">run</th><th scope="col">state</th><th scope="col">data</th><th scope="col" class="number">emotions</th>
            <th scope="col" class="number">landmarks kept</th><th scope="col" class="number">all landmarks</th><th scope="col" class="number">kept</th><th scope="col">changed (UTC)</th><th scope="col">report</th></tr></thead>
            <tbody>{Html.Join(runs.Select(Row))}</tbody></table></div>
            <p class="note">All landmarks and kept: balanced accuracy on people not trained on, the mean over emotions. One of each emotion, with its interval, is on the page of a run.</p>
            """));

    public Html One(Run run)
    {
        Html results = run.View is null ? Html.None : Emotions(run.View);
        Html fault = run.Fault is null ? Html.None : Html.Of($"<p class=\"fault\">{run.Fault}</p>");
        Html report = HasReport(run) ? Html.Of($"<p><a class=\"button\" href=\"{Link("files", run.Path, "report.html")}\">Open the report</a></p>") : Html.None;
        return Page(NameOf(run), Html.Of($"""
            <p><a href="/">All runs</a></p>
            <div id="state" data-live data-state="{run.State.ToString()}">{Standing(run)}</div>
            {fault}{report}{results}{Files(run)}
            """));
    }

    private static Html Page(string title, Html main) => Html.Of($"""
        <!DOCTYPE html>
        <html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
        <title>{title} - emotionxai</title><link rel="stylesheet" href="/view.css"><link rel="icon" href="data:,">
        <script src="/view.js" defer></script><noscript><meta http-equiv="refresh" content="5"></noscript></head>
        <body><h1>{title}</h1><main>{main}</main><p id="connection" role="status"></p></body></html>
        """);

    private Html Row(Run run)
    {
        string id = run.Path.Length == 0 ? "." : run.Path;
        Html report = HasReport(run) ? Html.Of($"<a href=\"{Link("files", run.Path, "report.html")}\" aria-label=\"Report of {NameOf(run)}\">report</a>") : Html.None;
        Html numbers = run.View is RunView view
            ? Html.Of($"<td>{view.Result.Data.Source}</td><td class=\"number\">{view.Emotions.Count}</td><td class=\"number\">{KeptOf(view)}</td><td class=\"number\">{view.Emotions.Average(e => e.All.BalancedAccuracy):0.000}</td><td class=\"number\">{view.Emotions.Average(e => e.Kept.BalancedAccuracy):0.000}</td>")
            : run.Status is RunStatus status
                ? Html.Of($"<td>{status.Plan.Source}</td><td class=\"number\">{status.Plan.Emotions.Count}</td><td></td><td></td><td></td>")
                : Html.Of($"<td colspan=\"5\">{run.Fault ?? (run.State == RunState.Explained ? "an explanation of a model" : "")}</td>");
        return Html.Of($"<tr><th scope=\"row\"><a href=\"{Link("run", run.Path)}\">{NameOf(run)}</a></th><td id=\"state {id}\" data-live data-state=\"{run.State.ToString()}\">{Standing(run)}</td>{numbers}<td>{run.Changed.ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture)}</td><td>{report}</td></tr>\n");
    }

    private static Html Standing(Run run)
    {
        if (run.State != RunState.Running) return Html.Of($"<span class=\"state {run.State.ToString().ToLowerInvariant()}\">{Word(run)}</span>");
        ReductionProgress progress = run.Status!.Progress;
        return Html.Of($"""
            <span class="state running">running</span> <progress max="1" value="{progress.Part:0.###}" aria-label="Part done"></progress>
            {progress.Part:0%}, {progress.Done} of {progress.Total} folds, {Duration.Of(progress.Seconds)}, {Duration.Left(progress.SecondsLeft)}
            <ul class="active">{Html.Join(progress.Active.Select(w => Html.Of($"<li>{w.Emotion}{(w.Fold is int fold ? $" fold {fold + 1}" : "")}: {w.Step}{(w.Loss is double loss ? string.Create(CultureInfo.InvariantCulture, $", loss {loss:0.0000}") : "")}</li>")))}</ul>
            """);
    }

    private static string Word(Run run) => run.State switch
    {
        RunState.Stopped => run.Status is RunStatus status ? $"stopped after {status.Progress.Done} of {status.Progress.Total} folds; reduce --resume goes on" : "stopped; reduce --resume goes on",
        RunState.Damaged => "damaged",
        RunState.Explained => "explained",
        _ => "finished",
    };

    private static Html Emotions(RunView run)
    {
        string[] controls = [.. run.Rivals.Where(r => r != "all")];
        Html heads = Html.Join(controls.Select(c => Html.Of($"<th scope=\"col\" class=\"number\">{c}</th><th scope=\"col\" class=\"number\">kept less {c}</th>")));
        DataSummary data = run.Result.Data;
        return Html.Of($"""
            <p class="says">{string.Join(' ', run.Sentences)}</p>
            <div class="scroll" tabindex="0" role="region" aria-label="Emotions"><table>
            <caption>{data.Source}: {data.Clips} clips of {data.Subjects} people, {data.Topology}; took {Duration.Of(run.Result.Seconds)}</caption>
            <thead><tr><th scope="col">emotion</th><th scope="col" class="number">kept</th><th scope="col" class="number">all landmarks [95%]</th><th scope="col" class="number">kept [95%]</th>
            <th scope="col" class="number">AUC kept</th><th scope="col" class="number">AUC all</th><th scope="col" class="number">kept less all</th>{heads}<th scope="col" class="number">multiply-adds all</th><th scope="col" class="number">kept</th><th scope="col" class="number">µs a clip all</th><th scope="col" class="number">kept</th></tr></thead>
            <tbody>{Html.Join(run.Emotions.Select(e => Emotion(e, controls)))}</tbody></table></div>
            <p class="note">Balanced accuracy on people not trained on; then the {run.Measure}, everything at the same number of landmarks. Behind a difference: p, corrected over all of them.</p>
            <dl>{Html.Join(run.Emotions.Select(e => Html.Of($"<dt>{e.Name}</dt><dd>{string.Join(' ', e.Sentences)}</dd>")))}</dl>
            """);
    }

    private static Html Emotion(EmotionView e, string[] controls)
    {
        Html rivals = Html.Join(controls.Select(e.Against).Select(c => Html.Of($"<td class=\"number\">{(c is null ? double.NaN : c.Other):0.000}</td>{Difference(c)}")));
        return Html.Of($"""
            <tr><th scope="row">{e.Name}</th><td class="number">{e.Landmarks.Count} of {e.All.Landmarks}</td>
            <td class="number">{e.All.BalancedAccuracy:0.000} {Interval(e.All.Ci95)}</td><td class="number">{e.Kept.BalancedAccuracy:0.000} {Interval(e.Kept.Ci95)}</td>
            <td class="number">{e.Against("all")?.Kept ?? e.Kept.Auc:0.000}</td><td class="number">{e.Against("all")?.Other ?? e.All.Auc:0.000}</td>{Difference(e.Against("all"))}{rivals}
            <td class="number">{e.All.MacsPerClip:N0}</td><td class="number">{e.Kept.MacsPerClip:N0}</td>
            <td class="number">{e.All.MicrosecondsPerClip:0.0}</td><td class="number">{e.Kept.MicrosecondsPerClip:0.0}</td></tr>
            """);
    }

    private static Html Difference(Comparison? c) => c switch
    {
        null => Html.Of($"<td class=\"number\">-</td>"),
        { Test: { } t } => Html.Of($"<td class=\"number\">{c.Difference:+0.000;-0.000;0.000}, {t.PCorrected:0.000}</td>"),
        _ => Html.Of($"<td class=\"number\">{c.Difference:+0.000;-0.000;0.000}</td>"),
    };

    private Html Files(Run run)
    {
        if (files.Find(run.Path) is not string folder) return Html.None;
        string[] names = [.. Below(folder).Where(n => RunFiles.TypeOf(n) is not null && files.Find(Under(run.Path, n)) is not null).Order(StringComparer.Ordinal)];
        return names.Length == 0 ? Html.None : Html.Of($"<h2>Files</h2><ul class=\"files\">{Html.Join(names.Select(n => Html.Of($"<li><a href=\"{Link("files", run.Path, n)}\">{n}</a></li>")))}</ul>");
    }

    private static IEnumerable<string> Below(string folder)
    {
        string models = Path.Combine(folder, "models");
        IEnumerable<string> own = Directory.EnumerateFiles(folder).Select(f => Path.GetFileName(f));
        return Directory.Exists(models) ? own.Concat(Directory.EnumerateFiles(models).Select(f => $"models/{Path.GetFileName(f)}")) : own;
    }

    private bool HasReport(Run run) => files.Find(Under(run.Path, "report.html")) is not null;

    private string NameOf(Run run) => run.Path.Length == 0 ? Path.GetFileName(files.Root) : run.Path;

    private static string Under(string path, string name) => path.Length == 0 ? name : $"{path}/{name}";

    private static string Link(string kind, string path, string name = "")
    {
        string whole = name.Length == 0 ? path : Under(path, name);
        return $"/{kind}/{string.Join('/', whole.Split('/').Select(Uri.EscapeDataString))}";
    }

    private static string KeptOf(RunView run)
    {
        int[] kept = [.. run.Emotions.Select(e => e.Landmarks.Count)];
        string range = kept.Min() == kept.Max() ? $"{kept[0]}" : $"{kept.Min()} to {kept.Max()}";
        return $"{range} of {run.Topology.Count}";
    }

    private static string Interval(IReadOnlyList<double> ci) => ci.Count == 2 ? string.Create(CultureInfo.InvariantCulture, $"[{ci[0]:0.00}, {ci[1]:0.00}]") : "";
}
