"use strict";
// The page is whole without this: tables and faces stand in the markup. Here the faces get their slider, motion and
// tooltips, and the numbers their curves.
const data = JSON.parse(document.getElementById("data").textContent);
const svg = "http://www.w3.org/2000/svg";
const unit = 100;
const tip = document.getElementById("tip");
const still = matchMedia("(prefers-reduced-motion: reduce)");
const dark = matchMedia("(prefers-color-scheme: dark)");
const score = v => v === null ? "–" : v.toFixed(3);
const colour = name => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

// Okabe and Ito's colours, told apart by most eyes; dashes tell them apart in print.
const inks = ["#0072b2", "#d55e00", "#009e73", "#cc79a7", "#8a8a00", "#56b4e9"];
const dashes = [[], [6, 4], [2, 3], [10, 4, 2, 4], [1, 4], [12, 6]];

function makeFace(section, emotion) {
  const face = section.querySelector("svg.face");
  if (!face || emotion.ranking.length === 0) return;
  const points = new Map([...face.querySelectorAll("circle.point")].map(c => [Number(c.dataset.landmark), c]));
  face.querySelectorAll("g > title, circle.ring").forEach(e => e.remove());
  const rankOf = new Map(emotion.ranking.map((r, i) => [r.landmark, i]));
  const rings = new Map();
  for (const [landmark, point] of emotion.stages.length ? points : []) {
    const ring = document.createElementNS(svg, "circle");
    ring.setAttribute("class", "ring");
    ring.setAttribute("r", Number(point.getAttribute("r")) + 1.3);
    point.parentNode.appendChild(ring);
    rings.set(landmark, ring);
  }

  // Where the landmarks are; rings and lines follow.
  const edges = face.querySelector("path.edges");
  const place = (landmark, x, y) => {
    for (const circle of [points.get(landmark), rings.get(landmark)]) {
      circle?.setAttribute("cx", (x * unit).toFixed(1));
      circle?.setAttribute("cy", (y * unit).toFixed(1));
    }
  };
  const shape = at => {
    data.neutral.forEach((_, i) => place(i, ...at(i)));
    edges.setAttribute("d", data.edges.map(([a, b]) => `M${at(a).map(v => (v * unit).toFixed(1)).join(" ")}L${at(b).map(v => (v * unit).toFixed(1)).join(" ")}`).join(""));
  };
  shape(i => data.neutral[i]);

  makeSlider(section, emotion, rings, rankOf);
  makeMotion(section, emotion, shape);
  makeTips(face, emotion, points, rankOf);
}

function makeSlider(section, emotion, rings, rankOf) {
  const controls = section.querySelector(".controls"), slider = section.querySelector("input.stage");
  if (!controls || emotion.stages.length === 0) return;
  const said = section.querySelector("output.stage");
  controls.hidden = false;
  const show = () => {
    const stage = emotion.stages[slider.value], all = emotion.stages[0];
    // As many as the stage keeps: those that most folds keep, then by rank.
    const order = [...rings.keys()].sort((a, b) => (stage.kept[b] ?? 0) - (stage.kept[a] ?? 0) || rankOf.get(a) - rankOf.get(b));
    order.forEach((landmark, i) => {
      const kept = i < stage.landmarks;
      rings.get(landmark).style.display = kept && stage.landmarks < rings.size ? "" : "none";
      rings.get(landmark).style.opacity = stage.kept.length ? 0.35 + 0.65 * stage.kept[landmark] / emotion.folds : 1;
      rings.get(landmark).previousElementSibling.classList.toggle("dropped", !kept);
    });
    const random = stage.controls.random;
    said.textContent = `${stage.landmarks} of ${all.landmarks}: balanced accuracy ${score(stage.accuracy)} [${stage.interval.map(score).join(", ")}]`
      + (random ? `, as many random ones ${score(random.accuracy)}` : "")
      + (stage === all ? "" : `, ${(all.macs / stage.macs).toFixed(1)}× fewer multiply-adds`);
    slider.setAttribute("aria-valuetext", `${stage.landmarks} landmarks`);
  };
  slider.addEventListener("input", show);
  show();
}

