"""Test sets of six kinds, made from topics written for this benchmark: which documents there are, what is asked, and what answers it.

Every set has distractors by design: each topic occurs at many accounts, each account has many topics, identifiers differ in two
swapped digits. Questions are split by topic into those that weights are fitted on and those that are reported, so that no wording
serves for both.
"""

import random
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from tests.benchmarks.retrieval import names
from tests.benchmarks.retrieval.names import Account, pick

TODAY = date(2026, 11, 20)
_EACH = 150
"""Questions of a set to fit on, and as many to report."""
_HERE = Path(__file__).parent
_KINDS = ("call", "meeting", "email", "note")
_OPENINGS = (
    "", "Short call. ", "Spoke for ten minutes. ", "Met at the fair. ", "Came back to me after lunch. ", "Quick update. ",
    "Friendly as always. ", "The line was bad. ", "Joined by a colleague. ",
)  # fmt: skip
_CLOSINGS = (
    "", " I will call again next week.", " Sent the minutes afterwards.", " To be continued.", " Nothing else for now.",
    " The weather was a topic too.", " I put it into the calendar.", " They asked how the family is.", " Next talk on Thursday.",
)  # fmt: skip
_VOICE = (
    "hey so um quick one before i go in there {q} i think somebody wrote that down at some point but i really can't remember when",
    "ok listen i'm in the car right now and i have {a} in about ten minutes so could you maybe tell me {q}",
    "right so i was talking to my manager this morning and she was asking me {q} and honestly i had no idea so please have a look",
    "can you check something for me i need to know {q} um yeah that's it thanks",
    "so about {a} you know the ones we talked about the other day {q} anything that we have on that would help me a lot",
)


@dataclass(frozen=True)
class Text:
    """One document of a set; ``header`` is what the indexer would write over it."""

    id: str
    account: str
    kind: str
    at: datetime
    header: str
    body: str


@dataclass(frozen=True)
class Question:
    """``gold`` grades documents: 2 answers it, 1 helps. ``account`` narrows the search to one company, as an entity that the
    agent has resolved does."""

    text: str
    gold: Mapping[str, int]
    account: str | None
    fitting: bool


@dataclass(frozen=True)
class QuestionSet:
    name: str
    texts: tuple[Text, ...]
    questions: tuple[Question, ...]


@dataclass(frozen=True)
class Topic:
    name: str
    keywords: str
    statements: tuple[str, ...]
    questions: tuple[str, ...]


@dataclass
class _Corpus:
    """Notes with a topic each, as they are made."""

    texts: list[Text] = field(default_factory=list)
    said: list[tuple[str, str, str, date]] = field(default_factory=list)  # account, topic, person, day of each text
    passing: list[tuple[str, str, int]] = field(default_factory=list)  # account, topic, number of a text that touches it

    def gold(self, account: str, topic: str) -> dict[str, int]:
        found = {self.texts[number].id: 1 for whose, other, number in self.passing if (whose, other) == (account, topic)}
        return found | {
            text.id: 2 for text, (whose, other, _, _) in zip(self.texts, self.said, strict=True) if (whose, other) == (account, topic)
        }


def read_topics(path: Path) -> list[Topic]:
    found: list[Topic] = []
    for line in path.read_text(encoding="utf-8").splitlines():
        mark, _, rest = line.partition(" ")
        match mark:
            case "=":
                name, _, keywords = rest.partition(" | ")
                found.append(Topic(name, keywords, (), ()))
            case "S":
                found[-1] = replace(found[-1], statements=(*found[-1].statements, rest))
            case "Q":
                found[-1] = replace(found[-1], questions=(*found[-1].questions, rest))
            case _:
                continue
    return found


def made_sets(seed: int = 1) -> list[QuestionSet]:
    """All six sets, the same for the same seed."""
    topics = read_topics(_HERE / "topics.txt")
    makers: tuple[tuple[str, Callable[[random.Random], tuple[list[Text], list[Question]]]], ...] = (
        ("other words", lambda draw: _notes(draw, topics, _in_other_words)),
        ("exact terms", _exact_terms),
        ("who and when", lambda draw: _notes(draw, topics, _who_and_when)),
        ("documents", _documents),
        ("few words", lambda draw: _notes(draw, topics, _few_words)),
        ("spoken", lambda draw: _notes(draw, topics, _spoken)),
    )
    made = []
    for number, (name, maker) in enumerate(makers):
        texts, questions = maker(random.Random(seed * 100 + number))
        renamed = {text.id: f"{number}-{text.id}" for text in texts}
        made.append(QuestionSet(
            name,
            tuple(replace(text, id=renamed[text.id], account=f"{text.account}") for text in texts),
            tuple(replace(one, gold={renamed[id_]: grade for id_, grade in one.gold.items()}) for one in questions),
        ))  # fmt: skip
    return made


Asked = tuple[str, Mapping[str, int], str | None]


