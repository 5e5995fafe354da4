"""Duplicates and merges: ``rapport duplicates`` and ``rapport merge``, and the words of a merge for every front end."""

import argparse
from collections.abc import Sequence
from dataclasses import asdict

from rich.console import Console

from bot.agent.turn import Turn
from bot.app import Rapport, now
from bot.cards import ProposalView
from bot.errors import BadInput
from bot.merge_words import merge_draft
from bot.printing import print_answer, print_json, proposal_object
from bot.proposals import propose
from bot.questions import Answer
from bot.settings import Settings
from crm_store.access import ScopedSession
from crm_store.duplicates import Duplicate, duplicate_accounts, duplicate_contacts
from crm_store.errors import NotVisible
from crm_store.people_data.subject import find_contacts
from crm_store.queries import accounts


def duplicates(settings: Settings, given: argparse.Namespace) -> int:
    """List the likeliest pairs among what the caller sees."""
    with Rapport(settings) as rapport:
        rapport.open()
        caller = rapport.caller_for_email(given.as_)
        with rapport.store.read(caller.scope) as session:
            found: Sequence[Duplicate] = ()
            if given.kind in (None, "account"):
                found = [*found, *duplicate_accounts(session, limit=given.limit)]
            if given.kind in (None, "contact"):
                found = [*found, *duplicate_contacts(session, limit=given.limit)]
    for pair in found:
        if given.json:
            print_json(asdict(pair))
        else:
            print(f"{pair.probability:4.0%}  {pair.kind:8} {pair.keep.name} ({pair.keep.id})")
            print(f"      {'':8} {pair.other.name} ({pair.other.id})")
            print(f"      {'':8} {'; '.join(pair.reasons)}")
    if not found and not given.json:
        print("No two records look like one.")
    return 0


def merge(settings: Settings, given: argparse.Namespace) -> int:
    """Propose a merge, or with ``--yes`` do it."""
    with Rapport(settings) as rapport:
        rapport.open(hold_index=True)
        caller = rapport.caller_for_email(given.as_)
        turn = rapport.turn(caller, "merge", now())
        with turn.read() as session:
            kept, lost = (_id(session, given.kind, text) for text in (given.keep, given.other))
        view = _propose(turn, given.kind, kept, lost)
        if given.yes:
            answer = rapport.confirm(caller, view.id, origin="cli")
            rapport.run_due_jobs()
        else:
            answer = Answer(text=view.summary, proposals=(view,))
    if given.json:
        print_json({"text": answer.text, "proposals": [proposal_object(each) for each in answer.proposals]})
    else:
        print_answer(answer, Console())
        for each in answer.proposals:
            if each.change_id:
                print(f"Change {each.change_id} (rapport undo {each.change_id} --as {given.as_} takes it back)")
            else:
                print(f"Confirm it with: rapport confirm {each.id} --as {given.as_}")
    return 0


def _propose(turn: Turn, kind: str, kept: str, lost: str) -> ProposalView:
    with turn.read() as session:
        draft, summary = merge_draft(session, kind, kept, lost)
    return propose(turn, [draft], summary)


def _id(session: ScopedSession, kind: str, text: str) -> str:
    """The row that an id, an e-mail address or a whole name means; a name that several have is refused."""
    found = [row.id for row in find_contacts(session, text)] if kind == "contact" else accounts.named(session, text)
    if not found:
        raise NotVisible(f"I can't find an {kind} called {text} that you can see.")
    if len(found) > 1:
        raise BadInput(f"{text} is the name of {len(found)}: give the id ('rapport duplicates' prints it).")
    return found[0]