function makeMotion(section, emotion, shape) {
  const button = section.querySelector("button.play"), frames = data.time;
  if (!button || emotion.motion.length === 0) return;
  const points = data.neutral.length, gain = data.moves ? 1.5 : 1;
  const at = t => i => {
    const k = 2 * (t * points + i), moved = [gain * emotion.motion[k], gain * emotion.motion[k + 1]];
    return data.moves ? [data.neutral[i][0] + moved[0], data.neutral[i][1] + moved[1]] : moved;
  };
  if (frames < 2 || !data.moves) return;
  button.hidden = false;
  let timer = 0;
  const stop = () => {
    clearInterval(timer);
    timer = 0;
    button.textContent = "Play the mean motion";
    shape(i => data.neutral[i]);
  };
  button.addEventListener("click", () => {
    if (timer) return stop();
    let t = 0;
    button.textContent = "Stop";
    timer = setInterval(() => {
      shape(at(t % frames));
      if (++t >= (still.matches ? frames : 4 * frames)) stop();
    }, 90);
  });
}

function makeTips(face, emotion, points, rankOf) {
  let current = -1;
  const show = (rank, x, y) => {
    points.get(emotion.ranking[current]?.landmark)?.classList.remove("current");
    current = rank;
    const r = emotion.ranking[rank], ranks = [...r.folds].sort((a, b) => a - b);
    points.get(r.landmark).classList.add("current");
    tip.textContent = `${data.names[r.landmark]} (${data.regions[r.landmark]}), rank ${rank + 1}: ${(100 * r.relevance).toFixed(2)}% of relevance, ${r.signed >= 0 ? "+" : "−"}${Math.abs(r.signed).toFixed(3)} logits`
      + (ranks.length ? `; rank by fold ${r.folds.join(", ")} (median ${ranks[ranks.length >> 1]})` : "");
    tip.hidden = false;
    tip.style.left = `${Math.max(8, Math.min(x + 12, innerWidth - tip.offsetWidth - 8))}px`;
    tip.style.top = `${Math.min(y + 16, innerHeight - tip.offsetHeight - 8)}px`;
  };
  const hide = () => {
    points.get(emotion.ranking[current]?.landmark)?.classList.remove("current");
    tip.hidden = true;
  };
  face.addEventListener("pointermove", e => {
    const landmark = e.target.parentNode?.querySelector?.("circle.point")?.dataset.landmark;
    if (e.target.tagName !== "circle" || landmark === undefined) return hide();
    show(rankOf.get(Number(landmark)), e.clientX, e.clientY);
  });
  face.addEventListener("pointerleave", hide);
  face.addEventListener("blur", hide);
  face.addEventListener("keydown", e => {
    const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[e.key];
    if (e.key === "Escape") return hide();
    if (!step) return;
    e.preventDefault();
    const rank = (current + step + emotion.ranking.length) % emotion.ranking.length;
    const box = points.get(emotion.ranking[rank].landmark).getBoundingClientRect();
    show(rank, box.right, box.bottom);
  });
}

// One chart; lines are { label, x, y, low, high }, each with its own x, joined here.
function chart(box, { title, x, y, lines, log = false, range }) {
  const xs = [...new Set(lines.flatMap(l => l.x))].sort((a, b) => a - b);
  const on = (l, values) => {
    const known = new Map(l.x.map((v, i) => [v, values[i]]));
    return xs.map(v => known.get(v) ?? null);
  };
  const columns = [xs], series = [{ label: x }], bands = [];
  lines.forEach((l, i) => {
    columns.push(on(l, l.y));
    series.push({ label: l.label, stroke: inks[i % inks.length], width: i === 0 ? 2.5 : 1.5, dash: dashes[i % dashes.length], spanGaps: true, points: { show: !l.smooth, size: 6 }, value: (_, v) => v === null ? "–" : v.toFixed(3) });
    if (!l.low) return;
    columns.push(on(l, l.high), on(l, l.low));
    for (const end of ["high", "low"]) series.push({ label: `${l.label}, 95% ${end}`, class: "band", stroke: "transparent", width: 0, spanGaps: true, points: { show: false }, value: (_, v) => v === null ? "–" : v.toFixed(3) });
    bands.push({ series: [columns.length - 2, columns.length - 1], fill: inks[i % inks.length] + "30" });
  });
  const axis = { stroke: () => colour("--ink"), grid: { stroke: () => colour("--line"), width: 0.5 }, ticks: { stroke: () => colour("--line"), width: 0.5 } };
  box.textContent = "";
  new uPlot({
    title, width: paper || Math.max(260, box.clientWidth), height: 260, bands, series,
    scales: { x: { time: false, distr: log ? 3 : 1, log: 2, range: range ? (() => range.x) : undefined }, y: { range: range ? (() => range.y) : undefined } },
    axes: [{ ...axis, label: x, splits: log ? (() => xs) : undefined, values: (_, v) => v.map(n => n === null ? "" : String(Math.round(n * 100) / 100)), filter: (_, v) => v }, { ...axis, label: y, size: 60 }],
    legend: { live: true },
  }, columns, box);
}

