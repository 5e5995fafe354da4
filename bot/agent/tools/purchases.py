"""The tool about what an account bought."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise
from statistics import median

from langchain.tools import ToolRuntime, tool

from bot import wording
from bot.agent.tools.citing import Sources, cite_order, cite_subscription
from bot.agent.tools.gist import Sentence, sentences_of
from bot.agent.tools.resolving import account_of, asking
from bot.agent.tools.shaping import account_subject, finished, quoted, shown
from bot.agent.turn import Found, Turn
from bot.cards import Citation, Column, TableCard
from crm_store.access import ScopedSession
from crm_store.queries import interactions, purchases
from crm_store.queries.interactions import InteractionFilter
from crm_store.queries.next_products import NextProduct, next_products
from crm_store.queries.purchases import OrderFacts
from knowledge import words

_SHOWN = 12
_FEWEST_GAPS = 2
_STEADY = 2.0
"""Orders keep a rhythm when no gap is more than so many times the usual one, or less than that part of it."""
_NOT_BOUGHT = frozenset({"cancelled", "canceled", "returned", "refunded"})
_READ = 40


@asking
def purchase_history(turn: Turn, account: str) -> Found:
    """Orders and subscriptions of an account, with totals per currency."""
    with turn.read() as session:
        facts = account_of(session, turn, account)
        orders = purchases.orders(session, facts.id, limit=_SHOWN)
        totals = purchases.order_totals(session, facts.id)
        running = purchases.subscriptions(session, facts.id)
        coming = next_products(session, facts.id)
        wished = _wished(session, turn, facts.id, [one.name for one in coming]) if coming else {}
    sources = Sources()
    active = [one for one in running if one.status == "active"]
    if not orders and not running:
        return finished(
            f"**{facts.name} has bought nothing yet**, as far as the record says.", sources, account_subject(facts)
        )
    lines = []
    if totals:
        count = sum(one.orders for one in totals)
        amounts = wording.join([wording.money(one.amount_minor, one.currency) for one in totals])
        since = wording.day(min(one.first_on for one in totals), turn.today)
        when = f"on {since}" if count == 1 else f"since {since}"
        lines.append(f"**{facts.name} bought for {amounts} in {wording.plural(count, 'order')}** {when}.")
        sources.figure("Orders", count, "orders")
        sources.figure_sums("Bought", ((one.currency, one.amount_minor) for one in totals))
    else:
        lines.append(
            f"**{facts.name} has no orders**, only subscriptions." if running else f"**{facts.name} has no orders.**"
        )
    if orders:
        last = orders[0]
        bought = wording.join([f"{quantity:,} x {name}" for name, quantity in last.products[:3]]) or last.number
        status = "" if last.status in ("fulfilled", "paid", "completed") else f", {wording.words(last.status)}"
        lines.append(
            f"Last order {wording.ago(last.ordered_on, turn.today)} "
            f"({wording.day(last.ordered_on, turn.today)}{status}): "
            f"{bought}, {wording.money(last.amount_minor, last.currency)} {sources.mark(cite_order(last))}."
        )
    for one in active[:3]:
        seats = f", {wording.plural(one.seats, 'seat')}" if one.seats else ""
        when = f"renews {wording.day(one.ends_on, turn.today)}" if one.ends_on >= turn.today else (
            f"ended {wording.day(one.ends_on, turn.today)}"
        )  # fmt: skip
        amount = wording.money(one.amount_minor, one.currency)
        lines.append(f"- {one.product}: {amount} a year{seats}, {when} {sources.mark(cite_subscription(one))}")
        sources.figure(f"{one.product} per year", one.amount_minor, one.currency)
    ended = [one for one in running if one.status != "active"]
    if ended:
        lines.append(
            f"{wording.plural(len(ended), 'subscription')} no longer active: "
            f"{wording.join([one.product for one in ended[:3]])}."
        )
    rest_on = cite_subscription(active[0]) if active else cite_order(orders[0]) if orders else None
    for again in due_again(orders):
        said = f"{again.product}, ordered {again.times} times, about every {wording.plural(again.every, 'day')}"
        when = "was due about" if again.due < turn.today else "due about"
        lines.append(f"- Next order: {said}; {when} {wording.day(again.due, turn.today)} {sources.mark(cite_order(again.last))}")
        sources.figure(f"{again.product}: orders", again.times, "orders")
        sources.figure(f"{again.product}: days between orders", again.every, "days")
    lines += _coming(turn, coming, wished, rest_on, sources)
    if len(orders) > 1:
        columns = (
            Column(title="Date", kind="date"), Column(title="Order"), Column(title="Products"),
            Column(title="Amount", kind="money"), Column(title="Status"),
        )  # fmt: skip
        rows = tuple(
            (
                wording.day(one.ordered_on, turn.today),
                one.number,
                ", ".join(f"{quantity:,} x {name}" for name, quantity in one.products[:4]),
                wording.money(one.amount_minor, one.currency),
                wording.words(one.status),
            )
            for one in orders
        )
        counted = "Totals leave out cancelled and returned orders."
        sources.cards.append(TableCard(title=f"Orders of {facts.name}", columns=columns, rows=rows, counted=counted))
    return finished("\n".join(lines), sources, account_subject(facts))


def _wished(session: ScopedSession, turn: Turn, account_id: str, products: list[str]) -> dict[str, Sentence]:
    """What they said of these products last, by the product's name."""
    page = interactions.interactions(session, InteractionFilter(account_id=account_id, until=turn.now), limit=_READ)
    found: dict[str, Sentence] = {}
    for one in (each for source in page.rows for each in sentences_of(source)):
        for name in products:
            if name not in found and not (one.ours and one.direct) and _named(name, one.text):
                found[name] = one
    return found


