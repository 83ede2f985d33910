// How far the review has come, in the top line.

import { h, put } from "./dom.js";

export function showProgress(reviewed) {
  const judged = reviewed.right + reviewed.doubtful + reviewed.wrong;
  const { picked, right } = reviewed.blind;
  put(document.getElementById("progress"),
    h("span", { title: `${reviewed.right} right, ${reviewed.doubtful} doubtful, ${reviewed.wrong} wrong` }, `${judged} of ${reviewed.of.toLocaleString("en")} judged`),
    picked > 0 && h("span", { class: "blind-score" }, `blind: ${right} of ${picked} right`));
}
