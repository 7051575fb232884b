"use strict";
// The page is whole without this: tables and faces stand in the markup. Here the large faces get their slider, motion and
// tooltips.
const data = JSON.parse(document.getElementById("data").textContent);
const svg = "http://www.w3.org/2000/svg";
const unit = 100;
const tip = document.getElementById("tip");
const still = matchMedia("(prefers-reduced-motion: reduce)");
const score = v => v === null ? "–" : v.toFixed(3);

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

  makeSlider(section, emotion, rings);
  makeMotion(section, emotion, shape);
  makeTips(face, emotion, points, rankOf);
}

function makeSlider(section, emotion, rings) {
  const controls = section.querySelector(".controls"), slider = section.querySelector("input.stage");
  if (!controls || emotion.stages.length === 0) return;
  const said = section.querySelector("output.stage");
  controls.hidden = false;
  const show = () => {
    const stage = emotion.stages[slider.value], all = emotion.stages[0], drawn = new Set(stage.drawn);
    for (const [landmark, ring] of rings) {
      const kept = drawn.has(landmark);
      ring.style.display = kept && stage !== all ? "" : "none";
      ring.style.opacity = stage.kept.length ? 0.35 + 0.65 * stage.kept[landmark] / emotion.folds : 1;
      ring.previousElementSibling.classList.toggle("dropped", !kept);
    }
    const random = stage.controls.random;
    said.textContent = `${stage.landmarks} of ${all.landmarks}: balanced accuracy ${score(stage.accuracy)} [${stage.interval.map(score).join(", ")}]`
      + (random ? `, as many random ones ${score(random.accuracy)}` : "")
      + `, ${stage.macs.toLocaleString("en")} multiply-adds`
      + (stage.landmarks === emotion.kept ? "; rings: the saved model" : stage === all ? "" : "; rings: what most folds keep");
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

data.emotions.forEach((emotion, i) => makeFace(document.getElementById(`emotion-${i + 1}`), emotion));
