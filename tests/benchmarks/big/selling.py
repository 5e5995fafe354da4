"""Deals with the moves that brought them where they are."""

import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta

from tests.benchmarks.big import words
from tests.benchmarks.big.customers import Company
from tests.benchmarks.big.rows import (
    CURRENCIES,
    DAY_S,
    EDITED,
    MONDAY,
    NOW_S,
    TODAY,
    Batch,
    Row,
    day,
    edited,
    moment,
    working,
)

OPEN_SHARE = 0.1
WEEK_S = int((MONDAY - datetime(1970, 1, 1, tzinfo=UTC)).total_seconds())
WEEKLY = 0.2
"""How many of the open deals changed since Monday."""
CATEGORIES = ("pipeline", "best_case", "commit")
HISTORY = (
    "id", "entity", "entity_id", "field", "old", "new", "at", "by_id", "account_id", "owner_id",
)  # fmt: skip
DEAL = (
    "id", "name", "pipeline_id", "stage_id", "status", "kind", "amount_minor", "currency", "close_date", "closed_at",
    "forecast_category", "next_step", "next_step_due", "lost_reason", "competitor", "source", "stage_entered_at", "custom",
    "account_id", "owner_id", "external_source", "external_id", *EDITED,
)  # fmt: skip


@dataclass
class Deals:
    """The deals by position: id, position of the account, owner, when made and when it ended (or now), and whether open."""

    ids: list[str] = field(default_factory=list)
    account: list[int] = field(default_factory=list)
    owner: list[str] = field(default_factory=list)
    made: list[int] = field(default_factory=list)
    ended: list[int] = field(default_factory=list)
    open: list[bool] = field(default_factory=list)


def deals(company: Company, made: Deals) -> Iterator[Batch]:
    """Every deal and, beside it, its history."""
    key, history_key, rows, history = company.keys(11), company.keys(12), list[Row](), list[Row]()
    for number in range(company.size.deals):
        row, moves = _deal(company, made, number, key())
        rows.append(row)
        history += [(history_key(), *move) for move in moves]
        if len(rows) >= 5_000:
            yield Batch("deal", DEAL, rows)
            yield Batch("field_history", HISTORY, history)
            rows, history = [], []
    yield Batch("deal", DEAL, rows)
    yield Batch("field_history", HISTORY, history)


def _deal(company: Company, made: Deals, number: int, id: str) -> tuple[Row, list[Row]]:
    chance = company.chance
    at = chance.randrange(len(company.accounts))
    owner = company.owner_of[at] if chance.random() < 0.95 else chance.choice(company.reps)
    company.members.add((at, owner))
    is_open = chance.random() < OPEN_SHARE
    length = chance.uniform(20, 160)
    ago = chance.uniform(0.2, length) if is_open else chance.uniform(length, 1_800)
    created = working(chance, ago)
    ended = NOW_S if is_open else max(created + DAY_S, working(chance, ago - length))
    won = not is_open and chance.random() < 0.35
    status = "open" if is_open else "won" if won else "lost"
    reached = chance.randrange(4) if is_open else chance.randrange(1, 4)
    amount = round(chance.lognormvariate(9.6, 0.9)) * 100
    currency = chance.choice(CURRENCIES)
    due = (
        date.fromordinal(TODAY.toordinal() + chance.randrange(-15, 120)) if is_open else date.fromisoformat(day(ended))
    )
    category = chance.choices(CATEGORIES, (60, 25, 15))[0] if is_open else "closed" if won else "omitted"
    moves, stage, entered = _moves(
        company, (at, owner, id), (created, ended), (status, reached), (amount, due, category)
    )
    made.ids.append(id)
    made.account.append(at)
    made.owner.append(owner)
    made.made.append(created)
    made.ended.append(ended)
    made.open.append(is_open)
    step = is_open and chance.random() < 0.7
    updated = max((str(move[5]) for move in moves), default=moment(created))
    row: Row = (
        id, f"{company.account_names[at].split()[0]} {chance.choice(words.EVENTS)} {number}", company.pipeline, stage, status,
        chance.choices(("new", "renewal", "expansion"), (60, 25, 15))[0], amount, currency, due.isoformat(),
        None if is_open else moment(ended), category, chance.choice(words.STEPS) if step else None,
        (TODAY + timedelta(days=chance.randrange(-10, 30))).isoformat() if step else None,
        chance.choice(words.REASONS) if status == "lost" else None,
        chance.choice(words.COMPETITORS) if chance.random() < 0.2 else None, chance.choice(words.SOURCES), moment(entered),
        "{}", company.accounts[at], owner, "crm", f"D{number}", *edited(moment(created), updated),
    )  # fmt: skip
    return row, moves


def _moves(
    company: Company,
    whose: tuple[int, str, str],
    when: tuple[int, int],
    end: tuple[str, int],
    last: tuple[int, date, str],
) -> tuple[list[Row], str, int]:
    """The history of a deal, oldest first, with its stage now and when it came into it."""
    chance = company.chance
    (at, owner, id), (created, ended), (status, reached), (amount, due, category) = whose, when, end, last
    account = company.accounts[at]
    found: list[Row] = []

    def move(name: str, old: object, new: object, seconds: int) -> None:
        told = (None if old is None else str(old), str(new))
        found.append(("deal", id, name, *told, moment(seconds), owner, account, owner))

    moments = sorted(_moment_of(chance, created, ended, status == "open") for _ in range(reached + 3))
    order = company.stages
    move("stage_id", None, order[0][0], created)
    stage, entered = order[0][0], created
    for step in range(1, reached + 1):
        entered = moments[step - 1]
        move("stage_id", stage, order[step][0], entered)
        stage = order[step][0]
    if status != "open":
        final = order[4 if status == "won" else 5][0]
        move("stage_id", stage, final, ended)
        stage, entered = final, ended
    later = moments[reached:]
    if chance.random() < 0.4:
        before = max(100, round(amount * chance.uniform(0.6, 1.3) / 100) * 100)
        if before != amount:
            move("amount_minor", before, amount, later[0])
    if chance.random() < 0.5:
        earlier = due - timedelta(days=chance.randrange(-10, 45) or 7)
        move("close_date", earlier, due, later[1])
    if category != "pipeline":
        move("forecast_category", "pipeline", category, later[2])
    found.sort(key=lambda row: str(row[5]))
    return found, stage, entered


def _moment_of(chance: random.Random, created: int, ended: int, is_open: bool) -> int:
    if is_open and chance.random() < WEEKLY / 4 and created < WEEK_S:
        return chance.randrange(WEEK_S, NOW_S)
    return chance.randrange(created, max(ended, created + 2))


def parts(company: Company, made: Deals) -> Iterator[Batch]:
    """Who plays which part in the deals, and what is on them."""
    chance, contact_key, line_key = company.chance, company.keys(13), company.keys(14)
    contacts, lines = list[Row](), list[Row]()
    for number, id in enumerate(made.ids):
        at = made.account[number]
        account, owner, known = company.accounts[at], made.owner[number], company.contacts_of[at]
        for contact, role in zip(
            chance.sample(known, min(2, len(known))), ("champion", "decision_maker"), strict=False
        ):
            contacts.append((contact_key(), id, contact, role, account, owner))
        lines.append((line_key(), id, chance.choice(company.products), 1, 500_00, "EUR", account, owner))
    yield Batch("deal_contact", ("id", "deal_id", "contact_id", "role", "account_id", "owner_id"), contacts)
    columns = ("id", "deal_id", "product_id", "quantity", "amount_minor", "currency", "account_id", "owner_id")
    yield Batch("deal_line", columns, lines)
