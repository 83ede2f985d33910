// All that is known of a group's pairs: claims, evidence, checks, visual negatives, prompts, and raw replies.

import { address, get } from "./api.js";
import { h, put, seconds, words } from "./dom.js";

const SHOWN_AT_MOST = 8;

export function details(page) {
  return h("div", { class: "details" },
    page.pairs.map((pair, number) => section(page.pairs.length > 1 ? `Why, pair ${number + 1}` : "Why", why(pair), number === 0)),
    page.negatives.length > 0 && lazy("Visual negatives", page.negatives.length, () => Promise.all(page.negatives.map((negative, number) => negativeRow(page, negative, number))), true),
    page.prompts.length > 0 && section(`Prompts and wordings (${page.prompts.length})`, page.prompts.map((prompt) => h("details", { class: "prompt" }, h("summary", {}, prompt.name, prompt.text === null && " (not the one that is installed)"), prompt.text !== null && h("pre", { dir: "auto" }, prompt.text))), false),
    lazy("Raw replies of language models", null, () => replies(page.group_id), false));
}

function section(title, content, isOpen) {
  const box = h("details", { class: "section" }, h("summary", {}, title), h("div", { class: "inside" }, content));
  box.open = isOpen;
  return box;
}

// Its content is made when it is opened.
function lazy(title, count, make, isOpen) {
  const inside = h("div", { class: "inside" });
  const box = h("details", { class: "section" }, h("summary", {}, count === null ? title : `${title} (${count})`), inside);
  const fill = async () => {
    try {
      put(inside, await make());
    } catch (problem) {
      put(inside, h("p", { class: "problem" }, problem.message));
    }
  };
  box.addEventListener("toggle", () => box.open && !inside.hasChildNodes() && fill());
  box.open = isOpen;
  return box;
}

function why(pair) {
  return [
    h("dl", { class: "lines" }, pair.lines.map((line) => [h("dt", {}, line.name), line.values.map((value) => h("dd", { dir: "auto" }, value))])),
    h("div", { class: "wide" }, h("table", { class: "checks" },
      h("thead", {}, h("tr", {}, ["check", "result", "score", "margin", "by", "detail"].map((name) => h("th", { scope: "col" }, name)))),
      h("tbody", {}, pair.verdicts.map((verdict) => h("tr", {}, h("td", {}, words(verdict.check)),
        h("td", { class: verdict.passed ? "passed" : "failed" }, verdict.passed ? "passed" : "failed"),
        h("td", {}, verdict.score ?? ""), h("td", {}, verdict.margin === null ? "" : verdict.margin.toPrecision(3)), h("td", {}, verdict.model ?? "proof"), h("td", {}, words(verdict.detail ?? ""))))))),
    h("p", { class: "ids" }, "pair ", h("code", {}, pair.pair_id)),
  ];
}

async function negativeRow(page, negative, number) {
  const parts = await Promise.all(negative.parts.map(async (part) => [part, (await get("/api/negative", new URLSearchParams({ group: page.group_id, spec: number, part }))).times]));
  return h("div", { class: "negative" }, h("p", {}, negative.words),
    h("div", { class: "visuals" }, parts.filter(([, times]) => times.length).map(([part, times]) => visual(page, number, part, times))));
}

function visual(page, number, part, times) {
  const chosen = times.length <= SHOWN_AT_MOST ? times.map((_, place) => place) : Array.from({ length: SHOWN_AT_MOST }, (_, place) => Math.floor(((place + 0.5) * times.length) / SHOWN_AT_MOST));
  return h("figure", { class: part }, h("figcaption", {}, part),
    h("div", { class: "pictures" }, chosen.map((place) => h("img", { src: address("/media/negative", { group: page.group_id, spec: number, part, n: place }), alt: `${part}, ${seconds(times[place])}`, title: seconds(times[place]), loading: "lazy" }))));
}

async function replies(groupId) {
  const found = (await get("/api/replies", new URLSearchParams({ id: groupId }))).replies;
  if (!found.length) return h("p", { class: "empty" }, "No kept reply holds one of these texts. Replies are kept in .work/replies of the folder in which a set was built.");
  const hint = h("p", { class: "hint" }, "Found by their words, since rows do not say which replies they come from: some may be about another clip.");
  return [hint, ...found.map((reply) => h("div", { class: "reply" }, h("p", {}, h("code", {}, reply.model), " wrote ", h("q", { dir: "auto" }, reply.holds)), h("pre", { dir: "auto" }, reply.reply)))];
}
