"""Writers of one SQLite file take turns, in threads and in processes, and nobody waits for one who is gone."""

import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import select

from crm_store.errors import NestedWrite, StoreUnavailable
from crm_store.models import Account
from crm_store.store import Store
from crm_store.write_turns import WriteTurns
from tests import builders
from tests.reliability.conftest import Until, at_once
from tests.reliability.writer_process import EVERYTHING, add_one

PROCESSES, EACH = 4, 15
PATIENCE_S = 60.0
Start = Callable[..., "subprocess.Popen[str]"]


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """A record with one account of nobody."""
    with closing(Store(f"sqlite:///{tmp_path / 'rapport.db'}")) as store:
        store.migrate()
        with store.write(EVERYTHING) as session:
            builders.account(session, "Larkfield Mills", builders.person(session, "Rena Kaur")).employees = 0
    return tmp_path / "rapport.db"


@pytest.fixture
def store(file: Path) -> Iterator[Store]:
    with closing(Store(f"sqlite:///{file}")) as made:
        yield made


@pytest.fixture
def start(file: Path) -> Iterator[Start]:
    """Start a writer, which is ready and waits to be told."""
    made: list[subprocess.Popen[str]] = []

    def run(*words: str) -> "subprocess.Popen[str]":
        made.append(
            subprocess.Popen(
                [sys.executable, "-m", "tests.reliability.writer_process", str(file), *words],
                stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=Path(__file__).resolve().parents[2],
            )
        )  # fmt: skip
        return made[-1]

    yield run
    for process in made:
        process.kill()
        process.communicate(timeout=90)


def say(process: "subprocess.Popen[str]", expected: str) -> None:
    """Let a writer that said ``expected`` go on."""
    assert process.stdout is not None
    assert process.stdin is not None
    assert process.stdout.readline().strip() == expected
    process.stdin.write("\n")
    process.stdin.flush()


def employees(store: Store) -> int | None:
    with store.read(EVERYTHING) as session:
        return session.scalars(select(Account.employees)).one()


def test_processes_and_threads_that_add_to_one_number_lose_nothing(store: Store, start: Start) -> None:
    writers = [start("add", str(EACH)) for _ in range(PROCESSES)]
    for writer in writers:
        say(writer, "ready")

    def add() -> None:
        for _ in range(EACH):
            add_one(store)

    assert at_once(*[add] * PROCESSES) == []
    assert [writer.wait(timeout=PATIENCE_S * 3) for writer in writers] == [0] * PROCESSES
    assert employees(store) == 2 * PROCESSES * EACH


def test_a_writer_that_was_killed_lets_the_next_one_write_and_leaves_nothing(store: Store, start: Start) -> None:
    holder = start("hold")
    say(holder, "ready")
    assert holder.stdout is not None
    assert holder.stdout.readline().strip() == "holding"
    waiting = threading.Thread(target=add_one, args=(store,))
    waiting.start()
    assert employees(store) == 0, "who reads does not wait"
    assert waiting.is_alive()
    holder.kill()
    waiting.join(PATIENCE_S)
    assert not waiting.is_alive()
    assert employees(store) == 1


def test_one_that_writes_again_and_again_does_not_overtake_one_that_waits(tmp_path: Path, until: Until) -> None:
    """Two at one file are to each other what two processes are: the system's locks belong to who opened the file."""
    fcntl = pytest.importorskip("fcntl")
    busy, patient = (WriteTurns(tmp_path / "rapport.db", PATIENCE_S) for _ in range(2))
    came = threading.Event()

    def is_locked(path: Path) -> bool:
        with path.open() as stream:
            try:
                fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                return True
        return False

    def wait() -> None:
        with patient.turn() as turn:
            turn.take()
            came.set()

    for _ in range(20):
        came.clear()
        waiting = threading.Thread(target=wait)
        with busy.turn() as turn:
            turn.take()
            waiting.start()
            until(lambda: is_locked(tmp_path / "rapport.db-next"))
        with busy.turn() as turn:
            turn.take()
            assert came.is_set()
        waiting.join(PATIENCE_S)


def test_threads_write_in_the_order_in_which_they_came(tmp_path: Path, until: Until) -> None:
    turns = WriteTurns(tmp_path / "rapport.db", PATIENCE_S)
    order: list[int] = []

    def write(number: int) -> None:
        with turns.turn() as turn:
            turn.take()
            order.append(number)

    writers = [threading.Thread(target=write, args=(number,)) for number in range(8)]
    with turns.turn() as turn:
        turn.take()
        for place, writer in enumerate(writers, 1):
            writer.start()
            until(lambda place=place: turns.waiting == place)  # type: ignore[misc]  # mypy infers no lambda with a default
    for writer in writers:
        writer.join(PATIENCE_S)
    assert order == sorted(order)
    assert len(order) == len(writers)


def test_a_write_within_a_write_is_refused_at_once_and_the_outer_one_goes_on(store: Store) -> None:
    with store.write(EVERYTHING) as session:
        session.scalars(select(Account)).one().employees = 7
        with pytest.raises(NestedWrite), store.write(EVERYTHING) as inner:
            inner.scalars(select(Account)).one()
        with store.read(EVERYTHING) as reading:
            assert reading.scalars(select(Account.employees)).one() == 0
    assert employees(store) == 7


def test_a_turn_that_never_comes_is_an_error_that_says_so_and_is_not_kept(tmp_path: Path) -> None:
    holder, waiting = WriteTurns(tmp_path / "rapport.db", PATIENCE_S), WriteTurns(tmp_path / "rapport.db", 0.2)
    with holder.turn() as turn:
        turn.take()
        for _ in range(2):
            with pytest.raises(StoreUnavailable, match="Try again"), waiting.turn() as other:
                other.take()
    for _ in range(2):  # those who gave up hold nothing
        with holder.turn() as turn:
            turn.take()


def test_a_write_that_fails_gives_its_turn_back(store: Store) -> None:
    def fail() -> None:
        with store.write(EVERYTHING) as session:
            session.scalars(select(Account)).one().employees = 3
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()
    add_one(store)
    assert employees(store) == 1
