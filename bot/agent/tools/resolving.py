"""From what somebody typed to the one row they mean: shared by every tool.

Nothing found is always said in the same words, whether the row does not exist or may not be seen. Several found becomes
a question; the call waits in ``Found.open_call`` with everything that was said, so that only the choice is asked for.
"""

import inspect
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import wraps
from typing import TypeVar, cast

from bot import wording
from bot.agent.turn import Found, OpenCall, Turn
from bot.cards import Asked, Option
from crm_store.access import ScopedSession
from crm_store.errors import NotVisible
from crm_store.models import Role
from crm_store.names import Kind, Match, Name, Names, winners
from crm_store.people import Caller
from crm_store.queries import accounts, contacts, deals, people
from crm_store.queries.accounts import AccountFacts
from crm_store.queries.contacts import ContactFacts
from crm_store.queries.deals import DealFacts, DealFilter
from crm_store.queries.visible import is_visible

Tool = TypeVar("Tool", bound=Callable[..., Found])
_ID_CHARACTERS = 36
_PARTLY = ", as far as you can see"
"""Said of colleagues whose records the reader sees only in part: their numbers are no totals."""
_PLACE = (", ", " at ", " from ", " @ ", " of ")
_MOST_OPTIONS = 6


class Unresolved(Exception):
    """An argument that names nothing, or more than one thing: what to say, which argument it was and what it said."""

    def __init__(self, found: Found, missing: str, said: str = "") -> None:
        super().__init__(found.text)
        self.found = found
        self.missing = missing
        self.said = said


def asking(tool: Tool) -> Tool:
    """Turn an :class:`Unresolved` inside ``tool`` into its reply, with the call left open for the answer."""
    signature = inspect.signature(tool)

    @wraps(tool)
    def answered(turn: Turn, *args: object, **kwargs: object) -> Found:
        try:
            return tool(turn, *args, **kwargs)
        except Unresolved as outcome:
            if outcome.found.question is None:
                return outcome.found
            given = signature.bind(turn, *args, **kwargs).arguments
            return replace(
                outcome.found, open_call=OpenCall(tool.__name__, _plain_args(given, outcome), outcome.missing)
            )

    return cast(Tool, answered)


def _plain_args(given: Mapping[str, object], outcome: Unresolved) -> dict[str, object]:
    """The arguments in JSON form, without the turn and empty ones. The one that is asked for is left out; where it is a
    list only the entry in doubt is, and the answer joins the rest."""
    kept: dict[str, object] = {}
    for name, value in given.items():
        if isinstance(value, Turn) or value is None:
            continue
        if name == outcome.missing:
            if isinstance(value, list):
                kept[name] = [each for each in value if each != outcome.said]
            continue
        kept[name] = value.isoformat() if isinstance(value, date | datetime) else value
    return kept


def ask(text: str, options: tuple[Option, ...], missing: str, said: str = "") -> Unresolved:
    """A question for one argument, to be raised; ``said`` is what that argument held."""
    return Unresolved(Found(text, question=Asked(text=text, options=options[:_MOST_OPTIONS])), missing, said)


def account_of(session: ScopedSession, turn: Turn, text: str, *, missing: str = "account") -> AccountFacts:
    """The account that ``text`` names. :raises Unresolved: none or several."""
    return accounts.account(session, _one(session, turn, "account", text, missing), now=turn.now)


def contact_of(
    session: ScopedSession, turn: Turn, text: str, *, account_id: str | None = None, missing: str = "contact"
) -> ContactFacts:
    """The contact that ``text`` names; those of ``account_id`` are preferred. :raises Unresolved: none or several."""
    found = _one(session, turn, "contact", text, missing, near_account_id=account_id)
    return contacts.contact(session, found, now=turn.now)


def deal_of(
    session: ScopedSession, turn: Turn, text: str, *, account_id: str | None = None, missing: str = "deal"
) -> DealFacts:
    """The deal that ``text`` names; an account's name will do where it has one open deal.

    :raises Unresolved: none or several.
    """
    if is_id(text):
        return deals.deal(session, _one(session, turn, "deal", text, missing), now=turn.now)
    names = turn.names(session)
    best = winners(names.find("deal", text, near_account_id=account_id))
    if not best:
        raise _not_found(names, "deal", text, missing)
    if len(best) == 1:
        return deals.deal(session, best[0].name.id, now=turn.now)
    wanted = DealFilter(deal_ids=frozenset(match.name.id for match in best))
    rows = deals.deals(session, wanted, now=turn.now, limit=_MOST_OPTIONS).rows
    still_open = [row for row in rows if row.status == "open"]
    if len(still_open) == 1:
        return still_open[0]
    raise ask(f"Which deal do you mean by “{text}”?", deal_options(rows), missing)


@dataclass(frozen=True, slots=True)
class Owners:
    """Whose records are meant: ``ids`` is None for everyone's; ``whose`` reads before a noun, ``by`` after one."""

    ids: frozenset[str] | None
    whose: str
    by: str
    own: bool = False


