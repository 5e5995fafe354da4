"""How a deal's move reads: in a sentence, in a table, as the quote of its source."""

from datetime import date

from bot.wording import day, money, words
from crm_store.reports.changed import Move

KIND_WORDS = {
    "new": "new",
    "reopened": "reopened",
    "pulled_in": "pulled in",
    "grew": "grew",
    "shrank": "shrank",
    "pushed": "pushed",
    "taken_over": "taken over",
    "handed_over": "handed over",
    "won": "won",
    "lost": "lost",
    "deleted": "deleted",
    "moved_stage": "moved stage",
    "changed_owner": "changed owner",
    "recategorised": "recategorised",
}


def sentence(move: Move, currency: str, today: date, *, kind_said: bool = False) -> str:
    """``Halden Rail renewal 9 Nov → Mon 30 Nov (EUR 84,000)``; ``kind_said``: the line's head already says what."""
    amount = money(move.amount_minor, currency)
    match move.kind:
        case "new" if kind_said:
            return f"{move.deal} ({amount}, {move.after})"
        case "reopened" | "won" | "lost" | "deleted" | "taken_over" | "handed_over" if kind_said:
            return f"{move.deal} ({amount})"
        case "grew" | "shrank" if kind_said:
            return f"{move.deal} by {money(abs(move.delta_minor), currency)} to {amount}"
        case "new":
            return f"{move.deal} is new ({amount}, {move.after})"
        case "reopened" | "deleted" | "taken_over" | "handed_over":
            return f"{move.deal} was {KIND_WORDS[move.kind]} ({amount})"
        case "won" | "lost":
            return f"{move.deal} {move.kind} ({amount})"
        case "grew" | "shrank":
            return f"{move.deal} {move.kind} by {money(abs(move.delta_minor), currency)} to {amount}"
        case _:
            return f"{move.deal} {change(move, currency, today)} ({amount})"


def change(move: Move, currency: str, today: date) -> str:
    """What changed, from → to."""
    match move.kind:
        case "grew" | "shrank":
            return f"{money(int(move.before), currency)} → {money(int(move.after), currency)}"
        case "pushed" | "pulled_in":
            return f"{_day(move.before, today)} → {_day(move.after, today)}"
        case "recategorised":
            return f"{words(move.before)} → {words(move.after)}"
        case "changed_owner" | "taken_over" | "handed_over":
            return KIND_WORDS[move.kind]
        case "deleted":
            return f"was in {move.before}"
        case _:
            return f"{move.before} → {move.after}" if move.before else move.after


def quote(move: Move, currency: str) -> str:
    """What the record's history says, for the citation."""
    match move.kind:
        case "pushed" | "pulled_in":
            return f"Close date: {move.before or 'none'} → {move.after or 'none'}"
        case "grew" | "shrank":
            return f"Amount: {money(int(move.before), currency)} → {money(int(move.after), currency)}"
        case "recategorised":
            return f"Forecast category: {words(move.before)} → {words(move.after)}"
        case "changed_owner" | "taken_over" | "handed_over":
            return "Owner changed"
        case "deleted":
            return f"Deleted from {move.before}"
        case "new":
            return f"Created in {move.after}"
        case _:
            return f"Stage: {move.before or 'none'} → {move.after}"


def _day(iso: str, today: date) -> str:
    return day(date.fromisoformat(iso), today) if iso else "no date"
