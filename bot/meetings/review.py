"""What a meeting says against what the record says -> drafts. Decides purely; nothing is written here."""

import math
import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from bot.cards import Citation
from bot.meetings.attendees import Cast
from bot.meetings.extraction import ActionItem, Extraction, Statement
from bot.meetings.extraction.verbs import HANDS_OVER, content_words
from bot.meetings.meeting import Meeting
from crm_store.base import new_id
from crm_store.changes import Draft
from crm_store.names import Name
from crm_store.people import Caller
from crm_store.queries.deals import DealFacts

_PRICE_NAMED, _LEAST_SCORE = 4, 2
_MOST_FACTOR = 2.0
_MOST_OURS, _MOST_THEIRS = 8, 4
_NEEDED = frozenset(["sign", "approve", "decide", "confirm", "order", "review", "return"])
_MOST_TITLE, _MOST_BODY = 280, 190_000


@dataclass(frozen=True)
class Reviewed:
    """``log`` writes the meeting down; ``rest`` is to be confirmed. ``subject`` is how the meeting is called."""

    interaction_id: str
    subject: str
    log: Draft
    rest: tuple[Draft, ...]
    deal: DealFacts | None


def subject_of(meeting: Meeting, cast: Cast) -> str:
    """The title the source gives, else who it was with."""
    if meeting.title:
        return meeting.title[:200]
    if cast.account is not None:
        return f"Meeting with {cast.account.text}"
    names = [one.name for one in cast.theirs[:3]]
    return f"Meeting with {', '.join(names)}" if names else "Meeting"


def deal_meant(
    meeting: Meeting, deals: tuple[DealFacts, ...], contact_roles: Mapping[str, int], prices: Collection[int]
) -> DealFacts | None:
    """The only open deal, or the one that the words, the people and the prices clearly point to. ``contact_roles`` counts, by
    deal, the attendees who play a part in it; ``prices`` are the sums that were named, in minor units."""
    if len(deals) == 1:
        return deals[0]
    said, title = _words(f"{meeting.title} {meeting.text}"), _words(meeting.title)

    def score(deal: DealFacts) -> int:
        words = _words(deal.name) - _words(deal.account or "")
        named = len(words & said) + len(words & title) + min(2, contact_roles.get(deal.id, 0))
        return named + (_PRICE_NAMED if deal.amount_minor in prices else 0)

    ranked = sorted(deals, key=score, reverse=True)
    if ranked and score(ranked[0]) >= _LEAST_SCORE and (len(ranked) == 1 or score(ranked[0]) > score(ranked[1])):
        return ranked[0]
    return None


def _words(text: str) -> frozenset[str]:
    return content_words(text.replace("-", " "))


def _is_its_price(amount_minor: int, deal: DealFacts, others: Collection[DealFacts]) -> bool:
    """Whether a sum can be this deal's new price: about its size, and nearer to it than to any other open deal's."""
    if not others:
        return True

    def distance(one: DealFacts) -> float:
        return abs(math.log(amount_minor / one.amount_minor)) if one.amount_minor else math.inf

    return distance(deal) <= math.log(_MOST_FACTOR) and all(distance(deal) < distance(other) for other in others)


def review(
    meeting: Meeting, cast: Cast, found: Extraction, deal: DealFacts | None, others: Collection[DealFacts], caller: Caller,
    colleagues: Mapping[str, Name],
) -> Reviewed:  # fmt: skip
    """The drafts of a meeting. ``others`` are the account's other open deals, ``colleagues`` our people by name, who may own
    tasks."""
    interaction_id = new_id()
    subject = subject_of(meeting, cast)
    cite = _Citing(interaction_id, subject, meeting)
    account_id = cast.account.id if cast.account else None
    about: dict[str, Any] = {
        "account_id": account_id,
        "deal_id": deal.id if deal else None,
        "source_id": interaction_id,
    }
    log = Draft(
        "create",
        "interaction",
        {
            "channel": "meeting",
            "direction": "outbound",
            "at": meeting.at,
            "duration_s": meeting.duration_s,
            "subject": subject,
            "body": meeting.text[:_MOST_BODY],
            "turns": [{"speaker": turn.speaker, "offset_s": turn.offset_s, "text": turn.text} for turn in meeting.turns]
            if meeting.speakers
            else [],
            "outcome": _outcome(found),
            "account_id": account_id,
            "deal_id": deal.id if deal else None,
            "owner_id": caller.person_id,
            "contact_ids": [one.id for one in cast.contacts],
            "attendee_names": [one.name for one in cast.strangers],
        },
        interaction_id,
        f"Meeting: {subject}",
        ({"kind": "message", "text": f"Dropped by {caller.name}: {meeting.source_name}", "citation": None},),
    )
    rest = [_task(one, caller, about, cite, colleagues) for one in found.actions if one.side == "us"][:_MOST_OURS]
    rest += [_chase(one, caller, about, cite) for one in found.actions if worth_chasing(one)][:_MOST_THEIRS]
    if deal is not None:
        rest += _deal_updates(found, deal, others, meeting.at.date(), cite)
    if account_id is not None:
        rest += _new_contacts(meeting, cast, account_id, cite)
    return Reviewed(interaction_id, subject, log, tuple(rest), deal)


def worth_chasing(one: ActionItem) -> bool:
    """Whether we wait for it: it has a day, comes to us, or is a word that the deal needs. The rest is only told."""
    ours = re.search(r"\b(?:us|our)\b", one.what) is not None and one.verb in HANDS_OVER
    return one.side == "them" and (one.due is not None or ours or one.verb in _NEEDED)


