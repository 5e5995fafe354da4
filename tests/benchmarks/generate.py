"""A believable company of a wanted size in a new database, the same for the same seed.

    python -m tests.benchmarks.generate --database sqlite:////tmp/big/rapport.db [--scale 0.1] [--seed 7]
        [--deals 100000] [--interactions 1000000] [--orders 200000] [--cases 50000]

Forty people in four teams, an account for every five deals and three contacts for every account, deals with the moves of
their stage, amount, date and category (some since Monday), interactions with texts in the full-text index, tasks, orders,
cases, surveys and consents. "Now" is :data:`tests.benchmarks.big.rows.NOW`. The database must be new.
"""

import argparse
import random
import sys
import time
from collections import Counter
from collections.abc import Iterator

from tests.benchmarks.big import customers, dealings, selling
from tests.benchmarks.big.rows import Batch, Size
from tests.benchmarks.big.sinks import sink

FULL = Size(100_000, 1_000_000, 200_000, 50_000)


def company(size: Size, seed: int) -> Iterator[Batch]:
    """Every row, in an order that foreign keys allow but for the managers of teams and the account teams."""
    made = customers.Company(random.Random(seed), seed, size)
    deals = selling.Deals()
    yield from customers.people(made)
    yield from customers.selling_ground(made)
    yield from customers.customers(made)
    yield from selling.deals(made, deals)
    yield customers.members(made)
    yield from selling.parts(made, deals)
    yield from dealings.interactions(made, deals)
    yield from dealings.tasks(made, deals)
    yield from dealings.orders(made)
    yield from dealings.service(made)


def generate(url: str, size: Size, seed: int, *, quiet: bool = False) -> Counter[str]:
    """Write the company to the new database at ``url``; how many rows each table got."""
    begun, told, written = time.monotonic(), 0.0, Counter[str]()
    with sink(url) as target:
        for batch in company(size, seed):
            written[batch.table] += target.write(batch)
            taken = time.monotonic() - begun
            if not quiet and taken - told > 5:
                told = taken
                print(f"{taken:5.0f} s  {written.total():>10,} rows  {batch.table}", file=sys.stderr, flush=True)
        if not quiet:
            print(
                f"{time.monotonic() - begun:5.0f} s  {written.total():>10,} rows, indexing", file=sys.stderr, flush=True
            )
    return written


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--database", required=True)
    parser.add_argument("--scale", type=float, default=1.0)
    parser.add_argument("--seed", type=int, default=7)
    for name, number in vars(FULL).items():
        parser.add_argument(f"--{name}", type=int, default=number)
    given = parser.parse_args()
    size = Size(given.deals, given.interactions, given.orders, given.cases).scaled(given.scale)
    begun = time.monotonic()
    written = generate(given.database, size, given.seed)
    for table, number in written.most_common():
        print(f"{table:<18}{number:>12,}")
    print(f"{written.total():,} rows in {time.monotonic() - begun:.0f} s")
    return 0


if __name__ == "__main__":
    sys.exit(main())
