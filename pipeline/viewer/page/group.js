// The page of one group: the clip as it is shown, the question with chosen and rejected answers, and all that is known.

import { get, post } from "./api.js";
import { details } from "./details.js";
import { h, put, said, toast, words } from "./dom.js";
import { Judge } from "./judge.js";
import { Player } from "./player.js";
import { showProgress } from "./progress.js";
import { filters, go, link } from "./route.js";

export async function groupPage(place, { about, query }, facts, isBlind) {
  const asked = filters(query);
  asked.set("id", about);
  if (isBlind) asked.set("blind", "1");
  const page = await get("/api/group", asked);
  showProgress(page.reviewed);
  const view = new GroupView(page, filters(query));
  put(place, view.root);
  requestAnimationFrame(() => view.player.draw());
  return view;
}

class GroupView {
  constructor(page, query) {
    this.page = page;
    this.query = query;
    this.player = new Player(page);
    this.judges = [];
    this.active = 0;
    this.root = h("article", { class: page.blind ? "group blind" : "group" }, this.head(),
      h("div", { class: "halves" }, this.player.root, page.blind ? this.blind() : this.answers()),
      !page.blind && details(page));
    this.activate(0);
  }

  head() {
    const { place, facts, clip } = this.page;
    const step = (id, name, rel, key) => (id ? h("a", { class: "step", href: link("group", id, this.query), rel, title: `${name} (${key})` }, name) : h("span", { class: "step off" }, name));
    return h("div", { class: "group-head" },
      h("nav", { class: "steps", "aria-label": "Groups" },
        h("a", { class: "step", href: link("groups", "", this.query), title: "Back to the list (l)" }, "List"),
        step(place.previous, "Previous", "prev", "p"), h("span", { class: "position" }, `${place.position.toLocaleString("en")} of ${place.total.toLocaleString("en")}`), step(place.next, "Next", "next", "n")),
      h("p", { class: "tags" }, h("span", { class: `pill ${facts.axis}` }, words(facts.axis)), h("span", { class: "pill" }, words(facts.type)),
        facts.grounds && h("span", { class: `grounds ${facts.grounds}` }, facts.grounds),
        h("a", { class: "file", href: link("video", clip.video_id), title: `What became of ${facts.file}` }, facts.file.slice(facts.file.lastIndexOf("/") + 1)),
        (this.page.twins ?? []).map((id) => h("a", { class: "pill twin", href: link("group", id, this.query) }, "its twin"))));
  }

  answers() {
    const cards = this.page.pairs.map((pair, number) => this.card(pair, number));
    return h("section", { class: "answers", "aria-label": "Question and answers" }, said(this.page.question, "h1"), cards);
  }

  card(pair, number) {
    const judge = new Judge(pair, (change) => this.advance(number, change));
    this.judges.push(judge);
    const title = this.page.pairs.length > 1 ? `Pair ${number + 1} of ${this.page.pairs.length}` : "Pair";
    const card = h("section", { class: "card", "aria-label": title, onfocusin: () => this.activate(number), onclick: () => this.activate(number) },
      this.page.pairs.length > 1 && h("h2", {}, title),
      h("div", { class: "sides" },
        h("div", { class: "side chosen" }, h("h3", {}, "Chosen"), said(pair.chosen)),
        h("div", { class: "side rejected" }, h("h3", {}, "Rejected"), said(pair.rejected))),
      judge.root);
    judge.card = card;
    return card;
  }

  blind() {
    const hint = h("p", { class: "hint" }, "Watch the clip, then pick the answer that is true. The labels show after that.");
    const options = this.page.options.map((parts, number) => h("button", { type: "button", class: "option", onclick: () => this.pick(number) }, h("kbd", { "aria-hidden": "true" }, number + 1), said(parts, "span")));
    return h("section", { class: "answers", "aria-label": "Question and answers" }, said(this.page.question, "h1"), hint, h("div", { class: "options" }, options));
  }

  async pick(number) {
    try {
      const answer = await post("/api/pick", { group_id: this.page.group_id, picked: number });
      toast(answer.right ? "You picked the chosen answer." : "You picked a rejected answer.");
      dispatchEvent(new Event("again"));
    } catch (problem) {
      toast(problem.message);
    }
  }

  activate(number) {
    this.active = number;
    for (const [place, judge] of this.judges.entries()) judge.card.classList.toggle("active", place === number);
  }

  // After a judgement the next pair that has none is the active one.
  advance(number, change) {
    if (!change.judgement) return;
    const open = this.page.pairs.findIndex((pair, place) => place > number && !pair.human?.judgement);
    if (open >= 0) this.activate(open);
  }

  key(key) {
    const judge = this.judges[this.active];
    const { place, options } = this.page;
    const moves = {
      n: () => place.next && go(link("group", place.next, this.query)),
      p: () => place.previous && go(link("group", place.previous, this.query)),
      l: () => go(link("groups", "", this.query)),
      " ": () => this.player.toggle(),
      ",": () => this.player.step(-1),
      ".": () => this.player.step(1),
      "[": () => this.activate(Math.max(0, this.active - 1)),
      "]": () => this.activate(Math.min(this.judges.length - 1, this.active + 1)),
    };
    if (judge) {
      Object.assign(moves, { 1: () => judge.judge("right"), 2: () => judge.judge("doubtful"), 3: () => judge.judge("wrong"), w: () => judge.worth(true), x: () => judge.worth(false), e: () => judge.note.focus() });
    } else if (options && Number(key) >= 1 && Number(key) <= options.length) {
      moves[key] = () => this.pick(Number(key) - 1);
    }
    if (!moves[key]) return false;
    moves[key]();
    return true;
  }
}
