"""Tools for whoever leads a team: the week, what changed, where the quarter stands."""

from datetime import date, timedelta

from langchain.tools import ToolRuntime, tool

from bot.agent.tools.resolving import Owners, account_of, asking, deal_of, owners_of
from bot.agent.tools.shaping import follow_ups, shown
from bot.agent.turn import Found, Turn
from bot.digests.changed import changed_at, changed_digest
from bot.digests.collecting import Audience, Clock
from bot.digests.standing import standing_digest
from bot.digests.week import week_digest
from crm_store.reports import Days, ReportSettings, resolve


def settings_of(turn: Turn) -> ReportSettings:
    """How this installation reports."""
    return ReportSettings(
        turn.settings.currency, turn.settings.week_start, turn.settings.fiscal_year_start, turn.caller.zone
    )


def _clock(turn: Turn) -> Clock:
    return Clock(turn.now, turn.today, settings_of(turn))


def _audience(owners: Owners) -> Audience:
    return Audience(owners.ids, owners.whose, owners.by)


def _with_buttons(found: Found, *options: tuple[str, str]) -> Found:
    return Found(
        found.text,
        citations=found.citations,
        cards=(*found.cards, follow_ups(*options)),
        figures=found.figures,
        subjects=found.subjects,
    )


@asking
def team_week(turn: Turn, team: str | None = None, since: date | None = None, until: date | None = None) -> Found:
    """A team's week, by default this one so far; on the first day of the week, the one before as well."""
    last = until or turn.today
    first = since or _week_start(turn, last)
    if first > last:
        first, last = last, first
    with turn.read() as session:
        owners = owners_of(session, turn, team or "team", missing="team")
        found = week_digest(session, _audience(owners), turn.caller.person_id, first, last, _clock(turn))
    return _with_buttons(
        found,
        ("What changed", f"What changed since {first.isoformat()}?"),
        ("This quarter", "Where do we stand this quarter?"),
    )


def _week_start(turn: Turn, last: date) -> date:
    this = resolve("this_week", last, settings_of(turn)).since
    assert this is not None
    return this - timedelta(days=7) if this == last else this


@asking
def what_changed(
    turn: Turn, since: date, until: date | None = None, owner: str = "me", account: str | None = None, deal: str | None = None
) -> Found:
    """The bridge of open deals from ``since`` to ``until`` or now; of one account or one deal what happened to it."""
    last = min(until or turn.today, turn.today)
    first = min(since, last)
    with turn.read() as session:
        if deal or account:
            one = deal_of(session, turn, deal) if deal else None
            at = account_of(session, turn, account) if account and one is None else None
            name = one.name if one is not None else at.name if at is not None else ""
            found = changed_at(session, name, (at.id if at else None, one.id if one else None), first, last, _clock(turn))
            return _with_buttons(found, ("Latest", f"What's the latest on {name}?"), ("Timeline", f"Show the timeline of {name}"))
        owners = owners_of(session, turn, owner)
        found = changed_digest(session, _audience(owners), first, last, _clock(turn))
    return _with_buttons(
        found, ("This quarter", "Where do we stand this quarter?"), ("What next?", "What should I do next?")
    )


@asking
def standing(turn: Turn, since: date | None = None, until: date | None = None, owner: str = "me") -> Found:
    """Where a period stands, by default this fiscal quarter."""
    quarter = resolve("this_fiscal_quarter", turn.today, settings_of(turn))
    days = Days(since or quarter.since, until or quarter.until)
    if days.since is not None and days.until is not None and days.since > days.until:
        days = Days(days.until, days.since)
    with turn.read() as session:
        owners = owners_of(session, turn, owner)
        found = standing_digest(session, _audience(owners), days, _clock(turn))
    changed = ("What changed", "What changed this week?")
    if owners.own:
        return _with_buttons(found, changed, ("My pipeline", "Show my pipeline"))
    return _with_buttons(found, changed, ("By rep", "Won deals this quarter by rep"))


@tool("team_week", response_format="content_and_artifact")
def _team_week(
    runtime: ToolRuntime[Turn], team: str | None = None, since: date | None = None, until: date | None = None
) -> tuple[str, Found]:
    """Summarise a team's week for its manager: what moved, what slipped, touches per rep, who needs help and what
    to ask. Without `team` it is the caller's own team; days are inclusive and default to this week."""
    return shown(team_week(runtime.context, team, since, until))


@tool("what_changed", response_format="content_and_artifact")
def _what_changed(
    since: date,
    runtime: ToolRuntime[Turn],
    until: date | None = None,
    owner: str = "me",
    account: str | None = None,
    deal: str | None = None,
) -> tuple[str, Found]:
    """What changed in deals since a day: new, won, lost, pushed, pulled in, grew, shrank, reopened, moved stage,
    with sums that balance. `owner` is "me", "team", "everyone" or a name; `account` or `deal` looks at that one alone."""
    return shown(what_changed(runtime.context, since, until, owner, account, deal))


@tool("standing", response_format="content_and_artifact")
def _standing(
    runtime: ToolRuntime[Turn], since: date | None = None, until: date | None = None, owner: str = "me"
) -> tuple[str, Found]:
    """Where do we stand: closed won against quota, commit, best case, pipeline and coverage of a period (default
    this quarter). `owner` is "me", "team", "everyone" or a name."""
    return shown(standing(runtime.context, since, until, owner))


TOOLS = [_team_week, _what_changed, _standing]
