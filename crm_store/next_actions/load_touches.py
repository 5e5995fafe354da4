"""Which interactions the rules look at: each question names its own, and each is kept once.

Who took part is kept where a rule asks what passed with a contact: for those whom :meth:`Touches.silent`,
:meth:`Touches.newest_of_contacts` and :meth:`Touches.lately_with` are asked about, and for what is still to come."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import replace
from datetime import datetime, timedelta
from operator import attrgetter
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, func, literal, or_, select
from sqlalchemy.orm import Session

from crm_store.hints import unindexed
from crm_store.listed import among
from crm_store.models import Account, Channel, Contact, Deal, Interaction, Participant
from crm_store.next_actions.facts import TWO_WAY, TouchFact
from crm_store.next_actions.rules.champion_silent import SILENT_DAYS
from crm_store.next_actions.rules.meeting_unlogged import WITHIN_DAYS as MEETING_DAYS
from crm_store.queries.pages import filled

LOOK_BACK = timedelta(days=400)
ANY_ZONE = timedelta(days=2)
"""A rule counts in the reader's days, which begin and end up to a day off those in UTC."""
_HEARD = or_(
    Interaction.direction == "inbound",
    and_(Interaction.channel.in_(sorted(TWO_WAY)), Interaction.direction != "internal"),
)
"""As :attr:`TouchFact.heard`."""
_MEETING = Interaction.channel == literal(Channel.MEETING.value, literal_execute=True)
"""In words, since an index holds meetings alone: a planner does not know that of a parameter."""
_WRITTEN = or_(func.length(func.trim(Interaction.body)) > 0, func.length(Interaction.outcome) > 0)
_TOUCH = (
    Interaction.id, Interaction.at, Interaction.channel, Interaction.direction, Interaction.account_id,
    Interaction.deal_id, Interaction.owner_id, Interaction.subject, case((_MEETING, func.coalesce(_WRITTEN, False)), else_=True),
)  # fmt: skip
"""The fields of :class:`TouchFact` but who took part. Only of a meeting is it asked whether anything was written."""


