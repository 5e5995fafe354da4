"""The card of a write that waits for a word, and what it becomes once it has one.

Every block's id starts with ``proposal.‹id›.``, so that a tap can replace exactly this card in its message.
"""

from collections.abc import Sequence
from datetime import date
from zoneinfo import ZoneInfo

from bot.cards import Evidence, FieldChange, ProposalView, ProposedItem
from bot.slack import kit
from bot.slack.kit import Json
from bot.slack.text import escape, shorten, to_mrkdwn
from bot.slack.verbs import Verb, action
from bot.wording import day, words

MOST_LEAVE_OUT_BUTTONS = 4
MOST_EVIDENCE = 3
MOST_SINGLE_ITEMS = 12
"""Up to so many items each have a block and buttons of their own; more are one list, which Slack folds."""
_LIST_TEXT = 2_800
_LIST_LABEL, _LIST_VALUE = 60, 40
_STATES = {"rejected": "Not written.", "replaced": "Replaced by a newer version of this."}


def card_prefix(proposal_id: str) -> str:
    """What the ids of this proposal's blocks start with."""
    return f"proposal.{proposal_id}."


def proposal_of(block_id: str) -> str | None:
    """The proposal a block belongs to."""
    kind, _, rest = block_id.partition(".")
    return rest.partition(".")[0] if kind == "proposal" and "." in rest else None


def proposal(view: ProposalView, zone: ZoneInfo, today: date, *, by: str = "you", lead: str = "") -> list[Json]:
    """The card in its present state; ``by`` says who decided. ``lead`` are the answer's words, which stand in the
    summary's place while the proposal waits and go when it is decided."""
    mark = card_prefix(view.id)
    waiting = [item for item in view.items if item.status == "open"]
    said = to_mrkdwn(lead) if lead else _headline(view) + to_mrkdwn(view.summary)
    blocks = [kit.section(said, block_id=f"{mark}summary")]
    if len(view.items) > MOST_SINGLE_ITEMS:
        blocks += _listed(view)
    else:
        for number, item in enumerate(view.items):
            blocks += _item(view, item, number, several=len(waiting) > 1)
    if view.status == "open" or (view.status == "partly applied" and waiting):
        blocks += kit.actions(_decisions(view, waiting), f"{mark}decide")
    if view.status in ("applied", "partly applied"):
        blocks += _applied(view, zone, today, by)
    elif view.status in _STATES:
        blocks.append(kit.context(_STATES[view.status], block_id=f"{mark}state"))
    return blocks


def _headline(view: ProposalView) -> str:
    if view.status != "open" or view.summary.lower().startswith(("log", "change", "**log", "*log")):
        return ""
    logs = any(item.entity == "interaction" and item.action == "create" for item in view.items)
    return "*Log this?* " if logs else "*Change this?* "


def _item(view: ProposalView, item: ProposedItem, number: int, *, several: bool) -> list[Json]:
    mark = card_prefix(view.id)
    label = escape(shorten(item.label, 300))
    if item.status == "rejected" or item.status == "replaced":
        return [kit.section(f"~{label}~", block_id=f"{mark}item{number}")]
    done = ":white_check_mark: " if item.status == "applied" else ""
    lines = [
        f"{done}*{label}*",
        *(_change(item, change) for change in item.shown if _says_more(item, change)),
    ]
    alone = (
        kit.button("Confirm this", action(Verb.CONFIRM_ITEM, item.id), item.id)
        if several and item.status == "open"
        else None
    )
    blocks = [kit.section("\n".join(lines), accessory=alone, block_id=f"{mark}item{number}")]
    evidence = [_evidence(entry) for entry in item.evidence if entry.kind != "message"][:MOST_EVIDENCE]
    if evidence and view.status == "open":
        blocks.append(kit.context(*evidence, block_id=f"{mark}evidence{number}"))
    return blocks


def _listed(view: ProposalView) -> list[Json]:
    """Every item as one line, in as few blocks as they fit."""
    texts = [""]
    for item in view.items:
        line = _line(item)
        if len(texts[-1]) + len(line) > _LIST_TEXT:
            texts.append("")
        texts[-1] += line
    mark = card_prefix(view.id)
    return [kit.section(text.rstrip("\n"), block_id=f"{mark}list{number}") for number, text in enumerate(texts)]


