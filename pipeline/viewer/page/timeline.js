// When things are in view and what happens, over the time of the clip; pressing or dragging on it moves the player.

import { h, seconds } from "./dom.js";

const MOST_LANES = 10;
const STEPS = [0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 60, 120, 300];

export function timeline(player) {
  const { page } = player;
  const length = Math.max(page.end - page.start, 1e-6);
  const share = (time) => Math.min(Math.max((time - page.start) / length, 0), 1);
  const span = ([start, end], attributes) => {
    const bar = h("span", attributes);
    bar.style.left = `${100 * share(start)}%`;
    bar.style.width = `${100 * Math.max(share(end) - share(start), 0.002)}%`;
    return bar;
  };
  const tick = (time, attributes, ...children) => {
    const mark = h("span", attributes, children);
    mark.style.left = `${100 * share(time)}%`;
    return mark;
  };
  const cursor = tick(page.start, { class: "cursor" });
  const lanes = h("div", { class: "lanes", role: "slider", tabindex: "0", "aria-label": "Time", "aria-valuemin": page.start.toFixed(2), "aria-valuemax": page.end.toFixed(2) },
    (page.look_at ?? []).map((interval) => span(interval, { class: "look", title: `the event: ${seconds(interval[0])} to ${seconds(interval[1])}` })),
    page.shots.map((time) => tick(time, { class: "shot", title: `a new shot at ${seconds(time)}` })),
    h("div", { class: "lane ruler" }, ticks(page).map((time) => tick(time, { class: "tick" }, h("span", {}, `${+time.toFixed(2)}`)))),
    h("div", { class: "lane frames" }, page.times.map((time, number) => tick(time, { class: (page.keyframes ?? []).includes(number) ? "dot key" : "dot", title: `frame ${number}` }))),
    rows(player).map((row) => h("div", { class: row.extra ? "lane extra" : "lane" },
      row.spans.map((interval) => { const bar = span(interval, { class: "span", title: `${row.name}: ${seconds(interval[0])} to ${seconds(interval[1])}` }); if (row.colour) bar.style.background = row.colour; return bar; }),
      row.marks.map((event) => tick(event.at, { class: `event ${event.kind}`, title: `${event.words} at ${seconds(event.at)}` })),
      h("span", { class: "name" }, row.name))),
    cursor);
  const root = h("div", { class: "timeline" }, lanes);
  const hidden = rows(player).filter((row) => row.extra).length;
  if (hidden) root.append(h("button", { type: "button", class: "link", onclick: (event) => { root.classList.add("all"); event.target.remove(); } }, `${hidden} more in view`));
  listen(lanes, player, (x) => { const edges = lanes.getBoundingClientRect(); return page.start + (length * (x - edges.left)) / edges.width; });
  return {
    root,
    follow() {
      cursor.style.left = `${100 * share(player.now)}%`;
      lanes.setAttribute("aria-valuenow", player.now.toFixed(2));
      lanes.setAttribute("aria-valuetext", `${seconds(player.now)}, frame ${player.at}`);
    },
  };
}

// A lane for each named event and each track; those of the evidence come first, and more than a few are folded.
function rows({ page, evidence }) {
  const known = new Set(evidence.map((track) => track.id));
  const tracks = [...page.tracks].sort((a, b) => known.has(b.id) - known.has(a.id));
  const found = [
    ...page.events.filter((event) => event.kind === "named").map((event) => ({ name: event.words, spans: [event.span], marks: [] })),
    ...tracks.map((track) => ({ name: track.name, spans: track.visible, colour: track.colour, marks: page.events.filter((event) => event.tracks.includes(track.id) && event.kind !== "named") })),
  ];
  const most = Math.max(MOST_LANES, known.size);
  return found.map((row, number) => ({ ...row, extra: number >= most }));
}

function ticks(page) {
  const step = STEPS.find((one) => (page.end - page.start) / one <= 10) ?? 600;
  const found = [];
  for (let time = Math.ceil(page.start / step) * step; time <= page.end + 1e-9; time += step) found.push(time);
  return found;
}

function listen(lanes, player, timeAt) {
  const scrub = (event) => player.seek(timeAt(event.clientX));
  lanes.addEventListener("pointerdown", (event) => {
    player.pause();
    lanes.setPointerCapture(event.pointerId);
    scrub(event);
  });
  lanes.addEventListener("pointermove", (event) => event.buttons && scrub(event));
  const moves = { ArrowLeft: () => player.step(-1), ArrowRight: () => player.step(1), Home: () => player.jump(0), End: () => player.jump(player.times.length - 1) };
  lanes.addEventListener("keydown", (event) => {
    if (!moves[event.key]) return;
    event.preventDefault();
    event.stopPropagation();
    moves[event.key]();
  });
}
