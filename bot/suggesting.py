"""What people say of suggested next actions, kept so that the next list is better."""

from datetime import date
from typing import Literal, get_args

from bot.agent.turn import Turn
from bot.cards import SuggestionsCard
from bot.errors import BadInput
from crm_store.next_actions import RULES, Candidate, Suggestion, find_candidate, plan_for, record_event

Word = Literal["done", "snoozed", "not_useful"]
_UNKNOWN = "I don't know that suggestion; ask what to do next to see the current ones."


def keep_word(turn: Turn, suggestion_id: str, event: str, until: date | None) -> None:
    """Keep that a suggestion (``rule:subject id``) was done, snoozed until a day, or not useful, with the factors of
    its score as they were.

    :raises BadInput: when it is no suggestion, or nothing that can be said of one.
    """
    name, _, subject_id = suggestion_id.partition(":")
    word: Word | None = next((each for each in get_args(Word) if each == event), None)
    if word is None or not subject_id or name not in {rule.name for rule in RULES}:
        raise BadInput(_UNKNOWN)
    with turn.read() as session:
        plan = plan_for(
            session, turn.caller.covers, turn.today, person_id=turn.caller.person_id, now=turn.now,
            currency=turn.settings.currency,
        )  # fmt: skip
    found = find_candidate(plan, suggestion_id)
    if found is None:
        raise BadInput(_UNKNOWN)
    candidate: Candidate = found.candidate
    factors = dict(found.factors.named()) if isinstance(found, Suggestion) else {}
    with turn.store.write(turn.caller.scope) as session:
        record_event(
            session, turn.caller.person_id, candidate.rule, candidate.subject, subject_id, word, until, turn.now, factors
        )


def keep_shown(turn: Turn, card: SuggestionsCard) -> None:
    """Keep that these suggestions were shown, once a day each: how often one is taken up is learnt against that."""
    with turn.store.write(turn.caller.scope) as session:
        for line in card.suggestions:
            subject_id = line.id.partition(":")[2]
            record_event(
                session, turn.caller.person_id, line.rule, line.subject, subject_id, "shown", None, turn.now, dict(line.factors)
            )
