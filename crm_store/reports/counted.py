"""The one sentence that says what a number counts, in plain words."""

import re
from collections.abc import Sequence
from datetime import date
from typing import assert_never

from sqlalchemy import select
from sqlalchemy.orm import Session

from crm_store.access import Scope
from crm_store.currencies import amount_text
from crm_store.reports.catalogue import Field, Subject
from crm_store.reports.figures import OF_MANY, join, plural, uncompared_words, unconverted_words, value_text
from crm_store.reports.period_names import resolve
from crm_store.reports.periods import Days, ReportSettings
from crm_store.reports.result import ReportColumn, ReportResult
from crm_store.reports.spec import AllOf, AnyOf, Condition, Filter, NotThis, ReportSpec, Span
from crm_store.reports.subjects import field_named

_COMPARED = {"eq": "", "ne": "not ", "lt": "under ", "le": "at most ", "gt": "over ", "ge": "at least "}
_LONG_LIST = 4
_CHANNELS = {
    "call": "calls", "meeting": "meetings", "email": "e-mails", "chat": "chat messages", "social": "social messages",
    "event": "events", "note": "notes",
}  # fmt: skip
_HAPPENED = {"e-mails": "sent", "chat messages": "sent", "social messages": "sent", "notes": "written"}
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
    leading: list[str] = []
    nouns, related, trailing = subject.nouns, "", []
    for part in _flat(tree):
        known = _leading(part)
        if known and known not in leading:
            leading.append(known)
        elif (
            isinstance(part, Condition) and part.field == "channel" and part.op == "eq" and str(part.value) in _CHANNELS
        ):
            nouns = _CHANNELS[str(part.value)]
        elif isinstance(part, Condition) and part.field in _RELATED and part.op == "eq" and part.field != "owner":
            related += f" {words.of(part)}"
        else:
            trailing.append(words.of(part))
    before = " ".join(leading)
    if days is not None and (days.since or days.until):
        when = _HAPPENED.get(nouns) or subject.day_words.get(day.name, day.shown_title)
        trailing.insert(0, f"{_past(when, before)} {days.words()}")
        before = before.removeprefix("closed").strip()  # said with the period
    return ", ".join([f"{before} {nouns}{related}".strip(), *trailing])


def _leading(part: Filter) -> str:
    """A condition that reads before the noun: won deals, urgent cases, won or lost renewal deals."""
    if not isinstance(part, Condition) or part.field not in ("status", "kind", "priority", "direction"):
        return ""
    if part.field == "status" and part.said is not None:
        return part.said
    if part.op == "eq":
        return _plain(part.value)
    if part.op == "in" and isinstance(part.value, tuple) and 0 < len(part.value) < _LONG_LIST:
        return " or ".join(_plain(one) for one in part.value)
    return ""


def _plain(value: object) -> str:
    word = str(value).strip().lower().replace("_", " ")
    return word.upper() if word in ("nps", "csat") else word


def _past(when: str, leading: str) -> str:
    return (
        "closed"
        if when == "closing" and re.fullmatch(r"(won|lost|closed|won or lost|lost or won)\b.*", leading)
        else when
    )


def _flat(tree: Filter | None) -> list[Filter]:
    if tree is None:
        return []
    return [part for one in tree.all_of for part in _flat(one)] if isinstance(tree, AllOf) else [tree]


def told(result: ReportResult, spec: ReportSpec, nouns: str, scope: Scope) -> str:
    """The whole sentence: what was counted, split how, among whose records, how much, beside what, and what is in no
    sum. "won deals, closed 1 Jul to 30 Sep 2026, owned by Jonas Brandt: 14 deals and EUR 412,000"."""
    what = result.described
    if result.group_columns:
        what += f", by {' and '.join(column.title for column in result.group_columns)}"
    if not scope.everything and not _names_whose(spec.filter):
        what += ", among the records you can see"
    columns = [_plainly(column, spec.filter) for column in result.columns]
    parts = [f"{what}: {_figures(result.total.values, columns)}"]
    enough = f" with at least {spec.at_least} {nouns}" if spec.at_least else ""
    if result.kept is not None:
        number = len(result.kept.considered)
        title = result.group_columns[0].title if len(result.group_columns) == 1 else "group"
        groups = title if number == 1 else plural(title)
        parts.append(f"of {number} {groups}{enough}, {result.kept.words}")
    elif enough:
        parts.append(f"only groups{enough} are shown")
    if result.more:
        parts.append(f"{result.more} more {'group is' if result.more == 1 else 'groups are'} not shown")
    if result.compared is not None and result.total.previous is not None:
        parts.append(f"compared with {result.compared}: {_figures(result.total.previous, columns)}")
    if result.unconverted:
        parts.append(unconverted_words(result.unconverted))
    if result.uncompared:
        parts.append(uncompared_words(result.uncompared))
    return "; ".join(parts)


