namespace EmotionXai.Cli.View;

/// <summary>The style and the script of the pages.</summary>
internal static class ViewAssets
{
    public const string Css = """
        :root { color-scheme: light dark; --ink: #1a1a1a; --paper: #ffffff; --soft: #5a5a5a; --line: #d4d4d4; --link: #0b57d0; --good: #1b6e3c; --bad: #b3261e; }
        @media (prefers-color-scheme: dark) {
          :root { --ink: #ececec; --paper: #16181b; --soft: #a8a8a8; --line: #3d4147; --link: #8ab4f8; --good: #7bd69b; --bad: #ff9a90; }
        }
        body { margin: 0 auto; padding: 1rem; max-width: 80rem; font: 16px/1.5 system-ui, sans-serif; color: var(--ink); background: var(--paper); }
        h1 { font-size: 1.6rem; margin: 0.5rem 0; overflow-wrap: anywhere; }
        h2 { font-size: 1.2rem; margin: 2rem 0 0.5rem; }
        a { color: var(--link); }
        a:focus-visible, .scroll:focus-visible { outline: 3px solid var(--link); outline-offset: 2px; }
        .button { display: inline-block; padding: 0.5rem 1rem; border: 2px solid var(--link); border-radius: 0.4rem; font-weight: 600; text-decoration: none; }
        .scroll { overflow-x: auto; margin: 1rem 0; }
        table { border-collapse: collapse; font-size: 0.92rem; font-variant-numeric: tabular-nums; }
        caption { text-align: left; font-weight: 600; padding: 0.3rem 0; }
        th, td { padding: 0.4rem 0.7rem; border-bottom: 1px solid var(--line); text-align: left; vertical-align: top; }
        .number { text-align: right; white-space: nowrap; }
        .note { color: var(--soft); font-size: 0.9rem; max-width: 60rem; }
        .state { font-weight: 600; }
        .finished, .explained { color: var(--good); }
        .stopped { color: var(--soft); }
        .damaged, .fault { color: var(--bad); }
        .active { list-style: none; margin: 0.2rem 0 0; padding: 0; color: var(--soft); font-size: 0.85rem; }
        progress { width: 8rem; vertical-align: middle; }
        #state progress { width: min(30rem, 100%); }
        #connection { color: var(--bad); }
        """;

    // The page is asked for again and what differs is put in its place; where a run has come, gone or ended, the whole of it.
    // The focus stays where it was.
    public const string Script = """
        "use strict";
        const pause = 2000;
        const shape = page => [...page.querySelectorAll("[data-live]")].map(e => e.id + "\n" + e.dataset.state).join("\n\n");
        async function refresh() {
          const connection = document.getElementById("connection");
          try {
            const answer = await fetch(location.pathname, { cache: "no-store" });
            if (answer.ok) {
              const page = new DOMParser().parseFromString(await answer.text(), "text/html");
              if (shape(page) === shape(document)) {
                for (const live of document.querySelectorAll("[data-live]")) {
                  const now = page.getElementById(live.id);
                  if (live.innerHTML !== now.innerHTML) live.replaceChildren(...now.childNodes);
                }
              } else {
                const link = document.activeElement?.getAttribute("href");
                document.querySelector("main").replaceChildren(...page.querySelector("main").childNodes);
                if (link) document.querySelector(`a[href="${CSS.escape(link)}"]`)?.focus();
              }
            }
            connection.textContent = answer.ok ? "" : "This run is gone.";
          } catch {
            connection.textContent = "The server has been stopped; what stands here is old.";
          }
          setTimeout(refresh, pause);
        }
        setTimeout(refresh, pause);
        """;
}
