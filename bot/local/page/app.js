// The page: one person, one conversation at a time, live.
import { fill, h } from "./dom.js";
import { icon } from "./icons.js";
import * as api from "./api.js";
import { Modal, toast } from "./dialogs.js";
import { Composer } from "./composer.js";
import { Sidebar } from "./sidebar.js";
import { Lists } from "./lists.js";

const $ = (id) => document.getElementById(id);
const PAGE_OF_MESSAGES = 200;

class App {
  async start() {
    this.seen = JSON.parse(localStorage.getItem("seen") ?? "{}");
    this.scopes = new Map();
    this.tab = "messages";
    this.fresh = false;
    await this.loadPeople();
    const wanted = new URLSearchParams(location.search).get("as") ?? localStorage.getItem("me");
    this.me = this.people.find((p) => p.email === wanted) ?? this.people[0];
    this.sidebar = new Sidebar(this);
    this.modal = new Modal(this);
    this.lists = new Lists(this);
    this.composer = new Composer(this, { thread: () => this.conversationThread(), label: () => this.placeholder() });
    this.context = {
      me: this.me, people: this.people, conversations: [],
      nameOf: (id) => (id === this.bot.id ? this.bot.name : id === "USLACKBOT" ? "Slackbot" : this.people.find((p) => p.id === id)?.name ?? id),
      channelName: (id) => this.conversations.find((c) => c.id === id)?.name ?? id,
    };
    fill($("menu"), icon("menu", 22));
    this.wire();
    await this.route();
    api.watch(() => this.refresh(), (up) => { $("connection").textContent = up ? "" : "Not connected; trying again…"; });
  }

  async loadPeople() {
    const found = await api.get("people");
    Object.assign(this, { people: found.people, bot: found.bot, commands: found.commands, shortcuts: found.shortcuts });
    $("team").textContent = found.team;
    document.title = `${found.bot.name} · ${found.team}`;
  }

  wire() {
    addEventListener("hashchange", () => this.route());
    $("tab-messages").onclick = () => this.openTab("messages");
    $("tab-home").onclick = () => this.openTab("home");
    $("menu").onclick = () => this.drawer(!document.body.classList.contains("drawer"));
    $("veil").onclick = () => this.drawer(false);
    document.addEventListener("keydown", (event) => { if (event.key === "Escape") this.drawer(false); });
    document.addEventListener("click", (event) => {
      for (const open of document.querySelectorAll("details.message-menu[open]")) if (!open.contains(event.target)) open.open = false;
      for (const menu of document.querySelectorAll(".overflow .menu:not([hidden])")) if (!menu.parentNode.contains(event.target)) menu.hidden = true;
    });
  }

  drawer(open) {
    document.body.classList.toggle("drawer", open);
    $("veil").hidden = !open;
  }

  async become(email) {
    localStorage.setItem("me", email);
    this.me = this.context.me = this.people.find((p) => p.email === email);
    this.scopes.clear();
    this.channel = null;
    this.thread = null;
    history.replaceState(null, "", `/?as=${encodeURIComponent(email)}`);
    await this.route();
  }

  // The address names the conversation, and perhaps a message to show: #C0123/171.5?thread_ts=170.1
  async route() {
    this.conversations = (await api.get("conversations", { as: this.me.email })).conversations;
    this.context.conversations = this.conversations.filter((c) => !c.is_im);
    const [path, query] = location.hash.slice(1).split("?");
    const [wanted, ts] = path.split("/");
    const before = this.channel;
    this.current = this.conversations.find((c) => c.id === wanted) ?? this.conversations.find((c) => c.is_im) ?? this.conversations[0];
    this.channel = this.current.id;
    this.drawer(false);
    if (this.channel !== before) {
      this.tab = "messages";
      this.thread = null;
      this.fresh = false;
      this.limit = PAGE_OF_MESSAGES;
      this.lists.reset();
      if (this.current.is_im) this.announce("messages");
    }
    await this.refresh();
    const thread = new URLSearchParams(query ?? "").get("thread_ts");
    if (thread && !this.current.is_im) this.openThread(thread);
    if (ts) this.lists.highlight(ts);
    else if (matchMedia("(min-width: 800px)").matches) this.composer.text.focus();
  }

  announce(tab) {
    api.post("tab", { as: this.me.email, tab }).catch((error) => toast(error.message));
  }

  openTab(tab) {
    this.tab = tab;
    this.announce(tab);
    this.draw();
  }

  // One read at a time; changes that arrive meanwhile cause one more.
  async refresh() {
    if (this.reading) { this.again = true; return; }
    this.reading = true;
    try {
      do {
        this.again = false;
        await this.read();
      } while (this.again);
    } catch (error) {
      $("connection").textContent = error.message;
    } finally {
      this.reading = false;
    }
  }

