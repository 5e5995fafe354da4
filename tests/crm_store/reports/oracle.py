"""The same reports computed in plain Python over rows loaded one by one: slow, obvious, and written without the
compiler."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from crm_store.models import Account, Case, Deal, ExchangeRate, Order, Person, Stage, Team
from crm_store.reports import AllOf, AnyOf, Condition, Filter, NotThis

Record = dict[str, Any]
MINOR = {"JPY": 0}


@dataclass(frozen=True)
class World:
    """Every record of a subject as field name -> value, and the rates."""

    records: list[Record]
    rates: list[tuple[str, date, int]]
    today: date


def world(session: Session, subject: str, today: date, owners: set[str] | None) -> World:
    """Loads everything and keeps what ``owners`` may see by the rule in words: rows of accounts they own."""
    people = {row.id: row for row in session.scalars(select(Person))}
    teams = {row.id: row.name for row in session.scalars(select(Team))}
    accounts = {row.id: row for row in session.scalars(select(Account))}
    stages = {row.id: row for row in session.scalars(select(Stage))}
    model: Any = {"deals": Deal, "orders": Order, "cases": Case}[subject]
    records = []
    for row in session.scalars(select(model)):
        account = accounts[row.account_id]
        if owners is not None and account.owner_id not in owners:
            continue
        person = people.get(row.owner_id)
        record: Record = {
            "id": row.id,
            "owner": person.name if person else None,
            "team": teams.get(person.team_id or "") if person else None,
            "industry": account.industry,
            "country": account.country,
            "employees": account.employees,
            "account": account.name,
            "status": row.status,
            "created": row.created_at.date(),
        }
        if subject == "deals":
            record |= _deal(row, stages[row.stage_id], today)
        elif subject == "orders":
            record |= {
                "amount": row.amount_minor,
                "currency": row.currency,
                "ordered": row.ordered_on,
                "rate_day": row.ordered_on,
            }
        else:
            record |= {
                "priority": row.priority,
                "satisfaction": row.satisfaction,
                "opened": row.opened_at.date(),
                "closed": row.closed_at.date() if row.closed_at else None,
                "csat": row.satisfaction,
                "time_to_close": (row.closed_at.date() - row.opened_at.date()).days if row.closed_at else None,
                "first_response": int((row.first_response_at - row.opened_at).total_seconds() // 60)
                if row.first_response_at
                else None,
            }
        records.append(record)
    rates = [(row.currency, row.on, row.rate_millionths) for row in session.scalars(select(ExchangeRate))]
    return World(records, rates, today)


def _deal(row: Deal, stage: Stage, today: date) -> Record:
    created = row.created_at.date()
    return {
        "stage": stage.name,
        "kind": row.kind,
        "forecast_category": row.forecast_category,
        "competitor": row.competitor,
        "lost_reason": row.lost_reason,
        "next_step": row.next_step,
        "amount": row.amount_minor,
        "currency": row.currency,
        "close_date": row.close_date,
        "closed": row.closed_at.date() if row.closed_at else None,
        "rate_day": row.close_date or created,
        "sales_cycle": (row.closed_at.date() - created).days if row.status == "won" and row.closed_at else None,
        "age": (today - created).days if row.status == "open" else None,
        "time_in_stage": (today - row.stage_entered_at.date()).days if row.status == "open" else None,
        "weighted": None if row.amount_minor is None else Fraction(row.amount_minor * stage.probability, 100),
    }


def holds(record: Record, tree: Filter | None) -> bool:
    match tree:
        case None:
            return True
        case AllOf(all_of=parts):
            return all(holds(record, part) for part in parts)
        case AnyOf(any_of=parts):
            return any(holds(record, part) for part in parts)
        case NotThis(negated=part):
            return not holds(record, part)
        case Condition(field=field, op=op, value=value):
            return _condition(record[field], op, value)


def _condition(have: Any, op: str, value: Any) -> bool:
    if op == "is_empty":
        return (have is None or have == "") == (value is not False)
    if op == "ne":
        return not _condition(have, "eq", value)
    if op == "not_in":
        return not _condition(have, "in", value)
    if have is None:
        return False
    if op == "in":
        return any(_condition(have, "eq", one) for one in value)
    if op == "between":
        return bool(_plain(have, value[0]) <= have <= _plain(have, value[1]))
    if op == "contains":
        return value.lower() in have.lower()
    wanted = _plain(have, value)
    if op == "eq":
        return bool(have.lower() == wanted.lower()) if isinstance(have, str) else bool(have == wanted)
    compare: dict[str, Callable[[Any, Any], bool]] = {
        "lt": lambda a, b: a < b,
        "le": lambda a, b: a <= b,
        "gt": lambda a, b: a > b,
        "ge": lambda a, b: a >= b,
    }
    return compare[op](have, wanted)


def _plain(have: Any, value: Any) -> Any:
    return date.fromisoformat(value) if isinstance(have, date) else value


def bucket_key(day: date | None, unit: str) -> str | None:
    """The first day of the calendar bucket, weeks from Monday."""
    if day is None:
        return None
    match unit:
        case "week":
            return date.fromordinal(day.toordinal() - day.weekday()).isoformat()
        case "month":
            return f"{day.year}-{day.month:02d}-01"
        case "quarter":
            return f"{day.year}-{(day.month - 1) // 3 * 3 + 1:02d}-01"
        case _:
            return f"{day.year}-01-01"


def in_reporting_currency(world: World, record: Record, name: str) -> Fraction | None:
    """The amount in euro cents, or None without a rate."""
    value = record[name]
    if value is None:
        return None
    if record["currency"] == "EUR":
        return Fraction(value)
    known = [
        (on, rate) for currency, on, rate in world.rates if currency == record["currency"] and on <= record["rate_day"]
    ]
    if not known:
        return None
    rate = Fraction(max(known)[1], 1_000_000)
    return Fraction(value) * rate * Fraction(10) ** (2 - MINOR.get(record["currency"], 2))


def measured(world: World, records: list[Record], name: str) -> int | float | None:
    """One measure over these records, rounded half-even once."""
    if name == "count":
        return len(records)
    if name == "win_rate":
        closed = [record for record in records if record["status"] in ("won", "lost")]
        won = sum(record["status"] == "won" for record in closed)
        return shortened(Fraction(100 * won, len(closed)), 1) if closed else None
    of, _, how = name.partition(".")
    if of in ("sum", "average", "median", "smallest", "largest"):
        of, how = "amount", of
    how = how or ("sum" if of in ("amount", "weighted") else "average")
    money = of in ("amount", "weighted")
    raw = [in_reporting_currency(world, record, of) if money else record[of] for record in records]
    values = sorted(Fraction(value) for value in raw if value is not None)
    if not values:
        return 0 if how == "sum" else None
    middle = len(values) // 2
    result = {
        "sum": sum(values, Fraction(0)),
        "average": sum(values, Fraction(0)) / len(values),
        "median": values[middle] if len(values) % 2 else (values[middle - 1] + values[middle]) / 2,
        "smallest": values[0],
        "largest": values[-1],
    }[how]
    return shortened(result, 0 if money else 2 if of == "csat" else 1)


def shortened(value: Fraction, places: int) -> int | float:
    scaled = value * 10**places
    whole = scaled.numerator // scaled.denominator
    rest = scaled - whole
    if rest > Fraction(1, 2) or (rest == Fraction(1, 2) and whole % 2 == 1):
        whole += 1
    result = Fraction(whole, 10**places)
    return int(result) if result.denominator == 1 else float(result)
