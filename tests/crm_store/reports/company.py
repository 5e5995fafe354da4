"""A company of random rows for the report tests: several currencies, gaps in every optional field, a full year of
days."""

from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from random import Random

from crm_store.base import Base
from crm_store.models import (
    Account,
    AccountMember,
    Case,
    Deal,
    DealLine,
    ExchangeRate,
    Interaction,
    Order,
    Person,
    Pipeline,
    Product,
    Stage,
    SurveyResponse,
    Task,
    Team,
)
from crm_store.store import Store

TODAY = date(2026, 11, 18)
STAGES = (("Discovery", "open"), ("Proposal", "open"), ("Negotiation", "open"), ("Won", "won"), ("Lost", "lost"))


def at(day: date, hour: int = 12) -> datetime:
    return datetime.combine(day, time(hour), UTC)


def new_store(folder: Path) -> Store:
    store = Store(f"sqlite:///{folder / 'test.db'}")
    store.migrate()
    return store


def random_company(seed: int, deals: int = 160) -> list[Base]:
    """Rows ready to be added, parents first. GBP has rates, USD only late ones, CHF none, and some amounts no
    currency."""
    random = Random(seed)
    early = at(TODAY - timedelta(days=700))
    stamp = {"created_at": early, "updated_at": early}
    rows: list[Base] = [
        Team(id="team-n", name="North"),
        Team(id="team-s", name="South"),
        *(
            Person(
                id=f"person-{n}",
                email=f"p{n}@x.example",
                name=f"Person {n}",
                team_id="team-n" if n < 2 else "team-s",
                **stamp,
            )
            for n in range(4)
        ),
        Pipeline(id="pipe", name="New"),
        *(
            Stage(id=f"stage-{n}", pipeline_id="pipe", name=name, position=n, status=status, probability=20 * n)
            for n, (name, status) in enumerate(STAGES)
        ),
        *(Product(id=f"product-{n}", name=f"Product {n}", family="A" if n < 2 else "B") for n in range(4)),
        ExchangeRate(currency="GBP", base="EUR", on=date(2025, 1, 1), rate_millionths=1_171_113),
        ExchangeRate(currency="GBP", base="EUR", on=date(2026, 6, 1), rate_millionths=1_149_999),
        ExchangeRate(currency="USD", base="EUR", on=date(2026, 3, 1), rate_millionths=866_667),
        ExchangeRate(currency="JPY", base="EUR", on=date(2025, 1, 1), rate_millionths=6_123),
    ]
    for n in range(20):
        rows.append(
            Account(
                id=f"account-{n}",
                name=f"Account {n}",
                kind=random.choice(["customer", "prospect"]),
                owner_id=f"person-{n % 4}",
                industry=random.choice(["rail", "food", None]),
                country=random.choice(["Germany", "Spain", None]),
                employees=random.choice([None, 10, 250, 4000]),
                **stamp,
            )
        )
        rows.append(AccountMember(account_id=f"account-{n}", person_id=f"person-{n % 4}"))
    for n in range(deals):
        rows += _deal(random, n)
    for n in range(80):
        rows.append(
            Order(
                id=f"order-{n}",
                number=f"O{n}",
                ordered_on=_day(random),
                amount_minor=random.randrange(1, 90_000_00),
                currency=random.choice(["EUR", "EUR", "GBP", "CHF"]),
                status=random.choice(["fulfilled", "cancelled"]),
                account_id=f"account-{n % 20}",
                owner_id=f"person-{n % 4}",
                **stamp,
            )
        )
        opened = at(_day(random), random.randrange(24))
        rows.append(
            Case(
                id=f"case-{n}",
                number=f"C{n}",
                subject=f"Case {n}",
                priority=random.choice(["low", "normal", "urgent"]),
                status=random.choice(["open", "closed"]),
                opened_at=opened,
                closed_at=random.choice([None, opened + timedelta(hours=random.randrange(300))]),
                first_response_at=random.choice([None, opened + timedelta(minutes=random.randrange(900))]),
                satisfaction=random.choice([None, 1, 2, 3, 4, 5]),
                account_id=f"account-{n % 20}",
                owner_id=f"person-{n % 4}",
                **stamp,
            )
        )
        kind = random.choice(["nps", "csat"])
        rows.append(
            SurveyResponse(
                id=f"survey-{n}",
                kind=kind,
                score=random.randrange(11) if kind == "nps" else random.randrange(1, 6),
                at=at(_day(random)),
                account_id=f"account-{n % 20}",
                owner_id=f"person-{n % 4}",
            )
        )
    for n in range(300):
        rows.append(
            Interaction(
                id=f"interaction-{n}",
                channel=random.choice(["call", "email", "meeting"]),
                direction=random.choice(["inbound", "outbound"]),
                at=at(_day(random), random.randrange(24)),
                duration_s=random.choice([None, 600, 1834]),
                subject=f"About {n}",
                account_id=f"account-{n % 20}",
                owner_id=f"person-{n % 4}",
                deal_id=random.choice([None, f"deal-{random.randrange(deals)}"]),
                **stamp,
            )
        )
    return [*rows, *_promises(Random(f"tasks {seed}"))]


