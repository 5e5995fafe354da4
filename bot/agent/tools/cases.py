"""The tool about support cases."""

from typing import Literal

from langchain.tools import ToolRuntime, tool

from bot import wording
from bot.agent.tools.citing import Sources, cite_case
from bot.agent.tools.custom_words import filled_words
from bot.agent.tools.resolving import account_of, asking, owners_of
from bot.agent.tools.shaping import brief, day_of, finished, follow_ups, local_day, shown
from bot.agent.turn import Found, Subject, Turn
from bot.cards import Column, TableCard
from crm_store.queries import cases
from crm_store.queries.custom import customs_of


@asking
def list_cases(turn: Turn, account: str | None = None, status: str | None = None, owner: str = "me") -> Found:
    """Support cases, open and urgent ones first; ``owner`` is the owner of the accounts."""
    with turn.read() as session:
        known = account_of(session, turn, account) if account else None
        owners = owners_of(session, turn, "everyone" if known and owner == "me" else owner)
        page = cases.cases(
            session,
            account_id=known.id if known else None,
            owner_ids=owners.ids,
            status=None if status == "any" else status,
        )
        open_count = cases.cases(
            session, account_id=known.id if known else None, owner_ids=owners.ids, status="open", limit=1
        ).total
        added = {
            facts.row_id: "".join(f"; {one}" for one in filled_words(facts, turn.today))
            for facts in customs_of(session, "case", [case.id for case in page.rows])
        }
    sources = Sources()
    at = f" at {known.name}" if known else ""
    subjects = [Subject("account", known.id, known.name)] if known else []
    kind = f"{status} case" if status and status != "any" else "case"
    whose = "" if known or owners.own else f" ({owners.by})"
    sources.figure(f"{kind}s{at}", page.total, "cases")
    if not page.rows:
        return finished(f"**No {kind}s{at}** are on record{whose}.", sources, *subjects)
    lead = f"**{wording.plural(page.total, kind)}{at}**{whose}"
    if status is None or status == "any":
        lead += f", {open_count} open"
        sources.figure(f"open cases{at}", open_count, "cases")
    lines = [f"{lead}:"]
    for case in page.rows[:3]:
        if case.is_open:
            since = wording.ago(local_day(turn, case.opened_at), turn.today)
            state = f"**{case.priority}**, open {since.removesuffix(' ago')}"
            if case.opened_at.date() == turn.today:
                state = f"**{case.priority}**, opened today"
        else:
            state = f"closed {day_of(turn, case.closed_at)}" if case.closed_at else "closed"
            state += f", satisfaction {case.satisfaction}/5" if case.satisfaction else ""
        place = f" ({case.account})" if case.account and not known else ""
        lines.append(f"- {brief(case.subject, 90)}{place}: {state}{added.get(case.id, '')} {sources.mark(cite_case(case))}")
    if page.total > 3:
        lines.append(f"and {page.total - 3} more below.")
        columns = (
            Column(title="Case"), Column(title="Subject"), Column(title="Account"), Column(title="Priority"),
            Column(title="Status"), Column(title="Opened", kind="date"), Column(title="Satisfaction"),
        )  # fmt: skip
        rows = tuple(
            (
                case.number, case.subject, case.account or "", case.priority, case.status, day_of(turn, case.opened_at),
                f"{case.satisfaction}/5" if case.satisfaction else "",
            )
            for case in page.rows
        )  # fmt: skip
        shown_of = "" if page.more == 0 else f"The first {len(rows)} of {page.total}."
        sources.cards.append(TableCard(title=f"Cases{at}", columns=columns, rows=rows, counted=shown_of))
    first = page.rows[0]
    if known is None and first.account_id and first.account:
        sources.cards.append(follow_ups((f"Latest on {first.account}", f"What's the latest on {first.account}?")))
    return finished("\n".join(lines), sources, *subjects)


@tool("list_cases", response_format="content_and_artifact")
def _list_cases(
    runtime: ToolRuntime[Turn],
    account: str | None = None,
    status: Literal["open", "waiting", "closed", "any"] | None = None,
    owner: str = "me",
) -> tuple[str, Found]:
    """Support cases of an account or of somebody's accounts, with priority, age and satisfaction."""
    return shown(list_cases(runtime.context, account, status, owner))


TOOLS = [_list_cases]
