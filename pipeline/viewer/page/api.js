// Asks the server. A problem is an Error whose message is one line for the reader.

async function answer(response) {
  if (response.headers.get("Content-Type")?.startsWith("application/json")) {
    const content = await response.json();
    if (response.ok) return content;
    throw new Error(content.error);
  }
  throw new Error(response.ok ? "the server sent something else" : (await response.text()).trim());
}

async function asked(address, options) {
  let response;
  try {
    response = await fetch(address, options);
  } catch {
    throw new Error("the viewer does not answer: is it still running?");
  }
  return answer(response);
}

export function get(path, query = "") {
  const text = query.toString();
  return asked(text ? `${path}?${text}` : path);
}

export function post(path, content) {
  const headers = { "Content-Type": "application/json" };
  return asked(path, { method: "POST", headers, body: JSON.stringify(content) });
}

// Pictures are kept by the browser for ever: their addresses name the set as it is, so that one that was built anew at
// the same port shows its own.
let version = "";

export function setVersion(value) {
  version = value;
}

export function address(path, query) {
  return `${path}?${new URLSearchParams({ ...query, set: version })}`;
}
