"""Tools about the fields that the company added to its record: what they hold, setting one, and lists by one."""

from typing import Any, Literal

from langchain.tools import ToolRuntime, tool

from bot import wording
from bot.agent.tools.citing import Sources
from bot.agent.tools.custom_words import is_nothing, value_words
from bot.agent.tools.dealt_with import matter_of
from bot.agent.tools.gist import informative
from bot.agent.tools.proposing import change_words, proposed
from bot.agent.tools.resolving import Unresolved, account_of, ask, asking, contact_of, deal_of
from bot.agent.tools.shaping import finished, quoted, shown
from bot.agent.tools.versions import different_days
from bot.agent.turn import Found, Subject, Turn
from bot.cards import Citation, CitationKind, Column, Option, TableCard
from crm_store.access import ScopedSession
from crm_store.changes import Draft
from crm_store.custom_fields import Definition, definition_named, parse_custom
from crm_store.errors import Invalid
from crm_store.models import CustomKind
from crm_store.names import winners
from crm_store.queries import deals
from crm_store.queries.custom import CustomFacts, custom_of, numbered
from crm_store.queries.interactions import InteractionFacts

Entity = Literal["account", "contact", "deal", "order", "case"]
_MOST = 3
_KINDS: dict[str, CitationKind] = {"account": "account", "contact": "contact", "deal": "deal", "order": "order", "case": "case"}


@asking
def record_fields(turn: Turn, entity: str, record: str, field: str | None = None) -> Found:
    """What one record's added fields hold, or one of them."""
    with turn.read() as session:
        wanted = definition_named(session, entity, field) if field else None
        found = [_record(session, turn, entity, record)] if wanted is None else _read(session, turn, entity, record, wanted)
        touches = _touches(session, turn, entity, found[0][0].row_id) if wanted is not None else ()
    facts, subjects = found[0]
    sources = Sources()
    if wanted is not None:
        lines = [_held(turn, entity, wanted, one, sources) for one, _ in found]
        lines += _said(turn, wanted, touches, sources)
        return finished("\n".join(lines), sources, *subjects)
    if not facts.fields:
        return finished(f"No fields were added to {entity}s. An administrator adds one with 'rapport field add'.", sources)
    if not facts.filled:
        names = wording.join([each.label for each in facts.fields])
        return finished(f"None of the added fields of {facts.title} is filled in ({names}).", sources, *subjects)
    rows = tuple(
        (each.label, value_words(each, value, facts.currency, turn.today)) for each, value in facts.filled
    )
    columns = (Column(title="Field"), Column(title="Value"))
    sources.cards.append(TableCard(title=f"Fields of {facts.title}", columns=columns, rows=rows))
    lines = [f"**{facts.title}**:", *(f"- {label}: {value}" for label, value in rows)]
    return finished("\n".join(lines), sources, *subjects)


@asking
def set_field(turn: Turn, entity: str, record: str, field: str, value: str) -> Found:
    """A proposal that sets or empties one added field of one record."""
    with turn.read() as session:
        wanted = definition_named(session, entity, field)
        facts, subjects = _record(session, turn, entity, record)
    try:
        new = _stored(wanted, value, facts.currency or turn.settings.currency)
    except Invalid as error:
        if wanted.kind is not CustomKind.CHOICE:
            raise
        options = tuple(Option(label=choice, value=choice) for choice in wanted.choices)
        raise ask(f"{error} Which one?", options, "value", value) from None
    old = facts.values.get(wanted.name)
    if new == old:
        return Found(f"{wanted.label} of {facts.title} already says so; nothing would change.", subjects=subjects)
    values: dict[str, Any] = {wanted.key: new}
    if wanted.kind is CustomKind.MONEY and facts.currency is None:
        values["currency"] = turn.settings.currency
    currency = facts.currency or turn.settings.currency
    before = value_words(wanted, old, currency, turn.today) if old is not None else None
    after = value_words(wanted, new, currency, turn.today) if new is not None else "nothing"
    account = f" ({facts.account})" if facts.account and facts.account not in facts.title else ""
    text = f"**Change this?** {facts.title}{account}: {change_words(wanted.label, before, after)}."
    draft = Draft("update", entity, values, entity_id=facts.row_id, label=facts.title)
    return proposed(turn, [draft], f"Change {facts.title}", text, *subjects)


