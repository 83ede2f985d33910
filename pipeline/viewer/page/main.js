// Shows the page that the address names, and passes keys on to it.

import { get, post, setVersion } from "./api.js";
import { auditPage } from "./audit.js";
import { dropsPage, videoPage } from "./drops.js";
import { h, put, toast } from "./dom.js";
import { groupPage } from "./group.js";
import { listPage } from "./list.js";
import { showProgress } from "./progress.js";
import { reviewsPage } from "./reviews.js";
import { go, link, route } from "./route.js";

const PAGES = { groups: listPage, group: groupPage, drops: dropsPage, video: videoPage, reviews: reviewsPage, audit: auditPage };
const KEYS = [
  ["n, p", "next and previous question"], ["l", "back to the list"], ["/", "search"], ["space", "play or pause"], [", .", "frame back and forward"],
  ["1 2 3", "right, doubtful, wrong; when blind, pick an answer"], ["w x", "worth training on, or not"], ["e", "note"], ["[ ]", "previous and next pair of the question"],
  ["u", "undo"], ["b", "judge blind, on or off"], ["?", "these keys"],
];
const main = document.getElementById("main");
let facts = null;
let view = null;
let asked = 0;
let isBlind = sessionStorage.getItem("blind") === "1";

async function show() {
  const now = route();
  const number = ++asked;
  const place = h("div", { class: "page" });
  main.setAttribute("aria-busy", "true");
  try {
    facts ??= await get("/api/set");
    setVersion(facts.version);
    const made = await (PAGES[now.page] ?? listPage)(place, now, facts, isBlind);
    if (number !== asked) return;
    view = made;
    if (made.reviewed) showProgress(made.reviewed);
  } catch (problem) {
    if (number !== asked) return;
    view = null;
    put(place, h("p", { class: "problem", role: "alert" }, problem.message));
  }
  const held = focused();
  main.replaceChildren(place);
  main.removeAttribute("aria-busy");
  place.querySelector(held)?.focus({ preventScroll: true });
  if (held === "#search") { const box = place.querySelector(held); box?.setSelectionRange(box.value.length, box.value.length); }
  if (now.page === "group" || number === 1) scrollTo(0, 0);
  frame(now);
}

function focused() {
  return document.activeElement?.id === "search" ? "#search" : document.activeElement?.id === "sort" ? "#sort" : ":not(*)";
}

function frame(now) {
  const section = { group: "groups", video: "drops" }[now.page] ?? now.page;
  for (const one of document.querySelectorAll("[data-page]")) {
    if (one.dataset.page === section) one.setAttribute("aria-current", "page");
    else one.removeAttribute("aria-current");
  }
  if (facts) {
    put(document.getElementById("set-name"), facts.name);
    document.title = `${facts.name} · vidpref`;
  }
}

function setBlind(value) {
  isBlind = value;
  sessionStorage.setItem("blind", value ? "1" : "0");
  document.getElementById("blind").setAttribute("aria-pressed", String(value));
}

async function undo() {
  try {
    const answer = await post("/api/undo", {});
    toast("The last verdict was taken back.");
    showProgress(answer.reviewed);
    const target = link("group", answer.group_id, route().page === "group" ? route().query : "");
    if (location.hash === target) show();
    else go(target);
  } catch (problem) {
    toast(problem.message);
  }
}

function showKeys() {
  const dialog = document.getElementById("keys");
  put(dialog, h("h2", { id: "keys-title" }, "Keys"), h("dl", {}, KEYS.map(([keys, means]) => [h("dt", {}, keys.split(" ").map((key) => h("kbd", {}, key))), h("dd", {}, means)])),
    h("button", { type: "button", autofocus: true, onclick: () => dialog.close() }, "Close"));
  dialog.showModal();
}

function setTheme(name) {
  if (name) document.documentElement.dataset.theme = name;
  else delete document.documentElement.dataset.theme;
}

function otherTheme() {
  const dark = document.documentElement.dataset.theme ? document.documentElement.dataset.theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
  const name = dark ? "light" : "dark";
  localStorage.setItem("vidpref-theme", name);
  setTheme(name);
}

const ANYWHERE = { "/": () => document.getElementById("search")?.focus(), "?": showKeys, u: undo, b: () => { setBlind(!isBlind); show(); } };

addEventListener("keydown", (event) => {
  const at = event.target;
  if (event.key === "Escape" && at.matches?.("input, textarea")) return at.blur();
  if (event.ctrlKey || event.metaKey || event.altKey || at.matches?.("input[type=search], textarea, select") || document.querySelector("dialog[open]")) return;
  if (event.key === " " && at.matches?.("button, summary, input, a")) return;
  const act = ANYWHERE[event.key];
  if (act) act();
  if (act || view?.key?.(event.key)) event.preventDefault();
});
addEventListener("hashchange", show);
addEventListener("again", show);
document.getElementById("blind").addEventListener("click", ANYWHERE.b);
document.getElementById("theme").addEventListener("click", otherTheme);
document.getElementById("help").addEventListener("click", showKeys);
setTheme(localStorage.getItem("vidpref-theme"));
setBlind(isBlind);
show();
