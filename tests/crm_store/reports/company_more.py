"""The rest of the random company: contacts and what became of them, campaigns, what recurs, stages that were passed, and
the changes that people proposed."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from random import Random

from crm_store.base import Base
from crm_store.models import (
    Campaign,
    CampaignMember,
    Change,
    ChangeLine,
    Contact,
    FieldHistory,
    Interaction,
    OrderLine,
    Participant,
    Proposal,
    ProposalItem,
    Subscription,
)
from tests.crm_store.reports.company import TODAY

LIFE = ("lead", "qualified", "opportunity", "customer", "advocate")


def more_rows(seed: int, company: Iterable[Base]) -> list[Base]:
    """Rows that stand on those of ``company``, a random one."""
    random = Random(f"more {seed}")
    held = [row for row in company if isinstance(row, Interaction)]
    return [
        *_contacts(random, held),
        *_campaigns(random),
        *_recurring(random),
        *_lines(random),
        *_stages(random),
        *_ledger(random),
    ]


def _moment(random: Random, back: int = 560, ahead: int = 0) -> datetime:
    """Any minute of any day, so that days differ between zones."""
    minutes = random.randrange(-back * 1440, max(ahead, 0) * 1440 + 1)
    return datetime(TODAY.year, TODAY.month, TODAY.day, 12, tzinfo=UTC) + timedelta(minutes=minutes)


def _history(entity: str, row: str, field: str, old: str | None, new: str, at: datetime, account: str) -> FieldHistory:
    number = int(account.rpartition("-")[2])
    return FieldHistory(
        entity=entity, entity_id=row, field=field, old=old, new=new, at=at, by_id=f"person-{number % 4}",
        account_id=account, owner_id=f"person-{number % 4}",
    )  # fmt: skip


def _contacts(random: Random, held: list[Interaction]) -> list[Base]:
    rows: list[Base] = []
    for n in range(70):
        account, made = f"account-{random.randrange(20)}", _moment(random)
        steps = [random.choice(LIFE)]
        rows_of_life: list[Base] = []
        at = made
        if random.random() < 0.8:
            rows_of_life.append(_history("contact", f"contact-{n}", "lifecycle", None, steps[0], at, account))
        for _ in range(random.randrange(4)):
            at += timedelta(hours=random.randrange(1, 2000))
            later = random.choice([one for one in LIFE if one != steps[-1]])
            rows_of_life.append(_history("contact", f"contact-{n}", "lifecycle", steps[-1], later, at, account))
            steps.append(later)
        rows.append(
            Contact(
                id=f"contact-{n}", name=f"Contact {n}", title=random.choice([None, "Buyer"]), lifecycle=steps[-1],
                source=random.choice([None, "Fair", "Web", "Referral"]), is_advocate=random.random() < 0.2,
                do_not_contact=random.random() < 0.2, account_id=account,
                left_on=random.choice([None, None, _moment(random).date()]),
                owner_id=random.choice([None, *(f"person-{k}" for k in range(4))]), created_at=made, updated_at=made,
            )
        )  # fmt: skip
        rows += rows_of_life
    for n in range(200):
        met = random.choice(held)
        rows.append(
            Participant(
                id=f"part-{n}", interaction_id=met.id, contact_id=f"contact-{n % 60}", at=met.at,
                part="attendee", account_id=met.account_id, owner_id=met.owner_id,
            )
        )  # fmt: skip
    return rows


def _campaigns(random: Random) -> list[Base]:
    rows: list[Base] = [
        Campaign(
            id=f"campaign-{n}", name=f"Campaign {n}", channel=random.choice(["email", "event"]),
            starts_on=_moment(random).date(),
        )
        for n in range(4)
    ]  # fmt: skip
    for campaign in range(4):
        for contact in random.sample(range(70), 25):
            rows.append(
                CampaignMember(
                    campaign_id=f"campaign-{campaign}", contact_id=f"contact-{contact}", at=_moment(random),
                    status=random.choice(["sent", "opened", "responded", "unsubscribed"]),
                    account_id=f"account-{contact % 20}", owner_id=f"person-{contact % 4}",
                )
            )  # fmt: skip
    return rows


def _recurring(random: Random) -> list[Base]:
    rows: list[Base] = []
    for n in range(60):
        starts = _moment(random, back=900).date()
        rows.append(
            Subscription(
                id=f"subscription-{n}", product_id=f"product-{n % 4}", starts_on=starts,
                ends_on=starts + timedelta(days=random.randrange(30, 800)), seats=random.choice([None, 5, 40]),
                status=random.choice(["active", "active", "cancelled", "lapsed"]),
                amount_minor=random.randrange(1, 90_000_00), currency=random.choice(["EUR", "EUR", "GBP", "CHF", "JPY"]),
                account_id=f"account-{random.randrange(20)}", owner_id=f"person-{n % 4}",
                created_at=_moment(random), updated_at=_moment(random),
            )
        )  # fmt: skip
    return rows


def _lines(random: Random) -> list[Base]:
    return [
        OrderLine(
            id=f"order-line-{n}", order_id=f"order-{random.randrange(80)}", product_id=f"product-{random.randrange(4)}",
            quantity=random.randrange(1, 9), amount_minor=random.randrange(1, 9_000_00),
            currency=random.choice(["EUR", "GBP", "CHF"]), account_id=f"account-{n % 20}", owner_id=f"person-{n % 4}",
        )
        for n in range(120)
    ]  # fmt: skip


def _stages(random: Random) -> list[Base]:
    """Ways through the stages that need not end where the deal is now, as histories from elsewhere do."""
    rows: list[Base] = []
    for n in range(0, 160, 2):
        at, before = _moment(random, back=500), None if random.random() < 0.7 else f"stage-{random.randrange(5)}"
        for _ in range(random.randrange(1, 6)):
            stage = f"stage-{random.randrange(5)}"
            rows.append(_history("deal", f"deal-{n}", "stage_id", before, stage, at, f"account-{n % 20}"))
            before, at = stage, at + timedelta(hours=random.randrange(1, 900))
    return rows


def _ledger(random: Random) -> list[Base]:
    rows: list[Base] = []
    for n in range(40):
        made, person = _moment(random, back=300), f"person-{n % 4}"
        decided = random.choice([None, made + timedelta(minutes=random.randrange(5000))])
        rows.append(
            Proposal(
                id=f"proposal-{n}", person_id=person, summary="s", origin=random.choice(["slack", "cli"]),
                created_at=made, decided_at=decided,
            )
        )  # fmt: skip
        change = Change(
            id=f"change-{n}",
            person_id=person,
            proposal_id=f"proposal-{n}",
            summary="s",
            origin="slack",
            at=decided or made,
        )
        undo = Change(
            id=f"undo-{n}", person_id=person, summary="s", origin="slack", at=decided or made, undo_of=change.id
        )
        rows += [change, *([undo] if random.random() < 0.3 else [])]
        for k in range(random.randrange(1, 4)):
            status = random.choice(["open", "applied", "applied", "rejected"])
            rows.append(
                ProposalItem(
                    id=f"item-{n}-{k}", person_id=person, proposal_id=f"proposal-{n}", position=k,
                    action=random.choice(["create", "update"]), entity=random.choice(["deal", "task"]),
                    entity_id=f"deal-{random.randrange(9)}", label=f"Item {k}", changes={}, status=status,
                )
            )  # fmt: skip
            if status == "applied":
                rows.append(
                    ChangeLine(
                        change_id=change.id, item_id=f"item-{n}-{k}", position=k, action="update", entity="deal",
                        entity_id="deal-1", before={}, after={}, account_id=f"account-{n % 20}", owner_id=person,
                    )
                )  # fmt: skip
    return rows
