"""How long an answer takes and how many questions are understood, over 200 questions on the sample company.

Run it with ``python -m tests.benchmarks.answering``. Nothing is asserted; the figures are printed.
"""

import os
import random
import statistics
import sys
import tempfile
import time
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from bot.app import Rapport, now
from bot.questions import Question
from bot.settings import Settings
from crm_store import roster
from crm_store.access import Scope
from crm_store.models import Account, Contact, Deal
from crm_store.people import Caller

QUESTIONS = 200
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
    """One question with the milliseconds until its whole answer."""

    text: str
    email: str
    ms: float
    understood: bool


def questions(rapport: Rapport, callers: list[Caller], count: int, seed: int = 7) -> list[tuple[Caller, str]]:
    """``count`` different questions, each about something its asker may see."""
    draw, found = random.Random(seed), dict[tuple[str, str], Caller]()
    known = {caller.email: _names(rapport, caller) for caller in callers}
    while len(found) < count:
        caller = draw.choice(callers)
        accounts, contacts, deals = known[caller.email]
        shapes = [*ABOUT_AN_ACCOUNT * 2, *ABOUT_A_CONTACT * 2, *ABOUT_A_DEAL * 2, *ABOUT_MYSELF]
        shape = draw.choice([*shapes, *ABOUT_A_TEAM * 3] if caller.manages else shapes)
        text = shape.format(account=draw.choice(accounts), contact=draw.choice(contacts), deal=draw.choice(deals))
        found.setdefault((caller.email, text), caller)
    return [(caller, text) for (_, text), caller in found.items()]


def _names(rapport: Rapport, caller: Caller) -> tuple[list[str], list[str], list[str]]:
    with rapport.store.read(caller.scope) as session:
        accounts = [row.name for row in session.query(Account).order_by(Account.name)]
        contacts = [row.name for row in session.query(Contact).order_by(Contact.name)]
        deals = [row.name for row in session.query(Deal).order_by(Deal.name)]
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
        begun = time.perf_counter()
        answer = rapport.answer(Question(text, caller, at, thread=f"benchmark-{number}"))
        timed.append(Timed(text, caller.email, (time.perf_counter() - begun) * 1000, answer.understood))
    return timed


def main() -> int:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else QUESTIONS
    at = now().astimezone(ZoneInfo("Europe/Berlin"))
    with tempfile.TemporaryDirectory(prefix="rapport-benchmark-") as home:
        settings = Settings.from_environment({"RAPPORT_HOME": home, "RAPPORT_LOG_LEVEL": "WARNING"})
        with Rapport(settings) as rapport:
            rapport.open(create=True, hold_index=True)
            counts = rapport.load_sample(at.date())
            begun = time.perf_counter()
            rapport.index_missing()
            print(f"{counts.interactions} interactions indexed in {time.perf_counter() - begun:.1f} s")
            callers = callers_of(rapport)
            measure(rapport, [(callers[0], "hello")], at)  # the first answer loads what all later ones share
            timed = measure(rapport, questions(rapport, callers, count), at)
    _tell(timed, len(callers))
    return 0


def _tell(timed: list[Timed], people: int) -> None:
    cuts = statistics.quantiles((each.ms for each in timed), n=100, method="inclusive")
    understood = sum(each.understood for each in timed)
    load = os.getloadavg()[0]
    print(f"{len(timed)} different questions by {people} people ({os.cpu_count()} cores, load {load:.1f})")
    print(f"p50 {cuts[49]:.0f} ms   p95 {cuts[94]:.0f} ms   p99 {cuts[98]:.0f} ms")
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
