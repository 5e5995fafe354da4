"""Eight who write and eight who read: nothing is lost, nothing fails, and every answer adds up."""

from datetime import timedelta
from threading import Thread

from crm_store import jobs
from crm_store.store import Store
from tests.builders import NOW
from tests.reliability import many_hands

TURNS, DEALS, JOBS = 4, 2, 40


def test_eight_writers_lose_nothing_while_eight_readers_always_see_totals_that_balance(store: Store) -> None:
    deals = many_hands.found(store, DEALS)
    done = many_hands.in_threads(store, deals, TURNS)
    assert done.failed == ()
    assert [wrong for one in done.reads for wrong in one.wrong] == []
    assert len(done.reads) == many_hands.HANDS
    assert [each.rounds for each in done.written] == [TURNS] * many_hands.HANDS
    assert many_hands.lost(store, deals, done.written) == []


def test_every_job_is_claimed_by_one_worker(store: Store) -> None:
    with store.write(many_hands.EVERYTHING) as session:
        for number in range(JOBS):
            jobs.enqueue(session, "test", f"test:{number}", {}, now=NOW)
    claimed: list[str] = []
    failed: list[BaseException] = []

    def work(worker: str) -> None:
        try:
            while (job := jobs.claim(store, worker, now=NOW + timedelta(seconds=1))) is not None:
                claimed.append(job.key)
        except Exception as error:
            failed.append(error)

    workers = [Thread(target=work, args=(f"w{number}",)) for number in range(many_hands.HANDS)]
    for thread in workers:
        thread.start()
    for thread in workers:
        thread.join()
    assert failed == []
    assert sorted(claimed) == sorted(f"test:{number}" for number in range(JOBS))