def _read(
    session: ScopedSession, turn: Turn, entity: str, record: str, wanted: Definition
) -> list[tuple[CustomFacts, tuple[Subject, ...]]]:
    """The row whose field is asked for. Of a customer with several open deals those that hold it, at most three, or else the one
    that closes next. :raises Unresolved: none or several."""
    try:
        return [_record(session, turn, entity, record)]
    except Unresolved:
        known = winners(turn.names(session).find("account", record)) if entity == "deal" else []
        running = deals.open_deals(session, known[0].name.id, now=turn.now) if len(known) == 1 else ()
        if not running:
            raise
        every: list[tuple[CustomFacts, tuple[Subject, ...]]] = [
            (custom_of(session, entity, one.id), (Subject(entity, one.id, one.name),)) for one in running
        ]
        return [one for one in every if wanted.name in one[0].values][:_MOST] or every[:1]


def _held(turn: Turn, entity: str, wanted: Definition, facts: CustomFacts, sources: Sources) -> str:
    held = facts.values.get(wanted.name)
    of = f"**{wanted.label}** of {facts.title}"
    if held is None:
        return f"{of}: nothing is recorded."
    value = value_words(wanted, held, facts.currency, turn.today)
    quote = f"{wanted.label}: {value}"
    source = Citation(id=f"{entity}:{facts.row_id}", kind=_KINDS[entity], title=facts.title, quote=quote, at=facts.at)
    return f"{of}: **{value}** {sources.mark(source)}."


def _touches(session: ScopedSession, turn: Turn, entity: str, row_id: str) -> tuple[InteractionFacts, ...]:
    if entity not in ("account", "deal"):
        return ()
    account, deal = (row_id, None) if entity == "account" else (None, row_id)
    return matter_of(session, turn, account, deal).touches


def _said(turn: Turn, wanted: Definition, touches: tuple[InteractionFacts, ...], sources: Sources) -> list[str]:
    """What was said of a day that the record holds or lacks, newest first, with what was said differently before."""
    if wanted.kind is not CustomKind.DATE:
        return []
    told = [one.sentence for one in different_days(touches, wanted.label)]
    told = told or list(informative(touches, focus=wanted.label)[:1])
    head = "Said differently, newest first:" if len(told) > 1 else "The nearest that was said:"
    return [head, *(f"- {quoted(one, sources, turn)}" for one in told)] if told else []


def _stored(definition: Definition, value: str, currency: str) -> Any:
    if is_nothing(value) and definition.kind is not CustomKind.TEXT and value.strip() not in definition.choices:
        return None
    return parse_custom(definition, value, currency)


def _record(
    session: ScopedSession, turn: Turn, entity: str, record: str
) -> tuple[CustomFacts, tuple[Subject, ...]]:
    """The row that ``record`` names, with its values. :raises Unresolved: none or several."""
    match entity:
        case "account":
            row_id = account_of(session, turn, record, missing="record").id
        case "contact":
            row_id = contact_of(session, turn, record, missing="record").id
        case "deal":
            row_id = deal_of(session, turn, record, missing="record").id
        case "order" | "case":
            found = numbered(session, entity, record)
            if len(found) != 1:
                options = tuple(Option(label=told[:75], value=id_) for id_, told in found)
                said = f"Which {entity} do you mean by “{record}”?" if found else f"There is no {entity} “{record}”. Which one?"
                raise ask(said, options, "record")
            row_id = found[0][0]
        case _:
            raise Invalid(f"A {entity} has no fields of its own; accounts, contacts, deals, orders and cases have.")
    facts = custom_of(session, entity, row_id)
    return facts, (Subject(entity, facts.row_id, facts.title),)


@tool("record_fields", response_format="content_and_artifact")
def _record_fields(
    entity: Entity, record: str, runtime: ToolRuntime[Turn], field: str | None = None
) -> tuple[str, Found]:
    """What the fields that the company added to its record hold for one account, contact, deal, order or case (named in
    `record`); `field` is the name or label of one of them."""
    return shown(record_fields(runtime.context, entity, record, field))


@tool("set_field", response_format="content_and_artifact")
def _set_field(entity: Entity, record: str, field: str, value: str, runtime: ToolRuntime[Turn]) -> tuple[str, Found]:
    """Propose a new value of a field that the company added (by name or label), on one account, contact, deal, order or
    case. `value` is a choice, a number, an amount in whole units ("12500.50"), a day as 2026-11-30, yes or no, or text;
    empty takes the value away."""
    return shown(set_field(runtime.context, entity, record, field, value))


TOOLS = [_record_fields, _set_field]
