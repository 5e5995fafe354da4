"""Choosing sentences and filling their slots with what fits the account, the deal and the day."""

from collections import Counter
from datetime import date, timedelta
from random import Random

from crm_store.sample.company import PEOPLE_BY_KEY, PRODUCTS
from crm_store.sample.days import workday, written
from crm_store.sample.forms import AccountEntry, ContactEntry
from crm_store.sample.prose import trade
from crm_store.sample.selling import PlannedDeal

_TURNS = ("", "One more thing: ", "Something else: ", "And while I am writing: ", "")
_GREETINGS = ("Hello", "Hi", "Good morning", "Dear")
_CLOSINGS = ("Best regards", "Kind regards", "Thanks", "Regards", "Best")


def capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def letter(lines: list[str], *, inbound: bool, known: dict[str, str], random: Random) -> str:
    """A mail of these sentences between the leading contact and our person."""
    greeted, signed = ("rep", "first") if inbound else ("first", "rep")
    turn = random.choice(_TURNS)
    text = "\n\n".join([capital(lines[0]), *(capital(turn + line) for line in lines[1:])])
    closing = random.choice(_CLOSINGS)
    return f"{random.choice(_GREETINGS)} {known[greeted]},\n\n{text}\n\n{closing},\n{known[signed]}"


class Wording:
    """Draws sentences so that none comes back at the same account, and rarely elsewhere."""

    def __init__(self) -> None:
        self._used: Counter[str] = Counter()
        self._heard: set[tuple[str, str]] = set()

    def draw(self, account: str, pool: tuple[str, ...], count: int, random: Random, known: dict[str, str]) -> list[str]:
        fitting = [
            line for line in pool if (account, line) not in self._heard and ("{rival}" not in line or known["rival"])
        ]
        chosen = sorted(fitting, key=lambda line: (self._used[line], random.random()))[:count]
        chosen.sort(key=pool.index)  # as they would come in a talk
        for line in chosen:
            self._used[line] += 1
            self._heard.add((account, line))
        return [line.format_map(known) for line in chosen]


def _amount_on(deal: PlannedDeal, day: date) -> int:
    values = [
        int(change.new) for change in deal.past.changes if change.field == "amount_minor" and change.at.date() <= day
    ]
    return values[-1] if values else deal.entry.amount * 100_000


def slots(
    account: AccountEntry, deal: PlannedDeal | None, lead: ContactEntry, other: ContactEntry, day: date, random: Random
) -> dict[str, str]:
    words = trade(account.industry)
    soon = workday(day + timedelta(days=random.randrange(5, 19)), forward=True)
    later = day + timedelta(days=random.randrange(60, 180))
    small = random.randrange(2, 9)
    number = random.randrange(11, 43)
    percent = random.randrange(78, 90)
    amount = _amount_on(deal, day) // 100 if deal else 0
    return {
        "first": lead.name.split()[0],
        "other": other.name if other is not lead else "the managing director",
        "rep": PEOPLE_BY_KEY[deal.owner if deal else account.owner].name.split()[0],
        "industry": account.industry,
        "site": words.site,
        "goods": words.goods,
        "city": account.city,
        "trade2": random.choice(
            ("paper mill", "maker of pumps", "weaving mill", "bakery", "furniture maker", "printer of cartons")
        ),
        "trouble": words.trouble,
        "peak": words.peak,
        "n": str(number),
        "n2": str(small),
        "n4": str(number + random.randrange(6, 30)),
        "pct": str(random.randrange(4, 19)),
        "pct2": str(percent),
        "pct3": str(percent + random.randrange(4, 9)),
        "money": f"{account.currency} {random.choice((25, 40, 50, 75))},000",
        "amount": f"{account.currency} {amount:,}" if amount else "the offer",
        "rival": deal.entry.versus if deal else "",
        "product": random.choice(PRODUCTS[:10]).name,
        "soon": written(soon),
        "later": written(later).split()[1],
        "later_past": written(day - timedelta(days=random.randrange(40, 150))).split()[1],
        "_due": soon.isoformat(),
    }
