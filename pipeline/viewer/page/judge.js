// What the reviewer says of one pair: buttons, and a note.

import { post } from "./api.js";
import { h, put, toast } from "./dom.js";
import { showProgress } from "./progress.js";

const JUDGEMENTS = [["right", "1"], ["doubtful", "2"], ["wrong", "3"]];

export class Judge {
  constructor(pair, changed) {
    this.pair = pair;
    this.changed = changed;
    this.root = h("div", { class: "judge", role: "group", "aria-label": "Your verdict" });
    this.draw();
  }

  get human() {
    return this.pair.human ?? { judgement: null, is_worth: null, note: "" };
  }

  draw() {
    const { judgement, is_worth: worth, note } = this.human;
    const button = (name, key, isOn, act, kind) => h("button", { type: "button", class: `say ${kind}`, "aria-pressed": String(isOn), onclick: act }, name, h("kbd", { "aria-hidden": "true" }, key));
    this.note = h("textarea", { rows: "1", maxlength: "2000", "aria-label": "Note", placeholder: "Note (e)", dir: "auto", onchange: () => this.say({ note: this.note.value }) });
    this.note.value = note ?? "";
    put(this.root,
      h("div", { class: "says" }, JUDGEMENTS.map(([name, key]) => button(name, key, judgement === name, () => this.judge(name), name))),
      h("div", { class: "says" },
        button("worth it", "w", worth === true, () => this.worth(true), "worth"),
        button("not worth it", "x", worth === false, () => this.worth(false), "not-worth")),
      this.note);
  }

  judge(name) {
    return this.say({ judgement: this.human.judgement === name ? null : name });
  }

  worth(value) {
    return this.say({ is_worth: this.human.is_worth === value ? null : value });
  }

  async say(change) {
    try {
      const answer = await post("/api/verdict", { pair_id: this.pair.pair_id, ...change });
      this.pair.human = answer.human;
      showProgress(answer.reviewed);
      const hadFocus = this.root.contains(document.activeElement) && document.activeElement.textContent;
      this.draw();
      if (hadFocus) [...this.root.querySelectorAll("button")].find((one) => one.textContent === hadFocus)?.focus();
      this.changed(change);
    } catch (problem) {
      toast(problem.message);
    }
  }
}
