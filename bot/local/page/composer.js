// Where one writes: text, files, slash commands. Enter sends, Shift+Enter breaks the line.
import { fill, h, uid } from "./dom.js";
import { icon } from "./icons.js";
import { upload } from "./api.js";
import { toast } from "./dialogs.js";

export class Composer {
  constructor(app, { thread = () => null, label, pane = false }) {
    this.app = app;
    this.pane = pane;
    this.thread = thread;
    this.label = label;
    this.files = [];
    this.build();
  }

  build() {
    const id = uid("composer");
    this.text = h("textarea", {
      id, rows: "1", placeholder: this.label(), "aria-label": "Message", dataset: { test: "composer" },
      oninput: () => this.grow(), onkeydown: (event) => this.key(event), onpaste: (event) => this.take(event.clipboardData?.files),
    });
    this.picker = h("input", { type: "file", multiple: true, hidden: true, dataset: { test: "file-input" }, onchange: () => { this.take(this.picker.files); this.picker.value = ""; } });
    this.chips = h("div", { class: "chips" });
    this.hint = h("div", { class: "hint" });
    this.send = h("button", { type: "submit", class: "send", "aria-label": "Send", dataset: { test: "send" } }, icon("send"));
    this.element = h("form", {
      class: "composer", onsubmit: (event) => { event.preventDefault(); this.submit(); },
      ondragover: (event) => { event.preventDefault(); this.element.classList.add("over"); },
      ondragleave: () => this.element.classList.remove("over"),
      ondrop: (event) => { event.preventDefault(); this.element.classList.remove("over"); this.take(event.dataTransfer?.files); },
    }, this.hint, this.chips, h("div", { class: "row" },
      h("button", { type: "button", class: "icon", "aria-label": "Attach files", title: "Attach files (or drop them here)", dataset: { test: "attach" }, onclick: () => this.picker.click() }, icon("plus", 20)),
      this.picker, this.text, this.send));
  }

  grow() {
    this.text.style.height = "auto";
    this.text.style.height = `${Math.min(this.text.scrollHeight, 220)}px`;
    const words = this.text.value;
    const commands = words.startsWith("/") && !words.includes(" ") ? this.app.commands.filter((c) => c.startsWith(words)) : [];
    fill(this.hint, commands.map((c) => h("button", { type: "button", onclick: () => { this.text.value = `${c} `; this.text.focus(); this.grow(); } }, c)));
  }

  key(event) {
    if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    this.submit();
  }

  async take(files) {
    for (const found of files ?? []) {
      const chip = h("span", { class: "chip", dataset: { test: "chip" } }, `${found.name} …`);
      this.chips.append(chip);
      try {
        const kept = await upload(this.app.me.email, found);
        this.files.push(kept.id);
        fill(chip, found.name, h("button", { type: "button", "aria-label": `Remove ${found.name}`, onclick: () => { this.files = this.files.filter((f) => f !== kept.id); chip.remove(); } }, icon("close", 13)));
      } catch (error) {
        chip.remove();
        toast(error.message);
      }
    }
  }

  async submit() {
    const text = this.text.value;
    if (!text.trim() && !this.files.length) return;
    const command = text.match(/^(\/[\w-]+)(?:\s+([\s\S]*))?$/);
    const files = this.files;
    this.text.value = "";
    this.files = [];
    fill(this.chips);
    this.grow();
    const sent = command && !files.length
      ? await this.app.post("command", { channel: this.app.channel, command: command[1], text: command[2] ?? "", thread_ts: this.pane ? this.thread() : null })
      : await this.app.say(text, { thread: this.thread(), files });
    if (!sent) { this.text.value = text; this.files = files; this.grow(); }
  }

  refresh() {
    this.text.placeholder = this.label();
  }
}
