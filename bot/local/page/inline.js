// Slack's mrkdwn, rich_text and their shared pieces: mentions, emoji, dates.
import { h, link } from "./dom.js";
import { icon } from "./icons.js";

const EMOJI = {
  wave: "👋", tada: "🎉", eyes: "👀", bulb: "💡", warning: "⚠️", x: "❌", rocket: "🚀", fire: "🔥", memo: "📝", bell: "🔔",
  calendar: "📅", date: "📅", telephone_receiver: "📞", phone: "☎️", email: "📧", envelope: "✉️", moneybag: "💰", dart: "🎯",
  chart_with_upwards_trend: "📈", chart_with_downwards_trend: "📉", bar_chart: "📊", handshake: "🤝", mag: "🔍", pencil: "✏️",
  pencil2: "✏️", lock: "🔒", link: "🔗", star: "⭐", clock1: "🕐", hourglass_flowing_sand: "⏳", hourglass: "⌛", speech_balloon: "💬",
  thumbsup: "👍", "+1": "👍", thumbsdown: "👎", "-1": "👎", clap: "👏", pray: "🙏", smile: "😄", slightly_smiling_face: "🙂",
  thinking_face: "🤔", white_check_mark: "✅", heavy_check_mark: "✔️", ballot_box_with_check: "☑️", red_circle: "🔴",
  large_yellow_circle: "🟡", large_green_circle: "🟢", green_circle: "🟢", large_orange_circle: "🟠", white_circle: "⚪",
  large_blue_circle: "🔵", small_red_triangle: "🔺", arrow_right: "➡️", arrow_up: "⬆️", arrow_down: "⬇️", point_right: "👉",
  question: "❓", exclamation: "❗", information_source: "ℹ️", leftwards_arrow_with_hook: "↩️", repeat: "🔁", no_entry: "⛔",
  office: "🏢", bust_in_silhouette: "👤", busts_in_silhouette: "👥", package: "📦", paperclip: "📎", file_folder: "📁",
  page_facing_up: "📄", clipboard: "📋", pushpin: "📌", round_pushpin: "📍", sparkles: "✨", robot_face: "🤖", seedling: "🌱",
  zzz: "💤", stopwatch: "⏱️", alarm_clock: "⏰", trophy: "🏆", medal: "🏅", snowflake: "❄️", sunny: "☀️", gift: "🎁", gear: "⚙️",
};

export const emoji = (name) => EMOJI[name] ?? `:${name}:`;

const decode = (text) => text.replaceAll("&lt;", "<").replaceAll("&gt;", ">").replaceAll("&amp;", "&");

// The commonest signs are drawn, so that they also show where no emoji font is installed.
const SIGNS = { "✅": "check", "✔️": "check", "☑️": "check", "❌": "close", "⚠️": "warning", "ℹ️": "info", "🔒": "lock", "👀": "eye", "📄": "file", "⚡": "bolt", "👍": "up", "👎": "down" };
const SIGN = new RegExp(`(${Object.keys(SIGNS).join("|")})`);

export function withEmoji(text) {
  const named = text.replace(/:([a-z0-9_+-]+):/g, (whole, name) => EMOJI[name] ?? whole);
  return named.split(SIGN).filter(Boolean).map((part) => (part in SIGNS ? h("span", { class: `sign ${SIGNS[part]}`, role: "img", "aria-label": part }, icon(SIGNS[part], 16)) : part));
}

function mention(body, context) {
  const [target, label] = [body.slice(1).split("|")[0], body.split("|")[1]];
  if (body[0] === "@") {
    const name = label ?? context.nameOf(target);
    return h("span", { class: "mention" }, `@${name}`);
  }
  if (body[0] === "#") return h("a", { class: "mention", href: `#${target}` }, `#${label ?? context.channelName(target)}`);
  if (target.startsWith("date^")) return h("time", {}, formatDate(body));
  return h("span", { class: "mention" }, `@${label ?? target}`);
}

function formatDate(body) {
  const [, stamp, pattern] = body.slice(1).split("|")[0].split("^");
  const day = new Date(Number(stamp) * 1000);
  if (Number.isNaN(day.getTime())) return body.split("|")[1] ?? "";
  const as = (options) => day.toLocaleString(undefined, options);
  const date = as({ dateStyle: "long" });
  const values = {
    date, date_long: as({ dateStyle: "full" }), date_short: as({ dateStyle: "medium" }), date_num: as({ dateStyle: "short" }),
    date_pretty: date, date_short_pretty: as({ dateStyle: "medium" }), date_long_pretty: as({ dateStyle: "full" }),
    time: as({ timeStyle: "short" }), time_secs: as({ timeStyle: "medium" }), ago: date, day_divider_pretty: date,
  };
  return pattern.replace(/\{(\w+)\}/g, (whole, key) => values[key] ?? whole);
}

