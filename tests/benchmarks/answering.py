"""How long an answer takes and how many questions are understood, over 200 questions on the sample company or a larger one.

    python -m tests.benchmarks.answering [200] [--interactions 100000] [--home FOLDER]

``--interactions`` makes a company of that size (:mod:`tests.benchmarks.generate`), with the vectors of the sample's passages, each varied,
in place of a hundred thousand embeddings; ``--home`` keeps it for the next run. Answers that searched for passages are told apart from
the others. Nothing is asserted; the figures are printed.
"""

import argparse
import os
import random
import statistics
import sys
import tempfile
import time
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import numpy as np
from sqlalchemy import select

from bot.app import Rapport, now
from bot.indexing import Indexer
from bot.questions import Question
from bot.settings import Settings
from bot.warming import warmed
from crm_store import passages_vectors, roster
from crm_store.access import Scope
from crm_store.models import Account, Contact, Deal
from crm_store.people import Caller
from crm_store.store import Store
from knowledge.embeddings import MiniLM
from knowledge.index import VectorIndex
from knowledge.vectors import Vectors, to_bytes, unit_rows
from tests.benchmarks.big.rows import NOW
from tests.benchmarks.generate import FULL, generate

QUESTIONS = 200
_PAGE = 1_000
_NOISE = 0.35
ABOUT_AN_ACCOUNT = (
    "What is the latest on {account}?",
    "what's new with {account}",
    "bring me up to speed on {account} please",
    "What did we promise {account}?",
    "Prepare me for my meeting with {account}",
    "Who is who at {account}?",
    "who's the economic buyer at {account}",
    "When did we last talk to {account}?",
    "Show me the last five emails with {account}",
    "Any open cases at {account}?",
    "What has {account} bought from us?",
    "how much open pipeline do we have with {account}",
)
ABOUT_A_CONTACT = (
    "When did we last speak to {contact}?",
    "What's {contact}'s e-mail address?",
    "May I send {contact} a newsletter?",
    "Log a call with {contact}: went through the offer, she will decide next week",
    "I met {contact} this morning, good meeting, next step is to send the revised offer by Friday",
    "Remind me to call {contact} on Thursday",
)
ABOUT_A_DEAL = (
    "Where does {deal} stand?",
    "Push the close date of {deal} to 15 January",
    "Set the amount of {deal} to 45k",
    "What is the next step on {deal}?",
    "who is the champion on {deal}?",
)
ABOUT_MYSELF = (
    "My pipeline",
    "Which of my deals close this month?",
    "deals I haven't touched in 30 days",
    "My overdue tasks",
    "What should I do next?",
    "how much did I win this quarter?",
    "my open deals over 50k by stage",
    "Has anyone mentioned SOC 2?",
    "who complained about the price lately?",
    "which deals have no next step",
    "What's my win rate this year?",
)
WHAT_WAS_SAID = (
    "Has anyone mentioned SOC 2?",
    "did {account} say anything about the price?",
    "who talked about the delivery date?",
    "what did {contact} say about the contract?",
    "any mention of a pilot at {account}?",
    "did anyone complain about support in the last three months?",
)
ABOUT_A_TEAM = (
    "Summarise my team's week",
    "What changed since Monday?",
    "Where do we stand this quarter?",
    "Pipeline by rep",
    "which rep has the most overdue tasks?",
    "Forecast for this quarter by category",
    "How many deals did we lose last quarter and why?",
    "average deal size by stage",
)


@dataclass(frozen=True)
class Timed:
    """One question with the milliseconds until its whole answer, and of the processor time that this process spent on it."""

    text: str
    email: str
    ms: float
    processor_ms: float
    understood: bool
    searched: bool


def questions(rapport: Rapport, callers: list[Caller], count: int, seed: int = 7) -> list[tuple[Caller, str]]:
    """``count`` different questions, each about something its asker may see."""
    draw, found = random.Random(seed), dict[tuple[str, str], Caller]()
    known = {caller.email: _names(rapport, caller) for caller in callers}
    while len(found) < count:
        caller = draw.choice(callers)
        accounts, contacts, deals = known[caller.email]
        shapes = [*ABOUT_AN_ACCOUNT * 2, *ABOUT_A_CONTACT * 2, *ABOUT_A_DEAL * 2, *WHAT_WAS_SAID * 2, *ABOUT_MYSELF]
        shape = draw.choice([*shapes, *ABOUT_A_TEAM * 3] if caller.manages else shapes)
        text = shape.format(account=draw.choice(accounts), contact=draw.choice(contacts), deal=draw.choice(deals))
        found.setdefault((caller.email, text), caller)
    return [(caller, text) for (_, text), caller in found.items()]


def _names(rapport: Rapport, caller: Caller) -> tuple[list[str], list[str], list[str]]:
    with rapport.store.read(caller.scope) as session:
        accounts = list(session.scalars(select(Account.name).order_by(Account.name)))
        contacts = list(session.scalars(select(Contact.name).order_by(Contact.name)))
        deals = list(session.scalars(select(Deal.name).order_by(Deal.name)))
    return accounts, contacts, deals


