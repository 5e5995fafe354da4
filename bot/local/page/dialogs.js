// Modals of the app, confirmations, and short notices.
import { fill, h, uid } from "./dom.js";
import { icon } from "./icons.js";
import { textObject } from "./inline.js";
import { renderBlocks } from "./blocks.js";

const host = () => document.getElementById("dialogs");

export function toast(text) {
  const note = h("div", { class: "toast", dataset: { test: "toast" } }, text);
  document.getElementById("toasts").append(note);
  setTimeout(() => note.remove(), 6000);
}

export function confirmDialog(confirm, context) {
  return new Promise((resolve) => {
    const dialog = h("dialog", { class: "confirm", dataset: { test: "confirm" } });
    const done = (answer) => { dialog.close(); dialog.remove(); resolve(answer); };
    dialog.addEventListener("cancel", (event) => { event.preventDefault(); done(false); });
    fill(dialog, h("h2", {}, textObject(confirm.title, context)), h("div", { class: "text" }, textObject(confirm.text, context)),
      h("div", { class: "dialog-actions" },
        h("button", { type: "button", class: "button", onclick: () => done(false), dataset: { test: "confirm-deny" } }, textObject(confirm.deny, context)),
        h("button", { type: "button", class: `button ${confirm.style ?? "primary"}`, onclick: () => done(true), dataset: { test: "confirm-accept" } }, textObject(confirm.confirm, context))));
    host().append(dialog);
    dialog.showModal();
  });
}

// The top modal of the person's stack. Redrawn only when the view changed, keeping what was typed.
export class Modal {
  constructor(app) {
    this.app = app;
    this.shown = "";
    this.dialog = null;
    this.scopes = new Map();
  }

  show(stack) {
    const view = stack.at(-1);
    const key = view ? `${view.id} ${view.hash}` : "";
    if (key === this.shown) return;
    this.shown = key;
    if (!view) {
      this.dialog?.close();
      this.dialog?.remove();
      this.dialog = null;
      this.scopes.clear();
      return;
    }
    const typed = this.scopes.get(view.id)?.state ?? {};
    const scope = this.app.scope({ view_id: view.id }, typed);
    this.scopes.set(view.id, scope);
    this.draw(view, scope);
  }

  draw(view, scope) {
    const opened = !this.dialog;
    if (opened) {
      this.dialog = h("dialog", { class: "modal", dataset: { test: "modal" } });
      host().append(this.dialog);
    }
    const title = uid("modal");
    const close = () => this.app.post("close", { view_id: view.id });
    this.dialog.oncancel = (event) => { event.preventDefault(); close(); };
    this.dialog.setAttribute("aria-labelledby", title);
    const form = h("form", { novalidate: true, onsubmit: (event) => { event.preventDefault(); this.submit(view, scope, form); } },
      h("header", {}, h("h2", { id: title }, textObject(view.title, scope.context)),
        h("button", { type: "button", class: "icon", "aria-label": "Close", onclick: close, dataset: { test: "modal-close" } }, icon("close"))),
      h("p", { class: "error", role: "alert", hidden: !scope.problem, dataset: { test: "modal-error" } }, scope.problem ?? ""),
      renderBlocks(scope, view.blocks),
      h("footer", { class: "dialog-actions" },
        h("button", { type: "button", class: "button", onclick: close }, view.close ? textObject(view.close, scope.context) : "Cancel"),
        view.submit ? h("button", { type: "submit", class: "button primary", dataset: { test: "modal-submit" } }, textObject(view.submit, scope.context)) : null));
    fill(this.dialog, form);
    if (opened) this.dialog.showModal();
    (form.querySelector("[autofocus]") ?? form.querySelector("[aria-invalid], input, textarea, select"))?.focus();
  }

  async submit(view, scope, form) {
    const send = form.querySelector("[type=submit]");
    if (!send) return;
    send.disabled = true;
    const outcome = await this.app.post("submit", { view_id: view.id, state: scope.state }, { quiet: true });
    scope.errors = outcome?.errors ?? null;
    scope.problem = outcome?.error ?? "";
    if (scope.errors || scope.problem) this.draw(view, scope);
    else send.disabled = false;
  }
}
