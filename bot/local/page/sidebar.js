// Who one is, and which conversations one is in.
import { fill, h } from "./dom.js";
import { icon } from "./icons.js";
import { avatar } from "./messages.js";

const role = (p) => [p.title, p.is_guest ? "guest" : "", p.is_stranger ? "other company" : ""].filter(Boolean).join(" · ");

export class Sidebar {
  constructor(app) {
    this.app = app;
    this.toggle = document.getElementById("persona");
    this.list = document.getElementById("people");
    this.conversations = document.getElementById("conversations");
    this.toggle.onclick = () => this.openPeople(this.list.hidden);
    this.list.onkeydown = (event) => this.move(event);
    document.addEventListener("click", (event) => { if (!event.target.closest(".persona")) this.openPeople(false); });
  }

  openPeople(open) {
    this.list.hidden = !open;
    this.toggle.setAttribute("aria-expanded", String(open));
    if (open) this.list.querySelector("[aria-selected=true]")?.focus();
  }

  move(event) {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (event.key === "Escape") { this.openPeople(false); this.toggle.focus(); }
    if (!step) return;
    event.preventDefault();
    const all = [...this.list.querySelectorAll("button")];
    all[(all.indexOf(document.activeElement) + step + all.length) % all.length].focus();
  }

  draw() {
    const { me, people, app } = { me: this.app.me, people: this.app.people, app: this.app };
    fill(this.toggle, avatar(me.name), h("span", {}, h("small", {}, "You are"), h("strong", {}, me.name), h("small", {}, role(me) || "member")), h("span", { class: "chevron", "aria-hidden": "true" }, icon("chevron", 16)));
    fill(this.list, people.map((p) => h("button", {
      type: "button", role: "option", "aria-selected": String(p.email === me.email), dataset: { test: `person-${p.email}` },
      onclick: () => { this.openPeople(false); app.become(p.email); },
    }, avatar(p.name), h("span", {}, h("strong", {}, p.name), h("small", {}, role(p) || "member")))));
    const entry = (c) => h("a", {
      href: `#${c.id}`, class: `conversation ${c.latest > (app.seen[c.id] ?? "") && c.id !== app.channel ? "unread" : ""}`,
      "aria-current": c.id === app.channel ? "page" : undefined, dataset: { test: `conversation-${c.name}` },
    }, c.is_im ? h("img", { src: "/page/icon.svg", alt: "", width: "20", height: "20" }) : h("span", { class: "hash", "aria-hidden": "true" }, c.is_private ? icon("lock", 16) : "#"), c.name);
    fill(this.conversations,
      h("h2", {}, "Assistant"), app.conversations.filter((c) => c.is_im).map(entry),
      h("h2", {}, "Channels"), app.conversations.filter((c) => !c.is_im).map(entry),
      app.shortcuts.some((s) => !s.on_message) ? h("h2", {}, "Shortcuts") : null,
      app.shortcuts.filter((s) => !s.on_message).map((s) => h("button", {
        type: "button", class: "conversation", dataset: { test: "global-shortcut" }, onclick: () => app.post("shortcut", { callback_id: s.callback_id }),
      }, h("span", { class: "hash", "aria-hidden": "true" }, icon("bolt", 16)), s.name)));
  }
}
