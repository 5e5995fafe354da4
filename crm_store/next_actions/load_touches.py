"""Which interactions the rules look at. Each question names its own; all are read together, once."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Select, and_, func, or_, select
from sqlalchemy.orm import Session

from crm_store.hints import unindexed
from crm_store.models import Account, Contact, Deal, Interaction, Participant
from crm_store.next_actions.facts import TWO_WAY, TouchFact
from crm_store.next_actions.rules.meeting_unlogged import WITHIN_DAYS as MEETING_DAYS

LOOK_BACK = timedelta(days=400)
_PAGE = 1_000
_HEARD = or_(
    Interaction.direction == "inbound",
    and_(Interaction.channel.in_(sorted(TWO_WAY)), Interaction.direction != "internal"),
)
"""As :attr:`TouchFact.heard`."""


def pages(keys: Sequence[str]) -> Iterator[Sequence[str]]:
    """The keys in lists that a statement can hold."""
    return (keys[start : start + _PAGE] for start in range(0, len(keys), _PAGE))


def paged(session: Session, statement: Any, column: Any, keys: Sequence[str]) -> Iterator[Any]:
    """The rows of ``statement`` whose ``column`` is one of ``keys``, in no order."""
    for page in pages(keys):
        yield from session.execute(statement.where(column.in_(page)))


class Touches:
    """Collects the ids that were asked for; :meth:`read` gives every one once, oldest first."""

    def __init__(self, session: Session, now: datetime) -> None:
        self._session, self._now = session, now
        self._wanted: set[str] = set()
        self._known: dict[str, TouchFact] = {}
        self._past = (Interaction.at <= now, Interaction.at > now - LOOK_BACK)

    def named(self, ids: Iterable[str]) -> None:
        self._wanted.update(ids)

    def newest_of_deals(self, open_deals: Sequence[str]) -> None:
        """The last thing that happened on each of these deals."""
        newest = self._newest(Interaction.deal_id == Deal.id).correlate(Deal).scalar_subquery()
        for page in pages(open_deals):
            self._take(select(newest).select_from(Deal).where(Deal.id.in_(page)))

    def newest_talks(self, account_ids: Sequence[str]) -> None:
        """The last call or meeting with each of these accounts."""
        talk = (Interaction.account_id == Account.id, Interaction.channel.in_(sorted(TWO_WAY)))
        newest = self._newest(*talk).correlate(Account).scalar_subquery()
        for page in pages(account_ids):
            self._take(select(newest).select_from(Account).where(Account.id.in_(page)))

    def newest_of_contacts(self, account_ids: Sequence[str]) -> None:
        """The last time that each contact of these accounts took part."""
        newest = (
            self._newest(Participant.contact_id == Contact.id)
            .join(Participant, Participant.interaction_id == Interaction.id)
            .correlate(Contact)
            .scalar_subquery()
        )
        for page in pages(account_ids):
            self._take(select(newest).select_from(Contact).where(Contact.account_id.in_(page)))

    def since_heard(self, contact_ids: Sequence[str]) -> None:
        """What passed with each of these contacts since they were last heard, that included."""
        itself = select(Interaction.at).where(Interaction.id == Participant.interaction_id).correlate(Participant)
        heard = func.max(itself.where(_HEARD, *self._past).scalar_subquery()).over(partition_by=Participant.contact_id)
        for page in pages(contact_ids):
            # looked up one by one: joined, PostgreSQL reads every interaction instead
            passed = (
                select(Participant.interaction_id, itself.scalar_subquery().label("at"), heard.label("heard"))
                .where(Participant.contact_id.in_(page))
                .subquery()
            )
            self._take(select(passed.c.interaction_id).where(passed.c.at >= passed.c.heard))

    def planned(self, known: Sequence[str]) -> None:
        """What is still to come with these accounts."""
        for page in pages(known):
            ahead = (Interaction.at > self._now, unindexed(Interaction.account_id).in_(page))
            self._take(select(Interaction.id).where(*ahead))

    def meetings(self, owners: Sequence[str]) -> None:
        """Meetings of late with nothing written down."""
        written = or_(func.length(func.trim(Interaction.body)) > 0, func.length(Interaction.outcome) > 0)
        since = self._now - timedelta(days=MEETING_DAYS + 1)
        self._take(
            select(Interaction.id).where(
                Interaction.owner_id.in_(owners), Interaction.at > since, Interaction.channel == "meeting",
                func.coalesce(written, False).is_(False),
            )
        )  # fmt: skip

    def lately_to(self, contact_ids: Sequence[str], days: int) -> None:
        """What we sent to these contacts in the last days."""
        for page in pages(contact_ids):
            self._take(
                select(Interaction.id)
                .join(Participant, Participant.interaction_id == Interaction.id)
                .where(
                    Participant.contact_id.in_(page), Interaction.at > self._now - timedelta(days=days),
                    Interaction.direction == "outbound",
                )
            )  # fmt: skip

    def read(self) -> tuple[TouchFact, ...]:
        missing = sorted(self._wanted - self._known.keys())
        for page in pages(missing):
            self._known |= self._read(page)
        return tuple(sorted(self._known.values(), key=lambda touch: (touch.at, touch.id)))

    def _newest(self, *of: Any) -> Select[Any]:
        return (
            select(Interaction.id)
            .where(*of, *self._past)
            .order_by(Interaction.at.desc(), Interaction.id.desc())
            .limit(1)
        )

    def _take(self, ids: Select[Any]) -> None:
        self._wanted.update(id_ for id_ in self._session.scalars(ids) if id_ is not None)

    def _read(self, ids: Sequence[str]) -> dict[str, TouchFact]:
        people: dict[str, set[str]] = defaultdict(set)
        for interaction, contact in self._session.execute(
            select(Participant.interaction_id, Participant.contact_id).where(
                Participant.interaction_id.in_(ids), Participant.contact_id.is_not(None)
            )
        ):
            people[interaction].add(str(contact))
        rows = self._session.execute(
            select(
                Interaction.id, Interaction.at, Interaction.channel, Interaction.direction, Interaction.account_id,
                Interaction.deal_id, Interaction.owner_id, Interaction.subject, func.length(func.trim(Interaction.body)),
                Interaction.outcome,
            ).where(Interaction.id.in_(ids), Interaction.at > self._now - LOOK_BACK)
        )  # fmt: skip
        return {
            id_: TouchFact(
                id_, at, channel, direction, account, deal, owner, subject, bool(length) or bool(outcome),
                frozenset(people.get(id_, ())),
            )
            for id_, at, channel, direction, account, deal, owner, subject, length, outcome in rows
        }  # fmt: skip
