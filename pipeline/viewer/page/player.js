// Plays what is shown of a clip at its true times, with boxes and names over it, and a strip of its frames.

import { address } from "./api.js";
import { h, put, seconds, svg } from "./dom.js";
import { timeline } from "./timeline.js";

const SPEEDS = [0.25, 0.5, 1, 2];

export class Player {
  constructor(page) {
    this.page = page;
    this.times = page.times;
    this.at = 0;
    this.now = page.start;
    this.speed = 1;
    this.playing = false;
    const evidence = new Set(page.evidence_tracks ?? []);
    this.evidence = page.tracks.filter((track) => evidence.has(track.id));
    this.boxes = page.blind ? "none" : this.evidence.length ? "evidence" : "all";
    this.build();
    this.jump(this.firstFrame());
  }

  frame(number) {
    return address("/media/frame", { group: this.page.group_id, n: number });
  }

  firstFrame() {
    const { keyframes, look_at: look } = this.page;
    return keyframes?.[0] ?? (look?.length ? this.frameAt(look[0][0]) : 0);
  }

  build() {
    const { clip } = this.page;
    this.pictures = this.times.map((_, number) => h("img", { src: this.frame(number), alt: "", decoding: "async", draggable: "false" }));
    this.overlay = svg("svg", { viewBox: `0 0 ${clip.width} ${clip.height}`, "aria-hidden": "true", class: "boxes" });
    this.stage = h("div", { class: "stage", role: "img", "aria-label": "The clip as it is shown", onclick: () => this.toggle() }, this.pictures, this.overlay);
    this.stage.style.aspectRatio = `${clip.width} / ${clip.height}`;
    this.playButton = h("button", { type: "button", class: "play", onclick: () => this.toggle() }, "Play");
    this.clock = h("output", { class: "clock" });
    const speed = h("select", { "aria-label": "Speed", onchange: () => { this.speed = Number(speed.value); } }, SPEEDS.map((one) => h("option", { value: one }, `${one}×`)));
    speed.value = "1";
    this.strip = h("ol", { class: "strip", "aria-label": "Frames" }, this.times.map((time, number) => this.cell(time, number)));
    this.line = timeline(this);
    this.root = h("section", { class: "player", "aria-label": "Clip" }, this.stage,
      h("div", { class: "controls" }, this.playButton,
        h("button", { type: "button", class: "quiet", "aria-label": "Previous frame", onclick: () => this.step(-1) }, "‹"),
        h("button", { type: "button", class: "quiet", "aria-label": "Next frame", onclick: () => this.step(1) }, "›"),
        this.clock, speed, this.boxChoice()),
      clip.shown && h("p", { class: "shown-as" }, "Shown ", h("strong", {}, clip.shown), "."),
      this.line.root, this.strip);
  }

  boxChoice() {
    if (!this.page.tracks.length) return h("span", { class: "hint" }, this.page.clip.shown ? "boxes are not known in what is edited" : "nothing was found to draw boxes around");
    const choices = [["none", "no boxes"], ...(this.evidence.length ? [["evidence", "boxes of the evidence"]] : []), ["all", "all boxes"]];
    const select = h("select", { "aria-label": "Boxes", onchange: () => { this.boxes = select.value; this.draw(); } }, choices.map(([value, name]) => h("option", { value }, name)));
    select.value = this.boxes;
    return select;
  }

  cell(time, number) {
    const isKey = (this.page.keyframes ?? []).includes(number);
    return h("li", {}, h("button", { type: "button", class: isKey ? "cell key" : "cell", "aria-label": `Frame ${number} at ${seconds(time)}${isKey ? ", keyframe" : ""}`, onclick: () => this.jump(number) },
      h("img", { src: this.frame(number), alt: "", loading: "lazy", decoding: "async" }), h("span", {}, time.toFixed(2))));
  }

  // The frame that is shown at a time: the last one that has begun.
  frameAt(time) {
    let found = 0;
    for (const [number, begins] of this.times.entries()) if (begins <= time + 1e-6) found = number;
    return found;
  }

  jump(number) {
    const kept = Math.min(Math.max(number, 0), this.times.length - 1);
    this.seek(this.times[kept] ?? this.page.start, kept);
  }

  step(by) {
    this.pause();
    this.jump(this.at + by);
  }

  seek(time, number = this.frameAt(time)) {
    this.now = Math.min(Math.max(time, this.page.start), this.page.end);
    this.at = number;
    this.draw();
  }

  draw() {
    for (const [number, picture] of this.pictures.entries()) picture.classList.toggle("on", number === this.at);
    for (const [number, cell] of [...this.strip.children].entries()) cell.firstChild.setAttribute("aria-current", number === this.at ? "true" : "false");
    put(this.clock, `${seconds(this.now)} · frame ${this.at}`);
    const tracks = this.boxes === "all" ? this.page.tracks : this.boxes === "evidence" ? this.evidence : [];
    put(this.overlay, tracks.map((track) => this.box(track)));
    this.line.follow();
    const cell = this.strip.children[this.at];
    if (cell) this.strip.scrollLeft = cell.offsetLeft - this.strip.clientWidth / 2 + cell.clientWidth / 2;
  }

  box(track) {
    const { width, height } = this.page.clip;
    const size = Math.max(width, height) / 42;
    return track.boxes.filter(([frame]) => frame === this.at).map(([, x0, y0, x1, y1]) => {
      const [left, top] = [x0 * width, y0 * height];
      const above = top > size * 1.5 ? top - size * 0.4 : top + size * 1.1;
      return svg("g", { "data-track": track.id },
        svg("rect", { x: left, y: top, width: (x1 - x0) * width, height: (y1 - y0) * height, class: "halo" }),
        svg("rect", { x: left, y: top, width: (x1 - x0) * width, height: (y1 - y0) * height, stroke: track.colour }),
        svg("text", { x: Math.min(Math.max(left, 0), width * 0.8), y: above, "font-size": size }, track.name));
    });
  }

  toggle() {
    if (this.playing) this.pause();
    else this.play();
  }

  async play() {
    await Promise.allSettled(this.pictures.map((picture) => picture.decode()));
    this.playing = true;
    put(this.playButton, "Pause");
    let before = performance.now();
    const tick = (moment) => {
      if (!this.playing || !this.root.isConnected) return;
      const later = this.now + ((moment - before) / 1000) * this.speed;
      before = moment;
      this.seek(later >= this.page.end ? this.page.start : later);
      requestAnimationFrame(tick);
    };
    requestAnimationFrame(tick);
  }

  pause() {
    this.playing = false;
    put(this.playButton, "Play");
  }
}
