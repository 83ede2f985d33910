// What people say of the set, and how far they agree with it and with each other.

import { get } from "./api.js";
import { h, put } from "./dom.js";
import { showProgress } from "./progress.js";

export async function reviewsPage(place, _, facts) {
  const page = await get("/api/reviews");
  showProgress(page.reviewed);
  const { blind } = page.reviewed;
  put(place, h("section", { class: "results reviews" },
    h("h1", {}, facts.sample === null ? "Reviews" : `Reviews: a sample of ${facts.sample} pairs`),
    h("p", {}, "You judge as ", h("strong", {}, facts.reviewer), "; verdicts are kept in ", h("code", {}, facts.reviews), "."),
    page.stale > 0 && h("p", { class: "problem" }, `${page.stale} verdicts are about pairs that are not in this set, or not with these texts. They do not count.`),
    page.counts.length ? counts(page.counts) : h("p", { class: "empty" }, "Nobody has judged a pair yet. Open one and press 1 for right, 2 for doubtful, 3 for wrong."),
    h("h2", {}, "Judged blind"),
    h("p", {}, blind.picked ? `You picked the true answer in ${blind.right} of ${blind.picked} questions; by chance it would be ${blind.by_chance}.` : "Press b to judge before the labels show: it tells how well you see what the set asks."),
    page.between.length > 0 && [h("h2", {}, "Between reviewers"), between(page.between)]));
  return page;
}

function counts(rows) {
  const percent = (share) => `${(100 * share).toFixed(0)} %`;
  return h("div", { class: "wide" }, h("table", { class: "counts" },
    h("thead", {}, h("tr", {}, ["", "right", "doubtful", "wrong", "right, share", "95 % interval", "worth it", "not worth it"].map((name) => h("th", { scope: "col" }, name)))),
    h("tbody", {}, rows.map((row) => h("tr", {}, h("th", { scope: "row" }, row.part), [row.right, row.doubtful, row.wrong, percent(row.share_right), `${percent(row.low)} to ${percent(row.high)}`, row.worth, row.not_worth].map((value) => h("td", { class: "number" }, value)))))));
}

function between(rows) {
  return h("table", { class: "counts" },
    h("thead", {}, h("tr", {}, ["reviewers", "pairs in common", "the same verdict", "Cohen's kappa"].map((name) => h("th", { scope: "col" }, name)))),
    h("tbody", {}, rows.map((row) => h("tr", {}, h("td", {}, `${row.first}, ${row.second}`), [row.pairs, row.same, row.kappa ?? "-"].map((value) => h("td", { class: "number" }, value))))));
}
