// What the address says: the page, what it is about, and the filters. All of it is in the part after #.

export function route() {
  const [path, query = ""] = location.hash.replace(/^#\/?/, "").split("?");
  const [page, ...rest] = path.split("/");
  let about = "";
  try {
    about = decodeURIComponent(rest.join("/"));
  } catch {
    about = "";
  }
  return { page: page || "groups", about, query: new URLSearchParams(query) };
}

export function link(page, about = "", query = "") {
  const text = query.toString();
  return `#/${page}${about ? `/${encodeURIComponent(about)}` : ""}${text ? `?${text}` : ""}`;
}

export function go(target) {
  location.hash = target;
}

// The filters of a list, without the place in it.
export function filters(query) {
  const kept = new URLSearchParams(query);
  for (const name of ["start", "blind"]) kept.delete(name);
  return kept;
}

export function toggled(query, name, value) {
  const changed = new URLSearchParams();
  let found = false;
  for (const [key, one] of query) {
    if (key === "start") continue;
    if (key === name && one === value) found = true;
    else changed.append(key, one);
  }
  if (!found) changed.append(name, value);
  return changed;
}

export function changed(query, name, value) {
  const result = new URLSearchParams(query);
  result.delete("start");
  if (value) result.set(name, value);
  else result.delete(name);
  return result;
}