class _Citing:
    """Evidence in JSON form: the quote and where it was said."""

    def __init__(self, interaction_id: str, subject: str, meeting: Meeting) -> None:
        self._id, self._subject, self._meeting = interaction_id, subject, meeting

    def __call__(self, *quotes: Statement) -> tuple[Mapping[str, Any], ...]:
        return tuple(
            {
                "kind": "quote",
                "text": one.text,
                "citation": citation(one, self._id, self._subject, self._meeting).model_dump(mode="json"),
            }
            for one in quotes
        )


def citation(quote: Statement, interaction_id: str, subject: str, meeting: Meeting) -> Citation:
    """The source of a quote, which opens the logged meeting."""
    return Citation(
        id=f"interaction:{interaction_id}",
        kind="meeting",
        title=subject,
        quote=quote.text,
        speaker=quote.speaker,
        at=meeting.at,
    )


def _outcome(found: Extraction) -> str | None:
    """The last thing that was decided, in their words."""
    return found.decisions[-1].text[:300] if found.decisions else None


def _task(
    one: ActionItem, caller: Caller, about: Mapping[str, Any], cite: _Citing, colleagues: Mapping[str, Name]
) -> Draft:
    owner = colleagues.get(one.who.name) if one.who else None
    values = dict(about) | {
        "title": one.what[:_MOST_TITLE],
        "kind": "promise" if one.promised and about["account_id"] else "task",
        "due": one.due,
        "owner_id": owner.id if owner else caller.person_id,
    }
    kind = "Promise" if values["kind"] == "promise" else "Task"
    whose = "" if owner is None or owner.id == caller.person_id else f" ({owner.text})"
    return Draft("create", "task", values, new_id(), f"{kind}{whose}: {one.what}"[:300], cite(*one.quotes))


def _chase(one: ActionItem, caller: Caller, about: Mapping[str, Any], cite: _Citing) -> Draft:
    who = one.who.name if one.who else "them"
    title = f"Chase {who}: {one.what[:1].lower()}{one.what[1:]}"[:_MOST_TITLE]
    contact = one.who.contact if one.who else None
    values = dict(about) | {
        "title": title,
        "kind": "task",
        "due": one.due,
        "owner_id": caller.person_id,
        "contact_id": contact.id if contact else None,
    }
    return Draft("create", "task", values, new_id(), title, cite(*one.quotes))


def _deal_updates(
    found: Extraction, deal: DealFacts, others: Collection[DealFacts], day: date, cite: _Citing
) -> list[Draft]:
    """Old to new, and only where somebody said so plainly; of two such sentences the later one counts and both are shown."""
    drafts: list[Draft] = []

    def update(values: dict[str, Any], label: str, *quotes: Statement) -> None:
        drafts.append(Draft("update", "deal", values, deal.id, f"{deal.name}: {label}"[:300], cite(*quotes)))

    step = next_step(found, day)
    if step is not None:
        text = (
            step.what
            if step.side == "us"
            else f"{step.who.name if step.who else 'They'}: {step.what[:1].lower()}{step.what[1:]}"
        )
        text = text[:_MOST_TITLE].strip()
        if (text, step.due) != (deal.next_step, deal.next_step_due):
            update({"next_step": text, "next_step_due": step.due}, "next step", *step.quotes[-2:])
    agreed = [one for one in found.sums if one.agreed and not one.approximate]
    if agreed and agreed[-1].amount_minor > 0 and _is_its_price(agreed[-1].amount_minor, deal, others):
        last = agreed[-1]
        currency = last.currency or deal.currency
        if (last.amount_minor, currency) != (deal.amount_minor, deal.currency):
            earlier = [quote for one in agreed[:-1] for quote in one.quotes[:1]][-1:]
            update({"amount_minor": last.amount_minor, "currency": currency}, "amount", *earlier, *last.quotes)
    closing = [one for one in found.days if one.kind == "close"]
    if closing and closing[-1].day != deal.close_date:
        update({"close_date": closing[-1].day}, "close date", *(one.quote for one in closing[-2:]))
    firm = [one for one in found.rivals if one.firm]
    if firm and not (deal.competitor or "").strip():
        update({"competitor": firm[0].name}, "competitor", firm[0].quote)
    return drafts


def next_step(found: Extraction, day: date) -> ActionItem | None:
    """The first of our dated items, else of theirs, else the last thing of ours that was said."""
    for side in ("us", "them"):
        dated = [one for one in found.actions if one.side == side and one.due and one.due >= day]
        if dated:
            return min(dated, key=lambda one: one.due or day)
    ours = [one for one in found.actions if one.side == "us"]
    return ours[-1] if ours else None


def _new_contacts(meeting: Meeting, cast: Cast, account_id: str, cite: _Citing) -> list[Draft]:
    """People of theirs nobody knows yet, by whole name or address."""
    drafts = []
    for one in cast.strangers:
        if (
            one.name in cast.unclear
            or not (one.email or " " in one.name)
            or any(letter.isdigit() for letter in one.name)
        ):
            continue
        values = {"name": one.name, "account_id": account_id, "email": one.email}
        drafts.append(
            Draft(
                "create",
                "contact",
                values,
                new_id(),
                f"New contact: {one.name}",
                ({"kind": "rule", "text": f"{one.name} took part and is not in the record yet.", "citation": None},),
            )
        )
    return drafts
