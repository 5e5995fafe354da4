"""An amount of any currency compared with one that was given, in SQL: by the newest rate that is not after the row's day.

The reporting currency stands between the two where both are foreign. An amount without a rate can be neither said to be
larger nor smaller: the comparison is NULL then, and whoever asks decides what that means."""

from collections.abc import Callable
from typing import Any

from sqlalchemy import ColumnElement, Numeric, case, cast, literal, select
from sqlalchemy.orm import aliased

from crm_store.currencies import NO_DECIMALS, THREE_DECIMALS, decimals
from crm_store.models import ExchangeRate
from crm_store.reports.money import MILLION

_WHOLE = Numeric(asdecimal=False)
"""Exact in PostgreSQL, where a large amount times a rate is more than a bigint holds."""
_MOST_DECIMALS = 3


def compared(
    amount: Any,
    currency: Any,
    rate_day: Any,
    test: Callable[[Any, Any], ColumnElement[bool]],
    value: int | float,
    given: str,
    base: str,
) -> ColumnElement[Any]:
    """``amount`` (minor units of ``currency``) tested against ``value`` minor units of the currency ``given``."""
    foreign = test(
        _in_base(amount, currency, _rate(currency, rate_day), base),
        _in_base(literal(value, _WHOLE), literal(given), _rate(literal(given), rate_day), base),
    )
    return case((currency == given, test(amount, value)), else_=foreign)


def _in_base(amount: Any, currency: Any, rate: Any, base: str) -> ColumnElement[Any]:
    """In thousandths of millionths of the reporting currency, whole for every currency."""
    scale = case(
        (currency.in_(sorted(NO_DECIMALS)), 10 ** (decimals(base) + _MOST_DECIMALS)),
        (currency.in_(sorted(THREE_DECIMALS)), 10 ** decimals(base)),
        else_=10 ** (decimals(base) + _MOST_DECIMALS - 2),
    )
    return case(
        (currency == base, cast(amount, _WHOLE) * (MILLION * 10**_MOST_DECIMALS)),
        else_=cast(amount, _WHOLE) * rate(base) * scale,
    )


def _rate(currency: Any, rate_day: Any) -> Callable[[str], Any]:
    def of(base: str) -> Any:
        known = aliased(ExchangeRate)
        return (
            select(known.rate_millionths)
            .where(known.currency == currency, known.base == base, known.on <= rate_day)
            .order_by(known.on.desc())
            .limit(1)
            .correlate_except(known)
            .scalar_subquery()
        )

    return of
