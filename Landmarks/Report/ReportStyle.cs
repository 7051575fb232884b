namespace EmotionXai.Landmarks.Report;

/// <summary>The report's looks: light, dark and printed. It must stay free of characters that XML would escape.</summary>
internal static class ReportStyle
{
    public const string Css = """
        :root { color-scheme: light dark; --ink: #1a1a1a; --paper: #ffffff; --soft: #5a5a5a; --line: #d4d4d4; --mark: #fff3c4; --ring: #c2185b; --link: #0b57d0; }
        @media (prefers-color-scheme: dark) {
          :root { --ink: #ececec; --paper: #16181b; --soft: #a8a8a8; --line: #3d4147; --mark: #3b3410; --ring: #ff7eb6; --link: #8ab4f8; }
        }
        body { margin: 0 auto; padding: 1rem; max-width: 80rem; font: 16px/1.5 system-ui, sans-serif; color: var(--ink); background: var(--paper); }
        h1 { font-size: 1.6rem; margin: 0.5rem 0; }
        h2 { font-size: 1.3rem; margin: 2.5rem 0 0.5rem; border-bottom: 1px solid var(--line); }
        a { color: var(--link); }
        .lead { font-size: 1.15rem; }
        .note { color: var(--soft); font-size: 0.9rem; max-width: 60rem; }
        .scroll { overflow-x: auto; margin: 1rem 0; }
        table { border-collapse: collapse; font-size: 0.88rem; font-variant-numeric: tabular-nums; }
        caption { text-align: left; font-weight: 600; padding: 0.3rem 0; }
        th, td { padding: 0.25rem 0.6rem; border-bottom: 1px solid var(--line); text-align: right; white-space: nowrap; }
        thead th { vertical-align: bottom; white-space: normal; font-weight: 600; }
        tbody th, thead th:first-child, td.text { text-align: left; }
        td.text { white-space: normal; overflow-wrap: break-word; }
        tr.marked { background: var(--mark); }
        tr.marked th::after { content: " \2713"; }
        dl { display: grid; grid-template-columns: max-content 1fr; gap: 0.2rem 1rem; }
        dt { color: var(--soft); }
        dd { margin: 0; overflow-wrap: anywhere; }
        .pair { display: flex; flex-wrap: wrap; gap: 1rem 2rem; align-items: flex-start; }
        figure { margin: 0; flex: 1 1 20rem; max-width: 30rem; }
        .pair .rest { flex: 1 1 24rem; min-width: 0; }
        .face { width: 100%; height: auto; }
        .heading { font-weight: 700; font-size: 0.9rem; margin: 0 0 0.3rem; }
        .edges { stroke: var(--line); }
        .point { stroke: var(--soft); }
        .ring { fill: none; stroke: var(--ring); stroke-width: 1.2; }
        .point.current { stroke: var(--ring); stroke-width: 2; }
        .point.dropped { opacity: 0.28; }
        .face:focus-visible, .card:focus-visible, button:focus-visible, input:focus-visible, a:focus-visible, .scroll:focus-visible { outline: 3px solid var(--link); outline-offset: 2px; }
        .cards { display: grid; grid-template-columns: repeat(auto-fill, minmax(20rem, 1fr)); gap: 0.8rem; list-style: none; margin: 1rem 0 0.3rem; padding: 0; }
        .card { display: flex; gap: 0.6rem; align-items: center; padding: 0.6rem; border: 1px solid var(--line); border-radius: 0.6rem; color: var(--ink); text-decoration: none; height: 100%; box-sizing: border-box; }
        .card:hover { border-color: var(--link); }
        .small { flex: none; width: 5.2rem; height: 5.2rem; }
        .words { display: flex; flex-direction: column; font-variant-numeric: tabular-nums; font-size: 0.92rem; line-height: 1.35; }
        .words strong { font-size: 1.1rem; }
        .words .kept { font-weight: 600; }
        .words .scores { display: grid; grid-template-columns: max-content 1fr; gap: 0 0.4rem; }
        .words .scores span:nth-child(odd), .words .saved { color: var(--soft); }
        .words .saved { overflow-wrap: anywhere; font-size: 0.85rem; }
        .controls { display: flex; flex-wrap: wrap; gap: 0.4rem 1rem; align-items: center; margin: 0.4rem 0; font-size: 0.92rem; }
        .controls[hidden], .controls button[hidden] { display: none; }
        .controls output { min-height: 3em; flex: 1 1 16rem; }
        button { font: inherit; padding: 0.3rem 0.8rem; border: 1px solid var(--link); border-radius: 0.4rem; background: var(--paper); color: var(--link); cursor: pointer; }
        input.stage { accent-color: var(--link); vertical-align: middle; width: 10rem; }
        .drawings { flex: 2 1 36rem; min-width: 0; display: grid; grid-template-columns: repeat(auto-fill, minmax(min(19rem, 100%), 1fr)); gap: 1rem 1.5rem; align-items: start; }
        .drawings .drawing { width: 100%; }
        .drawing { flex: 1 1 22rem; min-width: 0; max-width: 34rem; height: auto; }
        .drawing.faces { flex: 1 1 30rem; max-width: none; }
        .drawing .ink { fill: var(--ink); }
        .drawing .soft { fill: var(--soft); }
        .drawing .rule { stroke: var(--line); }
        .drawing .mark { stroke: var(--ink); }
        .drawing .hollow { fill: var(--paper); }
        .drawing.legend { max-width: 22rem; }
        .small .edges { stroke: var(--soft); stroke-width: 1.4; opacity: 0.6; }
        thead th.text { text-align: left; }
        #tip { position: fixed; z-index: 10; max-width: 22rem; padding: 0.4rem 0.6rem; border-radius: 0.4rem; background: var(--ink); color: var(--paper); font-size: 0.85rem; pointer-events: none; }
        #tip[hidden] { display: none; }
        .time { width: 100%; max-width: 30rem; height: 3.5rem; }
        .time rect { fill: #26828e; }
        @media (prefers-color-scheme: dark) {
          .point { stroke-width: 1; }
          .point.dropped { opacity: 0.5; }
        }
        @media print {
          :root { --ink: #000000; --paper: #ffffff; --soft: #444444; --line: #bbbbbb; --mark: #eeeeee; --ring: #c2185b; --link: #000000; font-size: 10pt; }
          body { max-width: none; padding: 0; font-size: 1rem; }
          table { font-size: 7pt; }
          th, td { padding: 0.1rem 0.2rem; }
          .scroll { overflow: visible; break-inside: avoid; }
          th, td { white-space: normal; }
          .cards { grid-template-columns: 1fr 1fr; }
          .words .scores span { white-space: nowrap; }
          figure { max-width: 9cm; }
          .drawing.faces { max-height: 10cm; }
          .controls, #tip { display: none; }
          .drawings { grid-template-columns: 330px 330px; flex: 1 1 100%; }
          .drawing { flex: 0 0 330px; max-width: 330px; }
          .drawing.faces { flex: 1 1 100%; max-width: none; }
          .card, .drawing { break-inside: avoid; }
          figure, tr { break-inside: avoid; }
          h2 { break-after: avoid; }
          svg, tr.marked { print-color-adjust: exact; }
        }
        """;
}
