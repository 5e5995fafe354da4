// The main list, the thread pane and the home tab.
import { fill, h } from "./dom.js";
import { icon } from "./icons.js";
import { renderBlocks } from "./blocks.js";
import { Composer } from "./composer.js";
import { arrange, avatar, dayOf, daySeparator, prompts, renderMessage, statusLine, sync } from "./messages.js";

const $ = (id) => document.getElementById(id);
const NEAR = 120;

export class Lists {
  constructor(app) {
    this.app = app;
    this.follow = true;
    this.home = "";
    this.main = $("messages");
    this.main.addEventListener("scroll", () => { this.follow = this.main.scrollHeight - this.main.scrollTop - this.main.clientHeight < NEAR; });
    // A picture that arrives late must not push the newest message out of sight.
    this.main.addEventListener("load", () => this.keep(), true);
  }

  reset() {
    this.follow = true;
    this.home = "";
    this.main.replaceChildren();
    this.drawThread(null);
  }

  bottom() {
    this.follow = true;
    this.keep();
  }

  keep() {
    if (this.follow) this.main.scrollTop = this.main.scrollHeight;
  }

  draw(data) {
    const { app } = this;
    const dm = app.current.is_im;
    const items = [];
    let day = "";
    if (data.more) {
      items.push({ key: "earlier", signature: "", build: () => h("p", { class: "earlier" }, h("button", { type: "button", class: "button small", dataset: { test: "earlier" }, onclick: () => app.showEarlier() }, "Show earlier messages")) });
    }
    const arranged = arrange(data.messages, dm);
    if (!dm) {
      // Replies for one person's eyes do not count as replies, yet must be found.
      for (const { message } of arranged) message.private_replies = data.messages.filter((m) => m.is_ephemeral && m.thread_ts === message.ts).length;
    }
    arranged.forEach(({ message, first }, index) => {
      const today = dayOf(message.ts);
      if (today !== day && (!dm || first || index === 0)) {
        items.push({ key: `day-${message.ts}`, signature: today, build: () => daySeparator(message.ts) });
        day = today;
      } else if (first && dm && index) {
        items.push({ key: `new-${message.ts}`, signature: "", build: () => h("hr", { class: "conversation-break" }) });
      }
      items.push(this.item(message, false));
      const next = arranged[index + 1];
      const thread = message.thread_ts ?? message.ts;
      if (dm && (!next || next.first)) this.pushStatus(items, data, thread);
    });
    if (!dm) {
      for (const [thread, status] of Object.entries(data.statuses)) {
        if (!app.thread) items.push(this.statusItem(thread, status));
      }
    }
    this.pushPrompts(items, data, arranged);
    sync(this.main, items);
    this.keep();
    this.drawThread(data);
  }

  item(message, inThread) {
    return { key: message.ts, signature: `${this.app.me.id} ${JSON.stringify(message)}`, build: () => renderMessage(this.app, message, { inThread }) };
  }

  statusItem(thread, status) {
    return { key: `status-${thread}`, signature: JSON.stringify(status), build: () => statusLine(this.app, thread, status) };
  }

  pushStatus(items, data, thread) {
    const streaming = data.messages.some((m) => m.thread_ts === thread && m.streaming_state === "in_progress");
    const status = data.statuses[thread] ?? (streaming ? { text: "is writing…", stoppable: true } : null);
    if (status) items.push(this.statusItem(thread, status));
    const offered = data.prompts[thread];
    if (offered) items.push({ key: `prompts-${thread}`, signature: JSON.stringify(offered), build: () => prompts(this.app, offered, thread) });
  }

  // An empty DM, or a new conversation in it, opens with what the app suggests.
  pushPrompts(items, data, arranged) {
    const { app } = this;
    if (!app.current.is_im && !arranged.length) {
      items.push({ key: "empty", signature: app.channel, build: () => h("p", { class: "empty" }, `Nothing here yet. Mention @${app.bot.name} to ask it something in front of everyone.`) });
    }
    if (!app.current.is_im || (arranged.length && !app.fresh)) return;
    const offered = data.prompts[""] ?? { title: "", prompts: [] };
    items.push({
      key: "welcome", signature: JSON.stringify([offered, app.me.id]),
      build: () => h("div", { class: "welcome" }, avatar(app.bot.name, true), h("h2", {}, `Hello ${app.me.name.split(" ")[0]}`),
        h("p", {}, offered.title || `Ask ${app.bot.name} about your customers, or tell it what happened.`),
        offered.prompts.length ? prompts(app, { prompts: offered.prompts }, null) : null),
    });
  }

  drawThread(data, focus = false) {
    const pane = $("thread");
    const { app } = this;
    pane.hidden = !app.thread;
    document.body.classList.toggle("threaded", Boolean(app.thread));
    if (!app.thread) { pane.replaceChildren(); this.pane = null; return; }
    if (this.pane !== app.thread) {
      this.pane = app.thread;
      this.threadList = h("section", { class: "thread-list", role: "log", "aria-live": "polite", "aria-label": "Replies" });
      this.threadComposer = new Composer(app, { thread: () => app.thread, label: () => "Reply…", pane: true });
      fill(pane, h("header", {}, h("h2", {}, "Thread"), h("button", { type: "button", class: "icon", "aria-label": "Close thread", dataset: { test: "close-thread" }, onclick: () => app.closeThread() }, icon("close"))),
        this.threadList, this.threadComposer.element);
    }
    const replies = data.messages.filter((m) => m.ts === app.thread || m.thread_ts === app.thread);
    const items = replies.map((m) => this.item(m, true));
    this.pushStatus(items, data, app.thread);
    sync(this.threadList, items);
    this.threadList.scrollTop = this.threadList.scrollHeight;
    if (focus) this.threadComposer.text.focus();
  }

  drawHome(view) {
    const key = view ? view.hash : "none";
    if (this.home === key) return;
    this.home = key;
    fill($("home"), view
      ? renderBlocks(this.app.scope({ view_id: view.id }, {}), view.blocks)
      : h("p", { class: "empty" }, `${this.app.bot.name} has not set up its Home tab yet.`));
  }

  highlight(ts) {
    const found = document.querySelector(`[data-ts="${CSS.escape(ts)}"]`);
    if (!found) return;
    this.follow = false;
    found.scrollIntoView({ block: "center" });
    found.focus({ preventScroll: true });
    found.classList.add("highlight");
    setTimeout(() => found.classList.remove("highlight"), 2500);
  }
}