def _plainly(column: ReportColumn, tree: Filter | None) -> ReportColumn:
    """Calls are counted as calls, as the sentence has called them."""
    said = [
        _CHANNELS[str(part.value)]
        for part in _flat(tree)
        if isinstance(part, Condition) and part.field == "channel" and part.op == "eq" and str(part.value) in _CHANNELS
    ]
    return column.model_copy(update={"unit": said[-1]}) if said and column.name == "count" else column


def _names_whose(tree: Filter | None) -> bool:
    return any(isinstance(part, Condition) and part.field in ("owner", "account") for part in _flat(tree))


def _figures(values: Sequence[int | float | None], columns: Sequence[ReportColumn]) -> str:
    return join([_figure(value, column) for value, column in zip(values, columns, strict=True)])


def _figure(value: int | float | None, column: ReportColumn) -> str:
    """ "EUR 412,000", "win rate 38 %", "24 accounts that ordered"."""
    if column.name in ("count", "sum"):
        return value_text(value, column)
    if value is None:
        return f"no {column.title}"
    counted = column.kind == "number" and not column.title.startswith(OF_MANY)
    if counted and value != 1:
        return f"{value_text(value, column)} {column.title}"
    return f"{column.title} {value_text(value, column)}"


class _Words:
    def __init__(self, session: Session, subject: Subject, today: date, settings: ReportSettings) -> None:
        self._session, self._subject, self._today, self._settings = session, subject, today, settings

    def of(self, tree: Filter) -> str:
        match tree:
            case AllOf(all_of=parts):
                return " and ".join(self._inside(part) for part in parts)
            case AnyOf(any_of=parts):
                return ("either " if len(parts) > 1 else "") + " or ".join(self._inside(part) for part in parts)
            case NotThis(negated=NotThis(negated=part)):
                return self.of(part)
            case NotThis(negated=part):
                return f"not {self.of(part)}" if isinstance(part, Condition) else f"not ({self.of(part)})"
            case Condition():
                return self._condition(tree, field_named(self._subject, tree.field))
            case _:
                assert_never(tree)

    def _inside(self, tree: Filter) -> str:
        several = isinstance(tree, AllOf | AnyOf) and len(tree.all_of if isinstance(tree, AllOf) else tree.any_of) > 1
        return f"({self.of(tree)})" if several else self.of(tree)

    def _condition(self, condition: Condition, field: Field) -> str:
        def text(value: object) -> str:
            return self._value(field, value, condition.currency)

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
                return f"{title} {text(value[0])} to {text(value[1])}"
            case "in" | "not_in":
                assert isinstance(value, tuple)
                kept = "" if condition.op == "in" else "not "
                if len(value) > _LONG_LIST:
                    return f"{title} {kept}one of {len(value)}"
                named = " or ".join(text(one) for one in value) or "none at all"
                return f"{_RELATED.get(field.name, title) if not kept else f'{title} not'} {named}"
            case "eq" | "ne" if field.kind == "flag":
                marked = f'marked "{title.removeprefix("is ")}"'
                return marked if (value is True) == (condition.op == "eq") else f"not {marked}"
            case "eq" if field.name in _RELATED:
                return f"{_RELATED[field.name]} {text(value)}"
            case "lt" | "gt" if field.is_date:
                return f"{self._subject.day_words.get(field.name, title)} {'before' if condition.op == 'lt' else 'after'} {text(value)}"
            case "le" | "ge" if field.is_date:
                return f"{self._subject.day_words.get(field.name, title)} {'up to' if condition.op == 'le' else 'from'} {text(value)}"
            case _:
                return f"{title} {_COMPARED[condition.op]}{text(value)}"

    def _value(self, field: Field, value: object, currency: str | None) -> str:
        if field.is_date:
            return resolve(str(value), self._today, self._settings).words()
        if field.kind == "money" and isinstance(value, int | float):
            return amount_text(round(value), currency or self._settings.currency)
        if field.named is not None:
            key, name = field.named
            found = self._session.scalars(select(name).where(key == str(value))).first()
            return str(found if found is not None else value)
        named = field.kind == "choice" or field.name == "field"
        return str(value).replace("_", " ") if named else str(value)