class Touches:
    """Collects what is asked for; :meth:`all` gives it."""

    def __init__(self, session: Session, now: datetime) -> None:
        self._session, self._now = session, now
        self._found: dict[str, TouchFact] = {}
        self._named: set[str] = set()
        self._with: dict[str, set[str]] = defaultdict(set)
        self._joined: set[str] = set()  # of which somebody is known to have taken part who was not before
        self._past = (Interaction.at <= now, Interaction.at > now - LOOK_BACK)
        self._took_part = (Participant.at <= now, Participant.at > now - LOOK_BACK)

    def named(self, ids: Collection[str]) -> None:
        """These very ones."""
        self._named.update(ids)

    def newest_of_deals(self, deal_ids: Collection[str]) -> None:
        """The last thing that happened on each of these deals."""
        newest = self._newest(Interaction.deal_id == Deal.id).correlate(Deal).scalar_subquery()
        self._name(select(newest).select_from(Deal).where(among(Deal.id, deal_ids)))

    def newest_talks(self, account_ids: Collection[str]) -> None:
        """The last call or meeting with each of these accounts."""
        talk = (Interaction.account_id == Account.id, Interaction.channel.in_(sorted(TWO_WAY)))
        newest = self._newest(*talk).correlate(Account).scalar_subquery()
        self._name(select(newest).select_from(Account).where(among(Account.id, account_ids)))

    def newest_of_contacts(self, account_ids: Collection[str]) -> None:
        """The last time that each contact of these accounts took part."""
        newest = (
            select(Participant.interaction_id)
            .where(Participant.contact_id == Contact.id, *self._took_part)
            .order_by(Participant.at.desc(), Participant.interaction_id.desc())
            .limit(1)
            .correlate(Contact)
            .scalar_subquery()
        )
        asked = select(Contact.id, newest).where(among(Contact.account_id, account_ids))
        self._name_with(self._session.execute(asked))

    def silent(self, contact_ids: Collection[str]) -> Collection[str]:
        """Those of these contacts who are still there and were heard once, but not of late; what passed with them since
        they were last heard is kept, that included."""
        if not contact_ids:
            return ()
        heard = (
            select(Participant.at)
            .join(Interaction, Interaction.id == Participant.interaction_id)
            .where(Participant.contact_id == Contact.id, *self._took_part, _HEARD)
            .order_by(Participant.at.desc())
            .limit(1)
            .correlate(Contact)
            .scalar_subquery()
        )
        asked = select(Contact.id, heard).where(among(Contact.id, contact_ids), Contact.left_on.is_(None))
        lately = self._now - timedelta(days=SILENT_DAYS) + ANY_ZONE
        since = {contact: at for contact, at in self._session.execute(asked) if at is not None and at <= lately}
        if since:
            passed = select(Participant.contact_id, Participant.interaction_id, Participant.at).where(
                among(Participant.contact_id, since), Participant.at >= min(since.values())
            )
            self._name_with(
                (contact, interaction)
                for contact, interaction, at in self._session.execute(passed)
                if at >= since[contact or ""]
            )
        return since.keys()

    def planned(self, known: Collection[str]) -> None:
        """What is still to come with these accounts, and who will take part."""
        ahead = select(*_TOUCH).where(Interaction.at > self._now, among(unindexed(Interaction.account_id), known))
        to_come = self._take(ahead)
        if to_come:
            invited = select(Participant.contact_id, Participant.interaction_id).where(
                among(Participant.interaction_id, to_come), Participant.contact_id.is_not(None)
            )
            self._name_with(self._session.execute(invited))

    def meetings(self, owners: Collection[str]) -> None:
        """Meetings of late with nothing written down."""
        since = self._now - timedelta(days=MEETING_DAYS + 1)
        self._take(
            select(*_TOUCH).where(
                Interaction.owner_id.in_(owners), Interaction.at > since, _MEETING,
                func.coalesce(_WRITTEN, False).is_(False),
            )
        )  # fmt: skip

    def lately_with(self, contact_ids: Collection[str], days: int) -> None:
        """What passed with these contacts in the last days."""
        if contact_ids:
            since = self._now - timedelta(days=days) - ANY_ZONE
            passed = select(Participant.contact_id, Participant.interaction_id).where(
                among(Participant.contact_id, contact_ids), Participant.at > since
            )
            self._name_with(self._session.execute(passed))

    def all(self) -> tuple[TouchFact, ...]:
        """Every one once, oldest first."""
        named = self._named - self._found.keys()
        if named:
            self._take(select(*_TOUCH).where(among(Interaction.id, named), Interaction.at > self._now - LOOK_BACK))
        self._named.clear()
        for id_ in self._joined & self._found.keys():
            self._found[id_] = replace(self._found[id_], contact_ids=frozenset(self._with[id_]))
        self._joined.clear()
        return tuple(sorted(self._found.values(), key=attrgetter("at", "id")))

    def _newest(self, *of: ColumnElement[bool]) -> Select[str]:
        return (
            select(Interaction.id)
            .where(*of, *self._past)
            .order_by(Interaction.at.desc(), Interaction.id.desc())
            .limit(1)
        )

    # Only ids at first: joined to a question for each row, PostgreSQL reads every interaction instead.

    def _name(self, ids: Select[Any]) -> None:
        self._named.update(id_ for id_ in self._session.scalars(ids) if id_ is not None)

    def _name_with(self, pairs: Iterable[Any]) -> None:
        """Contacts and what they took part in."""
        for contact, interaction in pairs:
            if interaction is not None:
                self._named.add(interaction)
                self._joined.add(interaction)
                self._with[interaction].add(contact)

    def _take(self, statement: Select[Any]) -> list[str]:
        found = filled(TouchFact, self._session.execute(statement))
        self._found |= {touch.id: touch for touch in found}
        return [touch.id for touch in found]
