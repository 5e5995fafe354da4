// The page's own signs, drawn so that they look the same on every machine.
const SVG = "http://www.w3.org/2000/svg";

const PATHS = {
  plus: "M12 5v14M5 12h14",
  send: "M4 12h15M13 6l6 6-6 6",
  close: "M6 6l12 12M18 6L6 18",
  menu: "M4 7h16M4 12h16M4 17h16",
  more: "M5 12h.01M12 12h.01M19 12h.01",
  up: "M7 11v9H4v-9zM7 11l4-8c1.6 0 2.5 1 2.5 2.500V9h5a2 2 0 0 1 2 2.300l-1 6.500A2.5 2.5 0 0 1 17 20H7",
  down: "M7 13V4H4v9zM7 13l4 8c1.6 0 2.5-1 2.5-2.500V15h5a2 2 0 0 0 2-2.300l-1-6.500A2.5 2.5 0 0 0 17 4H7",
  eye: "M2.5 12S6 5.5 12 5.5 21.5 12 21.5 12 18 18.5 12 18.5 2.5 12 2.5 12zM12 9.200a2.8 2.8 0 1 0 0 5.6 2.8 2.8 0 0 0 0-5.600z",
  file: "M6 3h8l4 4v14H6zM14 3v4h4",
  bolt: "M13 3L5 14h6l-1 7 8-11h-6z",
  lock: "M6 11h12v9H6zM8.5 11V8a3.5 3.5 0 0 1 7 0v3",
  chevron: "M6 9l6 6 6-6",
  back: "M20 12H5M11 6l-6 6 6 6",
  trash: "M5 7h14M10 7V4h4v3M7 7l1 13h8l1-13",
  info: "M12 11v6M12 7.500h.01M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18z",
  warning: "M12 4L2.5 20h19zM12 10v4.500M12 17.300h.01",
  check: "M5 12.500l4.5 4.500L19 7",
  dot: "M12 12h.01",
  ring: "M12 5.500a6.5 6.5 0 1 0 0 13 6.5 6.5 0 0 0 0-13z",
  half: "M12 5.500a6.5 6.5 0 1 0 6.5 6.5",
};

export function icon(name, size = 18) {
  const svg = document.createElementNS(SVG, "svg");
  for (const [key, value] of Object.entries({ viewBox: "0 0 24 24", width: size, height: size, fill: "none", stroke: "currentColor", "stroke-width": name === "more" || name === "dot" ? 3 : 1.8, "stroke-linecap": "round", "stroke-linejoin": "round", "aria-hidden": "true", focusable: "false" })) svg.setAttribute(key, String(value));
  const path = document.createElementNS(SVG, "path");
  path.setAttribute("d", PATHS[name] ?? PATHS.dot);
  svg.append(path);
  svg.classList.add("glyph-icon");
  return svg;
}
