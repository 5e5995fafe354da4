// The page's JSON door. Everything a person does goes through here, as that person.

export async function get(name, query = {}) {
  const response = await fetch(`/local/${name}?${new URLSearchParams(query)}`);
  const body = await response.json();
  if (!response.ok) throw new Error(body.error ?? response.statusText);
  return body;
}

export async function post(name, values) {
  const response = await fetch(`/local/${name}`, {
    method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(values),
  });
  const body = await response.json();
  if (!response.ok) throw new Error(body.error ?? response.statusText);
  return body;
}

export async function upload(person, file) {
  const query = new URLSearchParams({ as: person, name: file.name });
  const response = await fetch(`/local/upload?${query}`, {
    method: "POST", headers: { "Content-Type": "application/octet-stream" }, body: file,
  });
  const body = await response.json();
  if (!response.ok) throw new Error(body.error ?? response.statusText);
  return body.file;
}

// Calls back whenever the workspace changed; reconnects by itself.
export function watch(onChange, onState) {
  const source = new EventSource("/local/events");
  source.onmessage = () => { onState(true); onChange(); };
  source.onerror = () => onState(false);
}
