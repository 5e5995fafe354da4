"""The tool that lists records by an added field: deals with renewal risk high, accounts without a contract end."""

import re
from typing import Any, Literal

from langchain.tools import ToolRuntime, tool

from bot import wording
from bot.agent.tools.citing import Sources
from bot.agent.tools.custom_words import value_words
from bot.agent.tools.managers import settings_of
from bot.agent.tools.resolving import Owners, asking, owners_of
from bot.agent.tools.shaping import deal_line, deal_note, deal_subject, finished, shown
from bot.agent.tools.standings import deal_words
from bot.agent.turn import Found, Subject, Turn
from bot.cards import Column, DealsCard, TableCard
from crm_store.access import ScopedSession
from crm_store.custom_fields import Definition, definitions, field_called, parse_custom
from crm_store.errors import Invalid
from crm_store.models import CustomKind
from crm_store.queries import deals
from crm_store.queries.custom import CustomFacts, customs_of
from crm_store.queries.deals import DealFilter
from crm_store.reports import AllOf, Condition, Filter, ReportSpec, run
from crm_store.reports.spec import SubjectName

How = Literal[
    "is", "is_not", "over", "under", "at_least", "at_most", "before", "after", "between", "contains", "is_empty", "is_known"
]  # fmt: skip
Listed = Literal["accounts", "contacts", "deals", "orders", "cases"]
_OPERATORS: dict[str, Any] = {
    "is": "eq", "is_not": "ne", "over": "gt", "under": "lt", "at_least": "ge", "at_most": "le", "before": "lt",
    "after": "gt", "contains": "contains",
}  # fmt: skip
_SAID = {
    "is": "", "is_not": "not ", "over": "over ", "under": "under ", "at_least": "at least ", "at_most": "at most ",
    "before": "before ", "after": "after ", "contains": "with ",
}  # fmt: skip
_SUBJECTS: dict[str, SubjectName] = {
    "account": "accounts", "contact": "contacts", "deal": "deals", "order": "orders", "case": "cases",
}  # fmt: skip
_MOST_ROWS = 25
_SHOWN = 3


@asking
def list_by_field(
    turn: Turn,
    subject: str,
    field: str,
    how: str = "is",
    value: str | None = None,
    owner: str = "me",
    status: str | None = None,
) -> Found:
    """Records whose added field (or, for deals, contacts, orders and cases, that of their account) is as asked."""
    entity = next((name for name, plural in _SUBJECTS.items() if plural == subject), None)
    if entity is None:
        raise Invalid(f"I can't list {subject} by a field; accounts, contacts, deals, orders and cases I can.")
    with turn.read() as session:
        definition = _definition(session, entity, field)
        values = _values(definition, how, value, turn)
        condition = _condition(definition, entity, how, values)
        owners = owners_of(session, turn, owner)
        conditions: list[Filter] = [condition]
        if owners.ids is not None:
            conditions.append(Condition(field="owner", op="in", value=tuple(sorted(owners.ids)), said=owners.by))
        if status and status != "any":
            conditions.append(Condition(field="status", op="eq", value=status))
        spec = ReportSpec(subject=_SUBJECTS[entity], filter=AllOf(all_of=tuple(conditions)), drill_down=True)
        result = run(session, spec, turn.today, settings_of(turn))
        which = frozenset(result.ids)
        rows = customs_of(session, entity, which)
        page = deals.deals(session, DealFilter(deal_ids=which), now=turn.now, limit=_MOST_ROWS) if entity == "deal" else None
    what = _what(definition, how, values, turn)
    adjective = f"{status} " if status and status != "any" else ""
    sources = Sources()
    sources.figure(f"{owners.whose} {adjective}{subject} {what}", result.count, subject)
    if not rows:
        return finished(f"**{_none(owners)} {adjective}{subject} {what}**{_by(owners)}.", sources)
    sums = f", {wording.join([wording.money(amount, code) for code, amount in page.sums])}" if page and page.sums else ""
    count = wording.plural(result.count, f"{adjective}{entity}")
    lines = [f"**{count} {what}{sums}**{_by(owners)}:"]
    if page is not None:
        lines += [f"- {deal.name}: {deal_words(deal, turn)}" for deal in page.rows[:_SHOWN]]
        cards = tuple(deal_line(deal, deal_note(deal, turn)) for deal in page.rows)
        sources.cards.append(DealsCard(title=_title(adjective, subject, what), deals=cards, more=page.more))
        subjects = [deal_subject(deal) for deal in page.rows]
    else:
        own = definition if definition.entity == entity else None
        lines += [f"- {_line(row, own, turn)}" for row in rows[:_SHOWN]]
        sources.cards.append(_card(rows, own, _title(adjective, subject, what), turn))
        subjects = [Subject(entity, row.row_id, row.title) for row in rows[:_MOST_ROWS]]
    if result.count > _SHOWN:
        lines.append(f"and {result.count - _SHOWN} more below.")
    return finished("\n".join(lines), sources, *subjects)