def _notes(
    draw: random.Random,
    topics: list[Topic],
    asking: Callable[[random.Random, _Corpus, Account, Topic], Iterator[Asked]],
    each: int = 24,
) -> tuple[list[Text], list[Question]]:
    accounts = names.accounts(draw, 30)
    corpus = _Corpus()
    for account in accounts:
        for topic in draw.sample(topics, each):
            _add_note(draw, corpus, account, topic, topics)
            if draw.random() < 0.15:
                _add_note(draw, corpus, account, topic, topics)
    fitting = {topic.name for topic in draw.sample(topics, len(topics) // 2)}
    wanted: dict[bool, list[Question]] = {True: [], False: []}
    pairs = [(account, topic) for account in accounts for topic in topics]
    draw.shuffle(pairs)
    for account, topic in pairs:
        for text, gold, within in asking(draw, corpus, account, topic):
            if 2 in gold.values():
                wanted[topic.name in fitting].append(Question(text, gold, within, topic.name in fitting))
    return corpus.texts, wanted[True][:_EACH] + wanted[False][:_EACH]


def _add_note(draw: random.Random, corpus: _Corpus, account: Account, topic: Topic, topics: list[Topic]) -> None:
    person, kind = draw.choice(account.people), draw.choice(_KINDS)
    at = datetime(2026, 11, 15, 9, tzinfo=UTC) - timedelta(days=draw.randrange(365), minutes=draw.randrange(480))
    body = draw.choice(_OPENINGS) + draw.choice(topic.statements) + draw.choice(_CLOSINGS)
    number = len(corpus.texts)
    if draw.random() < 0.08:
        other = draw.choice(topics)
        if other != topic:
            body += f" Also touched: {other.keywords}."
            corpus.passing.append((account.name, other.name, number))
    title = draw.choice(("Check-in", "Update", "Follow-up", "Weekly call", "Notes"))
    header = f"{account.name} · {person} · {kind} {at:%d %b %Y} · {title}"
    corpus.texts.append(Text(f"n{number}", account.name, kind, at, header, body))
    corpus.said.append((account.name, topic.name, person, at.date()))


def _in_other_words(draw: random.Random, corpus: _Corpus, account: Account, topic: Topic) -> Iterator[Asked]:
    gold = corpus.gold(account.name, topic.name)
    question = draw.choice(topic.questions)
    named = draw.random() < 0.5
    yield question.format(a=account.name if named else "the customer"), gold, None if named else account.name


def _few_words(draw: random.Random, corpus: _Corpus, account: Account, topic: Topic) -> Iterator[Asked]:
    gold = corpus.gold(account.name, topic.name)
    words = topic.keywords.split()
    match draw.randrange(3):
        case 0:
            yield f"{account.name} {topic.keywords}", gold, None
        case 1:
            yield f"{' '.join(words[: max(1, len(words) - 1)])} {account.name.lower()}", gold, None
        case _:
            yield topic.keywords, gold, account.name


def _spoken(draw: random.Random, corpus: _Corpus, account: Account, topic: Topic) -> Iterator[Asked]:
    gold = corpus.gold(account.name, topic.name)
    name = account.name.lower()
    asked = draw.choice(topic.questions).format(a=name).rstrip("?").lower()
    yield draw.choice(_VOICE).format(q=asked, a=name), gold, None


def _who_and_when(draw: random.Random, corpus: _Corpus, account: Account, topic: Topic) -> Iterator[Asked]:
    found = [(text, said) for text, said in zip(corpus.texts, corpus.said, strict=True) if said[:2] == (account.name, topic.name)]
    if not found:
        return
    _, (_, _, person, day) = draw.choice(found)
    gold = {
        text.id: 2 if other == topic.name else 1
        for text, (whose, other, by, on) in zip(corpus.texts, corpus.said, strict=True)
        if by == person and whose == account.name and (other == topic.name or f"{on:%b %Y}" == f"{day:%b %Y}")
    }
    yield pick(
        draw,
        (
            "What did {person} say about {topic}?",
            "When did {person} bring up {topic}?",
            "{person} in {month}: {topic}?",
            "Did {first} of {account} talk about {topic} in {month}?",
            "Who spoke with {person} about {topic}, and when?",
        ),
        person=person, first=person.split()[0], account=account.name, topic=topic.keywords, month=f"{day:%B}",
    ), gold, None  # fmt: skip


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


def _exact_terms(draw: random.Random) -> tuple[list[Text], list[Question]]:
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
            person, kind = draw.choice(account.people), draw.choice(_KINDS)
            at = datetime(2026, 11, 15, 9, tzinfo=UTC) - timedelta(days=draw.randrange(365))
            told = wording.format(
                id=thing, n=draw.randrange(11, 90), m=draw.randrange(100, 900), person=person, month=f"{at + timedelta(days=60):%B}"
            )
            header = f"{account.name} · {person} · {kind} {at:%d %b %Y} · Update"
            texts.append(Text(f"e{number}", account.name, kind, at, header, draw.choice(_OPENINGS) + told + draw.choice(_CLOSINGS)))
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
    return texts, questions[: 2 * _EACH]


def _documents(draw: random.Random) -> tuple[list[Text], list[Question]]:
    sections = read_topics(_HERE / "manual.txt")
    texts: list[Text] = []
    questions: list[Question] = []
    fitting = {section.name for section in draw.sample(sections, len(sections) // 2)}
    for product in names.products(draw, 40):
        for section in sections:
            number = len(texts)
            at = datetime(2026, 6, 1, 9, tzinfo=UTC) - timedelta(days=draw.randrange(700))
            body = " ".join(one.format(p=product, n=draw.randrange(6, 95)) for one in section.statements)
            if draw.random() < 0.3:
                body = body.replace(product, "machine", 1)  # as documents do: the product stands in the heading only
            header = f"{product} · {draw.choice(('Data sheet', 'Manual', 'Conditions'))} · {at:%b %Y}"
            texts.append(Text(f"d{number}", "", "document", at, header, body))
            asked = draw.choice(section.questions).format(p=product)
            questions.append(Question(asked, {f"d{number}": 2}, None, section.name in fitting))
    draw.shuffle(questions)
    chosen = [one for one in questions if one.fitting][:_EACH] + [one for one in questions if not one.fitting][:_EACH]
    return texts, chosen
