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
    """A cursor of the driver with the words of its dialect. ``who`` are the people whose records may be seen, empty for
    everyone's."""

    cursor: Any
    sqlite: bool
    who: tuple[str, ...]

    def rows(self, statement: str, **given: Any) -> list[Any]:
        """Run ``statement`` with ``:name`` parameters; a list is spread out, and ``{sees:d}`` is the access rule of ``d``;
        ``{finds:d}`` is the same for a statement that reads few rows."""
        statement = re.sub(r"\{(sees|finds):(\w+)\}", lambda rule: self._sees(rule[2], rule[1] == "finds"), statement)
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

    def _sees(self, row: str, few: bool) -> str:
        """Nothing for an administrator. PostgreSQL chooses by the number of rows whether it looks "exists" up for each or
        hashes it once; its "in" would have it read all contacts for a page of names."""
        if not self.who:
            return "(1 = 1)"
        its_team = f"SELECT 1 FROM account_member m WHERE m.account_id = {row}.account_id AND m.person_id IN (:who)"
        seen = (
            f"+{row}.account_id IN (SELECT account_id FROM account_member WHERE person_id IN (:who))"
            if self.sqlite and not few
            else f"EXISTS ({its_team})"
        )
        return f"({seen} OR {row}.account_id IS NULL AND {row}.owner_id IN (:who))"

    def moment(self, value: Any) -> datetime | None:
        return datetime.fromisoformat(value).replace(tzinfo=UTC) if isinstance(value, str) else value

    def day(self, value: Any) -> date | None:
        return date.fromisoformat(value) if isinstance(value, str) else value


def pipeline(db: Plain, ask: Asking) -> Answer:
    rates = Rates(db)
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
    return _interactions(db, "i.deal_id = :deal AND i.at <= :now", 20, "{finds", deal=ask.deal_id, now=NOW)


def last_touches(db: Plain, ask: Asking) -> Answer:
    rows, _, _ = _deals(
        db,
        "d.owner_id IN (:team) AND d.status = 'open'",
        "d.close_date IS NULL, d.close_date, d.name, d.id",
        10_000,
        team=ask.team,
    )
    return {row[0]: row[2] for row in rows}


def every_touch(db: Plain, ask: Asking) -> Answer:
    """``OFFSET 0`` has the touch looked up once for each deal, and not once for each sum over it."""
    touched = "SELECT max(i.at) FROM interaction i WHERE i.deal_id = d.id AND i.at < :tomorrow AND {sees:i}"
    day = f"date(({touched}))" if db.sqlite else f"CAST((({touched}) AT TIME ZONE 'UTC') AS date)"
    ago = "CAST(julianday(:today) - julianday(x.day) AS integer)" if db.sqlite else "CAST(:today AS date) - x.day"
    rows = db.rows(
        f"SELECT x.owner_id, count(*), count(x.day), sum({ago}) FROM (SELECT d.owner_id, {day} AS day FROM deal d "
        f"WHERE {{sees:d}} {'LIMIT -1' if db.sqlite else ''} OFFSET 0) x GROUP BY x.owner_id",
        today=TODAY, tomorrow=datetime(TODAY.year, TODAY.month, TODAY.day, tzinfo=UTC) + timedelta(days=1),
    )  # fmt: skip
    names = dict(db.rows("SELECT id, name FROM person"))
    return {
        names.get(owner, "no owner"): (float(round(Fraction(int(days), known), 1)) if known else None, number)
        for owner, number, known, days in rows
    }


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


def _interactions(db: Plain, where: str, limit: int, rule: str = "{sees", **given: Any) -> Answer:
    rows = db.rows(
        "SELECT i.id, i.body, i.channel, i.direction, i.at, i.duration_s, i.subject, i.turns, i.outcome, i.account_id, a.name, "
        "i.deal_id, d.name, i.owner_id, p.name, i.url FROM interaction i LEFT JOIN account a ON a.id = i.account_id "
        f"LEFT JOIN deal d ON d.id = i.deal_id AND {rule}:d}} LEFT JOIN person p ON p.id = i.owner_id "
        f"WHERE {where} AND {rule}:i}} ORDER BY i.at DESC, i.id DESC LIMIT {limit}", **given,
    )  # fmt: skip
    names: dict[str, list[str]] = {row[0]: [] for row in rows}
    for id, name in db.rows(
        "SELECT q.interaction_id, coalesce(p.name, c.name, q.name) FROM participant q LEFT JOIN person p ON p.id = q.person_id "
        "LEFT JOIN contact c ON c.id = q.contact_id AND {finds:c} WHERE q.interaction_id IN (:ids) AND {finds:q} ORDER BY q.id",
        ids=list(names),
    ):
        names[id].append(name)
    number = len(rows)
    if number == limit:
        number = db.rows(f"SELECT count(*) FROM interaction i WHERE {where} AND {rule}:i}}", **given)[0][0]
    return [(row[0], row[1], sorted(names[row[0]])) for row in rows], number


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
    rates, team = Rates(db), ask.team
    day = "date(d.created_at)" if db.sqlite else "CAST(d.created_at AS date)"
    sums: dict[str, Fraction] = {}
    deals: dict[str, int] = {}
    for status, category, overdue, inside, currency, on, amount, number in db.rows(
        "SELECT d.status, d.forecast_category, d.close_date < :today, d.close_date BETWEEN :starts AND :ends, d.currency, "
        f"CASE WHEN d.currency <> 'EUR' THEN coalesce(d.close_date, {day}) END, sum(d.amount_minor), count(*) FROM deal d "
        "WHERE d.owner_id IN (:team) AND {sees:d} AND (d.status IN ('open', 'won', 'lost') AND d.close_date BETWEEN :starts "
        "AND :ends OR d.status = 'open' AND d.close_date < :today) "
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


class Rates:
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