def _definition(session: ScopedSession, entity: str, field: str) -> Definition:
    own, of_account = definitions(session, entity), definitions(session, "account")
    found = field_called(own, field) or (field_called(of_account, field) if entity != "account" else None)
    if found is None:
        known = ", ".join(dict.fromkeys(each.name for each in (*own, *of_account))) or "none yet"
        raise Invalid(f"There is no added field {field!r} to list {entity}s by. There are: {known}.")
    return found


def _values(definition: Definition, how: str, value: str | None, turn: Turn) -> tuple[Any, ...]:
    """The stored values to compare with: none, one, two for "between", any number of choices.

    :raises Invalid: when one does not fit the field, or none is given where one is needed.
    """
    text = (value or "").strip()
    if how in ("is_empty", "is_known"):
        return ()
    if how == "contains":
        return (text,)
    parts = [text]
    if how == "between":
        parts = re.split(r"\s+(?:to|and)\s+", text)
    elif definition.kind is CustomKind.CHOICE and _choice_called(definition, text) is None:
        parts = [part for part in re.split(r"\s*,\s*|\s+or\s+", text) if part]
    stored = tuple(parse_custom(definition, part, turn.settings.currency) for part in parts)
    if not stored or None in stored or (how == "between" and len(stored) != 2):
        raise Invalid(f"Which {definition.label}? Give {'two values, as in 10 to 20' if how == 'between' else 'a value'}.")
    return stored


def _choice_called(definition: Definition, text: str) -> str | None:
    return next((choice for choice in definition.choices if choice.casefold() == text.casefold()), None)


def _condition(definition: Definition, entity: str, how: str, values: tuple[Any, ...]) -> Condition:
    name = definition.key if definition.entity == entity else f"account.{definition.name}"
    match how:
        case "is_empty" | "is_known":
            return Condition(field=name, op="is_empty", value=how == "is_empty")
        case "between":
            return Condition(field=name, op="between", value=values)
        case "is" | "is_not" if len(values) > 1:
            return Condition(field=name, op="in" if how == "is" else "not_in", value=values)
        case _ if how in _OPERATORS:
            return Condition(field=name, op=_OPERATORS[how], value=values[0])
    raise Invalid(f"{how!r} is no way to compare. There are: {', '.join((*_OPERATORS, 'between', 'is_empty', 'is_known'))}.")


def _what(definition: Definition, how: str, values: tuple[Any, ...], turn: Turn) -> str:
    said = [value_words(definition, each, turn.settings.currency, turn.today) for each in values]
    match how:
        case "is_empty":
            return f"without {definition.label}"
        case "is_known":
            return f"with {definition.label}"
        case "contains":
            return f"with “{said[0]}” in {definition.label}"
        case "between":
            return f"with {definition.label} {said[0]} to {said[1]}"
        case _:
            how_said = {"at_most": "by ", "at_least": "from "}.get(how, _SAID[how]) if definition.kind is CustomKind.DATE else _SAID[how]
            return f"with {definition.label} {how_said}{wording.join(said, 'or')}"


def _title(adjective: str, subject: str, what: str) -> str:
    title = f"{adjective}{subject} {what}"
    return title[:1].upper() + title[1:]


def _none(owners: Owners) -> str:
    return "You have no" if owners.own else "No"


def _by(owners: Owners) -> str:
    return "" if owners.own else f" ({owners.by})"


def _line(row: CustomFacts, definition: Definition | None, turn: Turn) -> str:
    place = f" ({row.account})" if row.account else ""
    held = row.values.get(definition.name) if definition is not None else None
    if definition is None or held is None or definition.kind is CustomKind.CHOICE:
        return f"{row.title}{place}"
    return f"{row.title}{place}: {value_words(definition, held, row.currency, turn.today)}"


def _card(rows: tuple[CustomFacts, ...], definition: Definition | None, title: str, turn: Turn) -> TableCard:
    heads = ["Name", "Account"] if any(row.account for row in rows) else ["Name"]
    cells = []
    for row in rows[:_MOST_ROWS]:
        line = [row.title, *([row.account or ""] if len(heads) > 1 else [])]
        if definition is not None:
            held = row.values.get(definition.name)
            line.append("" if held is None else value_words(definition, held, row.currency, turn.today))
        cells.append(tuple(line))
    columns = tuple(Column(title=head) for head in (*heads, *([definition.label] if definition is not None else [])))
    return TableCard(title=title, columns=columns, rows=tuple(cells))


@tool("list_by_field", response_format="content_and_artifact")
def _list_by_field(
    subject: Listed,
    field: str,
    runtime: ToolRuntime[Turn],
    how: How = "is",
    value: str | None = None,
    owner: str = "me",
    status: str | None = None,
) -> tuple[str, Found]:
    """List records by a field that the company added (by name or label; of deals, contacts, orders and cases also by one
    of their account's): `how` compares it with `value`, in the forms that set_field takes. `owner` is "me", "team",
    "everyone" or a name; `status` of deals is open, won or lost."""
    return shown(list_by_field(runtime.context, subject, field, how, value, owner, status))


TOOLS = [_list_by_field]
