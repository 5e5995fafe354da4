"""How fast an import is, beside a bare ``executemany`` of the very rows it made.

    python -m tests.benchmarks.importing [--accounts 20000] [--database sqlite|postgresql|URL] [--profile]

A company is generated as a folder of our own CSV (accounts, two contacts and one and a half deals each, deal history,
activities), imported into an empty database, imported again, and then every row that came in is written once more with
``executemany`` into the same tables of another empty database: the reference, which parses, checks and looks up nothing. A
database that is given by its URL is emptied for each.
Rates are source rows a second of wall time and, since machines are shared, of this process's CPU time.
"""

import argparse
import cProfile
import csv
import pstats
import random
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from sqlalchemy import Connection, Engine, create_engine, delete, event, insert, make_url, select

from crm_store.base import Base
from crm_store.imports import ImportReport, import_folder
from crm_store.row_security import tell
from crm_store.store import SQLITE_SETTINGS, Store
from tests.databases import fresh_postgres, migrated_template, postgres_server

NOW = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
OWNERS = 60
STAGES = ("Discovery", "Qualified", "Proposal", "Negotiation", "Closed Won", "Closed Lost")
_INDUSTRIES = ("Food", "Logistics", "Retail", "Health care", "Energy", "Education")
_WORDS = [
    "price", "list", "contract", "renewal", "sensor", "pilot", "depot", "warehouse", "budget", "security", "review", "legal",
    "signature", "rollout", "team", "plant", "manager", "delivery", "support", "training", "integration",
]  # fmt: skip
BATCH = 2_000


def generate(folder: Path, accounts: int) -> int:
    """Write the folder and return how many source rows it holds; the same number gives the same company."""
    chance = random.Random(7)
    rows = 0

    def write(name: str, header: str, lines: Iterator[tuple[object, ...]]) -> None:
        nonlocal rows
        with (folder / name).open("w", encoding="utf-8", newline="") as stream:
            writer = csv.writer(stream)
            writer.writerow(header.split(","))
            for line in lines:
                writer.writerow(line)
                rows += 1

    def owner() -> str:
        return f"seller{chance.randrange(OWNERS)}@halvern.example"

    def words(count: int) -> str:
        return " ".join(chance.choice(_WORDS) for _ in range(count)).capitalize()

    def day(back: int) -> date:
        return NOW.date() - timedelta(days=chance.randrange(back))

    write("people.csv", "id,name,email,team,role", (
        (f"P{n}", f"Seller {n}", f"seller{n}@halvern.example", f"Team {n % 6}", "rep") for n in range(OWNERS)))  # fmt: skip
    write("teams.csv", "id,name", ((f"T{n}", f"Team {n}") for n in range(6)))
    write("stages.csv", "id,name,pipeline,position,status,probability", (
        (f"S{n}", name, "Sales", n, ("open", "open", "open", "open", "won", "lost")[n], (10, 30, 60, 80, 100, 0)[n])
        for n, name in enumerate(STAGES)))  # fmt: skip
    write("accounts.csv", "id,name,kind,industry,employees,city,country,domain,owner,created at", (
        (f"A{n}", f"{words(2)} {n}", "customer", chance.choice(_INDUSTRIES), chance.randrange(5, 9_000), "Brno", "Czechia",
         f"company{n}.example", owner(), day(900)) for n in range(accounts)))  # fmt: skip
    write("contacts.csv", "id,name,email,phone,title,account,lifecycle,owner,created at", (
        (f"C{n}", f"{words(1)} {words(1)}", f"c{n}@company{n % accounts}.example", f"+420 {chance.randrange(10**8, 10**9)}",
         "Plant manager", f"A{n % accounts}", "customer", owner(), day(900)) for n in range(2 * accounts)))  # fmt: skip
    deals = accounts * 3 // 2
    made = [NOW - timedelta(minutes=chance.randrange(60_000, 900_000)) for _ in range(deals)]
    path = [chance.randrange(1, 5) for _ in range(deals)]

    def last_stage(n: int) -> str:
        return STAGES[path[n]] if path[n] < 4 else STAGES[4 + n % 2]

    write("deals.csv", "id,name,account,stage,owner,amount,currency,close date,source,next step,created at,contact", (
        (f"D{n}", f"{words(2)} {n}", f"A{n % accounts}", last_stage(n), owner(), f"{chance.randrange(500, 90_000)}.50", "EUR",
         day(200) + timedelta(days=90), "Web", words(3), f"{made[n]:%Y-%m-%d %H:%M}",
         f"C{n % accounts}") for n in range(deals)))  # fmt: skip

    def history() -> Iterator[tuple[object, ...]]:
        for n in range(deals):
            for place in range(path[n] + 1):
                stage = STAGES[place] if place < path[n] else last_stage(n)
                yield f"D{n}", "stage", stage, f"{made[n] + timedelta(days=9 * place):%Y-%m-%d %H:%M}"

    write("deal history.csv", "deal,field,new,at", history())
    write("interactions.csv", "id,type,at,subject,body,direction,account,deal,contact,owner,duration minutes", (
        (f"I{n}", ("call", "email", "meeting", "note")[n % 4], f"{NOW - timedelta(minutes=chance.randrange(900_000)):%Y-%m-%d %H:%M}",
         words(4), words(30), ("inbound", "outbound")[n % 2], f"A{n % accounts}", f"D{n % deals}" if n % 3 else "",
         f"C{n % (2 * accounts)}",
         owner(), chance.randrange(3, 60)) for n in range(3 * accounts)))  # fmt: skip
    return rows


