"""How long it takes to understand requests against the names of a real record, and to see that no name has changed."""

import random
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import func, select

from bot.agent.embedded.understanding import understand
from bot.agent.memory import Memory
from bot.settings import Settings
from crm_store.access import Scope
from crm_store.models import Account, Contact, Deal, Person, Role
from crm_store.names import NameCache
from crm_store.people import Caller, caller_for
from crm_store.store import Store
from knowledge.embeddings import MiniLM
from tests.benchmarks.understanding.wordings import wordings

_EACH = 120
"""Names of a kind that the wordings are filled with."""
_NOW = datetime(2026, 11, 20, 13, 0, tzinfo=UTC)


@dataclass(frozen=True)
class Taken:
    """Seconds of the clock and of the processor, sorted each for itself."""

    clock: list[float]
    processor: list[float]

    def line(self, name: str) -> str:
        clock, processor = (_late(seconds) for seconds in (self.clock, self.processor))
        return f"  {name}: {len(self.clock)} times, ms {clock}; of the processor {processor}"


def _late(seconds: list[float]) -> str:
    middle, late = seconds[len(seconds) // 2], seconds[int(len(seconds) * 0.95)]
    return f"p50 {middle * 1000:.1f}, p95 {late * 1000:.1f}, most {seconds[-1] * 1000:.1f}"


def report(url: str) -> str:
    """Times of the manager who covers the most people, with names that this manager may see."""
    store = Store(url)
    with store.read(Scope.system("benchmark")) as session:
        emails = session.scalars(select(Person.email).where(Person.role.in_((Role.MANAGER, Role.ADMIN)), Person.active))
        caller = max((caller_for(session, email) for email in emails.all()), key=lambda one: len(one.covers))
    cache, embeddings, settings = NameCache(), MiniLM(), Settings()
    built = time.perf_counter()
    with store.read(caller.scope) as session:
        names = cache.names(session)
        built = time.perf_counter() - built
        texts = list(_texts({kind: list(session.scalars(stated)) for kind, stated in _NAMES.items()}))
    understand(texts[0], caller=caller, now=_NOW, memory=Memory(), names=names, embeddings=embeddings, settings=settings)

    def asked(text: str, caller: Caller = caller) -> None:
        understand(text, caller=caller, now=_NOW, memory=Memory(), names=names, embeddings=embeddings, settings=settings)

    def unchanged(_: str) -> None:
        with store.read(caller.scope) as session:
            cache.names(session)

    return "\n".join(
        [
            f"against {len(names)} names, read in {built:.1f} s:",
            _taken(unchanged, texts[:50]).line("nothing changed"),
            _taken(asked, texts).line("understood"),
        ]
    )


_NAMES = {
    "A": select(Account.name).order_by(func.substr(Account.id, 20), Account.id).limit(_EACH),
    "C": select(Contact.name).order_by(func.substr(Contact.id, 20), Contact.id).limit(_EACH),
    "D": select(Deal.name).where(Deal.status == "open").order_by(func.substr(Deal.id, 20), Deal.id).limit(_EACH),
    "P": select(Person.name).where(Person.active).order_by(Person.id).limit(_EACH),
    "R": select(Deal.competitor).where(Deal.competitor.is_not(None)).distinct().limit(_EACH),
}


def _texts(names: dict[str, list[str]]) -> Iterator[str]:
    draw = random.Random(7)
    for words in wordings("tuning"):
        said = words
        for kind, found in names.items():
            if f"{{{kind}}}" in said:
                said = said.replace(f"{{{kind}}}", draw.choice(found) if found else "Zephyrix")
        yield said if draw.random() < 0.5 else said.lower()


def _taken(step: Callable[[str], None], texts: list[str]) -> Taken:
    clock, processor = [], []
    for text in texts:
        begun, spent = time.perf_counter(), time.process_time()
        step(text)
        clock.append(time.perf_counter() - begun)
        processor.append(time.process_time() - spent)
    return Taken(sorted(clock), sorted(processor))
