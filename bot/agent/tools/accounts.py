"""Tools about accounts: the latest, a brief before a call, who is who, and lists."""

from datetime import timedelta
from typing import Any, Literal

from langchain.tools import ToolRuntime, tool

from bot import wording
from bot.agent.tools.briefs import account_brief
from bot.agent.tools.choosing import MOST_LISTED, Where, condition_words, conditions_of, fitting
from bot.agent.tools.citing import Sources
from bot.agent.tools.latest import account_latest
from bot.agent.tools.resolving import asking, owners_of
from bot.agent.tools.roles import account_people
from bot.agent.tools.shaping import finished, follow_ups, local_day, shown
from bot.agent.turn import Found, Subject, Turn
from bot.cards import Column, TableCard
from crm_store.queries import accounts
from crm_store.queries.accounts import AccountFacts

Kind = Literal["prospect", "customer", "partner", "influencer", "former"]

_NAMED = 4


@asking
def list_accounts(
    turn: Turn,
    owner: str = "me",
    kind: str | None = None,
    untouched_days: int | None = None,
    limit: int = 10,
    where: Where | None = None,
) -> Found:
    """Accounts of somebody that meet the conditions of ``where``; those without contact for ``untouched_days`` come longest first."""
    limit = max(1, min(limit, 50))
    conditions = conditions_of(where)
    since = turn.now - timedelta(days=untouched_days) if untouched_days else None
    with turn.read() as session:
        owners = owners_of(session, turn, owner)
        fits = fitting(session, turn, "accounts", owners.ids, conditions, most=MOST_LISTED)
        page = accounts.accounts(
            session,
            now=turn.now,
            limit=limit,
            owner_ids=owners.ids,
            account_ids=fits,
            kind=kind,
            untouched_since=since,
        )
        quietest = None
        if untouched_days and not page.rows:
            every_one = accounts.accounts(
                session, now=turn.now, limit=1, owner_ids=owners.ids, account_ids=fits, kind=kind, untouched_since=turn.now,
            )  # fmt: skip
            quietest = next(iter(every_one.rows), None)
    sources = Sources()
    noun = " ".join(part for part in (kind, "account") if part)
    meets = f" ({condition_words(conditions, '')})" if conditions else ""
    quiet = f"{meets} without contact for {wording.plural(untouched_days, 'day')}" if untouched_days else meets
    counted = f"Counted: {owners.whose} accounts you can see"
    sources.figure(f"{owners.whose} {noun}s", page.total, "accounts")
    if not page.rows:
        every = f"Each of {owners.whose} {noun}s{meets} had contact in the last {wording.plural(untouched_days or 0, 'day')}"
        none = f"You have no {noun}s{meets}" if owners.own else f"No {noun}s{meets} are on record for {owners.by}"
        longest = f" The quietest is {_line(turn, quietest, False)}." if quietest is not None else ""
        return finished(f"**{every if quietest is not None else none}.**{longest}", sources)
    if page.total == 1:
        text = f"**1 {noun}{quiet}** ({owners.by}): {_line(turn, page.rows[0], not owners.own)}."
    else:
        order = ", the longest first" if untouched_days else ""
        lines = [f"**{page.total:,} {noun}s{quiet}** ({owners.by}){order}:"]
        lines += [f"- {_line(turn, row, not owners.own)}" for row in page.rows[:_NAMED]]
        text = "\n".join(lines) + (f"\nand {page.total - _NAMED} more below." if page.total > _NAMED else "")
    rows = tuple(
        (
            row.name,
            row.kind,
            row.owner or "",
            str(row.open_deals),
            wording.ago(local_day(turn, row.last_touch), turn.today) if row.last_touch else "never",
        )
        for row in page.rows
    )
    columns = (
        Column(title="Account"), Column(title="Kind"), Column(title="Owner"), Column(title="Open deals", kind="number"),
        Column(title="Last contact"),
    )  # fmt: skip
    title = "Accounts" if page.more == 0 else f"First {len(rows)} of {page.total} accounts"
    sources.cards.append(TableCard(title=title, columns=columns, rows=rows, counted=f"{counted}{quiet}."))
    sources.cards.append(follow_ups(*((row.name, f"What's the latest on {row.name}?") for row in page.rows[:3])))
    return finished(text, sources, *(Subject("account", row.id, row.name) for row in page.rows))


def _line(turn: Turn, row: AccountFacts, with_owner: bool) -> str:
    """``Havel Optics: prospect, 3 open deals, last contact 2 days ago``."""
    last = (
        f"last contact {wording.ago(local_day(turn, row.last_touch), turn.today)}"
        if row.last_touch
        else "no contact yet"
    )
    deals = wording.plural(row.open_deals, "open deal") if row.open_deals else "no open deal"
    parts = [row.kind, deals, last, *([row.owner] if with_owner and row.owner else [])]
    return f"{row.name}: {', '.join(parts)}"


@tool("account_latest", response_format="content_and_artifact")
def _account_latest(account: str, runtime: ToolRuntime[Turn], focus: str | None = None) -> tuple[str, Found]:
    """What is the latest on an account: its state, what was last said (with sources) and what is open. Set `focus` to
    narrow what was said to one matter, e.g. "pricing"."""
    return shown(account_latest(runtime.context, account, focus))


@tool("account_brief", response_format="content_and_artifact")
def _account_brief(account: str, runtime: ToolRuntime[Turn], deal: str | None = None) -> tuple[str, Found]:
    """Prepare somebody for a call or meeting with an account: where we stand, people, objections, promises, risks,
    numbers and a suggested agenda."""
    return shown(account_brief(runtime.context, account, deal))


@tool("account_people", response_format="content_and_artifact")
def _account_people(
    runtime: ToolRuntime[Turn], account: str | None = None, deal: str | None = None, role: str | None = None
) -> tuple[str, Found]:
    """Who is who at an account or on a deal: roles, titles, who left, last contact. Set `role` for one role, e.g.
    "champion" or "economic_buyer"."""
    return shown(account_people(runtime.context, account, deal, role))


@tool("list_accounts", response_format="content_and_artifact")
def _list_accounts(
    runtime: ToolRuntime[Turn],
    owner: str = "me",
    kind: Kind | None = None,
    untouched_days: int | None = None,
    limit: int = 10,
    where: list[dict[str, Any]] | None = None,
) -> tuple[str, Found]:
    """List accounts by owner ("me", "team", "everyone" or a name), kind, or without contact for some days. `where` takes more
    conditions, [{"field", "op", "value"}] as in reports: industry, country, region, city, employees and other fields."""
    return shown(list_accounts(runtime.context, owner, kind, untouched_days, limit, where))


TOOLS = [_account_latest, _account_brief, _account_people, _list_accounts]