  async read() {
    const as = this.me.email;
    if (!this.channel) return;
    const [data, conversations, home, views] = await Promise.all([
      api.get("messages", { as, channel: this.channel, limit: this.limit }), api.get("conversations", { as }), api.get("home", { as }), api.get("views", { as }),
    ]);
    if (as !== this.me.email) return;
    this.data = data;
    this.conversations = conversations.conversations;
    this.current = this.conversations.find((c) => c.id === this.channel) ?? this.current;
    this.homeView = home.view;
    this.seen[this.channel] = this.current.latest;
    localStorage.setItem("seen", JSON.stringify(this.seen));
    this.draw();
    this.modal.show(views.stack);
  }

  draw() {
    this.sidebar.draw();
    const dm = this.current.is_im;
    $("title").textContent = dm ? this.bot.name : `# ${this.current.name}`;
    $("topic").textContent = dm ? "Your CRM assistant" : this.current.topic;
    $("tabs").hidden = !dm;
    for (const name of ["messages", "home"]) $(`tab-${name}`).setAttribute("aria-selected", String(this.tab === name));
    $("messages").hidden = this.tab !== "messages";
    $("home").hidden = this.tab !== "home";
    $("footer").hidden = this.tab !== "messages";
    this.composer.refresh();
    if (this.tab === "home") this.lists.drawHome(this.homeView);
    else this.lists.draw(this.data);
    if (!this.composer.element.isConnected) fill($("footer"), this.bar = h("div", { class: "continuing" }), this.composer.element);
    this.drawBar();
  }

  roots() {
    return this.data.messages.filter((m) => !m.thread_ts && !m.is_ephemeral || m.thread_ts === m.ts);
  }

  // In the DM one goes on in the newest conversation, unless a new one was asked for.
  conversationThread() {
    if (!this.current.is_im || this.fresh) return null;
    return this.roots().at(-1)?.ts ?? null;
  }

  drawBar() {
    const root = this.conversationThread();
    this.bar.hidden = !this.current.is_im || (!root && !this.fresh);
    fill(this.bar, root
      ? h("button", { type: "button", class: "button small", dataset: { test: "new-conversation" }, onclick: () => { this.fresh = true; this.draw(); this.lists.bottom(); this.composer.text.focus(); } }, icon("plus", 14), "New conversation")
      : this.roots().length ? h("button", { type: "button", class: "button small", dataset: { test: "continue-conversation" }, onclick: () => { this.fresh = false; this.draw(); } }, icon("back", 14), "Back to the last conversation") : null);
  }

  placeholder() {
    if (!this.current?.is_im) return `Message #${this.current?.name ?? ""}; mention @${this.bot.name} to ask it`;
    return this.data && this.conversationThread() ? `Reply to ${this.bot.name}` : `Ask ${this.bot.name} something, or tell it what happened`;
  }

  scope(place, state) {
    const scope = {
      context: this.context, state, errors: null,
      imageUrl: (image) => {
        const id = image.slack_file?.id ?? image.slack_file?.url?.match(/files-pri\/[^-]+-([^/]+)\//)?.[1];
        return id ? `/local/files/${id}?as=${encodeURIComponent(this.me.email)}` : image.image_url;
      },
      act: (block, element, given) => this.post("action", { ...place, block_id: block.block_id, action_id: element.action_id, given, state: scope.state }),
    };
    return scope;
  }

  messageScope(message) {
    const key = `${this.channel}/${message.ts}`;
    const kept = this.scopes.get(key);
    const scope = this.scope({ channel: this.channel, ts: message.ts }, kept?.state ?? {});
    this.scopes.set(key, scope);
    return scope;
  }

  async post(name, values, { quiet = false } = {}) {
    try {
      const outcome = await api.post(name, { as: this.me.email, ...values });
      if (outcome.error && !quiet) { toast(outcome.error); return null; }
      return outcome;
    } catch (error) {
      toast(error.message);
      return null;
    }
  }

  async say(text, { thread = null, files = [] } = {}) {
    const sent = await this.post("say", { channel: this.channel, text, thread_ts: thread, files });
    if (sent) {
      this.fresh = false;
      this.lists.follow = true;
      this.refresh();
    }
    return sent;
  }

  edit(message) {
    const text = prompt("Edit your message", message.text.replaceAll("&lt;", "<").replaceAll("&gt;", ">").replaceAll("&amp;", "&"));
    if (text?.trim()) this.post("edit", { channel: this.channel, ts: message.ts, text });
  }

  showEarlier() {
    this.limit += PAGE_OF_MESSAGES;
    this.lists.follow = false;
    this.refresh();
  }

  openThread(ts) {
    this.thread = ts;
    this.lists.drawThread(this.data, true);
  }

  closeThread() {
    this.thread = null;
    this.lists.drawThread(this.data);
  }
}

const app = new App();
app.start().catch((error) => { document.body.prepend(h("p", { class: "fatal", role: "alert" }, `The page could not start: ${error.message}`)); });
