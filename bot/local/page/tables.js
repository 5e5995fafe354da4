// The table and data_table blocks; the latter sorts by its columns and turns pages.
import { h } from "./dom.js";
import { richText } from "./inline.js";

const PAGE_SIZE = 5;

function cell(scope, value) {
  if (value?.type === "rich_text") return richText(value.elements, scope.context);
  if (value?.type === "raw_number") return [value.text ?? Number(value.value).toLocaleString()];
  return [value?.text ?? ""];
}

const plainText = (value) => (value?.type === "raw_number" ? Number(value.value) : value?.type === "rich_text" ? JSON.stringify(value) : value?.text ?? "");

function compare(a, b) {
  const [x, y] = [plainText(a), plainText(b)];
  if (typeof x === "number" && typeof y === "number") return x - y;
  const [n, m] = [x, y].map((v) => parseFloat(String(v).replace(/[^\d.-]/g, "")));
  return !Number.isNaN(n) && !Number.isNaN(m) && /^\D{0,5}\d/.test(String(x)) ? n - m : String(x).localeCompare(String(y));
}

const classes = (settings, number, value) => {
  const align = settings?.[number]?.align ?? (value?.type === "raw_number" ? "right" : "left");
  return `align-${align}${settings?.[number]?.is_wrapped ? " wrapped" : ""}`;
};

export function table(scope, block) {
  const [head, ...rows] = block.rows;
  const settings = block.column_settings;
  return h("div", { class: "table", tabindex: "0", role: "group", "aria-label": "Table; scroll sideways", dataset: { test: "table" } }, h("table", {},
    h("thead", {}, h("tr", {}, head.map((c, n) => h("th", { scope: "col", class: classes(settings, n, rows[0]?.[n]) }, cell(scope, c))))),
    h("tbody", {}, rows.map((row) => h("tr", {}, row.map((c, n) => h("td", { class: classes(settings, n, c) }, cell(scope, c))))))));
}

export function dataTable(scope, block) {
  const [head, ...rows] = block.rows;
  const size = block.page_size ?? PAGE_SIZE;
  const rowHeader = block.row_header_column_index ?? 0;
  let [page, sortBy, up] = [0, null, true];
  const body = h("tbody");
  const pager = h("div", { class: "pager" });
  const headers = head.map((c, n) => h("th", { scope: "col", class: classes(null, n, rows[0]?.[n]) },
    h("button", { type: "button", class: "sort", onclick: () => { up = sortBy === n ? !up : true; sortBy = n; page = 0; draw(); } }, cell(scope, c))));

  function draw() {
    const sorted = sortBy === null ? rows : [...rows].sort((a, b) => (up ? 1 : -1) * compare(a[sortBy], b[sortBy]));
    const pages = Math.max(1, Math.ceil(rows.length / size));
    headers.forEach((th, n) => (n === sortBy ? th.setAttribute("aria-sort", up ? "ascending" : "descending") : th.removeAttribute("aria-sort")));
    body.replaceChildren(...sorted.slice(page * size, (page + 1) * size).map((row) => h("tr", {},
      row.map((c, n) => h(n === rowHeader ? "th" : "td", { scope: n === rowHeader ? "row" : undefined, class: classes(null, n, c) }, cell(scope, c))))));
    pager.hidden = pages < 2;
    const turn = (step) => () => { page += step; draw(); };
    pager.replaceChildren(
      h("button", { type: "button", class: "icon", "aria-label": "Previous page", disabled: page === 0, onclick: turn(-1) }, "‹"),
      `${page * size + 1}–${Math.min(rows.length, (page + 1) * size)} of ${rows.length}`,
      h("button", { type: "button", class: "icon", "aria-label": "Next page", disabled: page >= pages - 1, onclick: turn(1) }, "›"));
  }
  draw();
  return h("div", { class: "data-table", dataset: { test: "data-table" } }, h("div", { class: "table" },
    h("table", {}, h("caption", {}, block.caption ?? ""), h("thead", {}, h("tr", {}, headers)), body)), pager);
}
