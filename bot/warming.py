"""What a long-running process does before anybody asks, so that nobody waits for it: models are loaded, the statements that
most answers share are compiled, and the names that people may call are read."""

import gc
import logging
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from functools import partial

from bot.agent.tools.briefs import account_brief
from bot.agent.tools.contacts import contact_details, may_contact
from bot.agent.tools.dealings import deal_details
from bot.agent.tools.deals import list_deals
from bot.agent.tools.interactions import timeline
from bot.agent.tools.latest import account_latest
from bot.agent.tools.passages import search_notes
from bot.agent.tools.promises import promises
from bot.agent.tools.purchases import purchase_history
from bot.agent.tools.roles import account_people
from bot.agent.tools.tasks import list_tasks
from bot.agent.turn import Found, Turn
from bot.app import Rapport
from bot.questions import Question
from crm_store import roster
from crm_store.access import Scope
from crm_store.people import Caller

MOST_PEOPLE = 50
"""Whose names are read beforehand, managers first: they see the most. A rep's take less time than a question."""
_OF_ACCOUNTS: tuple[Callable[[Turn, str], Found], ...] = (
    account_latest, account_brief, account_people, purchase_history, lambda turn, account: timeline(turn, account=account),
    lambda turn, account: promises(turn, account=account),
)  # fmt: skip
_OF_CONTACTS: tuple[Callable[[Turn, str], Found], ...] = (contact_details, may_contact)
_log = logging.getLogger(__name__)


@contextmanager
def warmed(rapport: Rapport) -> Iterator[threading.Event]:
    """Warm up beside what runs in the block, which is handed what is set when it is done. What is loaded by then, and stays, is
    never looked through for garbage again: a whole look took a third of a second, in the middle of somebody's answer."""
    ended, ready = threading.Event(), threading.Event()

    def work() -> None:
        warm_up(rapport, ended.is_set)
        gc.collect()
        gc.freeze()
        ready.set()

    working = threading.Thread(target=work, name="warming", daemon=True)
    working.start()
    try:
        yield ready
    finally:
        ended.set()
        working.join()


def warm_up(rapport: Rapport, ended: Callable[[], bool] = lambda: False) -> int:
    """Read, as two of the people here, what most questions read, and everybody's names; returns for how many people. Writes
    nothing. What goes wrong is left for whoever asks."""
    try:
        return _warm_up(rapport, ended)
    except Exception:  # it is a kindness, and the service runs without it
        _log.warning("Could not prepare for the first questions", exc_info=True)
        return 0


def _warm_up(rapport: Rapport, ended: Callable[[], bool]) -> int:
    with rapport.store.read(Scope.system("warming up")) as session:
        people = [each for each in roster.members(session) if each.active][:MOST_PEOPLE]
    callers = [rapport.caller_for_email(each.email) for each in people]
    asking = [*[one for one in callers if one.manages][:1], *[one for one in callers if not one.manages][:1]]
    for caller in asking:
        if not ended():
            _ask(rapport, caller, rapport.clock(), ended)
    read = 0
    for caller in callers:
        if ended():
            break
        turn = rapport.turn(caller, "")
        with turn.read() as session:
            turn.names(session)
        read += 1
    return read


def _ask(rapport: Rapport, caller: Caller, at: datetime, ended: Callable[[], bool]) -> None:
    turn = rapport.answering.rehearse(Question("What should I do next?", caller, at, "warming up"))
    with turn.read() as session:
        names = turn.names(session)
    reads: list[Callable[[], Found]] = [
        partial(list_deals, turn, "me"), partial(list_tasks, turn, "me"), partial(search_notes, turn, "price"),
    ]  # fmt: skip
    for account in names.of_kind("account")[:1]:
        reads += [partial(one, turn, account.id) for one in _OF_ACCOUNTS]
    for contact in names.of_kind("contact")[:1]:
        reads += [partial(one, turn, contact.id) for one in _OF_CONTACTS]
    for deal in names.of_kind("deal")[:1]:
        reads.append(partial(deal_details, turn, deal.id))
    for read in reads:
        if ended():
            return
        read()
