// The table of groups.

import { address, get } from "./api.js";
import { facetPanel, pager } from "./facets.js";
import { h, put, words } from "./dom.js";
import { changed, filters, go, link } from "./route.js";

const SIZE = 50;
const SORT_NAMES = { set: "order of the set", pairs: "number of pairs", length: "length of chosen", model: "writer", type: "question type" };

export async function listPage(place, { query }, facts) {
  const page = await get("/api/groups", query);
  const start = Number(query.get("start") ?? 0);
  put(place, h("div", { class: "columns" },
    facetPanel("groups", query, page.facets, "Search texts and ids"),
    h("section", { class: "results", "aria-label": "Groups" },
      h("div", { class: "bar-line" },
        h("h1", {}, `${page.groups.toLocaleString("en")} ${page.groups === 1 ? "question" : "questions"}`, h("small", {}, ` ${page.pairs.toLocaleString("en")} ${page.pairs === 1 ? "pair" : "pairs"}`)),
        sorter(query, facts.sorts)),
      page.rows.length ? table(page.rows, query) : h("p", { class: "empty" }, "No question passes these filters."),
      pager("groups", query, start, SIZE, page.groups))));
  return page;
}

function sorter(query, sorts) {
  const select = h("select", { id: "sort", onchange: () => go(link("groups", "", changed(query, "sort", select.value === "set" ? "" : select.value))) },
    sorts.map((name) => h("option", { value: name }, SORT_NAMES[name] ?? name)));
  select.value = query.get("sort") ?? "set";
  const down = query.get("desc") === "1";
  return h("div", { class: "sorter" }, h("label", { for: "sort" }, "Sort by"), select,
    h("button", { type: "button", class: "quiet", "aria-label": down ? "Descending: change to ascending" : "Ascending: change to descending", onclick: () => go(link("groups", "", changed(query, "desc", down ? "" : "1"))) }, down ? "↓" : "↑"));
}

export function table(rows, query) {
  return h("table", { class: "groups" },
    h("thead", {}, h("tr", {}, ["Clip", "Question and answers", "About", "Labels", "Verdict"].map((name) => h("th", { scope: "col" }, name)))),
    h("tbody", {}, rows.map((row) => groupRow(row, filters(query)))));
}

function groupRow(row, query) {
  const target = link("group", row.group_id, query);
  return h("tr", { dataset: { group: row.group_id }, onclick: (event) => { if (!event.target.closest("a") && !getSelection().toString()) go(target); } },
    h("td", { class: "thumb" }, h("img", { src: address("/media/thumbnail", { clip: row.clip }), alt: "", loading: "lazy", decoding: "async", width: 96, height: 64 }),
      h("span", { class: "file", title: row.file }, row.file)),
    h("td", { class: "texts" },
      h("a", { class: "question", href: target, dir: "auto" }, row.question),
      h("p", { class: "answer chosen", dir: "auto" }, h("span", { class: "sr" }, "chosen: "), row.chosen),
      h("p", { class: "answer rejected", dir: "auto" }, h("span", { class: "sr" }, "rejected: "), row.rejected, row.pairs > 1 && h("span", { class: "others" }, ` and ${row.pairs - 1} more`))),
    h("td", { class: "about" }, h("span", { class: `pill ${row.axis}` }, words(row.axis)), h("span", {}, words(row.type)),
      row.shown !== "none" && h("span", { class: "pill shown" }, words(row.shown)), row.twin_of && h("span", { class: "pill twin" }, "twin")),
    h("td", { class: "labels" }, h("span", { class: `grounds ${row.grounds}` }, row.grounds), h("span", { class: "by" }, row.model),
      row.difficulty !== null && h("meter", { min: 0, max: 1, value: row.difficulty, title: `difficulty ${row.difficulty.toFixed(2)}`, "aria-label": `difficulty ${row.difficulty.toFixed(2)}` })),
    h("td", { class: "verdict" }, verdictDots(row)));
}

function verdictDots(row) {
  if (!row.verdicts.length) return h("span", { class: "dot none", title: "not judged" }, h("span", { class: "sr" }, "not judged"));
  return row.verdicts.map((verdict) => h("span", { class: `dot ${verdict}`, title: verdict }, verdict));
}
