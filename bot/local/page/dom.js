// Builds elements. Text only ever becomes text nodes, so nothing a message holds can become markup.

export function h(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === undefined || value === null || value === false) continue;
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (name === "class") element.className = value;
    else if (name === "dataset") Object.assign(element.dataset, value);
    else if (name in element && typeof value !== "string") element[name] = value;
    else element.setAttribute(name, value === true ? "" : value);
  }
  append(element, children);
  return element;
}

export function append(element, children) {
  for (const child of children.flat(Infinity)) {
    if (child === null || child === undefined || child === false) continue;
    element.append(child instanceof Node ? child : String(child));
  }
}

export function fill(element, ...children) {
  element.replaceChildren();
  append(element, children);
  return element;
}

let counter = 0;
export const uid = (prefix) => `${prefix}-${++counter}`;

// Links: only addresses a person can mean. Sources of this server learn who is looking.
export function safeUrl(url, viewer) {
  try {
    const parsed = new URL(url, location.href);
    if (!["http:", "https:", "mailto:", "tel:"].includes(parsed.protocol)) return null;
    if (parsed.origin === location.origin && parsed.pathname.startsWith("/source/") && viewer) parsed.searchParams.set("as", viewer);
    return parsed.href;
  } catch {
    return null;
  }
}

export function link(url, label, context) {
  const href = safeUrl(url, context?.me?.email);
  if (!href) return h("span", {}, label);
  const here = new URL(href);
  const inside = here.origin === location.origin && here.pathname === "/" && here.hash;
  return h("a", inside ? { href } : { href, target: "_blank", rel: "noopener noreferrer" }, label);
}
