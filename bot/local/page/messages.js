// Messages and the list they stand in. Only what changed is drawn again.
import { fill, h, link } from "./dom.js";
import { icon } from "./icons.js";
import { mrkdwn, withEmoji } from "./inline.js";
import { renderBlocks } from "./blocks.js";

export function avatar(name, isBot = false) {
  if (isBot) return h("img", { class: "avatar", src: "/page/icon.svg", alt: "" });
  const initials = name.split(/\s+/).map((w) => w[0]).slice(0, 2).join("").toUpperCase();
  const element = h("span", { class: "avatar", "aria-hidden": "true" }, initials);
  let hash = 7;
  for (const letter of name) hash = (hash * 31 + letter.codePointAt(0)) % 360;
  element.style.setProperty("--hue", String(hash));
  return element;
}

const clock = (ts) => new Date(Number(ts) * 1000).toLocaleTimeString(undefined, { hour: "2-digit", minute: "2-digit" });
const dayOf = (ts) => new Date(Number(ts) * 1000).toLocaleDateString(undefined, { weekday: "long", day: "numeric", month: "long" });

const size = (bytes) => (bytes < 1024 ? `${bytes} B` : bytes < 1048576 ? `${Math.round(bytes / 1024)} KB` : `${(bytes / 1048576).toFixed(1)} MB`);

function file(app, found) {
  const href = `/local/files/${found.id}?as=${encodeURIComponent(app.me.email)}`;
  if (/^image\/(png|jpeg|gif|webp)$/.test(found.mimetype)) {
    return h("figure", { dataset: { test: "file" } }, h("figcaption", {}, found.title),
      h("a", { href, target: "_blank", rel: "noopener" }, h("img", { src: href, alt: found.alt_txt || found.title, loading: "lazy" })));
  }
  return h("a", { class: "file", href, target: "_blank", rel: "noopener", dataset: { test: "file" } },
    h("span", { class: "glyph", "aria-hidden": "true" }, icon("file", 24)), h("span", {}, h("strong", {}, found.title || found.name), h("small", {}, `${found.filetype} · ${size(found.size)}`)));
}

function attachment(app, scope, found) {
  const entity = found.entity?.entity_payload?.attributes;
  return h("div", { class: "attachment" },
    found.from_url ? h("small", {}, link(found.from_url, found.from_url, app.context)) : null,
    entity?.title?.text ? h("strong", {}, entity.title.text) : null,
    found.title ? h("strong", {}, found.title_link ? link(found.title_link, found.title, app.context) : found.title) : null,
    found.text ? h("div", { class: "text" }, mrkdwn(found.text, app.context)) : null,
    found.blocks ? renderBlocks(scope, found.blocks) : null);
}

function menuEntries(app, message, own, close) {
  const entry = (label, test, act) => h("button", { type: "button", role: "menuitem", dataset: { test }, onclick: () => { close(); act(); } }, label);
  return [
    app.current.is_im ? null : entry("Reply in thread", "reply-in-thread", () => app.openThread(message.thread_ts ?? message.ts)),
    app.shortcuts.filter((s) => s.on_message).map((s) => entry(s.name, "shortcut", () => app.post("shortcut", { callback_id: s.callback_id, channel: app.channel, ts: message.ts }))),
    entry("Copy link", "copy-link", () => navigator.clipboard?.writeText(`${location.origin}/#${app.channel}/${message.ts}`)),
    own ? entry("Edit", "edit", () => app.edit(message)) : null,
    own ? entry("Delete", "delete", () => app.post("delete", { channel: app.channel, ts: message.ts })) : null,
  ];
}

// Filled when it opens, so that a closed menu adds no words to the page.
function menu(app, message, own) {
  if (message.is_ephemeral) return null;
  const list = h("div", { class: "menu", role: "menu" });
  const box = h("details", {
    class: "message-menu", ontoggle: () => fill(list, box.open ? menuEntries(app, message, own, () => { box.open = false; }) : []),
  }, h("summary", { "aria-label": "Message actions", dataset: { test: "message-menu" } }, icon("more", 16)), list);
  return box;
}

function content(app, scope, message) {
  if (message.blocks?.length) return renderBlocks(scope, message.blocks);
  if (!message.text) return null;
  return h("div", { class: "text" }, mrkdwn(message.text, app.context));
}

function replyWords(message) {
  const count = message.reply_count ? `${message.reply_count} ${message.reply_count === 1 ? "reply" : "replies"}` : "";
  return [count, message.private_replies ? `${message.private_replies} only for you` : ""].filter(Boolean).join(" · ");
}

