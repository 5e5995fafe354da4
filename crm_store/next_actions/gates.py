"""The hard gates: what may not be suggested, whatever its score. Each says why in a sentence that is kept."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cached_property

from crm_store.models import RETRACTED
from crm_store.next_actions.candidate import Candidate, Refusal, Rule
from crm_store.next_actions.facts import ConsentFact, EventFact, Facts
from crm_store.next_actions.words import day_words

CONTACT_DAYS, CONTACT_CAP = 14, 2
MARKETING_DAYS, MARKETING_CAP = 7, 1
COOL_DOWN_DAYS = 14


@dataclass(frozen=True)
class Passed:
    """The channel that a customer-facing action may use; None for one that stays with us."""

    channel: str | None


@dataclass(frozen=True)
class Gates:
    """The ledgers of one round. ``person_id`` is whose list it is; ``marketing_rules`` count against the marketing
    cap."""

    facts: Facts
    today: date
    person_id: str
    marketing_rules: frozenset[str]

    def check(self, rule: Rule, candidate: Candidate) -> Passed | Refusal:
        """The first gate that holds it back, in the order of the catalogue."""
        passed = self._may_contact(rule, candidate) if rule.customer_facing else Passed(None)
        return passed if isinstance(passed, Refusal) else self._cooled_down(candidate) or passed

    def touches(self, contact_id: str | None, days: int = CONTACT_DAYS) -> int:
        """How often we reached out to this contact, campaigns included, in the last ``days`` days."""
        if contact_id is None:
            return 0
        since = self.facts.now - timedelta(days=days)
        direct = sum(
            touch.to_them and since < touch.at <= self.facts.now
            for touch in self.facts.touches_of_contact.get(contact_id, ())
        )
        return direct + sum(since < at <= self.facts.now for at in self._sends.get(contact_id, ()))

    def _may_contact(self, rule: Rule, candidate: Candidate) -> Passed | Refusal:
        contact = self.facts.contact_by_id.get(candidate.contact_id or "")
        if candidate.contact_id is None or contact is None:
            if rule.purpose == "marketing" or candidate.contact_id is not None:
                return Refusal(candidate, "suitable", "There is nobody on record whom we may write to.")
            return Passed(None)
        if contact.left_on is not None and contact.left_on <= self.today:
            return Refusal(candidate, "suitable", f"{contact.name} no longer works there.")
        channel = self._channel(rule, contact.id)
        if channel is None:
            asked = any(key[0] == contact.id and key[2] == rule.purpose for key in self._consents)
            said = "withdrew or did not give" if asked else "never gave"
            return Refusal(candidate, "consent", f"{contact.name} {said} consent to {rule.purpose} messages.")
        if contact.do_not_contact:
            return Refusal(candidate, "objection", f"{contact.name} asked not to be contacted.")
        recent = self.touches(contact.id)
        if recent >= CONTACT_CAP:
            return Refusal(
                candidate,
                "contact cap",
                f"{contact.name} was contacted {recent} times in {CONTACT_DAYS} days; {CONTACT_CAP} is the limit.",
            )
        if rule.purpose == "marketing" and self._marketing(contact.id) >= MARKETING_CAP:
            return Refusal(
                candidate, "contact cap", f"{contact.name} had a marketing message in the last {MARKETING_DAYS} days."
            )
        return Passed(channel)

    def _channel(self, rule: Rule, contact_id: str) -> str | None:
        """The first channel the ledger's newest line allows: marketing needs a grant, service no withdrawal."""
        for channel in rule.channels:
            line = self._consents.get((contact_id, channel, rule.purpose or ""))
            if (line is not None and line.status == "granted") or (line is None and rule.purpose == "service"):
                return channel
        return None

    def _marketing(self, contact_id: str) -> int:
        since = self.facts.now - timedelta(days=MARKETING_DAYS)
        done = sum(
            event.event == "done"
            and event.rule in self.marketing_rules
            and event.subject_id == contact_id
            and since < event.at <= self.facts.now
            for event in self.facts.events
        )
        return done + sum(since < at <= self.facts.now for at in self._sends.get(contact_id, ()))

    def _cooled_down(self, candidate: Candidate) -> Refusal | None:
        mine = self._events.get((candidate.rule, candidate.subject_id), [])
        snoozed = max(
            (event.until for event in mine if event.event == "snoozed" and event.until is not None), default=None
        )
        if snoozed is not None and snoozed > self.today:
            return Refusal(candidate, "cool-down", f"You snoozed this until {day_words(snoozed, self.today)}.")
        dismissed = [event for event in mine if event.event == "not_useful"]
        if dismissed:
            until = max(event.at for event in dismissed).date() + timedelta(
                days=COOL_DOWN_DAYS * 2 ** min(len(dismissed) - 1, 8)
            )
            if until > self.today:
                return Refusal(
                    candidate,
                    "cool-down",
                    f"You called this not useful; it stays away until {day_words(until, self.today)}.",
                )
        done = max((event.at.date() for event in mine if event.event == "done"), default=None)
        if done is not None and candidate.trigger <= done and done + timedelta(days=COOL_DOWN_DAYS) > self.today:
            return Refusal(candidate, "cool-down", f"You marked this done on {day_words(done, self.today)}.")
        return None

    @cached_property
    def _consents(self) -> dict[tuple[str, str, str], ConsentFact]:
        """The newest line per contact, channel and purpose."""
        newest: dict[tuple[str, str, str], ConsentFact] = {}
        for line in sorted(self.facts.consents, key=lambda line: (line.at, line.id)):
            newest[line.contact_id, line.channel, line.purpose] = line
        return {key: line for key, line in newest.items() if line.status != RETRACTED}

    @cached_property
    def _sends(self) -> dict[str, list[datetime]]:
        found: dict[str, list[datetime]] = defaultdict(list)
        for send in self.facts.sends:
            found[send.contact_id].append(send.at)
        return dict(found)

    @cached_property
    def _events(self) -> dict[tuple[str, str], list[EventFact]]:
        found: dict[tuple[str, str], list[EventFact]] = defaultdict(list)
        for event in self.facts.events:
            if event.person_id == self.person_id:
                found[event.rule, event.subject_id].append(event)
        return dict(found)