def _promises(random: Random) -> list[Base]:
    """Tasks in every state, some without a day."""
    rows: list[Base] = []
    for n in range(90):
        made = at(_day(random), random.randrange(24))
        done = random.choice([None, made + timedelta(hours=random.randrange(600))])
        rows.append(
            Task(
                id=f"task-{n}",
                title=f"Task {n}",
                kind=random.choice(["task", "promise"]),
                status="open" if done is None else "done",
                due=random.choice([None, made.date() + timedelta(days=random.randrange(-3, 30))]),
                done_at=done,
                account_id=f"account-{n % 20}",
                owner_id=f"person-{n % 4}",
                created_at=made,
                updated_at=made,
            )
        )
    return rows


def _day(random: Random) -> date:
    return TODAY - timedelta(days=random.randrange(-90, 560))


def _deal(random: Random, n: int) -> list[Base]:
    place = random.randrange(5)
    status = STAGES[place][1]
    created = at(TODAY - timedelta(days=random.randrange(1, 600)), random.randrange(24))
    closed = None if status == "open" else min(created + timedelta(days=random.randrange(200), hours=3), at(TODAY))
    amount = random.choice([None, random.randrange(1, 200_000_00), random.randrange(1, 9_000_00)])
    currency = None if amount is None else random.choice(["EUR", "EUR", "EUR", "GBP", "USD", "JPY", "CHF", None])
    deal = Deal(
        id=f"deal-{n}",
        name=f"Deal {n}",
        pipeline_id="pipe",
        stage_id=f"stage-{place}",
        status=status,
        kind=random.choice(["new", "renewal"]),
        amount_minor=amount,
        currency=currency,
        close_date=random.choice([None, _day(random), _day(random), _day(random)]),
        closed_at=closed,
        forecast_category=random.choice(["commit", "best_case", "pipeline"]),
        next_step=random.choice([None, "", "Call back"]),
        lost_reason=random.choice(["price", "timing", None]) if status == "lost" else None,
        competitor=random.choice([None, "Corvane", "Mitrel"]),
        stage_entered_at=created + timedelta(days=random.randrange(5)),
        account_id=f"account-{random.randrange(20)}",
        owner_id=random.choice([None, *(f"person-{k}" for k in range(4))]),
        created_at=created,
        updated_at=created,
    )
    lines: list[Base] = [
        DealLine(
            deal_id=deal.id,
            product_id=f"product-{product}",
            amount_minor=random.randrange(1, 50_000_00),
            currency=currency or "EUR",
            account_id=deal.account_id,
            owner_id=deal.owner_id,
        )
        for product in random.sample(range(4), random.randrange(4))
    ]
    return [deal, *lines]