def timed(what: str, rows: int, work: Callable[[], object]) -> None:
    wall, cpu = time.perf_counter(), time.process_time()
    work()
    wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    print(f"{what:<42}{rows / wall:>12,.0f} rows/s{rows / cpu:>14,.0f} rows/CPU s{wall:>9.1f} s", flush=True)


def bring_in(store: Store, folder: Path) -> ImportReport:
    done = import_folder(
        store, folder, "csv", dry_run=False, now=NOW, currency="EUR", progress=lambda step, done, total: None
    )
    assert done.clean, done.problems[:3]
    return done


def everything(engine: Engine) -> list[tuple[Base, list[dict[str, object]]]]:
    """Every row of every table in an order in which they can be inserted."""
    with engine.connect() as connection:
        tables = Base.metadata.sorted_tables
        return [(table, [dict(row._mapping) for row in connection.execute(select(table))]) for table in tables]  # type: ignore[misc]  # Core rows


def write_bare(engine: Engine, tables: list[tuple[Base, list[dict[str, object]]]]) -> int:
    written = 0
    for table, rows in tables:
        for start in range(0, len(rows), BATCH):
            with engine.begin() as connection:
                connection.execute(insert(table), rows[start : start + BATCH])  # type: ignore[arg-type]
        written += len(rows)
    return written


@contextmanager
def databases(kind: str, folder: Path) -> Iterator[Callable[[], str]]:
    """A maker of URLs of empty migrated databases."""
    with ExitStack() as stack:
        if kind == "sqlite":
            count = iter(range(100))

            def sqlite() -> str:
                return f"sqlite:///{folder / f'{next(count)}.db'}"

            yield sqlite
        elif kind != "postgresql":
            yield lambda: emptied(kind)
        else:
            template = stack.enter_context(migrated_template(server := stack.enter_context(postgres_server())))
            yield lambda: stack.enter_context(fresh_postgres(server, template))


def emptied(url: str) -> str:
    """The URL of a database that may be written over, with all tables and no rows."""
    store = Store(url)
    store.migrate()
    store.close()
    engine = bare_engine(url)
    with engine.begin() as connection:
        for table in reversed(Base.metadata.sorted_tables):
            connection.execute(delete(table))
    engine.dispose()
    return url


def bare_engine(url: str) -> Engine:
    """With the settings that the store has, so that the two differ in nothing but what they do."""
    engine = create_engine(url)
    if engine.dialect.name == "sqlite":

        @event.listens_for(engine, "connect")
        def _settings(connection: object, record: object) -> None:
            for name, value in SQLITE_SETTINGS.items():
                connection.execute(f"pragma {name}={value}")  # type: ignore[attr-defined]

    else:

        @event.listens_for(engine, "begin")
        def _see_everything(connection: Connection) -> None:
            tell(connection, None, None)

    return engine


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--accounts", type=int, default=20_000)
    arguments.add_argument(
        "--database", default="sqlite", help="sqlite, postgresql, or the URL of a database to be emptied"
    )
    arguments.add_argument("--profile", action="store_true", help="say where the time of the first import goes")
    options = arguments.parse_args()
    with tempfile.TemporaryDirectory() as made, databases(options.database, Path(made)) as fresh:
        folder = Path(made) / "files"
        folder.mkdir()
        rows = generate(folder, options.accounts)
        print(f"{rows:,} source rows, {make_url(fresh()).get_backend_name()}")
        url = fresh()
        store = Store(url)
        store.migrate()
        if options.profile:
            profile = cProfile.Profile()
            profile.runcall(bring_in, store, folder)
            pstats.Stats(profile).sort_stats("tottime").print_stats(45)
            return
        timed("import into an empty database", rows, lambda: bring_in(store, folder))
        timed("import of the same again", rows, lambda: bring_in(store, folder))
        store.close()
        tables = everything(bare_engine(url))
        written = sum(len(each) for _, each in tables)
        other = fresh()
        Store(other).migrate()
        bare = bare_engine(other)
        print(f"{written:,} rows written")
        timed("reference: executemany of the same rows", rows, lambda: write_bare(bare, tables))


if __name__ == "__main__":
    main()
