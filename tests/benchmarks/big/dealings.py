"""What passed between us and them: interactions with their texts, tasks, orders, cases, campaigns."""

from collections.abc import Iterator
from datetime import timedelta

from tests.benchmarks.big import words
from tests.benchmarks.big.customers import Company
from tests.benchmarks.big.rows import DAY_S, EDITED, NOW_S, TODAY, Batch, Row, day, edited, moment, working
from tests.benchmarks.big.selling import Deals

CHANNELS = ("call", "email", "meeting", "note", "chat")
WEIGHTS = (30, 40, 15, 10, 5)
TEXTS = 0.7
"""How many of the interactions have a text that can be searched."""
INTERACTION = (
    "id", "channel", "direction", "at", "duration_s", "subject", "body", "turns", "outcome", "deal_id", "account_id",
    "owner_id", "external_source", "external_id", *EDITED,
)  # fmt: skip
_DOCUMENT = ("id", "source", "source_id", "kind", "title", "header", "at", "digest", "account_id", "owner_id")
_CHUNK = ("id", "document_id", "ordinal", "header", "text", "speaker", "at", "model", "account_id", "owner_id")
_BATCH = 10_000


def interactions(company: Company, deals: Deals) -> Iterator[Batch]:
    """Half of them on a deal while it ran, the others on an account at any time of the last three years, more of late."""
    chance = company.chance
    key, part_key, document_key = company.keys(15), company.keys(16), company.keys(17)
    rows, parts, documents, chunks = list[Row](), list[Row](), list[Row](), list[Row]()
    for number in range(company.size.interactions):
        deal: str | None = None
        if chance.random() < 0.5:
            at_deal = chance.randrange(len(deals.ids))
            at, owner, deal = deals.account[at_deal], deals.owner[at_deal], deals.ids[at_deal]
            ago = (
                NOW_S - chance.randrange(deals.made[at_deal], max(deals.ended[at_deal], deals.made[at_deal] + 2))
            ) / DAY_S
        else:
            at = chance.randrange(len(company.accounts))
            owner, ago = company.owner_of[at], chance.uniform(0, 1) ** 2 * 1_100
        seconds, id, account = working(chance, ago), key(), company.accounts[at]
        channel = chance.choices(CHANNELS, WEIGHTS)[0]
        direction = "internal" if channel == "note" else "inbound" if chance.random() < 0.4 else "outbound"
        subject, when = chance.choice(words.SUBJECTS), moment(seconds)
        body = words.text(chance) if chance.random() < TEXTS else ""
        rows.append((
            id, channel, direction, when, chance.randrange(60, 3_600) if channel in ("call", "meeting") else None, subject,
            body, "[]", None, deal, account, owner, "crm", f"I{number}", *edited(when),
        ))  # fmt: skip
        if channel != "note":
            parts.append((part_key(), id, when, None, owner, "attendee", account, owner))
            for contact in chance.sample(
                company.contacts_of[at], min(len(company.contacts_of[at]), 1 + (number % 4 == 0))
            ):
                parts.append((part_key(), id, when, contact, None, "attendee", account, owner))
        if body:
            document, header = document_key(), f"{company.account_names[at]} · {channel} · {when[:10]}"
            documents.append(
                (document, "interaction", id, channel, subject, header, when, id.replace("-", ""), account, owner)
            )
            chunks.append((f"{document}:0", document, 0, header, body, None, when, "none", account, owner))
        if len(rows) >= _BATCH:
            yield from _batches(rows, parts, documents, chunks)
            rows, parts, documents, chunks = [], [], [], []
    yield from _batches(rows, parts, documents, chunks)


def _batches(rows: list[Row], parts: list[Row], documents: list[Row], chunks: list[Row]) -> Iterator[Batch]:
    yield Batch("interaction", INTERACTION, rows)
    columns = ("id", "interaction_id", "at", "contact_id", "person_id", "part", "account_id", "owner_id")
    yield Batch("participant", columns, parts)
    yield Batch("document", _DOCUMENT, documents)
    yield Batch("chunk", _CHUNK, chunks)


def tasks(company: Company, deals: Deals) -> Iterator[Batch]:
    """Two for every open deal, one of three for the others; a few are promises."""
    chance, key, rows = company.chance, company.keys(18), list[Row]()
    for number, id in enumerate(deals.ids):
        wanted = 2 if deals.open[number] else int(chance.random() < 0.33)
        for _ in range(wanted):
            is_open = deals.open[number] and chance.random() < 0.6
            due = TODAY + timedelta(days=chance.randrange(-20, 30)) if is_open else None
            created = moment(deals.made[number])
            at = deals.account[number]
            rows.append((
                key(), chance.choice(words.STEPS), "promise" if chance.random() < 0.2 else "task", "open" if is_open else "done",
                due.isoformat() if due else day(deals.ended[number]), None if is_open else moment(deals.ended[number]), id,
                company.accounts[at], deals.owner[number], *edited(created),
            ))  # fmt: skip
    columns = ("id", "title", "kind", "status", "due", "done_at", "deal_id", "account_id", "owner_id", *EDITED)
    yield Batch("task", columns, rows)


