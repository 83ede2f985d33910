// The last audit of the set: how well answers are guessed without the videos, by which words, and what to do.

import { get } from "./api.js";
import { h, put, words } from "./dom.js";

const SEES = { answer: "an answer alone", question: "question, answer", group: "all its answers", seams: "seams of edits" };
const percent = (share) => `${(100 * share).toFixed(0)} %`;

export async function auditPage(place, _, facts) {
  const page = await get("/api/audit");
  const { audit } = page;
  put(place, h("section", { class: "results reviews" }, h("h1", {}, "Audit"), audit === null
    ? h("p", { class: "empty" }, "This set was not audited as it is. Run ", h("code", {}, `vidpref audit ${facts.address}`), ", then load this page again.")
    : found(audit, page.aims)));
  return page;
}

function found(audit, aims) {
  return [
    h("p", {}, "Verdict: ", h("strong", {}, audit.outcome), `. ${audit.pairs} pairs, ${audit.groups} questions, ${audit.videos} videos.`),
    audit.findings.length > 0 && [h("h2", {}, "What to do"), table(["", "found", "what to do"], audit.findings.map((one) => [one.topic, one.says, one.do]), 3)],
    h("h2", {}, "Right without the video; 0.5 is chance"),
    table(["reader sees", "in", "pairs", "videos", "right", "95 % interval", "verdict"], audit.scores.map((one) => [SEES[one.reader], words(one.part), one.pairs, one.videos, one.accuracy.toFixed(3), `${one.low.toFixed(3)} to ${one.high.toFixed(3)}`, one.part === "shuffled" ? "control" : one.outcome]), 2),
    audit.parts.filter((part) => part.words.length).map((part) => [h("h2", {}, part.part === "all" ? "Words that tell" : `Words that tell: pairs of ${part.part}`),
      table(["word", "in chosen alone", "in rejected alone", "videos"], part.words.map((one) => [one.words, one.chosen, one.rejected, one.videos]))]),
    audit.coverage.length > 0 && [h("h2", {}, "What questions are about"), table(["", "pairs", "share", "aim"], audit.coverage.map((one) => [words(one.name), one.pairs, percent(one.share), aims[one.name]]))],
    audit.opinions?.agreements.length > 0 && [h("h2", {}, "Who agrees on the labels"), table(["", "pairs", "agree"], audit.opinions.agreements.map((one) => [`${one.first} and ${one.second}`, one.pairs, `${one.same} (${percent(one.share)})`]))],
  ];
}

// The first columns are text, the others are numbers.
function table(names, rows, texts = 1) {
  return h("div", { class: "wide" }, h("table", { class: "counts" },
    h("thead", {}, h("tr", {}, names.map((name) => h("th", { scope: "col" }, name)))),
    h("tbody", {}, rows.map((row) => h("tr", {}, row.map((value, at) => h("td", at < texts ? { dir: "auto" } : { class: "number" }, value)))))));
}
