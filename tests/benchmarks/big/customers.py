"""The sales organisation and its customers."""

import random
from collections.abc import Iterator
from dataclasses import dataclass, field

from tests.benchmarks.big import words
from tests.benchmarks.big.rows import EDITED, NOW_S, Batch, Keys, Row, Size, day, edited, moment, working

TEAMS = ("North", "South", "West", "East")
REPS = 8
FOUNDED = moment(NOW_S - 6 * 365 * 86_400)


@dataclass
class Company:
    """What the other modules hang their rows on: ids, and what belongs to what by position."""

    chance: random.Random
    seed: int
    size: Size
    people: dict[str, str] = field(default_factory=dict)
    reps: list[str] = field(default_factory=list)
    teams: dict[str, str] = field(default_factory=dict)
    team_of: dict[str, str] = field(default_factory=dict)
    accounts: list[str] = field(default_factory=list)
    account_names: list[str] = field(default_factory=list)
    owner_of: list[str] = field(default_factory=list)
    contacts_of: list[list[str]] = field(default_factory=list)
    stages: list[tuple[str, str, int]] = field(default_factory=list)
    pipeline: str = ""
    products: list[str] = field(default_factory=list)
    members: set[tuple[int, str]] = field(default_factory=set)

    def keys(self, table: int) -> Keys:
        return Keys(self.seed, table)


def email(name: str) -> str:
    return f"{name.lower().replace(' ', '.')}@halvern.example"


def people(company: Company) -> Iterator[Batch]:
    """Forty people: four teams of eight reps with a manager each, a head of sales, an administrator and two more."""
    key, teams, rows, team_rows = company.keys(1), company.keys(2), list[Row](), list[Row]()
    top = teams()
    names = iter(dict.fromkeys(words.person_name(random.Random(f"{company.seed}:p{n}")) for n in range(200)))

    def person(role: str, team: str, name: str = "") -> str:
        id, name = key(), name or next(names)
        company.people[id] = name
        rows.append((id, email(name), name, role, role.title(), team, "Europe/Berlin", True, *edited(FOUNDED)))
        company.team_of[id] = team
        return id

    head = person("manager", top, "Maja Holm")
    team_rows.append((top, "Sales", None, head))
    for name in TEAMS:
        team = company.teams[name] = teams()
        team_rows.append((team, name, top, person("manager", team, f"Manager {name}")))
        company.reps += [person("rep", team, f"Rep {name}{number}") for number in range(1, REPS + 1)]
    person("admin", top, "Ada Min")
    person("rep", top)
    person("rep", top)
    yield Batch("team", ("id", "name", "parent_id", "manager_id"), team_rows)
    yield Batch("person", ("id", "email", "name", "role", "title", "team_id", "timezone", "active", *EDITED), rows)
    quota_keys = company.keys(3)
    managers = [(row[3], 4_000_000_00) for row in team_rows[1:]]
    quotas: list[Row] = [
        (quota_keys(), person, start, end, amount, "EUR")
        for person, amount in [*((rep, 450_000_00) for rep in company.reps), *managers]
        for start, end in (("2026-07-01", "2026-09-30"), ("2026-10-01", "2026-12-31"))
    ]
    yield Batch("quota", ("id", "person_id", "starts", "ends", "amount_minor", "currency"), quotas)
    rates = company.keys(4)
    yield Batch(
        "exchange_rate", ("id", "currency", "base", "on", "rate_millionths"),
        [(rates(), c, "EUR", f"{year}-{month:02d}-01", r + month * 1_000) for c, r in (("USD", 900_000), ("GBP", 1_150_000))
         for year in range(2020, 2027) for month in (1, 7)],
    )  # fmt: skip


