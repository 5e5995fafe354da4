// Interactive elements. Each keeps its value in the scope's state and reports an action when it must.
import { h, safeUrl, uid } from "./dom.js";
import { icon } from "./icons.js";
import { emoji, textObject } from "./inline.js";
import { confirmDialog } from "./dialogs.js";

const plain = (object) => object?.text ?? "";
const optionText = (option) => plain(option.text);

function remember(scope, block, element, value) {
  ((scope.state[block.block_id] ??= {})[element.action_id]) = value;
}

function remembered(scope, block, element, key, initial) {
  const kept = scope.state[block.block_id]?.[element.action_id];
  return kept ? kept[key] : initial;
}

async function report(scope, block, element, given, inForm) {
  if (inForm && !block.dispatch_action) return;
  if (element.confirm && !(await confirmDialog(element.confirm, scope.context))) return;
  await scope.act(block, element, given);
}

function button(scope, block, element) {
  const href = element.url ? safeUrl(element.url, scope.context.me.email) : null;
  const press = async (event) => {
    const target = event.currentTarget;
    target.setAttribute("aria-busy", "true");
    try { await report(scope, block, element, {}); } finally { target.removeAttribute("aria-busy"); }
  };
  const common = {
    class: `button ${element.style ?? ""}`, onclick: press, "aria-label": element.accessibility_label,
    dataset: { test: "button", actionId: element.action_id },
  };
  return href
    ? h("a", { ...common, href, target: "_blank", rel: "noopener noreferrer" }, textObject(element.text, scope.context))
    : h("button", { ...common, type: "button" }, textObject(element.text, scope.context));
}

function iconButton(scope, block, element) {
  const visible = element.visible_to_user_ids;
  if (visible && !visible.includes(scope.context.me.id)) return null;
  return h("button", {
    type: "button", class: "icon", title: plain(element.text), "aria-label": element.accessibility_label ?? plain(element.text),
    onclick: () => report(scope, block, element, {}), dataset: { test: "button", actionId: element.action_id },
  }, element.icon === "trash" ? icon("trash") : emoji(element.icon));
}

function feedback(scope, block, element) {
  const side = (choice, glyph) => h("button", {
    type: "button", class: "icon feedback", title: plain(choice.text), "aria-label": choice.accessibility_label ?? plain(choice.text),
    "aria-pressed": "false", dataset: { test: "button", actionId: element.action_id },
    onclick: async (event) => {
      for (const other of event.currentTarget.parentNode.children) other.setAttribute("aria-pressed", String(other === event.currentTarget));
      await report(scope, block, element, { value: choice.value });
    },
  }, glyph, h("span", { class: "caption" }, plain(choice.text)));
  return h("span", { class: "feedback-pair" }, side(element.positive_button, icon("up", 16)), side(element.negative_button, icon("down", 16)));
}

function overflow(scope, block, element) {
  const menu = h("div", { class: "menu", role: "menu", hidden: true });
  const toggle = h("button", {
    type: "button", class: "icon", "aria-label": "More actions", "aria-haspopup": "menu", "aria-expanded": "false",
    dataset: { test: "overflow", actionId: element.action_id },
    onclick: () => { menu.hidden = !menu.hidden; toggle.setAttribute("aria-expanded", String(!menu.hidden)); },
  }, icon("more"));
  for (const option of element.options) {
    menu.append(h("button", {
      type: "button", role: "menuitem", dataset: { test: "overflow-option" },
      onclick: async () => {
        menu.hidden = true;
        const href = option.url ? safeUrl(option.url, scope.context.me.email) : null;
        if (href) open(href, "_blank", "noopener");
        await report(scope, block, element, { selected_option: option });
      },
    }, textObject(option.text, scope.context)));
  }
  return h("span", { class: "overflow" }, toggle, menu);
}

function options(element, people, conversations) {
  if (element.type.includes("users")) return people.map((p) => ({ value: p.id, text: { text: p.name } }));
  if (/conversations|channels/.test(element.type)) return conversations.map((c) => ({ value: c.id, text: { text: `#${c.name}` } }));
  return (element.option_groups ?? [element]).flatMap((group) => group.options ?? []);
}

const SELECT_KEYS = {
  static_select: ["selected_option", "initial_option"], external_select: ["selected_option", "initial_option"],
  users_select: ["selected_user", "initial_user"], channels_select: ["selected_channel", "initial_channel"],
  conversations_select: ["selected_conversation", "initial_conversation"],
  multi_static_select: ["selected_options", "initial_options"], multi_users_select: ["selected_users", "initial_users"],
  multi_channels_select: ["selected_channels", "initial_channels"],
  multi_conversations_select: ["selected_conversations", "initial_conversations"],
};

