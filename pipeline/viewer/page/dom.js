// Makes elements. Texts become text nodes and never markup: nothing here or elsewhere parses a string as HTML.

const SVG = "http://www.w3.org/2000/svg";

// Characters that would not be seen, or would turn around what stands beside them; line breaks, tabs and the joiners
// that many scripts need are left alone.
const UNSEEN = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u00ad\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g;

export function visible(text) {
  return String(text).replace(UNSEEN, (c) => "\\u" + c.charCodeAt(0).toString(16).padStart(4, "0"));
}

function fill(node, attributes, children) {
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else if (name === "dataset") Object.assign(node.dataset, value);
    else node.setAttribute(name, value === true ? "" : visible(value));
  }
  for (const child of children.flat(3)) {
    if (child === null || child === undefined || child === false) continue;
    node.append(child instanceof Node ? child : document.createTextNode(visible(child)));
  }
  return node;
}

export function h(tag, attributes = {}, ...children) {
  return fill(document.createElement(tag), attributes, children);
}

export function svg(tag, attributes = {}, ...children) {
  return fill(document.createElementNS(SVG, tag), attributes, children);
}

export function put(place, ...children) {
  place.replaceChildren();
  return fill(place, {}, children);
}

// Model text in its own direction, apart from what stands around it.
export function said(parts, tag = "p", attributes = {}) {
  return h(tag, { dir: "auto", ...attributes }, parts.map((part) => (part.marked ? h("mark", {}, part.text) : part.text)));
}

export function words(name) {
  return String(name).replaceAll("_", " ");
}

export function seconds(value) {
  return `${value.toFixed(2)} s`;
}

let hiding = 0;
export function toast(text) {
  const place = document.getElementById("toast");
  put(place, text);
  place.classList.add("on");
  clearTimeout(hiding);
  hiding = setTimeout(() => place.classList.remove("on"), 5000);
}
