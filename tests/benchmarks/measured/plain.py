"""The same answers from SQL as a good engineer writes it by hand, run by the bare driver.

Every statement carries the access rule: a row is seen by who is on its account's team, one without an account by its owner.
On SQLite the unary plus keeps that rule from choosing the index, as in :mod:`crm_store.hints`: without it some of these
take seconds."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from fractions import Fraction
from typing import Any

from crm_store.passages_fulltext import search_terms
from crm_store.people import Caller
from tests.benchmarks.measured.asking import MONDAY, NOW, TODAY, UNTOUCHED, WORDS, Asking

Answer = Any
QUARTER_STARTS, QUARTER_ENDS = date(2026, 10, 1), date(2026, 12, 31)
_NAMED = re.compile(r":(\w+)")


@dataclass(frozen=True)
class Plain:
    """A cursor of the driver with the words of its dialect. ``who`` are the people whose records may be seen."""

    cursor: Any
    sqlite: bool
    who: tuple[str, ...]

    def rows(self, statement: str, **given: Any) -> list[Any]:
        """Run ``statement`` with ``:name`` parameters; a list is spread out, and ``{sees:d}`` is the access rule of ``d``."""
        statement = re.sub(r"\{sees:(\w+)\}", lambda found: self._sees(found[1]), statement)
        values: dict[str, Any] = {}

        def bound(found: re.Match[str]) -> str:
            name = found[1]
            value = self.who if name == "who" else given[name]
            if isinstance(value, list | tuple | frozenset):
                names = [f"{name}_{place}" for place in range(len(value))]
                values.update(zip(names, sorted(value), strict=True))
                return ", ".join(self._mark(one) for one in names)
            values[name] = self._value(value)
            return self._mark(name)

        return list(self.cursor.execute(_NAMED.sub(bound, statement), values).fetchall())

    def _mark(self, name: str) -> str:
        return f":{name}" if self.sqlite else f"%({name})s"

    def _value(self, value: Any) -> Any:
        if self.sqlite and isinstance(value, datetime):
            return value.strftime("%Y-%m-%d %H:%M:%S.%f")
        return value.isoformat() if self.sqlite and isinstance(value, date) else value

    def _sees(self, row: str) -> str:
        """PostgreSQL chooses by the number of rows whether it looks "exists" up for each or hashes it once; its "in" would
        have it read all contacts for a page of names."""
        its_team = f"SELECT 1 FROM account_member m WHERE m.account_id = {row}.account_id AND m.person_id IN (:who)"
        seen = (
            f"+{row}.account_id IN (SELECT account_id FROM account_member WHERE person_id IN (:who))"
            if self.sqlite
            else f"EXISTS ({its_team})"
        )
        return f"({seen} OR {row}.account_id IS NULL AND {row}.owner_id IN (:who))"

    def moment(self, value: Any) -> datetime | None:
        return datetime.fromisoformat(value).replace(tzinfo=UTC) if isinstance(value, str) else value

    def day(self, value: Any) -> date | None:
        return date.fromisoformat(value) if isinstance(value, str) else value


def pipeline(db: Plain, ask: Asking) -> Answer:
    rates = _Rates(db)
    found: dict[str, tuple[Fraction, int]] = {}
    day = "date(d.created_at)" if db.sqlite else "CAST(d.created_at AS date)"
    for stage, currency, on, amount, number in db.rows(
        f"SELECT s.name, d.currency, CASE WHEN d.currency <> 'EUR' THEN coalesce(d.close_date, {day}) END, "
        "sum(d.amount_minor), count(*) FROM deal d JOIN stage s ON s.id = d.stage_id "
        "WHERE d.status = 'open' AND {sees:d} GROUP BY 1, 2, 3"
    ):
        total, count = found.get(stage, (Fraction(0), 0))
        found[stage] = (total + int(amount) * rates.factor(currency, db.day(on)), count + number)
    return {stage: (round(total), count) for stage, (total, count) in found.items()}


def week(db: Plain, ask: Asking) -> Answer:
    me, sunday = ask.rep.person_id, TODAY + timedelta(days=2)
    due = "t.owner_id = :me AND t.status = 'open' AND t.due <= :sunday AND {sees:t}"
    listed = db.rows(
        "SELECT t.id, t.title, t.kind, t.status, t.due, t.done_at, t.account_id, a.name, t.deal_id, d.name, t.contact_id, "
        "c.name, t.owner_id, p.name, t.source_id, t.created_at FROM task t LEFT JOIN account a ON a.id = t.account_id "
        "LEFT JOIN deal d ON d.id = t.deal_id AND {sees:d} LEFT JOIN contact c ON c.id = t.contact_id AND {sees:c} "
        f"LEFT JOIN person p ON p.id = t.owner_id WHERE {due} ORDER BY t.due, t.title, t.id LIMIT 30",
        me=me, sunday=sunday,
    )  # fmt: skip
    number = len(listed)
    if number == 30:
        number = db.rows(f"SELECT count(*) FROM task t WHERE {due}", me=me, sunday=sunday)[0][0]
    closing = _deals(db, "d.owner_id = :me AND d.status = 'open' AND d.close_date <= :sunday", "d.close_date, d.name, d.id", 10,
                     me=me, sunday=sunday)  # fmt: skip
    part = "(SELECT q.interaction_id FROM participant q WHERE q.person_id = :me AND q.at >= :monday AND q.at <= :now AND {sees:q})"
    among = f"i.id IN {part}" if db.sqlite else f"i.id = ANY (ARRAY{part})"
    ours = f"(i.owner_id = :me AND i.at >= :monday AND i.at <= :now OR {among})"
    done = _interactions(db, ours, 30, me=me, monday=MONDAY, now=NOW)
    return ([row[0] for row in listed], number), closing, ([(id, names) for id, _, names in done[0]], done[1])


def untouched(db: Plain, ask: Asking) -> Answer:
    quiet = (
        "d.owner_id = :me AND d.status = 'open' AND d.created_at < :since "
        "AND NOT EXISTS (SELECT 1 FROM interaction i WHERE i.deal_id = d.id AND i.at >= :since AND i.at <= :now "
        "AND i.direction <> 'internal' AND {sees:i}) "
        "AND NOT EXISTS (SELECT 1 FROM interaction i WHERE i.account_id = d.account_id AND i.deal_id IS NULL "
        "AND i.at >= :since AND i.at <= :now AND i.direction <> 'internal' AND {sees:i})"
    )
    order = "CASE WHEN {touched} > d.created_at THEN {touched} ELSE d.created_at END, d.name, d.id"
    return _deals(db, quiet, order, 10, me=ask.rep.person_id, since=UNTOUCHED)


def timeline(db: Plain, ask: Asking) -> Answer:
    return _interactions(db, "i.deal_id = :deal AND i.at <= :now", 20, deal=ask.deal_id, now=NOW)


def last_touches(db: Plain, ask: Asking) -> Answer:
    rows, _, _ = _deals(
        db,
        "d.owner_id IN (:team) AND d.status = 'open'",
        "d.close_date IS NULL, d.close_date, d.name, d.id",
        10_000,
        team=ask.team,
    )
    return {row[0]: row[2] for row in rows}


_TOUCHED = (
    "(SELECT max(x.at) FROM (SELECT max(i.at) AS at FROM interaction i WHERE i.deal_id = d.id AND i.at <= :now "
    "AND i.direction <> 'internal' AND {sees:i} UNION ALL SELECT max(i.at) FROM interaction i WHERE i.account_id = d.account_id "
    "AND i.deal_id IS NULL AND i.at <= :now AND i.direction <> 'internal' AND {sees:i}) x)"
)
_PUSHES = (
    "(SELECT count(*) FROM field_history h WHERE h.entity = 'deal' AND h.entity_id = d.id AND h.field = 'close_date' "
    "AND h.old IS NOT NULL AND h.new > h.old AND {sees:h})"
)


def _deals(db: Plain, where: str, order: str, limit: int, **given: Any) -> Answer:
    """The list as a tool shows it: the rows with their pushes and last touch, how many there are, the sum per currency."""
    order = order.replace("{touched}", _TOUCHED)
    rows = db.rows(
        "SELECT d.id, d.name, d.account_id, a.name, d.owner_id, p.name, d.pipeline_id, d.stage_id, s.name, d.status, d.kind, "
        "d.amount_minor, d.currency, d.close_date, d.closed_at, d.forecast_category, d.next_step, d.next_step_due, "
        "d.lost_reason, d.competitor, d.source, d.description, d.stage_entered_at, d.created_at, d.updated_at, "
        f"{_PUSHES}, {_TOUCHED} FROM deal d JOIN stage s ON s.id = d.stage_id LEFT JOIN account a ON a.id = d.account_id "
        f"LEFT JOIN person p ON p.id = d.owner_id WHERE {where} AND {{sees:d}} ORDER BY {order} LIMIT {limit}",
        now=NOW, **given,
    )  # fmt: skip
    shown = [(row[0], row[25], db.moment(row[26])) for row in rows]
    if len(rows) < limit:  # all there are
        sums: dict[str, int] = {}
        for row in rows:
            sums[row[12]] = sums.get(row[12], 0) + (row[11] or 0)
        return shown, len(rows), tuple(sorted(sums.items(), key=lambda one: -one[1]))
    found = db.rows(
        f"SELECT d.currency, count(*), sum(d.amount_minor) FROM deal d WHERE {where} AND {{sees:d}} "
        "GROUP BY d.currency ORDER BY 3 DESC", now=NOW, **given,
    )  # fmt: skip
    return (
        shown,
        sum(row[1] for row in found),
        tuple((currency, int(amount)) for currency, _, amount in found if amount),
    )


def _interactions(db: Plain, where: str, limit: int, **given: Any) -> Answer:
    rows = db.rows(
        "SELECT i.id, i.body, i.channel, i.direction, i.at, i.duration_s, i.subject, i.turns, i.outcome, i.account_id, a.name, "
        "i.deal_id, d.name, i.owner_id, p.name, i.url FROM interaction i LEFT JOIN account a ON a.id = i.account_id "
        "LEFT JOIN deal d ON d.id = i.deal_id AND {sees:d} LEFT JOIN person p ON p.id = i.owner_id "
        f"WHERE {where} AND {{sees:i}} ORDER BY i.at DESC, i.id DESC LIMIT {limit}", **given,
    )  # fmt: skip
    names: dict[str, list[str]] = {row[0]: [] for row in rows}
    for id, name in db.rows(
        "SELECT q.interaction_id, coalesce(p.name, c.name, q.name) FROM participant q LEFT JOIN person p ON p.id = q.person_id "
        "LEFT JOIN contact c ON c.id = q.contact_id AND {sees:c} WHERE q.interaction_id IN (:ids) AND {sees:q} ORDER BY q.id",
        ids=list(names),
    ):
        names[id].append(name)
    number = len(rows)
    if number == limit:
        number = db.rows(f"SELECT count(*) FROM interaction i WHERE {where} AND {{sees:i}}", **given)[0][0]
    return [(row[0], row[1], sorted(names[row[0]])) for row in rows], number


def changed(db: Plain, ask: Asking) -> Answer:
    """What each deal that changed was on Monday, and what is open now: the history is read by its times, once."""
    rates, day = _Rates(db), NOW.date()
    status = {row[0]: row[1] for row in db.rows("SELECT id, status FROM stage")}
    was: dict[str, dict[str, str | None]] = {}  # the first change of a field after Monday says what it was
    for id, name, old in db.rows(
        "SELECT h.entity_id, h.field, h.old FROM field_history h WHERE h.entity = 'deal' AND h.at > :monday "
        "AND h.field IN ('stage_id', 'amount_minor', 'currency', 'close_date', 'owner_id', 'forecast_category') AND {sees:h} "
        "ORDER BY h.at, h.id", monday=MONDAY,
    ):  # fmt: skip
        was.setdefault(id, {}).setdefault(name, old)
    plus = "+" if db.sqlite else ""
    moved = db.rows(
        "SELECT d.id, d.status, d.amount_minor, d.currency, d.created_at, d.stage_id FROM deal d "
        f"WHERE {plus}d.owner_id IN (:team) AND {{sees:d}} "
        "AND (d.created_at > :monday OR d.closed_at > :monday OR d.id IN (:changed))",
        monday=MONDAY, team=ask.team, changed=list(was),
    )  # fmt: skip
    worth: dict[str, int] = {}
    before = after = 0
    for currency, amount, number in db.rows(
        "SELECT d.currency, sum(d.amount_minor), count(*) FROM deal d WHERE d.status = 'open' AND d.owner_id IN (:team) "
        "AND {sees:d} GROUP BY d.currency", team=ask.team,
    ):  # fmt: skip
        worth[currency] = int(amount)
        after += number
    then = dict(worth)
    before = after
    for id, now, amount, currency, created, stage in moved:
        if now == "open":
            then[currency] -= amount
            before -= 1
        past, made = was.get(id, {}), db.moment(created)
        if made is not None and made <= MONDAY and status[past.get("stage_id") or stage] == "open":
            valued = past.get("amount_minor", amount)
            then[past.get("currency") or currency] += int(valued or 0)
            before += 1
    opening, closing = (
        sum(round(total * rates.factor(currency, day)) for currency, total in at.items()) for at in (then, worth)
    )
    return round(opening, -4), round(closing, -4), before, after


def search(db: Plain, ask: Asking) -> Answer:
    terms = search_terms(WORDS)
    if db.sqlite:
        rows = _best_lines(db, "{body} : (" + " OR ".join(f'"{term}"' for term in terms) + ")")
    else:
        rows = db.rows(
            "SELECT c.chunk_id, ts_rank(c.body, q, 1) AS score FROM chunk_search c, websearch_to_tsquery('english', :words) q "
            "WHERE c.body @@ q AND {sees:c} ORDER BY score DESC LIMIT 20",
            words=" OR ".join(f'"{term}"' for term in terms),
        )
    return [round(float(row[1]), 4) for row in rows]


def _best_lines(db: Plain, match: str) -> list[Any]:
    """The best lines, and of those the ones that may be seen: asking that of every line that matches takes ten times as
    long. More are looked at until there are enough."""
    fetch = 200
    while True:
        rows = db.rows(
            "SELECT c.id, best.score FROM (SELECT chunk_id, -bm25(chunk_fts, 0.0, 1.0, 0.0) AS score FROM chunk_fts "
            "WHERE chunk_fts MATCH :match ORDER BY score DESC LIMIT :fetch) AS best CROSS JOIN chunk c ON c.id = best.chunk_id "
            "WHERE {sees:c} ORDER BY best.score DESC LIMIT 20", match=match, fetch=fetch,
        )  # fmt: skip
        if len(rows) == 20 or fetch > 1_000_000:
            return rows
        fetch *= 8


def stands(db: Plain, ask: Asking) -> Answer:
    rates, team = _Rates(db), ask.team
    day = "date(d.created_at)" if db.sqlite else "CAST(d.created_at AS date)"
    sums: dict[str, Fraction] = {}
    deals: dict[str, int] = {}
    for status, category, overdue, inside, currency, on, amount, number in db.rows(
        "SELECT d.status, d.forecast_category, d.close_date < :today, d.close_date BETWEEN :starts AND :ends, d.currency, "
        f"CASE WHEN d.currency <> 'EUR' THEN coalesce(d.close_date, {day}) END, sum(d.amount_minor), count(*) FROM deal d "
        "WHERE d.owner_id IN (:team) AND {sees:d} AND (d.close_date BETWEEN :starts AND :ends OR d.status = 'open') "
        "GROUP BY 1, 2, 3, 4, 5, 6",
        today=TODAY, starts=QUARTER_STARTS, ends=QUARTER_ENDS, team=team,
    ):  # fmt: skip
        kinds = [category if status == "open" else status] if inside else []
        kinds += ["overdue"] if status == "open" and overdue else []
        for kind in kinds:
            sums[kind] = sums.get(kind, Fraction(0)) + int(amount) * rates.factor(currency, db.day(on))
            deals[kind] = deals.get(kind, 0) + number
    quota = db.rows(
        "SELECT sum(amount_minor) FROM quota WHERE person_id IN (:team) AND starts = :starts AND ends = :ends",
        team=team, starts=QUARTER_STARTS, ends=QUARTER_ENDS,
    )[0][0]  # fmt: skip
    worth = {kind: round(total) for kind, total in sums.items()}
    return (
        int(quota), worth["won"], deals["won"], worth["lost"], deals["lost"], worth["commit"], worth["best_case"],
        worth["pipeline"], worth["overdue"], deals["overdue"],
    )  # fmt: skip


class _Rates:
    """The newest rate that is not after a day, in millionths of a euro; the currencies here all have cents."""

    def __init__(self, db: Plain) -> None:
        self._found: dict[str, list[tuple[date, int]]] = {}
        for currency, on, rate in db.rows('SELECT currency, "on", rate_millionths FROM exchange_rate ORDER BY "on"'):
            day = db.day(on)
            assert day is not None
            self._found.setdefault(currency, []).append((day, rate))
        self._known: dict[tuple[str, date | None], Fraction] = {}

    def factor(self, currency: str, day: date | None) -> Fraction:
        if currency == "EUR" or day is None:
            return Fraction(1)
        if (currency, day) not in self._known:
            self._known[currency, day] = next(
                Fraction(rate, 1_000_000) for on, rate in reversed(self._found[currency]) if on <= day
            )
        return self._known[currency, day]


def people_of(caller: Caller) -> tuple[str, ...]:
    return tuple(sorted(caller.scope.owner_ids or ()))


Statement = Callable[[Plain, Asking], Answer]