function entity(body, context) {
  if ("@#!".includes(body[0])) return mention(body, context);
  const bar = body.indexOf("|");
  const url = decode(bar < 0 ? body : body.slice(0, bar));
  const label = bar < 0 ? url.replace(/^mailto:/, "") : body.slice(bar + 1);
  return link(url, withEmoji(decode(label)), context);
}

// One line of mrkdwn: code, entities, then *bold*, _italic_, ~strike~ at word boundaries.
const TOKENS = /(`[^`\n]+`)|(<[^<>\n]+>)|((?<![\w*])\*(?=\S)[^*\n]*[^\s*]\*(?![\w*]))|((?<![\w_])_(?=\S)[^_\n]*[^\s_]_(?![\w_]))|((?<![\w~])~(?=\S)[^~\n]*[^\s~]~(?![\w~]))/g;

export function mrkdwnLine(text, context) {
  const out = [];
  let last = 0;
  for (const match of text.matchAll(TOKENS)) {
    if (match.index > last) out.push(withEmoji(decode(text.slice(last, match.index))));
    last = match.index + match[0].length;
    const inner = match[0].slice(1, -1);
    if (match[1]) out.push(h("code", {}, decode(inner)));
    else if (match[2]) out.push(entity(inner, context));
    else if (match[3]) out.push(h("strong", {}, mrkdwnLine(inner, context)));
    else if (match[4]) out.push(h("em", {}, mrkdwnLine(inner, context)));
    else out.push(h("s", {}, mrkdwnLine(inner, context)));
  }
  if (last < text.length) out.push(withEmoji(decode(text.slice(last))));
  return out.flat(Infinity);
}

export function mrkdwn(text, context) {
  const out = [];
  const parts = String(text ?? "").split("```");
  parts.forEach((part, index) => {
    if (index % 2 && index < parts.length - 1) {
      out.push(h("pre", {}, h("code", {}, decode(part.replace(/^\n/, "")))));
      return;
    }
    const whole = index % 2 ? "```" + part : part;
    let quote = null;
    whole.split("\n").forEach((line, number) => {
      const quoted = line.match(/^(?:&gt;|>)\s?(.*)$/);
      if (quoted) {
        if (!quote) { quote = h("blockquote"); out.push(quote); } else quote.append(h("br"));
        quote.append(...mrkdwnLine(quoted[1], context));
        return;
      }
      if (number > 0 && !quote) out.push(h("br"));
      quote = null;
      const bullet = line.match(/^\s*[•◦‣-]\s+(.*)$/);
      out.push(bullet ? h("span", { class: "bullet" }, mrkdwnLine(bullet[1], context)) : mrkdwnLine(line, context));
    });
  });
  return out.flat(Infinity);
}

export function textObject(object, context) {
  if (!object) return [];
  if (typeof object === "string") return [object];
  if (object.type === "mrkdwn") return mrkdwn(object.text, context);
  return String(object.text ?? "").split("\n").flatMap((line, index) => (index ? [h("br"), ...withEmoji(line)] : withEmoji(line)));
}

function styled(node, style = {}) {
  let out = node;
  if (style.code) out = h("code", {}, out);
  if (style.bold) out = h("strong", {}, out);
  if (style.italic) out = h("em", {}, out);
  if (style.strike) out = h("s", {}, out);
  return out;
}

function richElement(element, context) {
  switch (element.type) {
    case "text": return styled(h("span", { class: "prewrap" }, element.text), element.style);
    case "link": return styled(link(element.url, element.text ?? element.url, context), element.style);
    case "emoji": return withEmoji(`:${element.name}:`);
    case "user": return h("span", { class: "mention" }, `@${context.nameOf(element.user_id)}`);
    case "channel": return h("a", { class: "mention", href: `#${element.channel_id}` }, `#${context.channelName(element.channel_id)}`);
    case "broadcast": return h("span", { class: "mention" }, `@${element.range}`);
    case "date": return h("time", {}, formatDate(`!date^${element.timestamp}^${element.format ?? "{date}"}|${element.fallback ?? ""}`));
    case "color": return h("code", {}, element.value);
    default: return h("span", { class: "unknown" }, `[${element.type}]`);
  }
}

export function richText(elements, context) {
  return (elements ?? []).map((part) => {
    const inner = () => (part.elements ?? []).map((e) => richElement(e, context));
    switch (part.type) {
      case "rich_text_section": return h("p", { class: "rich" }, inner());
      case "rich_text_quote": return h("blockquote", {}, inner());
      case "rich_text_preformatted": return h("pre", {}, h("code", {}, inner()));
      case "rich_text_list": {
        const list = h(part.style === "ordered" ? "ol" : "ul", part.offset ? { start: String(part.offset + 1) } : {});
        if (part.indent) list.classList.add(`indent-${Math.min(part.indent, 6)}`);
        for (const item of part.elements ?? []) list.append(h("li", {}, (item.elements ?? []).map((e) => richElement(e, context))));
        return list;
      }
      default: return h("p", { class: "unknown" }, `[${part.type}]`);
    }
  });
}
