"""Products, orders and their lines, subscriptions, campaigns."""

from typing import Any

from sqlalchemy import insert

from crm_store.base import new_id
from crm_store.imports.known import Ref
from crm_store.imports.rows import BadValue, Row
from crm_store.imports.run import Run, need, put
from crm_store.imports.writing import Draft, Values
from crm_store.models import Product

_ORDER_STATUS = {
    "draft": "draft", "activated": "fulfilled", "fulfilled": "fulfilled", "completed": "fulfilled", "closed": "fulfilled",
    "open": "open", "pending": "open", "processing": "open", "shipped": "fulfilled", "delivered": "fulfilled",
    "cancelled": "cancelled", "canceled": "cancelled", "returned": "returned", "expired": "cancelled",
}  # fmt: skip
_SUBSCRIPTION = {
    "active": "active", "cancelled": "cancelled", "canceled": "cancelled", "lapsed": "lapsed", "expired": "lapsed", "pastdue": "active",
}  # fmt: skip
_CHANNELS = {
    "email": "email", "webinar": "event", "conference": "event", "tradeshow": "event", "event": "event", "seminarconference": "event",
    "advertisement": "ads", "bannerads": "ads", "ads": "ads", "telemarketing": "phone", "phone": "phone", "directmail": "post",
    "socialmedia": "social", "social": "social", "content": "content", "partners": "partner", "referralprogram": "referral",
    "other": "other",
}  # fmt: skip
_CAMPAIGN_STATUS = {
    "planned": "planned", "inprogress": "running", "running": "running", "active": "running", "completed": "completed",
    "aborted": "aborted",
}  # fmt: skip
_MEMBER_STATUS = {
    "sent": "sent", "opened": "opened", "responded": "responded", "attended": "responded", "registered": "responded",
    "clicked": "opened", "unsubscribed": "unsubscribed", "received": "sent", "planned": "sent", "invited": "sent",
}  # fmt: skip


def product(row: Row, run: Run, external_id: str) -> Draft | None:
    name = need(row.text("name", 160), "name", "the product's name")
    price, currency = row.money("price", run.currency_of(row))
    values: Values = {"name": name}
    put(values, row, "family", row.text("family", 80))
    put(values, row, "code", row.text("code", 64))
    put(values, row, "price_minor", price, "price")
    put(values, row, "currency", currency, "price")
    put(values, row, "description", row.prose("description"))
    if row.given("active"):
        values["active"] = row.flag("active") is not False
    return Draft(row.line, external_id, values, {"active": True}, {"price_minor": "price"})


def keep_product(run: Run, draft: Draft) -> None:
    assert draft.row_id is not None
    run.known.products.add(Ref(draft.row_id), draft.external_id, draft.values["name"], draft.values.get("code"))


def mention_price(row: Row, run: Run, external_id: str) -> None:
    """Lines name the entry of a price book and mean its product."""
    found = run.known.products.find(row.raw("product"), run.source)
    if found is not None:
        run.known.products.by_id[external_id] = found


def price(row: Row, run: Run, external_id: str) -> Draft | None:
    """The first active price of a product becomes its list price."""
    found = run.known.products.find(row.raw("product"), run.source)
    if found is None:
        raise BadValue("product", "the product is not in the record")
    amount, currency = row.money("price", run.currency_of(row))
    if amount is None or row.flag("active") is False or found.id in run.priced:
        row.sheet.tally.skipped += 1
        row.decide("price", "", "a product has one list price here")
        return None
    run.priced.add(found.id)
    return Draft(
        row.line, external_id, {"price_minor": amount, "currency": currency}, {}, {"price_minor": "price"}, found.id
    )


def make_product(row: Row, run: Run, external_id: str, name: str) -> str:
    """A product that lines mention and no price list has."""
    row_id = new_id()
    values: dict[str, Any] = {
        "id": row_id,
        "name": name[:160],
        "active": True,
        "external_source": run.source,
        "external_id": external_id,
    }
    run.here.execute(insert(Product), [values])
    run.known.products.add(Ref(row_id), external_id, name[:160])
    row.decide("product", name[:160], "made a product of this name, since the price list has none")
    return row_id


def order(row: Row, run: Run, external_id: str) -> Draft | None:
    on = row.day("ordered_on") or row.day("created_at")
    if on is None:
        raise BadValue("ordered_on", "the day of the order is missing")
    deal = run.deal(row)
    at = run.account(row) or (Ref(deal.account_id) if deal and deal.account_id else None)
    who = run.contacts(row)
    amount, currency = row.money("amount", run.currency_of(row))
    if amount is None:
        row.decide("amount", "0", "the row gives no amount")
    values: Values = {
        "number": row.text("number", 64) or external_id[:64], "ordered_on": on, "amount_minor": amount or 0, "currency": currency,
        "status": row.choice("status", _ORDER_STATUS, "fulfilled"),
    }  # fmt: skip
    put(values, row, "owner_id", run.owner(row), "owner")
    for name, ref in (("account_id", at), ("deal_id", deal), ("contact_id", who[0][0] if who else None)):
        if ref is not None:
            values[name] = ref.id
    return Draft(
        row.line,
        external_id,
        values,
        {"account_id": None, "deal_id": None, "contact_id": None, "created_at": row.moment("created_at") or run.now},
    )