def callers_of(rapport: Rapport) -> list[Caller]:
    """Everyone of the sample company who owns or manages something."""
    with rapport.store.read(Scope.system("benchmark")) as session:
        emails = [each.email for each in roster.members(session) if each.active]
    callers = [rapport.caller_for_email(email) for email in emails]
    return [caller for caller in callers if all(_names(rapport, caller))]


def measure(rapport: Rapport, asked: list[tuple[Caller, str]], at: datetime) -> list[Timed]:
    """Ask each in a conversation of its own, one after the other."""
    timed = []
    for number, (caller, text) in enumerate(asked):
        begun, processor = time.perf_counter(), time.process_time()
        answer = rapport.answer(Question(text, caller, at, thread=f"benchmark-{number}"))
        taken = (time.perf_counter() - begun) * 1000, (time.process_time() - processor) * 1000
        searched = any(figure.label == "Interactions searched" for figure in answer.figures)
        timed.append(Timed(text, caller.email, *taken, answer.understood, searched))
    return timed


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("questions", nargs="?", type=int, default=QUESTIONS)
    parser.add_argument("--interactions", type=int, help="of a generated company, instead of the sample")
    parser.add_argument("--home", type=Path)
    given = parser.parse_args()
    with ExitStack() as stack:
        home = given.home or Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="rapport-benchmark-")))
        if given.interactions:
            at = generated(home, given.interactions).astimezone(ZoneInfo("Europe/Berlin"))
        else:
            at = now().astimezone(ZoneInfo("Europe/Berlin"))
        settings = Settings.from_environment({"RAPPORT_HOME": str(home), "RAPPORT_LOG_LEVEL": "WARNING"})
        with Rapport(settings) as rapport:
            rapport.open(create=True, hold_index=True)
            if not given.interactions:
                counts = rapport.load_sample(at.date())
                begun = time.perf_counter()
                rapport.index_missing()
                print(f"{counts.interactions} interactions indexed in {time.perf_counter() - begun:.1f} s")
            callers = callers_of(rapport)
            with warmed(rapport) as ready:  # as the service does before anybody asks
                ready.wait()
            timed = measure(rapport, questions(rapport, callers, given.questions), at)
    _tell(timed, len(callers))
    return 0


def generated(home: Path, interactions: int) -> datetime:
    """Makes a company of that many interactions in ``home``, unless there is one; its vectors and its index too. Returns its "now"."""
    url = f"sqlite:///{home / 'rapport.db'}"
    if not (home / "rapport.db").exists():
        home.mkdir(parents=True, exist_ok=True)
        generate(url, FULL.scaled(interactions / FULL.interactions), seed=7)
    store, embeddings, system = Store(url), MiniLM(), Scope.system("benchmark")
    with store.read(system) as session:
        missing = passages_vectors.ids_without_vectors(session, MiniLM.info.key)
    base: Vectors | None = None
    draw = np.random.default_rng(7)
    for start in range(0, len(missing), _PAGE):
        with store.write(system) as session:
            texts = passages_vectors.to_embed(session, missing[start : start + _PAGE], MiniLM.info.key)
            if base is None:
                base = embeddings.embed_array([f"{header}\n{text}" for _, header, text in texts])
            noise = unit_rows(draw.normal(size=(len(texts), base.shape[1])))
            vectors = unit_rows(base[draw.integers(len(base), size=len(texts))] + _NOISE * noise)
            kept = [(id_, text, to_bytes(vector)) for (id_, _, text), vector in zip(texts, vectors, strict=True)]
            passages_vectors.keep_vectors(session, kept, MiniLM.info.key)
    with VectorIndex.open(home / "chroma", MiniLM.info) as index:
        Indexer(store, embeddings, index).fill_index()
    store.close()
    return NOW


def _percentiles(times: list[float]) -> str:
    if len(times) < 2:
        return "-"
    cuts = statistics.quantiles(times, n=100, method="inclusive")
    return f"p50 {cuts[49]:.0f} ms   p95 {cuts[94]:.0f} ms   p99 {cuts[98]:.0f} ms"


def _tell(timed: list[Timed], people: int) -> None:
    understood = sum(each.understood for each in timed)
    load = os.getloadavg()[0]
    print(f"{len(timed)} different questions by {people} people ({os.cpu_count()} cores, load {load:.1f})")
    for name, its in (
        ("all", timed),
        ("with a search", [each for each in timed if each.searched]),
        ("without", [each for each in timed if not each.searched]),
    ):
        print(f"{name:<14}{len(its):>4}  {_percentiles([each.ms for each in its])}")
        print(f"{'  processor':<20}{_percentiles([each.processor_ms for each in its])}")
    print(f"understood {understood} of {len(timed)} ({understood / len(timed):.0%})")
    print("slowest:")
    for each in sorted(timed, key=lambda each: -each.ms)[:5]:
        print(f"  {each.ms:6.0f} ms  {each.text}  ({each.email})")
    unclear = [each for each in timed if not each.understood]
    if unclear:
        print("not understood:")
        for each in unclear[:20]:
            print(f"  {each.text}  ({each.email})")


if __name__ == "__main__":
    sys.exit(main())
