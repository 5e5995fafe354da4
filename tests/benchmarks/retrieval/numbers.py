"""Notes about orders, devices and norms by their numbers, many of which differ in two swapped digits."""

import random
from datetime import UTC, datetime, timedelta

from tests.benchmarks.retrieval import names
from tests.benchmarks.retrieval.notes import CLOSINGS, KINDS, OPENINGS
from tests.benchmarks.retrieval.question_set import EACH, Question, Text

_EVENTS = (
    (
        "stuck", "{id} is stuck at customs, they wait for papers.",
        ("Why is {id} not moving?", "where is {id}", "status of {id}"),
    ),
    (
        "changed", "She wants to change the quantity on {id} from {n} to {m}.",
        ("What should be altered on {id}?", "{id} quantity", "any change to {id}?"),
    ),
    (
        "wrong", "There is a mistake in {id}: the address is the old one.",
        ("What is wrong with {id}?", "{id} problem", "did anyone complain about {id}?"),
    ),
    (
        "approved", "{person} approved {id} this morning.",
        ("Who signed off {id}?", "{id} approval", "is {id} approved?"),
    ),
    (
        "asked", "He asked what {id} means for them and whether we have it.",
        ("Who mentioned {id}?", "did they ask for {id}", "anything about {id}?"),
    ),
    (
        "split", "Please deliver {id} in two parts, the second in {month}.",
        ("How should {id} be delivered?", "{id} delivery", "when does the rest of {id} come?"),
    ),
    (
        "price", "For {id} they were quoted {n} EUR and found it fair.",
        ("What was the price for {id}?", "{id} quote", "how much did we ask for {id}?"),
    ),
    (
        "failed", "{id} failed again on line {n}; a technician was there twice.",
        ("What happened to {id}?", "{id} failure", "is {id} still down?"),
    ),
)  # fmt: skip
_NORMS = (
    "SOC 2", "SOC 1", "ISO 27001", "ISO 9001", "ISO 14001", "GDPR", "NIS2", "HIPAA", "PCI DSS", "TISAX", "ISO 45001",
    "ISO 22000", "IFS 8", "EN 1090", "VDA 6.3", "FSSC 22000", "C5", "ISAE 3402",
)  # fmt: skip


def exact_terms(draw: random.Random) -> tuple[list[Text], list[Question]]:
    accounts = names.accounts(draw, 30)
    things = [
        *names.codes(draw, "SO", 90), *names.codes(draw, "INV", 60), *names.codes(draw, "VX", 40, 3),
        *names.codes(draw, "PO", 50, 6), *_NORMS * 3,
    ]  # fmt: skip
    texts: list[Text] = []
    said: list[tuple[str, str]] = []
    for thing in things:
        for event, wording, _ in draw.sample(_EVENTS, draw.choice((2, 3))):
            account, number = draw.choice(accounts), len(texts)
            person, kind = draw.choice(account.people), draw.choice(KINDS)
            at = datetime(2026, 11, 15, 9, tzinfo=UTC) - timedelta(days=draw.randrange(365))
            told = wording.format(
                id=thing, n=draw.randrange(11, 90), m=draw.randrange(100, 900), person=person, month=f"{at + timedelta(days=60):%B}"
            )
            header = f"{account.name} · {person} · {kind} {at:%d %b %Y} · Update"
            texts.append(Text(f"e{number}", account.name, kind, at, header, draw.choice(OPENINGS) + told + draw.choice(CLOSINGS)))
            said.append((thing, event))
    questions: list[Question] = []
    for thing in dict.fromkeys(draw.sample(things, len(things))):
        events = {event for other, event in said if other == thing}
        event, _, asked = draw.choice([one for one in _EVENTS if one[0] in events])
        broad = draw.random() < 0.3
        gold = {
            text.id: 2 if other_event == event or broad else 1
            for text, (other, other_event) in zip(texts, said, strict=True)
            if other == thing
        }
        question = draw.choice(("{id}", "everything on {id}", "who talked about {id}?")) if broad else draw.choice(asked)
        questions.append(Question(question.format(id=thing), gold, None, len(questions) % 2 == 0))
    return texts, questions[: 2 * EACH]
