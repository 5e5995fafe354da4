"""The tool that says who of many people may be written to: everyone at an account, or everyone of a person's."""

from collections.abc import Sequence
from typing import Literal

from langchain.tools import ToolRuntime, tool

from bot import wording
from bot.agent.tools.citing import Sources, clipped
from bot.agent.tools.resolving import account_of, asking, owners_of
from bot.agent.tools.shaping import account_subject, day_of, finished, shown
from bot.agent.turn import Found, Turn
from bot.cards import Citation, Column, TableCard
from crm_store.queries.consents import Standing, standings

_NAMED = 6
_MOST_ROWS = 40
_HOW = {"email": "by e-mail", "phone": "by phone", "sms": "by text message", "social": "on social media", "post": "by post"}


@asking
def who_may_be_contacted(
    turn: Turn, account: str | None = None, owner: str = "me", channel: str = "email", purpose: str = "marketing"
) -> Found:
    """Who agreed, who did not and who was never asked. Marketing needs a yes; service is open to whoever did not say no."""
    with turn.read() as session:
        at = account_of(session, turn, account) if account else None
        owners = None if at is not None else owners_of(session, turn, owner)
        people = standings(
            session, channel, purpose, now=turn.now, account_id=None if at is None else at.id,
            owner_ids=None if owners is None else owners.ids,
        )  # fmt: skip
    there = [one for one in people if one.left_on is None or one.left_on > turn.today]
    where = f"at {at.name}" if at is not None else f"of {owners.whose if owners is not None else 'your'} contacts"
    subjects = [account_subject(at)] if at is not None else []
    how = f"{_HOW.get(channel, f'by {channel}')} {'for marketing' if purpose == 'marketing' else 'about their own business with us'}"
    sources = Sources()
    if not there:
        return finished(f"**No contact {where} is recorded.**", sources, *subjects)
    open_to = [one for one in there if _allowed(one, purpose) and _reachable(one, channel)]
    lines = [_lead(len(open_to), len(there), where, how)]
    if open_to:
        lines[0] += f" {wording.join([_named(one, sources, channel, purpose) for one in open_to[:_NAMED]])}" + _more(open_to)
    for why, some in _reasons(there, channel, purpose):
        lines.append(f"- {why}: {wording.join([_named(one, sources, channel, purpose) for one in some[:_NAMED]])}{_more(some)}")
    sources.figure(f"May be contacted {how} {where}", len(open_to), "contacts")
    if len(there) > _NAMED:
        sources.cards.append(_table(turn, there, channel, purpose, how))
    return finished("\n".join(lines), sources, *subjects)


def _lead(allowed: int, among: int, where: str, how: str) -> str:
    if not allowed:
        return f"**Nobody {where} may be contacted {how}** ({wording.plural(among, 'contact')})."
    return f"**{allowed} of {wording.plural(among, 'contact')} {where} may be contacted {how}:**"


def _allowed(one: Standing, purpose: str) -> bool:
    return not one.do_not_contact and (one.status == "granted" or (purpose != "marketing" and one.status is None))


def _reachable(one: Standing, channel: str) -> bool:
    return bool({"email": one.email, "phone": one.phone, "sms": one.phone}.get(channel, "somewhere"))


def _reasons(there: Sequence[Standing], channel: str, purpose: str) -> list[tuple[str, list[Standing]]]:
    """Why the others may not, the plainest no first."""
    left = [one for one in there if not (_allowed(one, purpose) and _reachable(one, channel))]
    found: dict[str, list[Standing]] = {}
    for one in left:
        found.setdefault(_why(one, purpose), []).append(one)
    return sorted(found.items())


def _why(one: Standing, purpose: str) -> str:
    if one.do_not_contact:
        return "Asked not to be contacted"
    if one.status == "withdrawn":
        return "Withdrew consent"
    if one.status is not None and one.status != "granted":
        return "Did not agree"
    return "Never asked" if not _allowed(one, purpose) else "No address recorded"


def _named(one: Standing, sources: Sources, channel: str, purpose: str) -> str:
    if one.status is None and not one.do_not_contact:
        return one.name
    said = "Do not contact" if one.do_not_contact else f"{channel}, {purpose}: {one.status} ({one.source})"
    title, at = f"Consent of {one.name}", one.at or one.updated_at
    citation = Citation(id=f"contact:{one.contact_id}", kind="contact", title=title, quote=clipped(said), at=at)
    return f"{one.name} {sources.mark(citation)}"


def _more(some: Sequence[Standing]) -> str:
    return f" and {len(some) - _NAMED} more." if len(some) > _NAMED else "."


def _table(turn: Turn, there: Sequence[Standing], channel: str, purpose: str, how: str) -> TableCard:
    rows = tuple(
        (
            one.name, one.account or "", "yes" if _allowed(one, purpose) and _reachable(one, channel) else "no",
            _why(one, purpose) if not (_allowed(one, purpose) and _reachable(one, channel)) else one.source or "",
            "" if one.at is None else day_of(turn, one.at),
        )
        for one in there[:_MOST_ROWS]
    )  # fmt: skip
    columns = tuple(Column(title=title) for title in ("Contact", "Account", "May", "Why", "Since"))
    first = f" The first {_MOST_ROWS} are shown." if len(there) > _MOST_ROWS else ""
    counted = f"{wording.plural(len(there), 'contact')} still there, {how}, by the consent ledger.{first}"
    return TableCard(title="Who may be contacted", columns=columns, rows=rows, counted=counted)


@tool("who_may_be_contacted", response_format="content_and_artifact")
def _who_may_be_contacted(
    runtime: ToolRuntime[Turn],
    account: str | None = None,
    owner: str = "me",
    channel: Literal["email", "phone", "sms", "social", "post"] = "email",
    purpose: Literal["marketing", "service"] = "marketing",
) -> tuple[str, Found]:
    """Who of many may be contacted on a channel for a purpose: everyone at `account`, or all contacts of `owner`."""
    return shown(who_may_be_contacted(runtime.context, account, owner, channel, purpose))


TOOLS = [_who_may_be_contacted]
