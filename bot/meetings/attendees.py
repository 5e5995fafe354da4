"""Names and addresses of a meeting -> our people, contacts and the account, among what the caller may see."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Literal

from bot.cards import Asked, Option
from bot.errors import BadInput
from bot.meetings.meeting import Attendee, Meeting
from crm_store.names import Match, Name, Names, winners
from crm_store.people import Caller

Side = Literal["us", "them"]
NO_ACCOUNT = "no account"
_SURE = 0.9


@dataclass(frozen=True)
class Known:
    """An attendee matched to one of us (``person``) or one of them (``contact``); neither when nobody fits."""

    attendee: Attendee
    side: Side
    person: Name | None = None
    contact: Name | None = None

    @property
    def name(self) -> str:
        found = self.person or self.contact
        return found.text if found else self.attendee.name


@dataclass(frozen=True)
class Cast:
    """Who was there. ``account`` is None when nobody could tell, or on purpose; ``unclear`` are names that fit several
    contacts of the account and are therefore left as names."""

    account: Name | None
    known: tuple[Known, ...]
    unclear: tuple[str, ...] = ()
    asked: Asked | None = None
    by_name: dict[str, Known] = field(default_factory=dict)

    @property
    def contacts(self) -> tuple[Name, ...]:
        return tuple(one.contact for one in self.known if one.contact)

    @property
    def theirs(self) -> tuple[Known, ...]:
        return tuple(one for one in self.known if one.side == "them")

    @property
    def strangers(self) -> tuple[Attendee, ...]:
        """Those of them nobody could match."""
        return tuple(one.attendee for one in self.known if one.side == "them" and not one.contact)

    def side_of(self, speaker: str | None) -> Side | None:
        found = self.find(speaker)
        return found.side if found else None

    def find(self, name: str | None) -> Known | None:
        """Who is meant by a name as somebody says it: whole, or the first name where only one has it."""
        return self.by_name.get(_key(name)) if name else None


def recognise(meeting: Meeting, names: Names, caller: Caller, account: str | None) -> Cast:
    """The cast of a meeting; ``asked`` is set when the account cannot be told apart.

    :raises BadInput: when ``account`` names nothing the caller may see.
    """
    ours = {one: person for one in meeting.attendees if (person := _person(one, names, caller))}
    others = [one for one in meeting.attendees if one not in ours]
    found: Name | None = None
    if account is not None and account.strip().lower() == NO_ACCOUNT:
        return _cast(None, meeting, ours, others, names)
    if account is not None:
        found, asked = _named(account, names)
    else:
        found, asked = _voted(meeting, others, names)
    if asked is not None:
        return Cast(None, (), asked=asked)
    return _cast(found, meeting, ours, others, names)


def _person(one: Attendee, names: Names, caller: Caller) -> Name | None:
    if one.email:
        direct = names.find("person", one.email)
        if direct:
            return direct[0].name
    if _key(one.name) in (_key(caller.name), _key(caller.name.split()[0]), "me", "i"):
        return names.get(caller.person_id)
    if " " not in one.name.strip():
        return None
    exact = [match for match in names.find("person", one.name) if match.how == "exact"]
    return exact[0].name if len(exact) == 1 else None


def _named(account: str, names: Names) -> tuple[Name | None, Asked | None]:
    best = winners(names.find("account", account))
    if not best:
        near = names.nearest("account", account)
        hint = f" Did you mean {' or '.join(one.text for one in near)}?" if near else ""
        raise BadInput(f"I can't find an account called {account[:80]} that you can see.{hint}")
    if len(best) > 1:
        return None, Asked(
            text=f"Several accounts fit {account[:80]}. Whose meeting was it?", options=_options(m.name for m in best)
        )
    return best[0].name, None


def _voted(meeting: Meeting, others: list[Attendee], names: Names) -> tuple[Name | None, Asked | None]:
    """The account most of the evidence points to: addresses, then contacts, then what the title says."""
    votes: Counter[str] = Counter()
    for one in others:
        candidates: set[str] = set()
        if one.email:
            accounts = names.find("account", one.email) or names.find("account", one.email.partition("@")[2])
            direct = [match.name.account_id for match in names.find("contact", one.email) if match.how == "email"]
            candidates = {each for each in direct if each} or {
                match.name.id for match in accounts if match.how == "domain"
            }
        weight = 4
        if not candidates and " " in one.name:
            candidates = {match.name.account_id for match in _contacts(one.name, names) if match.name.account_id}
            weight = 4 if len(candidates) == 1 else 1
        elif not candidates:
            candidates = {match.name.account_id for match in _contacts(one.name, names) if match.name.account_id}
            weight = 1
        for each in candidates if len(candidates) <= 8 else ():
            votes[each] += weight
    for text, weight in ((meeting.account or "", 6), (meeting.title, 3)):
        for mention in names.mentions(text) if text else ():
            for match in mention.of("account", "deal"):
                said = match.name.id if match.name.kind == "account" else match.name.account_id
                if said:
                    votes[said] += weight
    ranked = votes.most_common(6)
    if ranked and ranked[0][1] >= 2 and (len(ranked) == 1 or ranked[0][1] > ranked[1][1]):
        return names.get(ranked[0][0]), None
    if ranked:
        likely = [found for each, count in ranked if count * 2 >= ranked[0][1] and (found := names.get(each))]
        return None, Asked(text="Whose meeting was this?", options=_options(likely))
    spoken: Counter[str] = Counter()
    for turn in meeting.turns[:400]:
        for mention in names.mentions(turn.text[:600]):
            spoken.update(match.name.id for match in mention.of("account") if match.score >= 0.8)
            if not others:
                contacts = {match.name.account_id for match in mention.of("contact")}
                spoken.update(each for each in contacts if each and len(contacts) == 1)
    first = spoken.most_common(2)
    if first and not others and first[0][1] >= 2 and (len(first) == 1 or first[0][1] > first[1][1]):
        return names.get(first[0][0]), None  # our own notes, which say whom they are about
    likely = [found for each, _ in spoken.most_common(3) if (found := names.get(each))]
    who = " and ".join(one.name for one in others[:3])
    none = (
        f"{who} {'is' if len(others) == 1 else 'are'} not among the contacts you can see."
        if who
        else "I recognise nobody in it."
    )
    return None, Asked(text=f"Whose meeting was this? {none}", options=_options(likely))


def _options(accounts: Iterable[Name]) -> tuple[Option, ...]:
    return tuple(Option(label=one.text, value=one.text) for one in accounts)


def _contacts(name: str, names: Names) -> list[Match]:
    return [match for match in winners(names.find("contact", name)) if match.score >= (_SURE if " " in name else 0.75)]


def _cast(
    account: Name | None, meeting: Meeting, ours: dict[Attendee, Name], others: list[Attendee], names: Names
) -> Cast:
    known = [Known(one, "us", person=person) for one, person in ours.items()]
    unclear: list[str] = []
    for one in others:
        contact: Name | None = None
        if account is not None:
            matches = [
                match
                for match in names.find("contact", one.email or one.name, account.id)
                if match.name.account_id == account.id
            ]
            if one.email and not matches:
                matches = [
                    match
                    for match in names.find("contact", one.name, account.id)
                    if match.name.account_id == account.id
                ]
            best = [match for match in winners(matches) if match.score >= 0.7]
            if len(best) == 1:
                contact = best[0].name
            elif best:
                unclear.append(one.name)
        if contact is None and account is None and one.email is None and " " not in one.name:
            person = [match for match in names.find("person", one.name) if match.score >= 0.8]
            if len(person) == 1:
                known.append(Known(one, "us", person=person[0].name))
                continue
        if contact is None or all(contact is not other.contact for other in known):
            known.append(Known(one, "them", contact=contact))
    if account is not None and not others:
        known += _named_at_the_top(meeting, account, names)
    return Cast(account, tuple(known), tuple(unclear), None, _by_name(known, account, names))


def _named_at_the_top(meeting: Meeting, account: Name, names: Names) -> list[Known]:
    """Whom notes without a list of those present say they met: the contacts in their first two lines."""
    found: dict[str, Known] = {}
    for turn in meeting.turns[:2] if not meeting.speakers else ():
        for mention in names.mentions(turn.text[:600]):
            there = [match.name for match in mention.of("contact") if match.name.account_id == account.id]
            if len(there) == 1:
                found.setdefault(there[0].id, Known(Attendee(there[0].text), "them", contact=there[0]))
    return list(found.values())


def _by_name(known: list[Known], account: Name | None, names: Names) -> dict[str, Known]:
    """Whole names, and first names that only one has. Those present come before the account's other contacts."""
    found: dict[str, Known] = {}
    absent = []
    if account is not None:
        there = {one.contact.id for one in known if one.contact}
        absent = [
            Known(Attendee(each.text), "them", contact=each)
            for each in names.contacts_of(account.id)
            if each.id not in there
        ]
    for group in (known, absent):
        firsts = Counter(_key(one.name.split()[0]) for one in group)
        for one in group:
            for text in (one.attendee.name, one.name):
                found.setdefault(_key(text), one)
            first = _key(one.name.split()[0])
            if firsts[first] == 1:
                found.setdefault(first, one)
    return found


def _key(name: str) -> str:
    return " ".join(name.lower().split())
