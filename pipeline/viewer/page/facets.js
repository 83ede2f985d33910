// The filters beside a list: a box to search in, and for each property its values with their numbers.

import { h, words } from "./dom.js";
import { changed, go, link, toggled } from "./route.js";

const OPEN_AT_FIRST = new Set(["axis", "type", "grounds", "verdict", "reason", "stage", "item"]);
const FEW = 8;
const NAMES = { type: "question type", grounds: "proven or judged", kind: "kind of rejection", shown: "shown as", model: "written by", verdict: "my verdict", worth: "worth training on", length: "length of chosen" };

export function facetPanel(page, query, facets, placeholder) {
  const chosen = Object.keys(facets).flatMap((name) => query.getAll(name).map((value) => [name, value]));
  return h("aside", { class: "facets", "aria-label": "Filters" },
    searchBox(page, query, placeholder),
    chosen.length > 0 && h("p", { class: "clear" }, h("a", { href: link(page, "", onlySort(query)) }, "Clear all filters")),
    folded(Object.entries(facets).filter(([name, values]) => values.length > 1 || query.has(name)).map(([name, values]) => facet(page, query, name, values))));
}

// On a narrow screen the filters are folded until they are asked for.
function folded(content) {
  const box = h("details", { class: "more-filters" }, h("summary", {}, "Filters"), content);
  box.open = openFacets.get("") ?? !matchMedia("(max-width: 760px)").matches;
  box.addEventListener("toggle", (event) => event.target === box && openFacets.set("", box.open));
  return box;
}

function searchBox(page, query, placeholder) {
  const input = h("input", { type: "search", id: "search", placeholder, "aria-label": placeholder, value: query.get("q") ?? "", autocomplete: "off", spellcheck: "false" });
  const apply = () => go(link(page, "", changed(query, "q", input.value)));
  let waiting = 0;
  input.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(apply, 350);
  });
  input.addEventListener("keydown", (event) => event.key === "Enter" && apply());
  return input;
}

function onlySort(query) {
  const kept = new URLSearchParams();
  for (const name of ["sort", "desc"]) if (query.has(name)) kept.set(name, query.get(name));
  return kept;
}

function facet(page, query, name, values) {
  const wanted = new Set(query.getAll(name));
  const most = Math.max(...values.map((value) => value.count), 1);
  const rows = values.map((value, number) => option(page, query, name, value, wanted.has(value.value), most, number >= FEW && !wanted.has(value.value)));
  const list = h("ul", {}, rows);
  const hidden = rows.filter((row) => row.classList.contains("more")).length;
  const more = hidden > 0 && h("button", { type: "button", class: "link", onclick: (event) => { list.classList.add("all"); event.target.remove(); } }, `${hidden} more`);
  const box = h("details", { class: "facet" }, h("summary", {}, NAMES[name] ?? words(name)), list, more);
  box.open = wanted.size > 0 || (openFacets.has(name) ? openFacets.get(name) : OPEN_AT_FIRST.has(name));
  box.addEventListener("toggle", () => openFacets.set(name, box.open));
  return box;
}

const openFacets = new Map();

function option(page, query, name, value, isOn, most, isMore) {
  const box = h("input", { type: "checkbox", onchange: () => go(link(page, "", toggled(query, name, value.value))) });
  box.checked = isOn;
  const bar = h("span", { class: "bar", "aria-hidden": "true" });
  bar.style.width = `${(100 * value.count) / most}%`;
  return h("li", { class: isMore ? "more" : null },
    h("label", {}, bar, box, h("span", { class: "value", title: value.label }, value.label), h("span", { class: "count" }, value.count.toLocaleString("en"))));
}

export function pager(page, query, start, size, total) {
  const at = (number) => { const moved = new URLSearchParams(query); if (number > 0) moved.set("start", number); else moved.delete("start"); return link(page, "", moved); };
  const last = Math.min(start + size, total);
  return h("nav", { class: "pager", "aria-label": "Pages of the list" },
    start > 0 ? h("a", { href: at(Math.max(0, start - size)), rel: "prev" }, "Previous") : h("span", { class: "off" }, "Previous"),
    h("span", {}, total ? `${(start + 1).toLocaleString("en")} to ${last.toLocaleString("en")} of ${total.toLocaleString("en")}` : "nothing"),
    last < total ? h("a", { href: at(start + size), rel: "next" }, "Next") : h("span", { class: "off" }, "Next"));
}
