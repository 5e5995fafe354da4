"""``rapport person``: everything about one person as a file, and their erasure. ``rapport retention``: what is kept too long."""

import argparse
from collections.abc import Callable

from rich.console import Console
from rich.progress import Progress as Bars
from rich.progress import TaskID

from bot.app import Rapport, now
from bot.errors import BadInput
from bot.printing import print_json
from bot.proposals import propose
from bot.settings import Settings
from bot.upkeep import retention_of
from bot.wording import join, plural
from crm_store.access import Scope, ScopedSession
from crm_store.changes import Draft
from crm_store.models import Contact
from crm_store.people import Caller
from crm_store.people_data.erasing import Erasure, preview
from crm_store.people_data.exporting import PersonExport, export_contact, export_member
from crm_store.people_data.retention import MOST_PROPOSED, Due, due, keep_to
from crm_store.people_data.subject import Subject, find_contacts, subject_of
from crm_store.queries import people

_UNASKED = "Nothing was erased, because there is nobody here to ask. Say --yes to erase without being asked."


def person(settings: Settings, given: argparse.Namespace) -> int:
    """Export or erase one person."""
    with Rapport(settings) as rapport:
        rapport.open(hold_index=given.action == "erase")
        caller = rapport.caller_for_email(given.as_)
        return _export(rapport, caller, given) if given.action == "export" else _erase(rapport, caller, given)


def _export(rapport: Rapport, caller: Caller, given: argparse.Namespace) -> int:
    with rapport.store.read(caller.scope) as session:
        document = exported(session, caller, given.who)
    text = document.model_dump_json(indent=2)
    if given.out is None:
        print(text)
        return 0
    try:
        given.out.write_text(text + "\n", "utf-8")
    except OSError as error:
        raise BadInput(f"{given.out} cannot be written ({error.strerror}). Choose another file.") from error
    print(f"{given.out}: {contents(document)}")
    return 0


def exported(session: ScopedSession, caller: Caller, who: str) -> PersonExport:
    """The document about a contact or, where the address is a colleague's, about them.

    :raises NotVisible: when nobody of that name or address may be seen.
    :raises BadInput: when several people have that name.
    """
    colleague = people.by_email(session, who)
    if colleague is not None:
        return export_member(session, colleague, made_by=caller.email, now=now())
    subject = one_subject(session, who)
    return export_contact(session, subject.contact_ids[0], made_by=caller.email, now=now())


def one_subject(session: ScopedSession, who: str) -> Subject:
    """The one person that an id, an address or a name means.

    :raises BadInput: when several people have that name.
    """
    found: list[Contact] = find_contacts(session, who)
    subject = subject_of(session, found[0].id)
    others = [row for row in found if row.id not in subject.contact_ids]
    if others:
        ids = ", ".join(f"{row.id} ({row.email or row.title or 'no address'})" for row in found)
        raise BadInput(f"{who} may be several people. Give the e-mail address or the id of one: {ids}.")
    return subject


def contents(document: PersonExport) -> str:
    """What a document holds, in words."""
    parts = [plural(len(document.conversations), "conversation")]
    parts += [f"{len(rows)} {name.replace('_', ' ')}" for name, rows in document.records.items()]
    return f"everything about one person: {join([*parts, plural(len(document.mentions), 'mention')])}."


def _erase(rapport: Rapport, caller: Caller, given: argparse.Namespace) -> int:
    with rapport.store.read(caller.scope) as session:
        subject = one_subject(session, given.who)
        foreseen = preview(session, subject)
    if not given.yes:
        if given.json:
            raise BadInput(_UNASKED)
        print(f"{join(sorted(subject.names))}: {erasure_words(foreseen)} This cannot be undone.")
        if _said("Type 'erase' to go on: ") != "erase":
            print("Nothing was erased.")
            return 1
    drafts = [Draft("erase", "contact", {}, subject.contact_ids[0], "Erase one person's data")]
    view = propose(rapport.turn(caller, ""), drafts, "Erase one person's data")
    answer = rapport.confirm(caller, view.id, origin="cli")
    rapport.run_due_jobs()
    change = next((each.change_id for each in answer.proposals if each.change_id), None)
    if given.json:
        print_json({"erased": True, "change": change, "contacts": foreseen.contacts, "deleted": dict(foreseen.deleted),
                    "redacted": dict(foreseen.redacted)})  # fmt: skip
    else:
        print(f"Erased: {erasure_words(foreseen)}")
        print("What was posted in Slack, exported, backed up or mailed is not Rapport's to erase: do that there.")
    return 0


def _said(question: str) -> str:
    """What somebody types, or what a script pipes in.

    :raises BadInput: when there is nobody to ask.
    """
    try:
        return input(question).strip().lower()
    except (EOFError, RuntimeError):  # the end of what was piped in, or standard input is closed
        print()
        raise BadInput(_UNASKED) from None


def erasure_words(found: Erasure) -> str:
    """What goes and what is rewritten, in words that name nobody."""
    gone = [f"{count} {name.replace('_', ' ')}" for name, count in sorted(found.deleted.items()) if count]
    named = sum(found.redacted.values())
    return (
        f"{plural(found.contacts, 'contact')}{' and ' + join(gone) if gone else ''} deleted; "
        f"{plural(found.emptied, 'conversation')} with nobody else emptied; {plural(named, 'other row')} rewritten without the person."
    )


def retention(settings: Settings, given: argparse.Namespace) -> int:
    """Remove what is older than the settings allow, or say what would go."""
    rule, at = retention_of(settings), now()
    with Rapport(settings) as rapport:
        rapport.open()
        if given.dry_run:
            with rapport.store.read(Scope.system("retention")) as session:
                found = due(session, rule, at)
        else:
            with Bars(console=Console(stderr=True), transient=True, disable=given.json) as bars:
                found = keep_to(rapport.store, rule, at, _shown(bars))
    counts = {
        "conversations": found.conversations,
        "jobs": found.jobs,
        "events": found.events,
        "contacts": len(found.contacts),
        "proposed": found.proposed,
    }
    if given.json:
        print_json(counts | {"dry_run": given.dry_run})
    elif not rule.any:
        print("Everything is kept for good; RAPPORT_RETENTION_… in the README says how to change that.")
    else:
        verb = "would be removed" if given.dry_run else "removed"
        print(
            f"{plural(found.conversations, 'conversation turn')}, {plural(found.jobs, 'finished job')} and "
            f"{plural(found.events, 'received event')} {verb}; {plural(len(found.contacts), 'contact')} nobody dealt with for long"
            f"{_asked(found, given.dry_run)}."
        )
    return 0


def _asked(found: Due, dry_run: bool) -> str:
    """What becomes of people nobody dealt with for long: nobody is erased without an administrator's word."""
    if not found.contacts:
        return ""
    if dry_run:
        return f", whose erasure an administrator would be asked to confirm, {MOST_PROPOSED} at a time"
    if not found.proposed:
        return "; there is no administrator to ask about their erasure: rapport people add EMAIL --role admin"
    later = len(found.contacts) - found.proposed
    return f", of whom {found.proposed} wait for an administrator to confirm their erasure" + (
        f" and the other {later} are asked about in later runs" if later else ""
    )


def _shown(bars: Bars) -> Callable[[str, int, int], None]:
    known: dict[str, TaskID] = {}

    def show(step: str, done: int, total: int) -> None:
        if step not in known:
            known[step] = bars.add_task(step, total=total)
        bars.update(known[step], completed=done, total=total)

    return show
