"""Tools about records that are there twice and about people's data. None of them writes: a merge and an erasure are
proposals, and an export is a file that the command line makes."""

from collections import Counter
from typing import Literal, cast

from langchain.tools import ToolRuntime, tool

from bot.agent.tools.proposing import proposed
from bot.agent.tools.resolving import account_of, ask, asking, contact_of, is_id
from bot.agent.tools.shaping import follow_ups, shown
from bot.agent.turn import Found, Subject, Turn
from bot.cards import Column, Option, TableCard
from bot.merge_words import merge_draft
from bot.wording import join, plural
from crm_store.access import ScopedSession
from crm_store.changes import Draft
from crm_store.duplicates import Duplicate, duplicate_accounts, duplicate_contacts
from crm_store.errors import NotPermitted
from crm_store.names import Name
from crm_store.people_data.erasing import check_admin, preview
from crm_store.people_data.exporting import export_contact
from crm_store.people_data.subject import subject_of

RecordKind = Literal["account", "contact"]
_MOST = 8


@asking
def find_duplicates(turn: Turn, kind: RecordKind | None = None, about: str | None = None) -> Found:
    """The likeliest pairs among what the caller sees."""
    with turn.read() as session:
        about_id = _one(session, turn, kind, about)[1] if about else None
        found: list[Duplicate] = []
        if kind in (None, "account"):
            found += duplicate_accounts(session, limit=_MOST, about=about_id)
        if kind in (None, "contact"):
            found += duplicate_contacts(session, limit=_MOST, about=about_id)
    noun = f"{kind}s" if kind else "accounts or contacts"
    if not found:
        return Found(f"I see no {noun} that look like one and the same{f' as {about}' if about else ''}.")
    found.sort(key=lambda pair: -pair.probability)
    found = found[:_MOST]
    lines = [
        f"- **{_told(pair, first=True)}** and **{_told(pair, first=False)}**: {'; '.join(pair.reasons)} ({pair.probability:.0%})"
        for pair in found
    ]
    text = (
        f"{plural(len(found), 'pair')} may be one record each:\n"
        + "\n".join(lines)
        + "\nNothing was changed; say which to merge."
    )
    best = found[0]
    card = follow_ups(
        (f"Merge {best.keep.name}"[:75], f"merge {best.kind} {best.other.id} into {best.keep.id}"),
    )
    subjects = tuple(Subject(pair.kind, twin.id, twin.name) for pair in found for twin in (pair.keep, pair.other))
    return Found(text, cards=(card,), subjects=subjects)


def _told(pair: Duplicate, *, first: bool) -> str:
    """A twin by its name, with what tells it from the other one where the names are the same."""
    twin, other = (pair.keep, pair.other) if first else (pair.other, pair.keep)
    return f"{twin.name} ({twin.detail})" if twin.name == other.name and twin.detail else twin.name


@asking
def merge_records(turn: Turn, keep: str, other: str, kind: RecordKind | None = None) -> Found:
    """Propose that ``other`` becomes part of ``keep``."""
    with turn.read() as session:
        names = turn.names(session)
        twins = _of_that_name(names.of_kind("account") + names.of_kind("contact"), keep, kind)
        if keep.strip().casefold() == other.strip().casefold() and not is_id(keep):
            if len(twins) != 2 or twins[0].kind != twins[1].kind:
                return Found(f"I need two records to merge; tell me how they differ. {_several(twins)}".strip())
            of, kept_id, lost_id = cast(RecordKind, twins[0].kind), twins[0].id, twins[1].id
        else:
            of, kept_id = _one(session, turn, kind, keep, "keep")
            of, lost_id = _one(session, turn, of, other, "other")
        if kept_id == lost_id:
            return Found("These two are one record already, so there is nothing to merge.")
        draft, summary = merge_draft(session, of, kept_id, lost_id)
        kept_name = draft.label.rpartition(" into ")[2]
    text = (
        f"**{summary}.** {kept_name} stays and keeps its own values; what it lacks is filled in from the other one. "
        "It can be undone. Confirm?"
    )
    return proposed(turn, [draft], summary, text, Subject(of, kept_id, kept_name))


def _of_that_name(names: list[Name], text: str, kind: RecordKind | None) -> list[Name]:
    wanted = text.strip().casefold()
    return [name for name in names if name.text.casefold() == wanted and kind in (None, name.kind)]


def _several(found: list[Name]) -> str:
    return f"I see {len(found)} of that name." if found else ""


