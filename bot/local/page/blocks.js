// Every block the app may send. What is unknown is shown as such, never dropped.
import { h, link, uid } from "./dom.js";
import { icon } from "./icons.js";
import { richText, textObject } from "./inline.js";
import { markdown } from "./markdown.js";
import { renderElement } from "./elements.js";
import { dataTable, table } from "./tables.js";

const section = (scope, block) => h("div", { class: "section" },
  h("div", { class: "body" },
    block.text ? h("div", { class: "text" }, textObject(block.text, scope.context)) : null,
    block.fields ? h("div", { class: "fields" }, block.fields.map((f) => h("div", {}, textObject(f, scope.context)))) : null),
  block.accessory ? h("div", { class: "side" }, renderElement(scope, block, block.accessory)) : null);

function image(scope, block) {
  const source = scope.imageUrl(block);
  return h("figure", {},
    block.title ? h("figcaption", {}, textObject(block.title, scope.context)) : null,
    source ? h("a", { href: source, target: "_blank", rel: "noopener" }, h("img", { src: source, alt: block.alt_text ?? "", loading: "lazy", dataset: { test: "image" } }))
      : h("span", { class: "unknown" }, `Picture: ${block.alt_text ?? ""}`));
}

const context = (scope, block) => h("div", { class: "context" }, block.elements.map((e) => (e.type === "image"
  ? h("img", { src: scope.imageUrl(e), alt: e.alt_text ?? "" })
  : h("span", {}, textObject(e, scope.context)))));

const actions = (scope, block) => h("div", { class: "actions" }, block.elements.map((e) => renderElement(scope, block, e)));

function input(scope, block) {
  const id = uid("input");
  const error = scope.errors?.[block.block_id];
  const control = renderElement(scope, block, block.element, true, id);
  const grouped = control.getAttribute("role") === "group" || control.getAttribute("role") === "radiogroup";
  const label = [textObject(block.label, scope.context), block.optional ? h("small", { class: "optional" }, " (optional)") : null];
  if (error) { control.setAttribute("aria-invalid", "true"); control.setAttribute("aria-describedby", `${id}-error`); }
  return h(grouped ? "fieldset" : "div", { class: "input", dataset: { test: "input-block", blockId: block.block_id } },
    grouped ? h("legend", {}, label) : h("label", { for: id }, label), control,
    block.hint ? h("small", { class: "hint" }, textObject(block.hint, scope.context)) : null,
    error ? h("p", { class: "error", id: `${id}-error`, role: "alert" }, error) : null);
}

const STATES = { pending: ["ring", "waiting"], in_progress: ["half", "working"], complete: ["check", "done"], error: ["close", "failed"] };

function task(scope, block) {
  const [glyph, word] = STATES[block.status] ?? STATES.pending;
  const more = [block.details, block.output].filter(Boolean).map((part) => h("div", { class: "task-more" }, richText(part.elements, scope.context)));
  const sources = block.sources?.length ? h("div", { class: "task-sources" }, block.sources.map((s) => link(s.url, s.text ?? s.url, scope.context))) : null;
  return h("div", { class: `task ${block.status ?? "pending"}`, dataset: { test: "task" } },
    h("span", { class: "glyph", role: "img", "aria-label": word }, icon(glyph)), h("div", {}, h("span", { class: "task-title" }, block.title), more, sources));
}

const plan = (scope, block) => h("details", { class: "plan", open: true, dataset: { test: "plan" } },
  h("summary", {}, block.title), (block.tasks ?? []).map((t) => task(scope, t)));

const alert = (scope, block) => h("div", { class: `alert ${block.level ?? "default"}`, role: "note" },
  h("span", { class: "glyph", "aria-hidden": "true" }, icon({ info: "info", warning: "warning", error: "close", success: "check" }[block.level] ?? "info")),
  h("div", {}, textObject(block.text, scope.context)));

const card = (scope, block) => h("article", { class: "card", dataset: { test: "card" } },
  block.hero_image ? h("img", { class: "hero", src: scope.imageUrl(block.hero_image), alt: block.hero_image.alt_text ?? "" }) : null,
  h("div", { class: "card-head" },
    block.icon ? h("img", { src: scope.imageUrl(block.icon), alt: block.icon.alt_text ?? "" }) : null,
    h("div", {}, block.title ? h("strong", {}, textObject(block.title, scope.context)) : null,
      block.subtitle ? h("div", { class: "subtitle" }, textObject(block.subtitle, scope.context)) : null)),
  block.body ? h("div", { class: "card-body" }, textObject(block.body, scope.context)) : null,
  block.subtext ? h("div", { class: "subtitle" }, textObject(block.subtext, scope.context)) : null,
  block.actions ? h("div", { class: "actions" }, block.actions.map((e) => renderElement(scope, block, e))) : null);

const carousel = (scope, block) => h("div", { class: "carousel", tabindex: "0", role: "group", "aria-label": "Cards; scroll sideways" },
  block.elements.map((c) => card(scope, c)));

function container(scope, block) {
  const title = h("div", { class: "container-title" }, h("strong", {}, block.rich_text_title ? richText(block.rich_text_title.elements, scope.context) : textObject(block.title, scope.context)),
    block.subtitle ? h("div", { class: "subtitle" }, textObject(block.subtitle, scope.context)) : null);
  const body = h("div", { class: "blocks" }, (block.child_blocks ?? []).map((b) => renderBlock(scope, b)));
  const attributes = { class: `container ${block.width ?? "standard"} ${block.has_header_divider ? "divided" : ""}`, dataset: { test: "container" } };
  return block.is_collapsible
    ? h("details", { ...attributes, open: !block.default_collapsed }, h("summary", {}, title), body)
    : h("div", attributes, title, body);
}

function unknown(block) {
  return h("details", { class: "unknown", dataset: { test: "unknown" } },
    h("summary", {}, `This page cannot show a block of type “${block?.type}”.`), h("pre", {}, JSON.stringify(block, null, 2)));
}

const RENDERERS = {
  section, image, context, actions, input, plan, alert, card, carousel, container,
  context_actions: (scope, block) => h("div", { class: "context-actions" }, block.elements.map((e) => renderElement(scope, block, e))),
  divider: () => h("hr"),
  header: (scope, block) => h("h2", { class: "header" }, textObject(block.text, scope.context)),
  markdown: (scope, block) => h("div", { class: "markdown" }, markdown(block.text, scope.context)),
  rich_text: (scope, block) => h("div", { class: "rich-text" }, richText(block.elements, scope.context)),
  table, data_table: dataTable, task_card: task,
  video: (scope, block) => h("p", {}, "▶ ", link(block.title_url ?? block.video_url, block.title?.text ?? "Video", scope.context)),
};

export function renderBlock(scope, block) {
  const render = RENDERERS[block?.type];
  if (!render) return unknown(block);
  try {
    const element = render(scope, block);
    element.dataset.block = block.type;
    return element;
  } catch (error) {
    console.error(error);
    return unknown(block);
  }
}

export const renderBlocks = (scope, blocks) => h("div", { class: "blocks" }, (blocks ?? []).map((b) => renderBlock(scope, b)));
