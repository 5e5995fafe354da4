"""What changed since Monday, from SQL by hand: both ends of the bridge and every move between them."""

from tests.benchmarks.measured.asking import MONDAY, NOW, Asking
from tests.benchmarks.measured.plain import Answer, Plain, Rates


def changed(db: Plain, ask: Asking) -> Answer:
    """What each deal that changed was on Monday, what happened to it since, and what is open now: the history is read by its
    times, once."""
    rates, day = Rates(db), NOW.date()
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
        "SELECT d.id, d.name, d.status, d.amount_minor, d.currency, d.created_at, d.stage_id, d.close_date, "
        f"d.forecast_category FROM deal d WHERE {plus}d.owner_id IN (:team) AND {{sees:d}} "
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
    millionths = {currency: int(rates.factor(currency, day) * 1_000_000) for currency in worth}

    def minor(currency: str, amount: int) -> int:
        return amount if currency == "EUR" else round(amount * millionths[currency] / 1_000_000)

    moves: list[tuple[str, str, str, int]] = []
    for id, name, now, amount, currency, created, stage, due, category in moved:
        if now == "open":
            then[currency] -= amount
            before -= 1
        made, is_worth = db.moment(created), minor(currency, amount or 0)
        assert made is not None
        if made > MONDAY:
            moves.append((id, name, "new", is_worth))
            if now != "open":
                moves.append((id, name, now, -is_worth))
            continue
        past = was.get(id, {})
        first = past.get("stage_id") or stage
        if status[first] != "open":
            if now == "open":
                moves.append((id, name, "reopened", is_worth))
            continue
        old_amount, old_currency = int(past.get("amount_minor", amount) or 0), past.get("currency") or currency
        then[old_currency] += old_amount
        before += 1
        was_worth = minor(old_currency, old_amount)
        if is_worth != was_worth:
            moves.append((id, name, "grew" if is_worth > was_worth else "shrank", is_worth - was_worth))
        if now != "open":
            moves.append((id, name, now, -is_worth))
            continue
        due = str(due) if due else None
        dated = past.get("close_date", due)
        if dated != due:
            moves.append((id, name, "pushed" if (due or "9") > (dated or "9") else "pulled_in", 0))
        if first != stage:
            moves.append((id, name, "moved_stage", 0))
        if (past.get("forecast_category") or category) != category:
            moves.append((id, name, "recategorised", 0))
    opening, closing = (
        sum(round(total * rates.factor(currency, day)) for currency, total in at.items()) for at in (then, worth)
    )
    moves.sort()
    return round(opening, -4), round(closing, -4), before, after, moves