def _line(item: ProposedItem) -> str:
    label = escape(shorten(item.label, _LIST_LABEL))
    if item.status in ("rejected", "replaced"):
        return f"• ~{label}~\n"
    done = ":white_check_mark: " if item.status == "applied" else ""
    if item.action == "delete":
        return f"• {done}*{label}*: delete\n"
    changes = "; ".join(_short(item, change) for change in item.shown if _says_more(item, change))
    return f"• {done}*{label}*{f': {changes}' if changes else ''}\n"


def _short(item: ProposedItem, change: FieldChange) -> str:
    new = escape(shorten(change.new_text or "nothing", _LIST_VALUE))
    replaced = item.action == "update" or (item.action == "create" and change.old is not None)
    old = f"{escape(shorten(change.old_text, _LIST_VALUE))} → " if change.old_text and replaced else ""
    return f"{escape(change.label.lower())} {old}*{new}*"


def _says_more(item: ProposedItem, change: FieldChange) -> bool:
    """Whether the field adds to the item's label, which names the channel, the subject and the people already."""
    if item.action != "create":
        return bool(change.new_text or change.old_text)
    return bool(change.new_text) and change.new_text.lower() not in item.label.lower()


def _change(item: ProposedItem, change: FieldChange) -> str:
    new = escape(shorten(change.new_text or "nothing", 600))
    stays = item.action == "merge" and not change.old_text
    fresh = item.action == "create" and change.old is None
    line = f"{escape(change.label)}: {new}" if fresh or stays else f"{escape(change.label)} → *{new}*"
    was = change.old_text and (item.action == "update" or (item.action == "create" and not fresh))
    return line + (f" (was: {escape(shorten(change.old_text, 300))})" if was else "")


def _evidence(entry: Evidence) -> str:
    speaker = f" — {escape(entry.citation.speaker)}" if entry.citation and entry.citation.speaker else ""
    words_said = escape(shorten(entry.text, 400))
    return f"“{words_said}”{speaker}" if entry.kind == "quote" else words_said


def _decisions(view: ProposalView, waiting: Sequence[ProposedItem]) -> list[Json]:
    several = len(waiting) > 1
    yes = "Confirm all" if several else "Confirm"
    buttons = [
        kit.button(yes, action(Verb.CONFIRM, view.id), view.id, style="primary"),
        *([kit.button("Edit", action(Verb.EDIT, view.id), view.id)] if len(waiting) <= MOST_SINGLE_ITEMS else []),
    ]
    if several and len(waiting) <= MOST_LEAVE_OUT_BUTTONS:
        buttons += [
            kit.button(f"Not {_noun(item)}", action(Verb.REJECT_ITEM, item.id), item.id) for item in waiting[1:]
        ]
    return [*buttons, kit.button("Reject", action(Verb.REJECT, view.id), view.id)]


def _noun(item: ProposedItem) -> str:
    """What a person calls the item: the next step, the task, the stage…"""
    fields = [change for change in item.shown if not change.field.endswith("_due")]
    if item.action == "update" and fields:
        return "the " + words(fields[0].label.lower())
    return f"the {words(item.entity)}"


def _applied(view: ProposalView, zone: ZoneInfo, today: date, by: str) -> list[Json]:
    mark = card_prefix(view.id)
    local = view.decided_at.astimezone(zone) if view.decided_at else None
    when = f" at {local:%H:%M}" if local else ""
    if local and local.date() != today:
        when = f" on {day(local.date(), today)}{when}"
    logged = any(item.entity == "interaction" and item.action == "create" for item in view.items)
    verb = "Logged" if logged else "Written"
    said = kit.context(f":white_check_mark: {verb}{when} by {escape(by)}.", block_id=f"{mark}state")
    if view.change_id is None:
        return [said]
    undo = kit.button("Undo", action(Verb.UNDO, view.change_id), view.change_id)
    return [said, *kit.actions([undo], f"{mark}undo")]