// The width of a chart on paper, where two stand side by side; 0 on the screen.
let paper = 0;
const steps = (emotion, value) => emotion.stages.map(value);

function accuracyChart(box, emotion) {
  const x = steps(emotion, s => s.landmarks);
  const lines = [{ label: "most relevant", x, y: steps(emotion, s => s.accuracy), low: steps(emotion, s => s.interval[0] ?? null), high: steps(emotion, s => s.interval[1] ?? null) }];
  for (const name of new Set(emotion.stages.flatMap(s => Object.keys(s.controls)))) {
    const some = emotion.stages.filter(s => name in s.controls);
    lines.push({ label: name, x: some.map(s => s.landmarks), y: some.map(s => s.controls[name].accuracy) });
  }
  chart(box, { title: "Accuracy by landmarks kept", x: "landmarks", y: "balanced accuracy", lines, log: true });
}

function costChart(box, emotion) {
  const x = steps(emotion, s => s.landmarks), all = emotion.stages[0];
  const line = (label, value) => ({ label, x, y: steps(emotion, s => value(s) / value(all)) });
  chart(box, { title: "Cost of a clip against all landmarks", x: "landmarks", y: "part", log: true, lines: [line("multiply-adds", s => s.macs), line("bytes of the model", s => s.bytes), line("measured time", s => s.microseconds)] });
}

// Points where the threshold passes between logits, from the strictest on.
function thresholds(logits, targets) {
  const order = logits.map((_, i) => i).sort((a, b) => logits[b] - logits[a]), counts = [];
  let hits = 0, alarms = 0;
  order.forEach((clip, i) => {
    targets[clip] ? hits++ : alarms++;
    if (i + 1 === order.length || logits[order[i + 1]] !== logits[clip]) counts.push([hits, alarms]);
  });
  return counts;
}

function thresholdCharts(roc, pr, emotion) {
  if (emotion.targets.length === 0) return;
  const positives = emotion.targets.filter(t => t).length, negatives = emotion.targets.length - positives, rocs = [], prs = [];
  for (const [label, logits] of [["all landmarks", emotion.stages[0].logits], ["at K*", emotion.chosen.logits]]) {
    if (logits.length !== emotion.targets.length) return;
    const counts = thresholds(logits, emotion.targets);
    // Where several points share an x, the curve goes up there: the last one is kept.
    const curve = new Map([[0, 0], ...counts.map(([h, a]) => [a / negatives, h / positives])]);
    rocs.push({ label, x: [...curve.keys()], y: [...curve.values()], smooth: true });
    const recall = new Map();
    for (const [h, a] of counts) if (h > 0) recall.set(h / positives, Math.max(recall.get(h / positives) ?? 0, h / (h + a)));
    prs.push({ label, x: [...recall.keys()], y: [...recall.values()], smooth: true });
  }
  const range = { x: [0, 1], y: [0, 1.02] };
  chart(roc, { title: "ROC", x: "false alarms", y: "recall", lines: rocs, range });
  chart(pr, { title: "Precision and recall", x: "recall", y: "precision", lines: prs, range });
}

function draw() {
  data.emotions.forEach((emotion, i) => {
    const section = document.getElementById(`emotion-${i + 1}`), box = name => section.querySelector(`.chart.${name}`);
    if (!box("accuracy") || emotion.stages.length < 2) return;
    accuracyChart(box("accuracy"), emotion);
    costChart(box("cost"), emotion);
    thresholdCharts(box("roc"), box("pr"), emotion);
  });
}

data.emotions.forEach((emotion, i) => makeFace(document.getElementById(`emotion-${i + 1}`), emotion));
draw();
let width = innerWidth, waiting = 0;
addEventListener("resize", () => {
  if (innerWidth === width) return;
  width = innerWidth;
  clearTimeout(waiting);
  waiting = setTimeout(draw, 150);
});
dark.addEventListener("change", draw);
addEventListener("beforeprint", () => {
  paper = 330;
  draw();
});
addEventListener("afterprint", () => {
  paper = 0;
  draw();
});