def selling_ground(company: Company) -> Iterator[Batch]:
    """The pipeline with its stages and the price list."""
    company.pipeline = company.keys(5)()
    yield Batch("pipeline", ("id", "name", "position"), [(company.pipeline, "New business", 0)])
    key = company.keys(6)
    steps = (("Discovery", "open", 10), ("Qualified", "open", 25), ("Proposal", "open", 50), ("Negotiation", "open", 75),
             ("Won", "won", 100), ("Lost", "lost", 0))  # fmt: skip
    company.stages = [(key(), status, probability) for _, status, probability in steps]
    yield Batch(
        "stage", ("id", "pipeline_id", "name", "position", "status", "probability"),
        [(id, company.pipeline, steps[at][0], at, status, probability) for at, (id, status, probability) in enumerate(company.stages)],
    )  # fmt: skip
    product = company.keys(7)
    company.products = [product() for _ in words.PRODUCTS]
    yield Batch(
        "product", ("id", "name", "family", "code", "price_minor", "currency", "active"),
        [(id, name, name.split()[1], f"P-{at:03d}", (at + 1) * 50_000, "EUR", True)
         for at, (id, name) in enumerate(zip(company.products, words.PRODUCTS, strict=True))],
    )  # fmt: skip


def customers(company: Company) -> Iterator[Batch]:
    """Accounts, each with an owner and a few contacts."""
    chance, key = company.chance, company.keys(8)
    names = words.account_names(chance, company.size.accounts)
    rows: list[Row] = []
    for at, name in enumerate(names):
        id, owner = key(), chance.choice(company.reps)
        company.accounts.append(id)
        company.owner_of.append(owner)
        company.members.add((at, owner))
        if chance.random() < 0.1:
            company.members.add((at, chance.choice(company.reps)))
        created = moment(working(chance, chance.uniform(400, 2_000)))
        domain = f"{name.lower().replace(' ', '-')}.example"
        kind = chance.choices(("prospect", "customer", "partner", "former"), (45, 45, 4, 6))[0]
        rows.append((
            id, name, kind, owner, domain, f"+49 30 {at:07d}", chance.choice(words.INDUSTRIES), chance.randrange(5, 20_000),
            chance.choice(words.COUNTRIES), "{}", f"A{at}", "crm", *edited(created),
        ))  # fmt: skip
    company.account_names = names
    yield Batch(
        "account", ("id", "name", "kind", "owner_id", "domain", "phone", "industry", "employees", "country", "custom",
                    "external_id", "external_source", *EDITED), rows,
    )  # fmt: skip
    yield _contacts(company)


def _contacts(company: Company) -> Batch:
    chance, key = company.chance, company.keys(9)
    company.contacts_of = [[] for _ in company.accounts]
    rows: list[Row] = []
    for number in range(company.size.contacts):
        at = number if number < len(company.accounts) else chance.randrange(len(company.accounts))
        id, name = key(), words.person_name(chance)
        company.contacts_of[at].append(id)
        created = working(chance, chance.uniform(30, 1_800))
        domain = f"{company.account_names[at].lower().replace(' ', '-')}.example"
        left = day(created + 86_400 * 20) if chance.random() < 0.03 else None
        rows.append((
            id, name, f"{name.lower().replace(' ', '.')}.{number}@{domain}", chance.choice(words.TITLES),
            chance.choice(words.SOURCES), chance.choice(("lead", "qualified", "opportunity", "customer")), False, False, left,
            "{}", company.accounts[at], company.owner_of[at], *edited(moment(created)),
        ))  # fmt: skip
    return Batch(
        "contact", ("id", "name", "email", "title", "source", "lifecycle", "is_advocate", "do_not_contact", "left_on",
                    "custom", "account_id", "owner_id", *EDITED), rows,
    )  # fmt: skip


def members(company: Company) -> Batch:
    """The account teams; after the deals, whose owners join them."""
    key = company.keys(10)
    rows: list[Row] = [
        (key(), company.accounts[at], person, "owner" if company.owner_of[at] == person else "deal")
        for at, person in sorted(company.members)
    ]
    return Batch("account_member", ("id", "account_id", "person_id", "reason"), rows)
