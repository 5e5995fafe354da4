"""Which deal a question about selling is about, and the interactions that tell of it: shared by the tools that quote them."""

from dataclasses import dataclass, replace
from datetime import timedelta

from bot import wording
from bot.agent.tools.resolving import account_of, ask, deal_of
from bot.agent.tools.shaping import account_subject, deal_subject
from bot.agent.turn import Subject, Turn
from crm_store.access import ScopedSession
from crm_store.queries import accounts, contacts, deals, interactions
from crm_store.queries.accounts import AccountFacts
from crm_store.queries.contacts import RoleFacts
from crm_store.queries.deals import DealFacts
from crm_store.queries.interactions import InteractionFacts, InteractionFilter

_LOOKED_AT = 80
_BEFORE = timedelta(days=365)
"""What was said at the account so long before a deal was opened is not about it."""


@dataclass(frozen=True, slots=True)
class Matter:
    """What is asked about. ``touches`` are past interactions on the deal, and those of its account that are on no deal,
    newest first; without an open deal they are the account's. ``others`` are its other open deals."""

    account: AccountFacts | None
    deal: DealFacts | None
    others: tuple[DealFacts, ...]
    roles: tuple[RoleFacts, ...]
    touches: tuple[InteractionFacts, ...]
    rivals: tuple[str, ...]

    @property
    def name(self) -> str:
        return self.deal.name if self.deal else self.account.name if self.account else ""

    @property
    def looked_at(self) -> str:
        """``Meridian renewal's 14 interactions``."""
        return f"{self.name}'s {wording.plural(len(self.touches), 'interaction')}"

    @property
    def subjects(self) -> tuple[Subject, ...]:
        deal = (deal_subject(self.deal),) if self.deal else ()
        return (*deal, *((account_subject(self.account),) if self.account else ()))


    def widened(self, turn: Turn) -> "Matter":
        """The same of the whole account, closed deals and all: where nothing is said on the deal that runs."""
        if self.account is None or self.deal is None:
            return self
        with turn.read() as session:
            touches = _touches(session, turn, self.account, None)
        return replace(self, deal=None, touches=touches)


def matter_of(session: ScopedSession, turn: Turn, account: str | None, deal: str | None) -> Matter:
    """The deal that is named, or the account's open deal that closes next. :raises Unresolved: none or several."""
    if account is None and deal is None:
        raise ask("About which account or deal?", (), "account")
    known = account_of(session, turn, account) if account else None
    about = deal_of(session, turn, deal, account_id=known.id if known else None) if deal else None
    if known is None and about is not None and about.account_id is not None:
        known = accounts.account(session, about.account_id, now=turn.now)
    running = deals.open_deals(session, known.id, now=turn.now) if known else ()
    if about is None and running:
        dated = [one for one in running if one.close_date]
        about = min(dated, key=lambda one: one.close_date or turn.today) if dated else running[0]
    played = contacts.roles(session, deal_id=about.id) if about else (
        contacts.roles(session, account_id=known.id) if known else ()
    )  # fmt: skip
    return Matter(
        known,
        about,
        tuple(one for one in running if about is None or one.id != about.id),
        tuple(played),
        _touches(session, turn, known, about),
        tuple(sorted({name.text for name in turn.names(session).of_kind("competitor")})),
    )


def _touches(
    session: ScopedSession, turn: Turn, account: AccountFacts | None, deal: DealFacts | None
) -> tuple[InteractionFacts, ...]:
    if deal is None or account is None:
        wanted = InteractionFilter(
            account_id=account.id if account else None, deal_id=deal.id if deal else None, until=turn.now
        )
        return interactions.interactions(session, wanted, limit=_LOOKED_AT).rows
    own = interactions.interactions(session, InteractionFilter(deal_id=deal.id, until=turn.now), limit=_LOOKED_AT).rows
    around = InteractionFilter(account_id=account.id, since=deal.created_at - _BEFORE, until=turn.now)
    loose = interactions.interactions(session, around, limit=_LOOKED_AT).rows
    both = {one.id: one for one in (*own, *(one for one in loose if one.deal_id is None))}
    return tuple(sorted(both.values(), key=lambda one: one.at, reverse=True))
