"""A process of its own that writes to a SQLite record: ``python -m tests.reliability.writer_process FILE add COUNT`` adds one to the
account's employees so many times, reading it first; ``… FILE hold`` begins a write, says so and never ends it."""

import sys
import time

from sqlalchemy import select

from crm_store.access import Scope
from crm_store.models import Account
from crm_store.store import Store

EVERYTHING = Scope.system("test")


def add_one(store: Store) -> None:
    with store.write(EVERYTHING) as session:
        account = session.scalars(select(Account)).one()
        account.employees = (account.employees or 0) + 1


def main() -> None:
    file, what, *count = sys.argv[1:]
    store = Store(f"sqlite:///{file}")
    print("ready", flush=True)
    sys.stdin.readline()
    if what == "add":
        for _ in range(int(count[0])):
            add_one(store)
        return
    with store.write(EVERYTHING) as session:
        session.scalars(select(Account)).one().employees = -1
        session.flush()
        print("holding", flush=True)
        time.sleep(600)


if __name__ == "__main__":
    main()
