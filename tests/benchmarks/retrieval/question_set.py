"""What a test set is: texts, questions about them, and which texts answer each."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

TODAY = date(2026, 11, 20)
EACH = 150
"""Questions of a set to fit on, and as many to report."""


@dataclass(frozen=True)
class Text:
    """One document of a set; ``header`` is what the indexer would write over it."""

    id: str
    account: str
    kind: str
    at: datetime
    header: str
    body: str


@dataclass(frozen=True)
class Question:
    """``gold`` grades documents: 2 answers it, 1 helps. ``account`` narrows the search to one company, as an entity that the
    agent has resolved does."""

    text: str
    gold: Mapping[str, int]
    account: str | None
    fitting: bool


@dataclass(frozen=True)
class QuestionSet:
    name: str
    texts: tuple[Text, ...]
    questions: tuple[Question, ...]
