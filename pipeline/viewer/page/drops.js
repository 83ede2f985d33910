// What was left out and why, and what became of one video.

import { get } from "./api.js";
import { facetPanel, pager } from "./facets.js";
import { h, put, words } from "./dom.js";
import { link } from "./route.js";
import { table } from "./list.js";

const SIZE = 50;

export async function dropsPage(place, { query }, facts) {
  const page = await get("/api/drops", query);
  const facets = Object.fromEntries(Object.entries(page.facets).map(([name, values]) => [name, Object.entries(values).map(([value, count]) => ({ value, label: words(value), count }))]));
  const start = Number(query.get("start") ?? 0);
  put(place, h("div", { class: "columns" },
    facetPanel("drops", query, facets, "Search ids, files, details"),
    h("section", { class: "results", "aria-label": "Drops" },
      h("div", { class: "bar-line" }, h("h1", {}, `${page.total.toLocaleString("en")} ${page.total === 1 ? "drop" : "drops"}`)),
      account(facts.account), dropTable(page.rows), pager("drops", query, start, SIZE, page.total))));
  return page;
}

function account(found) {
  return h("div", { class: "account" }, found.lines.map((line) => {
    const bar = h("span", { class: "kept" });
    bar.style.width = `${line.produced ? (100 * line.kept) / line.produced : 0}%`;
    return h("div", { class: "account-line" }, h("span", {}, words(line.item_type)), h("span", { class: "whole" }, bar), h("span", { class: "numbers" }, `${line.kept.toLocaleString("en")} kept of ${line.produced.toLocaleString("en")}`));
  }));
}

function dropTable(rows) {
  if (!rows.length) return h("p", { class: "empty" }, "Nothing was left out that passes these filters.");
  return h("div", { class: "wide" }, h("table", { class: "drops" },
    h("thead", {}, h("tr", {}, ["File", "Item", "Dropped by", "Reason", "Measured", "Limit", "Detail"].map((name) => h("th", { scope: "col" }, name)))),
    h("tbody", {}, rows.map((row) => h("tr", {},
      h("td", {}, row.video_id ? h("a", { href: link("video", row.video_id) }, short(row.uri ?? row.video_id)) : (row.uri ?? "")),
      h("td", {}, words(row.item_type), h("code", { class: "id" }, row.item_id)), h("td", {}, row.stage), h("td", {}, words(row.reason)),
      h("td", { class: "number" }, number(row.measured)), h("td", { class: "number" }, number(row.limit)), h("td", { dir: "auto" }, row.detail ?? ""))))));
}

function short(uri) {
  return uri.slice(uri.lastIndexOf("/") + 1);
}

function number(value) {
  return value === null ? "" : String(+value.toPrecision(6));
}

export async function videoPage(place, { about }) {
  const page = await get("/api/video", new URLSearchParams({ id: about }));
  const reasons = new Map();
  for (const drop of page.drops) {
    const key = `${drop.stage}: ${words(drop.reason)}`;
    reasons.set(key, (reasons.get(key) ?? 0) + 1);
  }
  put(place, h("section", { class: "results video" },
    h("h1", {}, page.uris.join(", ") || about), h("p", { class: "ids" }, "video ", h("code", {}, about)),
    h("p", {}, `${page.clips.length} ${page.clips.length === 1 ? "clip" : "clips"} with questions, ${page.groups.length} questions, ${page.pairs} pairs; ${page.drops.length} items were left out.`),
    h("ul", { class: "reasons" }, [...reasons].sort((a, b) => b[1] - a[1]).map(([key, count]) => h("li", {}, h("strong", {}, count.toLocaleString("en")), ` ${key}`))),
    page.groups.length > 0 && [h("h2", {}, "In the set"), table(page.groups, new URLSearchParams())],
    page.drops.length > 0 && [h("h2", {}, "Left out"), dropTable(page.drops)]));
  return page;
}