def _named(product: str, text: str) -> bool:
    """Whether a product is spoken of, by its name or as people call it: "Insight" for "Halvern Insight"."""
    last = product.split()[-1]
    return words.mentions(product, text) or (last.istitle() and re.search(rf"(?<!^)\b{re.escape(last)}\b", text) is not None)


@dataclass(frozen=True, slots=True)
class Again:
    """A product that is ordered again and again: how often so far, the usual days between, and when it is due next."""

    product: str
    times: int
    every: int
    due: date
    last: OrderFacts


def due_again(orders: Sequence[OrderFacts]) -> list[Again]:
    """What is ordered at a rhythm, the next one first. ``orders`` are newest first; what was cancelled or sent back is none."""
    placed: dict[str, list[OrderFacts]] = {}
    for one in orders:
        if one.status not in _NOT_BOUGHT:
            for name, _ in one.products:
                placed.setdefault(name, []).append(one)
    found: list[Again] = []
    for name, each in placed.items():
        gaps = [(later.ordered_on - earlier.ordered_on).days for later, earlier in pairwise(each)]
        if len(gaps) < _FEWEST_GAPS or min(gaps) < 1:
            continue
        usual = round(median(gaps))
        if max(gaps) <= _STEADY * usual and min(gaps) * _STEADY >= usual:
            found.append(Again(name, len(each), usual, each[0].ordered_on + timedelta(days=usual), each[0]))
    return sorted(found, key=lambda one: one.due)


def _coming(
    turn: Turn, coming: tuple[NextProduct, ...], wished: dict[str, Sentence], rest_on: Citation | None, sources: Sources
) -> list[str]:
    """What they may buy next: what customers with the same products have, those they spoke of first. ``rest_on`` is what they
    have of those."""
    mark = f" {sources.mark_source(rest_on)}" if coming and rest_on is not None else ""
    lines: list[str] = []
    for one in sorted(coming, key=lambda each: each.name not in wished):
        price = f", list price {wording.money(one.price_minor, one.currency)}" if one.price_minor is not None else ""
        line = f"{one.name} ({one.owners} of {one.peers} customers with the same products have it{price}){mark}"
        if one.name in wished:
            line += f"; {quoted(wished[one.name], sources, turn)}"
        lines.append(f"- May buy next: {line}" if not lines else f"- Or {line}")
        sources.figure(f"Customers with {one.name}", one.owners, "customers")
    return lines


@tool("purchase_history", response_format="content_and_artifact")
def _purchase_history(account: str, runtime: ToolRuntime[Turn]) -> tuple[str, Found]:
    """What an account bought (orders, subscriptions, totals, renewal dates) and what it may buy next."""
    return shown(purchase_history(runtime.context, account))


TOOLS = [_purchase_history]
