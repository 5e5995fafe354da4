"""The one sentence that says what a number counts, in plain words."""

from datetime import date
from typing import assert_never

from sqlalchemy import select
from sqlalchemy.orm import Session

from crm_store.currencies import amount_text
from crm_store.reports.catalogue import Field, Subject
from crm_store.reports.periods import Days, ReportSettings, resolve, written
from crm_store.reports.result import ReportColumn, Unconverted
from crm_store.reports.spec import AllOf, AnyOf, Condition, Filter, NotThis, Span
from crm_store.reports.subjects import field_named

_COMPARED = {"eq": "", "ne": "not ", "lt": "under ", "le": "at most ", "gt": "over ", "ge": "at least "}
_LONG_LIST = 4
_CHANNELS = {
    "call": "calls", "meeting": "meetings", "email": "e-mails", "chat": "chat messages", "social": "social messages",
    "event": "events", "note": "notes",
}  # fmt: skip
_RELATED = {"owner": "owned by", "stage": "in", "forecast_category": "in", "account": "of", "competitor": "against"}
"""How these fields read before their value."""


def counted_sentence(
    session: Session,
    subject: Subject,
    tree: Filter | None,
    day: Field,
    days: Days | None,
    today: date,
    settings: ReportSettings,
) -> str:
    """ "won deals, closed 1 Jul to 30 Sep 2026, owned by Jonas Brandt", "calls, held 1 Nov to 30 Nov 2026"."""
    words = _Words(session, subject, today, settings)
    leading, nouns, related, trailing = "", subject.nouns, "", []
    for part in _flat(tree):
        if isinstance(part, Condition) and part.field in ("status", "kind", "priority") and part.op == "eq":
            leading += f"{str(part.value).replace('_', ' ')} "
        elif isinstance(part, Condition) and part.field == "status" and part.said is not None:
            leading += f"{part.said} "
        elif isinstance(part, Condition) and part.field == "channel" and str(part.value) in _CHANNELS:
            nouns = _CHANNELS[str(part.value)]
        elif isinstance(part, Condition) and part.field in _RELATED and part.op == "eq" and part.field != "owner":
            related += f" {words.of(part)}"
        else:
            trailing.append(words.of(part))
    if days is not None and (days.since or days.until):
        when = subject.day_words.get(day.name, day.shown_title)
        trailing.insert(0, f"{_past(when, leading)} {days.words()}")
        leading = leading.removeprefix("closed ")  # said with the period
    return ", ".join([f"{leading}{nouns}{related}", *trailing])


def _past(when: str, leading: str) -> str:
    return "closed" if when == "closing" and leading.split(" ")[0] in ("won", "lost", "closed") else when


def _flat(tree: Filter | None) -> list[Filter]:
    if tree is None:
        return []
    return [part for one in tree.all_of for part in _flat(one)] if isinstance(tree, AllOf) else [tree]


class _Words:
    def __init__(self, session: Session, subject: Subject, today: date, settings: ReportSettings) -> None:
        self._session, self._subject, self._today, self._settings = session, subject, today, settings

    def of(self, tree: Filter) -> str:
        match tree:
            case AllOf(all_of=parts):
                return " and ".join(self.of(part) for part in parts)
            case AnyOf(any_of=parts):
                return "either " + " or ".join(self.of(part) for part in parts)
            case NotThis(negated=part):
                return f"not ({self.of(part)})"
            case Condition():
                return self._condition(tree, field_named(self._subject, tree.field))
            case _:
                assert_never(tree)

    def _condition(self, condition: Condition, field: Field) -> str:
        if condition.said is not None:
            return f"owned by {condition.said}" if field.name == "owner" else condition.said
        title, value = field.shown_title, condition.value
        match condition.op:
            case "is_empty":
                return f"with {title}" if value is False else f"without {title}"
            case "during":
                assert isinstance(value, str | Span)
                words = self._subject.day_words.get(field.name, title)
                return f"{words} {resolve(value, self._today, self._settings).words()}"
            case "contains":
                return f'{title} containing "{value}"'
            case "between":
                assert isinstance(value, tuple)
                return f"{title} {self._value(field, value[0])} to {self._value(field, value[1])}"
            case "in" | "not_in":
                assert isinstance(value, tuple)
                kept = "" if condition.op == "in" else "not "
                if len(value) > _LONG_LIST:
                    return f"{title} {kept}one of {len(value)}"
                named = " or ".join(self._value(field, one) for one in value) or "none at all"
                return f"{_RELATED.get(field.name, title) if not kept else f'{title} not'} {named}"
            case "eq" | "ne" if field.kind == "flag":
                return title if (value is True) == (condition.op == "eq") else f"not {title}"
            case "eq" if field.name in _RELATED:
                return f"{_RELATED[field.name]} {self._value(field, value)}"
            case "lt" | "gt" if field.is_date:
                return f"{title} {'before' if condition.op == 'lt' else 'after'} {self._value(field, value)}"
            case "le" | "ge" if field.is_date:
                return f"{title} {'up to' if condition.op == 'le' else 'from'} {self._value(field, value)}"
            case _:
                return f"{title} {_COMPARED[condition.op]}{self._value(field, value)}"

    def _value(self, field: Field, value: object) -> str:
        if field.is_date:
            return written(date.fromisoformat(str(value)))
        if field.kind == "money" and isinstance(value, int | float):
            return amount_text(round(value), self._settings.currency)
        if field.named is not None:
            key, name = field.named
            found = self._session.scalars(select(name).where(key == str(value))).first()
            return str(found if found is not None else value)
        return str(value).replace("_", " ") if field.kind == "choice" else str(value)


def value_text(value: int | float | None, column: ReportColumn) -> str:
    """ "EUR 412,000", "38 %", "41 days", "14 deals"."""
    if value is None:
        return "none"
    match column.kind:
        case "money":
            return amount_text(round(value), column.unit)
        case "percent":
            return f"{value:g} %"
        case "points" | "score":
            return f"{value:g}"
        case _:
            return f"{value:,} {column.unit.removesuffix('s') if value == 1 else column.unit}"


def unconverted_words(missing: tuple[Unconverted, ...]) -> str:
    """ "USD 12,000 (1) has no rate and is left out"."""
    named = [f"{_missing_amount(one)} ({one.count})" for one in missing]
    verbs = ("has", "is") if len(named) == 1 else ("have", "are")
    return f"{' and '.join(named)} {verbs[0]} no exchange rate and {verbs[1]} not in the sum"


def _missing_amount(one: Unconverted) -> str:
    if one.currency:
        return amount_text(one.amount_minor, one.currency)
    return f"{one.amount_minor / 100:,.2f} without a currency"