def owners_of(
    session: ScopedSession, turn: Turn, text: str, *, team_of_manager: bool = True, missing: str = "owner"
) -> Owners:
    """``me``, ``team``, ``everyone``, a person, a team, "Mei's team", or several of these with commas between them. A manager's
    own is the team's where ``team_of_manager`` and nobody else is named."""
    wanted = text.strip().casefold()
    caller = turn.caller
    if "," in wanted:
        parts = [part for part in text.split(",") if part.strip()]
        return _together([owners_of(session, turn, part, team_of_manager=False, missing=missing) for part in parts])
    if wanted.endswith("'s team"):
        lead = person_of(session, turn, text.strip()[: -len("'s team")], missing=missing)
        return _covered(caller, people.led_by(session, lead.id), f"{lead.name}'s team")
    if wanted in ("", "me", "mine", "my", "i", "own"):
        if team_of_manager and caller.manages:
            wanted = "team"
        else:
            return Owners(frozenset({caller.person_id}), "your", "you", own=True)
    if wanted in ("team", "my team", "our team", "us", "our", "we"):
        if caller.role == Role.ADMIN:  # also what belongs to nobody, as after an import
            return Owners(None, "all", "everyone")
        if caller.manages:
            return Owners(caller.covers, "your team's", "your team")
        if caller.team_id is not None:
            return Owners(people.team_members(session, caller.team_id), "your team's", f"your team{_PARTLY}")
        return Owners(frozenset({caller.person_id}), "your", "you", own=True)
    if wanted in ("everyone", "everybody", "all", "anyone", "any", "company"):
        return Owners(None, "all", "everyone")
    if wanted == caller.person_id:
        return Owners(frozenset({caller.person_id}), "your", "you", own=True)
    names = turn.names(session)
    named = names.get(text)
    if named is not None and named.kind == "team":
        return _team(session, caller, named.id, named.text)
    persons = winners(names.find("person", text))
    teams = winners(names.find("team", text))
    if teams and (not persons or teams[0].score > persons[0].score):
        team = teams[0].name
        return _team(session, caller, team.id, team.text)
    found = people.person(session, _one(session, turn, "person", text, missing))
    if found.id == caller.person_id:
        return Owners(frozenset({caller.person_id}), "your", "you", own=True)
    partly = "" if caller.scope.everything or found.id in caller.covers else _PARTLY
    return Owners(frozenset({found.id}), f"{found.name}'s", f"{found.name}{partly}")


def _team(session: ScopedSession, caller: Caller, team_id: str, name: str) -> Owners:
    return _covered(caller, people.team_members(session, team_id), f"team {name}")


def _covered(caller: Caller, members: frozenset[str], name: str) -> Owners:
    partly = "" if caller.scope.everything or members <= caller.covers else _PARTLY
    return Owners(members, f"{name}'s", f"{name}{partly}")


def _together(each: Sequence[Owners]) -> Owners:
    """Everyone who is meant by any of ``each``."""
    everyone = any(one.ids is None for one in each)
    ids = None if everyone else frozenset[str]().union(*(one.ids for one in each if one.ids is not None))
    whose, by = (wording.join(list(dict.fromkeys(words))) for words in ([one.whose for one in each], [one.by for one in each]))
    return Owners(ids, whose, by)


def person_of(session: ScopedSession, turn: Turn, text: str, *, missing: str = "owner") -> people.PersonFacts:
    """One of us: ``me`` or a name."""
    if text.strip().casefold() in ("", "me", "myself", "i"):
        return people.person(session, turn.caller.person_id)
    return people.person(session, _one(session, turn, "person", text, missing))


def is_id(text: str) -> bool:
    return len(text) == _ID_CHARACTERS and text.count("-") == 4


def _one(
    session: ScopedSession, turn: Turn, kind: Kind, text: str, missing: str, *, near_account_id: str | None = None
) -> str:
    """The id of the one row of ``kind`` that is named. An id is taken as it is, when its row may be seen."""
    if is_id(text):
        return _seen(session, turn, kind, text, missing)
    names = turn.names(session)
    best = winners(names.find(kind, text, near_account_id=near_account_id))
    if not best and kind == "contact":
        best = _placed(names, text)
    if len(best) == 1:
        return best[0].name.id
    if best:
        raise ask(f"Which “{text}” do you mean?", _options(names, [match.name for match in best]), missing, text)
    raise _not_found(names, kind, text, missing)


def _placed(names: Names, text: str) -> list[Match]:
    """Contacts named with their account: "Anna, Meridian", "Anna from Meridian"."""
    person, _, place = next((found for part in _PLACE if (found := text.partition(part))[1]), (text, "", ""))
    if not place:
        return []
    accounts = {match.name.id for match in winners(names.find("account", place))}
    return winners([match for match in names.find("contact", person) if match.name.account_id in accounts])


def _seen(session: ScopedSession, turn: Turn, kind: Kind, id: str, missing: str) -> str:
    try:
        there = bool(people.person(session, id)) if kind == "person" else is_visible(session, kind, id)
    except NotVisible:
        there = False
    if not there:
        raise _not_found(turn.names(session), kind, "that", missing)
    return id


def _options(names: Names, found: Sequence[Name]) -> tuple[Option, ...]:
    options = []
    for name in found[:_MOST_OPTIONS]:
        account = names.get(name.account_id) if name.account_id else None
        label = ", ".join(part for part in (name.text, account.text if account else "") if part)
        options.append(Option(label=label[:75], value=name.id))
    return tuple(options)


def deal_options(rows: Sequence[DealFacts]) -> tuple[Option, ...]:
    return tuple(Option(label=f"{row.name}, {row.stage}"[:75], value=row.id) for row in rows)


def _not_found(names: Names, kind: Kind, text: str, missing: str) -> Unresolved:
    """The same words for what does not exist and for what may not be seen."""
    noun = "colleague" if kind == "person" else kind
    article = "an" if noun[0] in "aeiou" else "a"
    said = f"I can't find {article} {noun} called {text.strip()[:80]} that you can see."
    nearest = names.nearest(kind, text, 3)
    if not nearest:
        return Unresolved(Found(said), missing, text)
    question = Asked(text="Did you mean one of these?", options=_options(names, nearest))
    return Unresolved(Found(said, question=question), missing, text)
