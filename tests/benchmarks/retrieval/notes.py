"""Notes about topics, one topic each, and questions that share no words with them, or few, or name who spoke and when."""

import random
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta

from tests.benchmarks.retrieval import names
from tests.benchmarks.retrieval.names import Account, pick
from tests.benchmarks.retrieval.question_set import EACH, Question, Text
from tests.benchmarks.retrieval.topics import Topic

KINDS = ("call", "meeting", "email", "note")
OPENINGS = (
    "", "Short call. ", "Spoke for ten minutes. ", "Met at the fair. ", "Came back to me after lunch. ", "Quick update. ",
    "Friendly as always. ", "The line was bad. ", "Joined by a colleague. ",
)  # fmt: skip
CLOSINGS = (
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


@dataclass
class Corpus:
    """Notes with a topic each, as they are made."""

    texts: list[Text] = field(default_factory=list)
    said: list[tuple[str, str, str, date]] = field(default_factory=list)  # account, topic, person, day of each text
    passing: list[tuple[str, str, int]] = field(default_factory=list)  # account, topic, number of a text that touches it

    def gold(self, account: str, topic: str) -> dict[str, int]:
        found = {self.texts[number].id: 1 for whose, other, number in self.passing if (whose, other) == (account, topic)}
        return found | {
            text.id: 2 for text, (whose, other, _, _) in zip(self.texts, self.said, strict=True) if (whose, other) == (account, topic)
        }


Asked = tuple[str, Mapping[str, int], str | None]


def notes(
    draw: random.Random,
    topics: list[Topic],
    asking: Callable[[random.Random, Corpus, Account, Topic], Iterator[Asked]],
    each: int = 24,
) -> tuple[list[Text], list[Question]]:
    accounts = names.accounts(draw, 30)
    corpus = Corpus()
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
    return corpus.texts, wanted[True][:EACH] + wanted[False][:EACH]


def _add_note(draw: random.Random, corpus: Corpus, account: Account, topic: Topic, topics: list[Topic]) -> None:
    person, kind = draw.choice(account.people), draw.choice(KINDS)
    at = datetime(2026, 11, 15, 9, tzinfo=UTC) - timedelta(days=draw.randrange(365), minutes=draw.randrange(480))
    body = draw.choice(OPENINGS) + draw.choice(topic.statements) + draw.choice(CLOSINGS)
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


def in_other_words(draw: random.Random, corpus: Corpus, account: Account, topic: Topic) -> Iterator[Asked]:
    gold = corpus.gold(account.name, topic.name)
    question = draw.choice(topic.questions)
    named = draw.random() < 0.5
    yield question.format(a=account.name if named else "the customer"), gold, None if named else account.name


def few_words(draw: random.Random, corpus: Corpus, account: Account, topic: Topic) -> Iterator[Asked]:
    gold = corpus.gold(account.name, topic.name)
    words = topic.keywords.split()
    match draw.randrange(3):
        case 0:
            yield f"{account.name} {topic.keywords}", gold, None
        case 1:
            yield f"{' '.join(words[: max(1, len(words) - 1)])} {account.name.lower()}", gold, None
        case _:
            yield topic.keywords, gold, account.name


def spoken(draw: random.Random, corpus: Corpus, account: Account, topic: Topic) -> Iterator[Asked]:
    gold = corpus.gold(account.name, topic.name)
    name = account.name.lower()
    asked = draw.choice(topic.questions).format(a=name).rstrip("?").lower()
    yield draw.choice(_VOICE).format(q=asked, a=name), gold, None


def who_and_when(draw: random.Random, corpus: Corpus, account: Account, topic: Topic) -> Iterator[Asked]:
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