def orders(company: Company) -> Iterator[Batch]:
    """Orders with two lines each, and the subscriptions of one account in four."""
    chance, key, line_key = company.chance, company.keys(19), company.keys(20)
    rows, lines = list[Row](), list[Row]()
    for number in range(company.size.orders):
        at, id = chance.randrange(len(company.accounts)), key()
        account, owner = company.accounts[at], company.owner_of[at]
        seconds = working(chance, chance.uniform(0, 1_500))
        amounts = [chance.randrange(1, 400) * 5_000 for _ in range(2)]
        status = "cancelled" if chance.random() < 0.03 else "fulfilled"
        rows.append((
            id, f"O-{number:06d}", day(seconds), status, sum(amounts), "EUR", "{}", account, owner, "crm", f"O{number}",
            *edited(moment(seconds)),
        ))  # fmt: skip
        lines += [
            (line_key(), id, chance.choice(company.products), 1, amount, "EUR", account, owner) for amount in amounts
        ]
    columns = ("id", "number", "ordered_on", "status", "amount_minor", "currency", "custom", "account_id", "owner_id",
               "external_source", "external_id", *EDITED)  # fmt: skip
    yield Batch("order", columns, rows)
    line_columns = ("id", "order_id", "product_id", "quantity", "amount_minor", "currency", "account_id", "owner_id")
    yield Batch("order_line", line_columns, lines)
    key, rows = company.keys(21), []
    for at in range(0, len(company.accounts), 4):
        starts = TODAY - timedelta(days=chance.randrange(10, 700))
        ends = starts + timedelta(days=730)
        created = f"{starts.isoformat()} 09:00:00.000000"
        rows.append((
            key(), chance.choice(company.products), starts.isoformat(), ends.isoformat(), "active", 10,
            chance.randrange(1, 90) * 100_000, "EUR", company.accounts[at], company.owner_of[at], *edited(created),
        ))  # fmt: skip
    yield Batch(
        "subscription", ("id", "product_id", "starts_on", "ends_on", "status", "seats", "amount_minor", "currency",
                         "account_id", "owner_id", *EDITED), rows,
    )  # fmt: skip


def service(company: Company) -> Iterator[Batch]:
    """Cases, with a survey for one in three, and what contacts agreed to."""
    chance, key, survey_key = company.chance, company.keys(22), company.keys(23)
    rows, surveys = list[Row](), list[Row]()
    for number in range(company.size.cases):
        at, id = chance.randrange(len(company.accounts)), key()
        account, owner, contact = company.accounts[at], company.owner_of[at], chance.choice(company.contacts_of[at])
        opened = working(chance, chance.uniform(0, 1) ** 2 * 1_200)
        first = min(opened + chance.randrange(300, DAY_S), NOW_S)
        closed = opened + chance.randrange(DAY_S // 4, 12 * DAY_S)
        is_closed = closed < NOW_S
        rows.append((
            id, f"C-{number:06d}", chance.choice(words.SUBJECTS), words.text(chance), "closed" if is_closed else "open",
            chance.choice(("low", "normal", "normal", "high", "urgent")), moment(opened), moment(first),
            moment(closed) if is_closed else None, contact, chance.randrange(1, 6) if is_closed else None, "{}", account, owner,
            "crm", f"C{number}", *edited(moment(opened)),
        ))  # fmt: skip
        if is_closed and number % 3 == 0:
            surveys.append((survey_key(), "csat", chance.randrange(1, 6), moment(closed), contact, id, account, owner))
    columns = ("id", "number", "subject", "description", "status", "priority", "opened_at", "first_response_at", "closed_at",
               "contact_id", "satisfaction", "custom", "account_id", "owner_id", "external_source", "external_id", *EDITED)  # fmt: skip
    yield Batch("case", columns, rows)
    survey = ("id", "kind", "score", "at", "contact_id", "case_id", "account_id", "owner_id")
    yield Batch("survey_response", survey, surveys)
    key, rows = company.keys(24), []
    for at, known in enumerate(company.contacts_of):
        for contact in known[:1]:
            created = moment(working(chance, chance.uniform(30, 700)))
            rows.append((
                key(), contact, "email", "marketing", "granted", created, "Web form", company.accounts[at], company.owner_of[at],
            ))  # fmt: skip
    consent = ("id", "contact_id", "channel", "purpose", "status", "at", "source", "account_id", "owner_id")
    yield Batch("consent", consent, rows)
