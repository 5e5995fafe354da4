"""Quotas and exchange rates: what is expected of people, and what one currency is worth in another."""

from decimal import Decimal

from sqlalchemy import select

from crm_store.imports.rows import BadValue, Row
from crm_store.imports.run import Run
from crm_store.imports.writing import Draft, Values
from crm_store.models import ExchangeRate, Quota

_MILLION = 1_000_000
_MOST = 2**31 - 1  # what an integer column holds on PostgreSQL


def quota(row: Row, run: Run, external_id: str) -> Draft | None:
    person_id = run.owner(row, "person")
    if person_id is None:
        raise BadValue("person", "nobody of this id, e-mail or name is known")
    starts, ends = row.day("starts"), row.day("ends")
    if starts is None or ends is None or ends < starts:
        raise BadValue("ends" if starts else "starts", "a quota needs a first and a last day")
    amount, currency = row.money("amount", run.currency_of(row))
    if amount is None:
        raise BadValue("amount", "the amount is missing")
    values: Values = {
        "person_id": person_id,
        "starts": starts,
        "ends": ends,
        "amount_minor": amount,
        "currency": currency,
    }
    same = (Quota.person_id == person_id, Quota.starts == starts, Quota.ends == ends)
    found = run.here.scalars(select(Quota.id).where(*same)).first()
    return Draft(row.line, external_id, values, fields={"amount_minor": "amount"}, row_id=found)


def exchange_rate(row: Row, run: Run, external_id: str) -> Draft | None:
    """One unit of ``currency`` in ``base``. Salesforce's conversion rates say the reverse: how much of the currency one
    unit of the company's own is."""
    currency, base = row.raw("currency").upper(), row.raw("base").upper() or run.currency_of(row)
    for field, code in (("currency", currency), ("base", base)):
        if not (len(code) == 3 and code.isascii() and code.isalpha()):
            raise BadValue(field, f"“{code[:20]}” is no currency code such as EUR")
    rate, on = row.number("rate"), row.day("on") or run.now.date()
    reverse = row.number("conversion")
    if rate is None and reverse:
        rate = Decimal(1) / reverse
    if rate is None or not 0 < rate * _MILLION <= _MOST:
        raise BadValue("rate", "the rate is missing or out of range")
    values: Values = {"currency": currency, "base": base, "on": on, "rate_millionths": round(rate * _MILLION)}
    same = (ExchangeRate.currency == currency, ExchangeRate.base == base, ExchangeRate.on == on)
    found = run.here.scalars(select(ExchangeRate.id).where(*same)).first()
    return Draft(row.line, external_id, values, fields={"rate_millionths": "rate"}, row_id=found)