def keep_order(run: Run, draft: Draft) -> None:
    assert draft.row_id is not None
    values = draft.values
    ref = Ref(draft.row_id, values.get("account_id"), values.get("owner_id"), values["currency"])
    run.known.orders.add(ref, draft.external_id, values["number"])


def subscription(row: Row, run: Run, external_id: str) -> Draft | None:
    starts, ends = row.day("starts_on"), row.day("ends_on")
    if starts is None or ends is None:
        raise BadValue("starts_on" if starts is None else "ends_on", "the day is missing")
    at = run.account(row)
    amount, currency = row.money("amount", run.currency_of(row))
    seats = row.number("seats")
    values: Values = {
        "product_id": product_of(row, run), "starts_on": starts, "ends_on": ends, "status": row.choice("status", _SUBSCRIPTION, "active"),
        "seats": None if seats is None else round(seats), "amount_minor": amount or 0, "currency": currency,
        "account_id": at.id if at else None,
    }  # fmt: skip
    put(values, row, "owner_id", run.owner(row), "owner")
    return Draft(row.line, external_id, values)


def campaign(row: Row, run: Run, external_id: str) -> Draft | None:
    name = need(row.text("name", 160), "name", "the campaign's name")
    starts = row.day("starts_on") or row.day("created_at")
    if starts is None:
        raise BadValue("starts_on", "the first day is missing")
    budget, currency = row.money("budget", run.currency_of(row))
    values: Values = {
        "name": name, "channel": row.choice("channel", _CHANNELS, "other"), "status": row.choice("status", _CAMPAIGN_STATUS, "completed"),
        "starts_on": starts, "ends_on": row.day("ends_on"), "budget_minor": budget, "currency": currency if budget is not None else None,
    }  # fmt: skip
    return Draft(row.line, external_id, values)


def keep_campaign(run: Run, draft: Draft) -> None:
    assert draft.row_id is not None
    run.known.campaigns.add(Ref(draft.row_id), draft.external_id, draft.values["name"])


def campaign_member(row: Row, run: Run, external_id: str) -> Draft | None:
    of = run.known.campaigns.find(row.raw("campaign"), run.source)
    if of is None:
        raise BadValue("campaign", "the campaign is not in the record")
    who = run.contacts(row)
    if not who:
        raise BadValue("contact", "the contact is not in the record")
    contact = who[0][0]
    before = run.members_of_campaigns().setdefault((of.id, contact.id), external_id)
    if before != external_id:
        row.decide("contact", "", "is a member of this campaign already")
        row.sheet.tally.skipped += 1
        return None
    status = row.choice("status", _MEMBER_STATUS, "sent")
    if status in ("sent", "opened") and row.flag("responded"):
        status = "responded"
    values: Values = {
        "campaign_id": of.id, "contact_id": contact.id, "status": status,
        "at": row.moment("at") or run.now, "account_id": contact.account_id, "owner_id": contact.owner_id,
    }  # fmt: skip
    return Draft(row.line, external_id, values)


def order_line(row: Row, run: Run, external_id: str) -> Draft | None:
    parent = run.known.orders.find(row.raw("order"), run.source)
    if parent is None:
        raise BadValue("order", "the order is not in the record")
    return line(row, run, external_id, parent, "order_id")


def line(row: Row, run: Run, external_id: str, parent: Ref, points: str) -> Draft:
    """A product on a deal or an order; a product that is not in the price list is made."""
    quantity = row.number("quantity")
    amount, currency = row.money("amount", parent.currency or run.currency_of(row))
    if amount is None:
        unit, currency = row.money("unit", parent.currency or run.currency_of(row))
        amount = None if unit is None else round(unit * (quantity or 1))
    if amount is None:
        raise BadValue("amount", "the amount is missing")
    count = max(1, round(quantity)) if quantity is not None else 1
    if quantity is not None and quantity != count:
        row.decide("quantity", str(count), "quantities are whole numbers of at least one")
    values: Values = {
        points: parent.id, "product_id": product_of(row, run), "quantity": count, "amount_minor": amount, "currency": currency,
        "account_id": parent.account_id, "owner_id": parent.owner_id,
    }  # fmt: skip
    return Draft(row.line, external_id, values)


def product_of(row: Row, run: Run) -> str:
    """:raises BadValue: when the row names no product at all."""
    from_list = next((ref for each in row.all("product") if (ref := run.known.products.find(each, run.source))), None)
    if from_list is not None:
        return from_list.id
    given, name = row.raw("product"), row.text("product_name", 160)
    near = next((found for each in (name, given) if each and (found := run.known.products.find_near(each))), None)
    if near is not None:
        row.decide("product", near[1], "read as the closest product there is", name or given)
        return near[0].id
    if not (given or name):
        raise BadValue("product", "the product is missing")
    return make_product(row, run, run.external(given or str(name)), name or given)
