"""Sources and figures of one reply: each claim's citation, its mark, and the numbers behind the words."""

from collections.abc import Iterable
from datetime import UTC, date, datetime, time
from typing import cast, get_args

from bot.cards import Card, Citation, CitationKind, Figure
from crm_store.queries.cases import CaseFacts, SurveyFacts
from crm_store.queries.contacts import ConsentFacts, ContactFacts, RoleFacts
from crm_store.queries.deals import DealFacts, HistoryFacts
from crm_store.queries.interactions import InteractionFacts
from crm_store.queries.purchases import OrderFacts, SubscriptionFacts
from crm_store.queries.tasks import TaskFacts

_KINDS = frozenset(get_args(CitationKind))
QUOTE_CHARACTERS = 240


class Sources:
    """Collects what a reply rests on. :meth:`mark` gives ``[n]`` for a citation, the same one for the same quote."""

    def __init__(self) -> None:
        self._citations: list[Citation] = []
        self._figures: list[Figure] = []
        self.cards: list[Card] = []

    @property
    def citations(self) -> tuple[Citation, ...]:
        return tuple(self._citations)

    @property
    def figures(self) -> tuple[Figure, ...]:
        return tuple(self._figures)

    def mark(self, citation: Citation) -> str:
        for position, known in enumerate(self._citations):
            if (known.id, known.quote) == (citation.id, citation.quote):
                return f"[{position + 1}]"
        self._citations.append(citation)
        return f"[{len(self._citations)}]"

    def mark_source(self, citation: Citation) -> str:
        """The mark of an earlier citation of the same row, whatever it quotes, or of this one."""
        known = next((each for each in self._citations if each.id == citation.id), citation)
        return self.mark(known)

    def figure(self, label: str, value: int | float, unit: str) -> None:
        figure = Figure(label=label, value=value, unit=unit)
        if figure not in self._figures:
            self._figures.append(figure)

    def figure_sums(self, label: str, sums: Iterable[tuple[str, int]]) -> None:
        for currency, amount in sums:
            self.figure(label, amount, currency)


def kind_of(channel: str) -> CitationKind:
    return cast(CitationKind, channel if channel in _KINDS else "note")


def clipped(text: str, most: int = QUOTE_CHARACTERS) -> str:
    """The beginning of ``text`` up to ``most`` characters, cut at a space; verbatim, nothing is added."""
    text = text.strip()
    if len(text) <= most:
        return text
    piece = text[:most]
    return piece[: piece.rfind(" ")] if " " in piece else piece


def cite_interaction(source: InteractionFacts, quote: str, speaker: str | None) -> Citation:
    return Citation(
        id=f"interaction:{source.id}",
        kind=kind_of(source.channel),
        title=source.subject,
        quote=clipped(quote),
        speaker=speaker,
        at=source.at,
        url=source.url,
    )


def cite_deal(deal: DealFacts, quote: str, at: datetime | None = None) -> Citation:
    return Citation(id=f"deal:{deal.id}", kind="deal", title=deal.name, quote=quote, at=at or deal.updated_at)


def cite_history(deal: DealFacts, line: HistoryFacts, words: str) -> Citation:
    return Citation(id=f"deal:{deal.id}", kind="deal", title=deal.name, quote=words, speaker=line.by, at=line.at)


def cite_role(role: RoleFacts) -> Citation:
    return Citation(
        id=f"deal:{role.deal_id}",
        kind="deal",
        title=role.deal,
        quote=f"{role.contact}: {role.role.replace('_', ' ')}",
        at=role.deal_updated_at,
    )


def cite_task(task: TaskFacts) -> Citation:
    return Citation(
        id=f"task:{task.id}",
        kind="task",
        title="Promise" if task.kind == "promise" else "Task",
        quote=clipped(task.title),
        speaker=task.owner,
        at=task.created_at,
    )


def cite_case(case: CaseFacts) -> Citation:
    return Citation(
        id=f"case:{case.id}",
        kind="case",
        title=f"Case {case.number}: {case.subject}",
        quote=clipped(case.description or case.subject),
        speaker=case.contact,
        at=case.opened_at,
    )


def cite_survey(survey: SurveyFacts) -> Citation:
    return Citation(
        id=f"survey:{survey.id}",
        kind="survey",
        title=f"{survey.kind.upper()} {survey.score}",
        quote=clipped(survey.comment or f"Score {survey.score}"),
        speaker=survey.contact,
        at=survey.at,
    )


def cite_order(order: OrderFacts) -> Citation:
    bought = ", ".join(f"{quantity} x {name}" for name, quantity in order.products)
    return Citation(
        id=f"order:{order.id}",
        kind="order",
        title=f"Order {order.number}",
        quote=clipped(bought or order.number),
        at=at_noon(order.ordered_on),
    )


def cite_subscription(subscription: SubscriptionFacts) -> Citation:
    return Citation(
        id=f"subscription:{subscription.id}",
        kind="subscription",
        title=f"{subscription.product} subscription",
        quote=f"{subscription.product}, ends {subscription.ends_on.isoformat()}",
        at=subscription.updated_at,
    )


def cite_contact(contact: ContactFacts, quote: str) -> Citation:
    return Citation(
        id=f"contact:{contact.id}", kind="contact", title=contact.name, quote=clipped(quote), at=contact.updated_at
    )


def cite_consent(contact: ContactFacts, consent: ConsentFacts) -> Citation:
    return Citation(
        id=f"contact:{contact.id}",
        kind="contact",
        title=f"Consent of {contact.name}",
        quote=clipped(f"{consent.channel}, {consent.purpose}: {consent.status} ({consent.source})"),
        at=consent.at,
    )


def at_noon(day: date) -> datetime:
    """A day as a moment, for sources that are dated by day."""
    return datetime.combine(day, time(12), UTC)