export function renderMessage(app, message, { inThread = false } = {}) {
  const isBot = message.user === app.bot.id;
  const name = isBot ? app.bot.name : app.context.nameOf(message.user);
  const own = message.user === app.me.id;
  const scope = app.messageScope(message);
  const streaming = message.streaming_state === "in_progress";
  const replies = inThread || app.current.is_im ? "" : replyWords(message);
  return h("article", {
    class: `message ${own ? "own" : ""} ${message.is_ephemeral ? "ephemeral" : ""} ${streaming ? "streaming" : ""}`,
    "aria-busy": streaming ? "true" : undefined, tabindex: "-1",
    dataset: { test: "message", ts: message.ts, from: isBot ? "bot" : "person", thread: message.thread_ts ?? "" },
  },
  avatar(name, isBot),
  h("div", { class: "body" },
    message.is_ephemeral ? h("p", { class: "only-you", dataset: { test: "only-you" } }, icon("eye", 15), "Only visible to you") : null,
    h("header", {}, h("strong", {}, name), isBot ? h("span", { class: "badge" }, "APP") : null,
      h("time", { datetime: new Date(Number(message.ts) * 1000).toISOString(), title: dayOf(message.ts) }, clock(message.ts)),
      message.edited ? h("small", { class: "edited" }, "(edited)") : null),
    content(app, scope, message),
    message.streaming_state === "stopped_by_user" ? h("p", { class: "note" }, "Stopped.") : null,
    (message.files ?? []).map((f) => file(app, f)),
    (message.attachments ?? []).map((a) => attachment(app, scope, a)),
    message.reactions?.length ? h("div", { class: "reactions" }, message.reactions.map((r) => h("span", { title: r.users.map(app.context.nameOf).join(", ") }, withEmoji(`:${r.name}:`), ` ${r.count}`))) : null,
    replies ? h("button", { type: "button", class: "thread-link", dataset: { test: "open-thread" }, onclick: () => app.openThread(message.ts) }, replies) : null),
  menu(app, message, own && !isBot));
}

// Which messages stand in the main list: in a DM whole conversations, in a channel the roots.
export function arrange(messages, isDm) {
  const roots = messages.filter((m) => !m.thread_ts || m.thread_ts === m.ts || m.reply_broadcast || (m.is_ephemeral && !m.thread_ts));
  if (!isDm) return roots.map((m) => ({ message: m, first: false }));
  return roots.flatMap((root) => [
    { message: root, first: root.user !== undefined },
    ...messages.filter((m) => m.thread_ts === root.ts && m.ts !== root.ts).map((m) => ({ message: m, first: false })),
  ]);
}

export function statusLine(app, thread, status) {
  const lines = status.loading_messages?.length ? status.loading_messages : [status.text];
  const words = h("span", {}, `${app.bot.name} ${status.loading_messages?.length ? `· ${lines[0]}` : lines[0]}`);
  let at = 0;
  if (lines.length > 1) {
    const timer = setInterval(() => {
      if (!words.isConnected) { clearInterval(timer); return; }
      at = (at + 1) % lines.length;
      words.textContent = `${app.bot.name} · ${lines[at]}`;
    }, 1800);
  }
  return h("div", { class: "status", role: "status", dataset: { test: "status" } }, h("span", { class: "dots", "aria-hidden": "true" }, h("i"), h("i"), h("i")), words,
    status.stoppable ? h("button", { type: "button", class: "button small", dataset: { test: "stop" }, onclick: () => app.post("stop", { channel: app.channel, thread_ts: thread }) }, "Stop") : null);
}

export function prompts(app, found, thread) {
  return h("div", { class: "prompts", dataset: { test: "prompts" } }, found.title ? h("p", {}, found.title) : null,
    found.prompts.map((p) => h("button", { type: "button", class: "prompt", dataset: { test: "prompt" }, onclick: () => app.say(p.message, { thread }) }, p.title)));
}

// Brings the list's children in line with the wanted items: {key, signature, build}.
export function sync(list, items) {
  const old = new Map([...list.children].map((child) => [child.dataset.key, child]));
  let place = list.firstElementChild;
  for (const item of items) {
    let element = old.get(item.key);
    old.delete(item.key);
    if (!element || element.dataset.signature !== item.signature) {
      const fresh = item.build();
      fresh.dataset.key = item.key;
      fresh.dataset.signature = item.signature;
      if (element) { if (place === element) place = fresh; element.replaceWith(fresh); } else list.insertBefore(fresh, place);
      element = fresh;
    }
    if (element === place) place = place.nextElementSibling;
    else list.insertBefore(element, place);
  }
  for (const gone of old.values()) gone.remove();
}

export const daySeparator = (ts) => h("div", { class: "day" }, h("span", {}, dayOf(ts)));
export { dayOf };
