// Real Markdown, as the markdown block and streamed text carry it.
import { h, link } from "./dom.js";
import { mrkdwnLine, withEmoji } from "./inline.js";

const INLINE = new RegExp([
  "(`+)([^`]|[^`][\\s\\S]*?[^`])\\1(?!`)",                       // 1,2 code
  "!?\\[((?:[^\\[\\]]|\\[[^\\[\\]]*\\])*)\\]\\(\\s*<?((?:[^()\\s<>]|\\([^()\\s]*\\))*)>?(?:\\s+[\"'][^\"']*[\"'])?\\s*\\)", // 3,4 link
  "\\*\\*(?=\\S)([\\s\\S]*?\\S)\\*\\*",                          // 5 bold
  "(?<!\\w)__(?=\\S)([\\s\\S]*?\\S)__(?!\\w)",                   // 6 bold
  "~~(?=\\S)([\\s\\S]*?\\S)~~",                                  // 7 strike
  "\\*(?=[^\\s*])([^*\\n]*[^\\s*])\\*",                          // 8 italic
  "(?<!\\w)_(?=[^\\s_])([^_\\n]*[^\\s_])_(?!\\w)",               // 9 italic
  "(<(?:[@#!][^<>\\s]+|https?:[^<>]+|mailto:[^<>]+)>)",          // 10 Slack entity
  "(https?:\\/\\/[^\\s<>()]+[^\\s<>().,;:!?'\"])",               // 11 bare address
  "\\\\([\\\\`*_{}\\[\\]()#+.!~|>-])",                           // 12 escape
].join("|"), "g");

export function inline(text, context) {
  const out = [];
  let last = 0;
  for (const m of text.matchAll(INLINE)) {
    if (m.index > last) out.push(plain(text.slice(last, m.index)));
    last = m.index + m[0].length;
    if (m[1]) out.push(h("code", {}, m[2].trim() || m[2]));
    else if (m[4] !== undefined) out.push(link(m[4], m[3] ? inline(m[3], context) : m[4], context));
    else if (m[5] ?? m[6]) out.push(h("strong", {}, inline(m[5] ?? m[6], context)));
    else if (m[7]) out.push(h("s", {}, inline(m[7], context)));
    else if (m[8] ?? m[9]) out.push(h("em", {}, inline(m[8] ?? m[9], context)));
    else if (m[10]) out.push(mrkdwnLine(m[10], context));
    else if (m[11]) out.push(link(m[11], m[11], context));
    else out.push(m[12]);
  }
  if (last < text.length) out.push(plain(text.slice(last)));
  return out.flat(Infinity);
}

const plain = (text) => withEmoji(text.replaceAll("&lt;", "<").replaceAll("&gt;", ">").replaceAll("&amp;", "&"));

const ITEM = /^(\s*)([-*+]|\d{1,9}[.)])\s+(.*)$/;
const RULE = /^\s*([-*_])(?:\s*\1){2,}\s*$/;
const DIVIDER = /^\s*\|?\s*:?-+:?\s*(\|\s*:?-+:?\s*)*\|?\s*$/;

export function markdown(source, context) {
  return parse(String(source ?? "").replace(/\r\n?/g, "\n").split("\n"), context);
}

function parse(lines, context) {
  const out = [];
  let at = 0;
  while (at < lines.length) {
    const line = lines[at];
    const fence = line.match(/^\s*(```+|~~~+)\s*(\S*)/);
    const heading = line.match(/^(#{1,6})\s+(.*?)\s*#*$/);
    if (!line.trim()) at += 1;
    else if (fence) at = code(lines, at, fence, out);
    else if (heading) { out.push(h(`h${Math.min(heading[1].length + 2, 6)}`, { class: `md-h${heading[1].length}` }, inline(heading[2], context))); at += 1; }
    else if (RULE.test(line)) { out.push(h("hr")); at += 1; }
    else if (line.includes("|") && lines[at + 1]?.includes("-") && DIVIDER.test(lines[at + 1])) at = table(lines, at, out, context);
    else if (/^\s*>/.test(line)) {
      const inner = [];
      while (at < lines.length && /^\s*>/.test(lines[at])) inner.push(lines[at++].replace(/^\s*>\s?/, ""));
      out.push(h("blockquote", {}, parse(inner, context)));
    } else if (ITEM.test(line)) at = list(lines, at, out, context);
    else {
      const words = [];
      while (at < lines.length && lines[at].trim() && !starts(lines, at, words.length)) words.push(lines[at++]);
      out.push(h("p", {}, words.flatMap((word, n) => (n ? [h("br"), ...inline(word, context)] : inline(word, context)))));
    }
  }
  return out;
}

function starts(lines, at, read) {
  const line = lines[at];
  if (!read) return false;
  return /^(#{1,6}\s|\s*(```|~~~)|\s*>)/.test(line) || RULE.test(line) || ITEM.test(line) || (line.includes("|") && DIVIDER.test(lines[at + 1] ?? ""));
}

function code(lines, at, fence, out) {
  const body = [];
  at += 1;
  while (at < lines.length && !lines[at].trim().startsWith(fence[1])) body.push(lines[at++]);
  out.push(h("pre", {}, h("code", {}, body.join("\n"))));
  return at + 1;
}

function cells(line) {
  return line.trim().replace(/^\|/, "").replace(/(?<!\\)\|$/, "").split(/(?<!\\)\|/).map((c) => c.trim().replaceAll("\\|", "|"));
}

function table(lines, at, out, context) {
  const head = cells(lines[at]);
  const align = cells(lines[at + 1]).map((c) => (c.endsWith(":") ? (c.startsWith(":") ? "center" : "right") : "left"));
  at += 2;
  const rows = [];
  while (at < lines.length && lines[at].trim() && lines[at].includes("|")) rows.push(cells(lines[at++]));
  out.push(h("div", { class: "table" }, h("table", {},
    h("thead", {}, h("tr", {}, head.map((c, n) => h("th", { scope: "col", class: `align-${align[n] ?? "left"}` }, inline(c, context))))),
    h("tbody", {}, rows.map((row) => h("tr", {}, head.map((_, n) => h("td", { class: `align-${align[n] ?? "left"}` }, inline(row[n] ?? "", context)))))))));
  return at;
}

function list(lines, at, out, context) {
  const first = lines[at].match(ITEM);
  const indent = first[1].length;
  const ordered = /\d/.test(first[2]);
  const element = h(ordered ? "ol" : "ul", ordered ? { start: String(parseInt(first[2], 10)) } : {});
  while (at < lines.length) {
    const item = lines[at].match(ITEM);
    if (!item || item[1].length > indent + 1 || item[1].length < indent || /\d/.test(item[2]) !== ordered) break;
    const body = [];
    at += 1;
    while (at < lines.length) {
      const next = lines[at].match(ITEM);
      if (next && next[1].length <= indent + 1) break;
      if (!lines[at].trim() && !/^\s{2,}\S/.test(lines[at + 1] ?? "")) break;
      if (!next && lines[at].trim() && !/^\s/.test(lines[at])) break;
      body.push(lines[at++].slice(Math.min(indent + 2, lines[at - 1]?.search(/\S|$/) ?? 0)));
    }
    while (at < lines.length && !lines[at].trim() && ITEM.test(lines[at + 1] ?? "")) at += 1;
    const task = item[3].match(/^\[([ xX])\]\s+(.*)$/);
    const words = inline(task ? task[2] : item[3], context);
    element.append(h("li", {}, task ? h("input", { type: "checkbox", disabled: true, checked: task[1] !== " " }) : null, words, parse(body, context)));
  }
  out.push(element);
  return at;
}
