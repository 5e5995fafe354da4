"""What must hold of every reply of a tool."""

import re

from bot.agent.turn import Found
from bot.cards import BriefCard
from crm_store.access import Scope
from crm_store.queries import interactions
from crm_store.store import Store


def marks(text: str) -> set[int]:
    return {int(number) for number in re.findall(r"\[(\d+)\]", text)}


def assert_cited(found: Found) -> None:
    """Each mark has a citation and each citation a mark, in the text or in a card."""
    shown = found.text + " ".join(
        line for card in found.cards if isinstance(card, BriefCard) for section in card.sections for line in section.lines
    )
    assert marks(shown) == set(range(1, len(found.citations) + 1))


def assert_verbatim(found: Found, store: Store) -> None:
    """What is quoted from an interaction is in its text, its subject or its outcome, word for word."""
    with store.read(Scope.system("test")) as session:
        for citation in found.citations:
            if not citation.id.startswith("interaction:"):
                continue
            row = interactions.interaction(session, citation.id.partition(":")[2])
            whole = "\n".join([row.subject, row.body, row.outcome or "", *(turn.text for turn in row.turns)])
            assert citation.quote in whole