def _one(
    session: ScopedSession, turn: Turn, kind: RecordKind | None, text: str, missing: str = "about"
) -> tuple[RecordKind, str]:
    """The kind and id of the one record that is named; a whole name wins over one that it is part of."""
    names = turn.names(session)
    held = names.get(text) if is_id(text) else None
    if held is not None and held.kind in ("account", "contact"):
        return held.kind, held.id
    same = _of_that_name(names.of_kind("account") + names.of_kind("contact"), text, kind)
    if len(same) == 1:
        return cast(RecordKind, same[0].kind), same[0].id
    if len(same) > 1:
        options = tuple(Option(label=_labelled(name, names.get(name.account_id or "")), value=name.id) for name in same)
        raise ask(f"Which “{text}” do you mean?", options, missing, text)
    if kind == "contact" or (kind is None and _is_person(turn, session, text)):
        return "contact", contact_of(session, turn, text, missing=missing).id
    return "account", account_of(session, turn, text, missing=missing).id


def _is_person(turn: Turn, session: ScopedSession, text: str) -> bool:
    names = turn.names(session)
    best = {
        kind: max((match.score for match in names.find(kind, text)), default=0.0) for kind in ("account", "contact")
    }
    return best["contact"] > best["account"]


def _labelled(name: Name, account: Name | None) -> str:
    said = [name.text, name.title or "", account.text if account else "", *name.also]
    return ", ".join(part for part in said if part)[:75]


@asking
def export_person(turn: Turn, contact: str) -> Found:
    """What is held about a contact, and how to get it as a file."""
    with turn.read() as session:
        who = contact_of(session, turn, contact)
        document = export_contact(session, who.id, made_by=turn.caller.email, now=turn.now)
    counts = Counter({name.replace("_", " "): len(rows) for name, rows in document.records.items()})
    counts |= {"conversation": len(document.conversations), "mention in other texts": len(document.mentions)}
    known = [*document.person.emails, *document.person.phones, *document.person.titles]
    rows = tuple((name, str(count)) for name, count in sorted(counts.items()) if count)
    card = TableCard(
        title=f"Held about {who.name}",
        columns=(Column(title="What"), Column(title="How many", kind="number")),
        rows=rows,
    )
    text = (
        f"**Everything about {who.name}** that you may see: {join(known) or 'no address or number'}; "
        f"{join([f'{count} {name}' for name, count in rows]) or 'nothing else'}. "
        f"The whole of it as a file: `rapport person export {who.id} --as {turn.caller.email} --out person.json`."
    )
    return Found(text, cards=(card,), subjects=(Subject("contact", who.id, who.name),))


@asking
def erase_person(turn: Turn, contact: str) -> Found:
    """Propose to erase a contact; only an administrator may."""
    with turn.read() as session:
        try:
            check_admin(session)
        except NotPermitted as error:
            return Found(str(error), refused=str(error))
        who = contact_of(session, turn, contact)
        found = preview(session, subject_of(session, who.id))
    gone = join([f"{count} {name.replace('_', ' ')}" for name, count in sorted(found.deleted.items()) if count])
    text = (
        f"**Erase {who.name}**{f' of {who.account}' if who.account else ''}: the contact{f' and {gone}' if gone else ''} go; "
        f"{plural(found.emptied, 'conversation')} with nobody else of theirs lose every word, and "
        f"{plural(sum(found.redacted.values()), 'other row')} no longer name them. **This cannot be undone.** Confirm?"
    )
    draft = Draft("erase", "contact", {}, who.id, f"Erase {who.name}")
    return proposed(turn, [draft], f"Erase {who.name}", text)


@tool("find_duplicates", response_format="content_and_artifact")
def _find_duplicates(
    runtime: ToolRuntime[Turn], kind: RecordKind | None = None, about: str | None = None
) -> tuple[str, Found]:
    """Accounts or contacts that are probably in the record twice, with the reasons; ``about`` only those of one."""
    return shown(find_duplicates(runtime.context, kind, about))


@tool("merge_records", response_format="content_and_artifact")
def _merge_records(
    keep: str, other: str, runtime: ToolRuntime[Turn], kind: RecordKind | None = None
) -> tuple[str, Found]:
    """Propose to make two accounts or two contacts one: ``other`` becomes part of ``keep``."""
    return shown(merge_records(runtime.context, keep, other, kind))


@tool("export_person", response_format="content_and_artifact")
def _export_person(contact: str, runtime: ToolRuntime[Turn]) -> tuple[str, Found]:
    """Everything that is held about one contact (a data subject's access request)."""
    return shown(export_person(runtime.context, contact))


@tool("erase_person", response_format="content_and_artifact")
def _erase_person(contact: str, runtime: ToolRuntime[Turn]) -> tuple[str, Found]:
    """Propose to erase everything about one contact for good (the right to be forgotten). Administrators only."""
    return shown(erase_person(runtime.context, contact))


TOOLS = [_find_duplicates, _merge_records, _export_person, _erase_person]
