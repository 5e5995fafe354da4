"""The score of a candidate, factor by factor, and nothing random in it."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property

from crm_store.next_actions.candidate import Candidate, Factors, Rule
from crm_store.next_actions.facts import EventFact, Facts
from crm_store.next_actions.gates import Gates

PRIOR_WEIGHT = 10  # shown suggestions that the prior is worth
FATIGUE = 0.87  # what is left of the expected conversion after each touch, measured on a bank's campaign data
LEAST_SHARE = 0.02  # of the cap: an action with no amount is small, not worthless
COMPLAINT_DAYS = 30
COMPLAINT_SCORE = 2
URGENT = frozenset({"high", "urgent"})


@dataclass(frozen=True)
class Scoring:
    """``cap_minor`` is the 95th percentile of the values in play; ``levers`` are an administrator's percentages per
    rule."""

    facts: Facts
    gates: Gates
    today: date
    person_id: str
    cap_minor: int
    levers: Mapping[str, int]

    def factors(self, rule: Rule, candidate: Candidate) -> Factors:
        return Factors(
            p=round(self._accepted(rule), 4),
            e=rule.effect,
            v=round(max(min(candidate.value_minor, self.cap_minor), self.cap_minor * LEAST_SHARE, 1) / 100, 2),
            u=round(self._urgency(rule, candidate), 4),
            c=self.context(rule, candidate),
            f=round(FATIGUE ** self.gates.touches(candidate.contact_id), 4),
            l=max(1 + self.levers.get(rule.name, 0) / 100, 0.0),
        )

    def context(self, rule: Rule, candidate: Candidate) -> float:
        """An open complaint doubles what keeps a customer and blocks what asks more of them."""
        if rule.bearing == "neutral" or candidate.account_id not in self._complaining:
            return 1.0
        return 2.0 if rule.bearing == "retention" else 0.0

    def _accepted(self, rule: Rule) -> float:
        """The Beta mean: everyone's acceptance smooths this person's, the prior smooths everyone's."""
        everyone = (self._counts[rule.name, "done"] + PRIOR_WEIGHT * rule.accept) / (
            self._counts[rule.name, "shown"] + PRIOR_WEIGHT
        )
        mine, shown = self._own[rule.name, "done"], self._own[rule.name, "shown"]
        return min((mine + PRIOR_WEIGHT * everyone) / (shown + PRIOR_WEIGHT), 1.0)

    def _urgency(self, rule: Rule, candidate: Candidate) -> float:
        if candidate.deadline is not None:
            return float(0.5 ** (max((candidate.deadline - self.today).days, 0) / rule.half_life))
        return float(0.5 ** (max((self.today - candidate.trigger).days, 0) / rule.half_life))

    @cached_property
    def _complaining(self) -> frozenset[str]:
        recent = self.facts.now - timedelta(days=COMPLAINT_DAYS)
        return frozenset(
            case.account_id
            for case in self.facts.cases
            if case.account_id is not None
            and (
                (case.status != "closed" and case.priority in URGENT)
                or (
                    case.satisfaction is not None
                    and case.satisfaction <= COMPLAINT_SCORE
                    and case.closed_at is not None
                    and recent < case.closed_at <= self.facts.now
                )
            )
        )

    @cached_property
    def _counts(self) -> Counter[tuple[str, str]]:
        return Counter((event.rule, event.event) for event in self._earlier)

    @cached_property
    def _own(self) -> Counter[tuple[str, str]]:
        return Counter((event.rule, event.event) for event in self._earlier if event.person_id == self.person_id)

    @cached_property
    def _earlier(self) -> tuple[EventFact, ...]:
        """Feedback until yesterday, so that looking at the list does not reorder it within the day."""
        return tuple(event for event in self.facts.events if event.at.date() < self.today)


def percentile_95(values: Sequence[int]) -> int:
    """The value that 95 of 100 do not exceed (nearest rank); 0 for none."""
    if not values:
        return 0
    ordered = sorted(values)
    return ordered[-(-95 * len(ordered) // 100) - 1]
