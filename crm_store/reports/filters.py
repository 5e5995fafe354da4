"""Filter trees to SQL conditions. Every condition is true or false, never unknown, so that ``not`` means not."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any, assert_never

from sqlalchemy import ColumnElement, and_, false, func, not_, or_, true

from crm_store.errors import Invalid
from crm_store.reports.amounts import compared
from crm_store.reports.catalogue import Field, Subject
from crm_store.reports.period_names import resolve
from crm_store.reports.periods import Days, ReportSettings
from crm_store.reports.spec import AllOf, AnyOf, Condition, Filter, NotThis, Scalar, Span
from crm_store.reports.subjects import field_named


@dataclass(frozen=True)
class Compiled:
    """A condition and the joins it stands on."""

    where: ColumnElement[bool]
    needs: frozenset[str] = frozenset()


def compile_filter(
    tree: Filter, subject: Subject, today: date, settings: ReportSettings, *, unknown: bool = False
) -> Compiled:
    """``unknown`` is what holds of an amount that cannot be compared for want of a rate, with and without a ``not``.

    :raises Invalid: for a field that does not exist or a value that does not fit it."""
    match tree:
        case AllOf(all_of=parts) | AnyOf(any_of=parts):
            compiled = [compile_filter(part, subject, today, settings, unknown=unknown) for part in parts]
            joined = and_ if isinstance(tree, AllOf) else or_
            return Compiled(joined(*(part.where for part in compiled)), frozenset().union(*(p.needs for p in compiled)))
        case NotThis(negated=part):
            inner = compile_filter(part, subject, today, settings, unknown=not unknown)
            return Compiled(not_(inner.where), inner.needs)
        case Condition():
            return _condition(tree, field_named(subject, tree.field), _Reading(subject, today, settings, unknown))
        case _:
            assert_never(tree)


def amount_fields(tree: Filter | None, subject: Subject) -> list[Field]:
    """The amounts that a filter compares."""
    match tree:
        case None:
            return []
        case AllOf(all_of=parts) | AnyOf(any_of=parts):
            return [field for part in parts for field in amount_fields(part, subject)]
        case NotThis(negated=part):
            return amount_fields(part, subject)
        case Condition():
            field = field_named(subject, tree.field)
            return [field] if field.kind == "money" and tree.op != "is_empty" else []
        case _:
            assert_never(tree)


def currency_of(field: Field, subject: Subject) -> tuple[Any, Any]:
    """The currency of an amount and the day of its rate; both None where the subject knows no currency."""
    if field.currency is not None:
        return field.currency, field.rate_day
    return subject.currency, subject.rate_day


@dataclass(frozen=True)
class _Reading:
    """What a condition is read with."""

    subject: Subject
    today: date
    settings: ReportSettings
    unknown: bool


def within(field: Field, days: Days, settings: ReportSettings) -> ColumnElement[bool]:
    """The field's day lies in ``days``; an empty field does only when both ends are open. A moment is compared with
    the first moments of the reader's days, which an index on it can serve. A span lies in every period that shares a day
    with it."""
    if field.ends is not None:
        starts = () if days.until is None else (field.key <= days.until,)
        return and_(true(), *starts, *(() if days.since is None else (field.ends >= days.since,)))
    conditions = []
    if days.since is not None:
        conditions.append(field.key >= (settings.midnight(days.since) if field.kind == "moment" else days.since))
    if days.until is not None:
        after = days.until + timedelta(days=1)
        conditions.append(field.key < settings.midnight(after) if field.kind == "moment" else field.key <= days.until)
    return and_(field.key.is_not(None), *conditions) if conditions else true()


def _condition(condition: Condition, field: Field, reading: _Reading) -> Compiled:
    def test(key: Any, label: Any) -> ColumnElement[bool]:
        return _test(condition, field, key, label, reading)

    if field.many is None:
        return Compiled(test(field.key, field.also if field.also is not None else field.label), frozenset(field.needs))
    if condition.op in ("ne", "not_in", "is_empty"):  # none of its values, rather than some other value
        opposite = {"ne": "eq", "not_in": "in", "is_empty": "is_empty"}[condition.op]
        given = condition.model_copy(
            update={"op": opposite, "value": False if opposite == "is_empty" else condition.value}
        )
        some = field.many(lambda key, label: _test(given, field, key, label, reading))
        return Compiled(not_(some) if condition.op != "is_empty" or condition.value is not False else some)
    return Compiled(field.many(test))


def _test(condition: Condition, field: Field, key: Any, label: Any, reading: _Reading) -> ColumnElement[bool]:
    value = condition.value
    if field.kind == "money" and condition.op in ("ne", "not_in"):  # what cannot be compared is not another amount
        given = condition.model_copy(update={"op": {"ne": "eq", "not_in": "in"}[condition.op]})
        return not_(_test(given, field, key, label, replace(reading, unknown=not reading.unknown)))
    match condition.op:
        case "is_empty":
            empty = or_(key.is_(None), key == "") if field.kind in ("text", "choice") else key.is_(None)
            return not_(empty) if value is False else empty
        case "during":
            if not field.is_date:
                raise Invalid(f"{field.name!r} is not a date, so it cannot lie in a period.")
            assert isinstance(value, str | Span)
            return within(field, resolve(value, reading.today, reading.settings), reading.settings)
        case "contains":
            words = key if label is None or field.also is not None else label  # what is shown, not its id
            return _known(key, words.icontains(value, autoescape=True))
        case "in" | "not_in":
            assert isinstance(value, tuple)
            some = _any_of(condition, field, key, label, value, reading)
            return some if condition.op == "in" else not_(some)
        case "eq":
            return _equal(condition, field, key, label, _one(value), reading)
        case "ne":
            return not_(_equal(condition, field, key, label, _one(value), reading))
        case "between":
            assert isinstance(value, tuple)
            return and_(
                _compare(condition, field, key, "ge", value[0], reading),
                _compare(condition, field, key, "le", value[1], reading),
            )
        case "lt" | "le" | "gt" | "ge":
            return _compare(condition, field, key, condition.op, _one(value), reading)
        case _:
            assert_never(condition.op)


def _one(value: object) -> Scalar:
    assert isinstance(value, bool | int | float | str)
    return value


def _columns(key: Any, label: Any) -> list[Any]:
    return [key] if label is None else [key, label]


def _known(key: Any, condition: ColumnElement[bool], label: Any = None) -> ColumnElement[bool]:
    """Never unknown, so that its opposite holds for what is empty. What asks for the key alone is left bare: an index
    serves it."""
    return and_(key.is_not(None), condition if label is None else func.coalesce(condition, false()))


def _equal(
    condition: Condition, field: Field, key: Any, label: Any, value: Scalar, reading: _Reading
) -> ColumnElement[bool]:
    match field.kind:
        case "text" if field.choices:
            return _known(key, key == _choice(field, value))
        case "text":
            if _is_id(value) and field.also is None:
                return _known(key, key == value)
            word = str(value)
            return _known(
                key,
                or_(*(or_(column == word, func.lower(column) == word.lower()) for column in _columns(key, label))),
                label,
            )
        case "choice":
            return _known(key, key == str(value).strip().lower().replace(" ", "_"))
        case "flag":
            if not isinstance(value, bool):
                raise Invalid(f"{field.name!r} is true or false, not {value!r}.")
            return _known(key, key.is_(value))
        case "day" | "moment":
            return within(field, _days(field, value, reading), reading.settings)
        case "money":
            return _amount(condition, field, key, "eq", value, reading)
        case _:
            return _known(key, key == _number(field, value))


def _any_of(
    condition: Condition, field: Field, key: Any, label: Any, values: tuple[Scalar, ...], reading: _Reading
) -> ColumnElement[bool]:
    if field.kind == "text" and values and all(_is_id(value) for value in values):  # one lookup that an index can serve
        return _known(
            key,
            or_(*(column.in_(values) for column in _columns(key, label)))
            if field.also is not None
            else key.in_(values),
            label if field.also is not None else None,
        )
    return or_(false(), *(_equal(condition, field, key, label, value, reading) for value in values))


def _choice(field: Field, value: Scalar) -> str:
    for choice in field.choices:
        if choice.casefold() == str(value).strip().casefold():
            return choice
    raise Invalid(f"{field.shown_title} is one of {', '.join(field.choices)}, not {value!r}.")


def _is_id(value: Scalar) -> bool:
    return isinstance(value, str) and len(value) == 36 and value.count("-") == 4


_COMPARE: dict[str, Callable[[Any, Any], ColumnElement[bool]]] = {
    "eq": lambda column, value: column == value,
    "lt": lambda column, value: column < value,
    "le": lambda column, value: column <= value,
    "gt": lambda column, value: column > value,
    "ge": lambda column, value: column >= value,
}


def _compare(
    condition: Condition, field: Field, key: Any, op: str, value: Scalar, reading: _Reading
) -> ColumnElement[bool]:
    match field.kind:
        case "day" | "moment":
            days, one = _days(field, value, reading), timedelta(days=1)
            first, last = days.since or date.min, days.until or date.max - one
            span = {"lt": Days(None, first - one), "le": Days(None, last), "gt": Days(last + one, None)}
            return within(field, span.get(op, Days(first, None)), reading.settings)
        case "money":
            return _amount(condition, field, key, op, value, reading)
        case "number":
            return _known(key, _COMPARE[op](key, _number(field, value)))
        case _:
            raise Invalid(f"{field.name!r} has no order; use eq, in or contains.")


def _amount(
    condition: Condition, field: Field, key: Any, op: str, value: Scalar, reading: _Reading
) -> ColumnElement[bool]:
    number, base = _number(field, value), reading.settings.currency
    currency, rate_day = currency_of(field, reading.subject)
    if currency is None:
        return _known(key, _COMPARE[op](key, number))
    held = compared(key, currency, rate_day, _COMPARE[op], number, condition.currency or base, base)
    return _known(key, func.coalesce(held, true() if reading.unknown else false()))


def _days(field: Field, value: Scalar, reading: _Reading) -> Days:
    """A day, or the days of a period's name ("today", "last_quarter")."""
    try:
        return resolve(str(value), reading.today, reading.settings)
    except Invalid as error:
        raise Invalid(f"{field.name!r} is a day such as 2026-09-30 or a period, not {value!r}. {error}") from None


def _number(field: Field, value: Scalar) -> int | float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise Invalid(f"{field.name!r} is a number{' in minor units' if field.kind == 'money' else ''}, not {value!r}.")
    return value