function select(scope, block, element, inForm, id) {
  const [key, initialKey] = SELECT_KEYS[element.type] ?? SELECT_KEYS.static_select;
  const all = options(element, scope.context.people, scope.context.conversations);
  const isOption = key.startsWith("selected_option");
  const current = remembered(scope, block, element, key, element[initialKey]);
  const chosen = [current ?? []].flat().map((v) => (isOption ? v.value : v));
  const multiple = element.type.startsWith("multi_");
  const entry = (option) => h("option", { value: option.value, selected: chosen.includes(option.value) }, optionText(option));
  const body = element.option_groups
    ? element.option_groups.map((g) => h("optgroup", { label: plain(g.label) }, g.options.map(entry)))
    : all.map(entry);
  const control = h("select", {
    id, multiple, class: multiple ? "multi" : "", dataset: { test: "select", actionId: element.action_id },
    "aria-label": inForm ? undefined : plain(element.placeholder) || "Choose", size: multiple ? Math.min(6, all.length) : undefined,
    onchange: async () => {
      const values = [...control.selectedOptions].map((o) => o.value).filter(Boolean);
      const found = isOption ? all.filter((o) => values.includes(o.value)) : values;
      const value = multiple ? found : found[0] ?? null;
      remember(scope, block, element, { type: element.type, [key]: value });
      await report(scope, block, element, { [key]: value }, inForm);
    },
  }, multiple ? null : h("option", { value: "", disabled: !block.optional, selected: !chosen.length }, plain(element.placeholder) || "Choose…"), body);
  if (element.focus_on_load) control.autofocus = true;
  return control;
}

function choices(scope, block, element, inForm) {
  const many = element.type === "checkboxes";
  const key = many ? "selected_options" : "selected_option";
  const kept = remembered(scope, block, element, key, many ? element.initial_options : element.initial_option);
  const chosen = [kept ?? []].flat().map((o) => o.value);
  const name = uid("choice");
  const box = h("div", { class: "choices", role: many ? "group" : "radiogroup" });
  for (const option of element.options) {
    const control = h("input", {
      type: many ? "checkbox" : "radio", name, value: option.value, checked: chosen.includes(option.value),
      dataset: { test: many ? "checkbox" : "radio", actionId: element.action_id },
      onchange: async () => {
        const values = [...box.querySelectorAll("input:checked")].map((i) => i.value);
        const found = element.options.filter((o) => values.includes(o.value));
        const value = many ? found : found[0] ?? null;
        remember(scope, block, element, { type: element.type, [key]: value });
        await report(scope, block, element, { [key]: value }, inForm);
      },
    });
    box.append(h("label", {}, control, h("span", {}, textObject(option.text, scope.context),
      option.description ? h("small", {}, textObject(option.description, scope.context)) : null)));
  }
  return box;
}

const TYPED = {
  plain_text_input: ["text", "value", "initial_value"], email_text_input: ["email", "value", "initial_value"],
  url_text_input: ["url", "value", "initial_value"], number_input: ["number", "value", "initial_value"],
  datepicker: ["date", "selected_date", "initial_date"], timepicker: ["time", "selected_time", "initial_time"],
  datetimepicker: ["datetime-local", "selected_date_time", "initial_date_time"],
};

const toLocal = (seconds) => {
  const day = new Date(seconds * 1000);
  return new Date(day - day.getTimezoneOffset() * 60000).toISOString().slice(0, 16);
};

function typed(scope, block, element, inForm, id) {
  const [type, key, initialKey] = TYPED[element.type];
  let value = remembered(scope, block, element, key, element[initialKey]) ?? "";
  if (type === "datetime-local" && value) value = toLocal(value);
  const keep = () => {
    let now = control.value === "" ? null : control.value;
    if (type === "datetime-local" && now) now = Math.floor(new Date(now).getTime() / 1000);
    remember(scope, block, element, { type: element.type, [key]: now });
    return { [key]: now };
  };
  const common = {
    id, placeholder: plain(element.placeholder) || undefined, maxlength: element.max_length ? String(element.max_length) : undefined,
    dataset: { test: "input", actionId: element.action_id }, oninput: keep, "aria-label": inForm ? undefined : plain(element.placeholder) || type,
    onchange: async () => { if (!inForm || block.dispatch_action) await report(scope, block, element, keep(), inForm); },
  };
  const control = element.multiline
    ? h("textarea", { ...common, rows: "4" })
    : h("input", { ...common, type, step: element.is_decimal_allowed ? "any" : undefined, min: element.min_value, max: element.max_value });
  control.value = value;
  if (element.focus_on_load) control.autofocus = true;
  return control;
}

export function renderElement(scope, block, element, inForm = false, id = uid("field")) {
  switch (element.type) {
    case "button": case "workflow_button": return button(scope, block, element);
    case "icon_button": return iconButton(scope, block, element);
    case "feedback_buttons": return feedback(scope, block, element);
    case "overflow": return overflow(scope, block, element);
    case "checkboxes": case "radio_buttons": return choices(scope, block, element, inForm);
    case "image": return h("img", { class: "accessory", src: scope.imageUrl(element), alt: element.alt_text ?? "" });
    default:
      if (element.type in SELECT_KEYS) return select(scope, block, element, inForm, id);
      if (element.type in TYPED) return typed(scope, block, element, inForm, id);
      return h("span", { class: "unknown", dataset: { test: "unknown" } }, `This page cannot show a ${element.type}.`);
  }
}
