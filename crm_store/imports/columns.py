"""Which column is which field, in every spelling that exports use, and which kind of rows a file holds.

A header is compared by its letters and digits alone, so ``Deal Name``, ``dealname``, ``property_dealname``,
``properties.dealname`` and ``DealName`` are one. The first alias is the name in our own CSV. A new kind of file is one
entry in :data:`KINDS`.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

# fmt: off
_ID = ("record id", "id", "hs object id", "external id")
_OWNER = ("owner", "owner id", "hubspot owner id", "owner email", "owner name", "assigned to", "assigned", "activity assigned to")
_CREATED = ("created at", "create date", "createdate", "created date", "created on", "created", "hs createdate", "object create date time")
_DELETED = ("is deleted", "fivetran deleted", "archived", "deleted")
_ACCOUNT_ID = ("account id", "company id", "associated company id", "associated company ids", "associated company ids primary",
               "primary associated company id", "associated company", "associated company primary")  # fmt: skip
_ACCOUNT = ("account", "account name", "company", "company name", "associated company names", "associated companies")
_CONTACT = ("contact", "contact id", "contacts", "contact ids", "associated contact ids", "associated contact", "contact name",
            "primary contact", "who id", "contact email", "associated contacts")  # fmt: skip
_DEAL = ("deal", "deal id", "opportunity", "opportunity id", "associated deal ids", "associated deal", "deal name",
         "opportunity name", "associated deals")  # fmt: skip
_DESCRIPTION = ("description", "about us", "comments")
_CURRENCY = ("currency", "deal currency code", "currency iso code", "amount currency", "currency code")
_CONSENT = {
    "opted_in": ("email opt in", "opted in", "marketing consent", "newsletter", "subscribed"), "do_not_text": ("do not text", "sms opt out"),
    "opted_at": ("consent date", "opt out date", "opted out at", "opt in date"),
    "legal_basis": ("hs legal basis", "legal basis for processing contacts data"),
}
_PRODUCT = ("product", "product id", "product2 id", "product 2 id", "pricebook entry id", "hs product id", "product name", "name", "product code")
# fmt: on


@dataclass(frozen=True)
class Kind:
    """``names`` are what files of this kind are called, ``columns`` the spellings of each field, ``shows`` the fields
    that together give the kind away, ``left_out`` why rows of the kind have no place in the record."""

    name: str
    names: tuple[str, ...]
    columns: Mapping[str, Sequence[str]] = field(default_factory=dict)
    shows: tuple[tuple[str, ...], ...] = ()
    left_out: str = ""

    @property
    def entity(self) -> str:
        """The entity whose custom fields rows of this kind have."""
        return "contact" if self.name == "lead" else self.name


def _columns(**given: Sequence[str]) -> dict[str, tuple[str, ...]]:
    common = {"id": _ID, "created_at": _CREATED, "deleted": _DELETED, "current": ("fivetran active",)}
    return {name: tuple(key(each) for each in spellings) for name, spellings in (common | given).items()}


@lru_cache(maxsize=65_536)
def key(header: str) -> str:
    """A header's letters and digits in lower case, without what warehouses put before a property's name."""
    text = re.sub(r"^(property_|properties[._]|property\.|_)", "", header.strip().lstrip("\ufeff").casefold())
    return "".join(each for each in text if each.isalnum())


# fmt: off
_ACTIVITY = _columns(
    id=("interaction id", "engagement id", "activity id", "task id", "event id", *_ID),
    type=("type", "channel", "kind", "activity type", "engagement type", "task subtype", "event subtype"),
    subtype=("task subtype", "event subtype"),
    at=("at", "start time", "hs meeting start time", "meeting start time", "start date time", "activity date time", "start",
        "hs timestamp", "timestamp", "when", "activity date", "date", "email send date", "completed date time", "message date",
        *_CREATED),
    ends=("end time", "hs meeting end time", "meeting end time", "end date time", "ends at"),
    milliseconds=("hs call duration",),
    minutes=("duration in minutes", "duration minutes", "minutes"),
    seconds=("duration in seconds", "call duration in seconds", "duration seconds", "duration", "call duration"),
    subject=("subject", "title", "hs meeting title", "meeting name", "hs call title", "call title", "hs email subject",
             "email subject", "hs task subject", "task title", "task name", "name"),
    body=("body", "text", "notes", "hs call body", "call notes", "hs meeting body", "hs internal meeting notes",
          "meeting description", "meeting notes", "hs email text", "email text", "email body", "text body", "hs email html",
          "hs note body", "note body", "hs communication body", "communication body", "hs task body", "task notes",
          "hs body preview", "full comments", *_DESCRIPTION),
    outcome=("outcome", "hs call disposition", "call outcome", "hs meeting outcome", "meeting outcome", "call disposition", "call result"),
    direction=("direction", "hs email direction", "email direction", "hs call direction", "call direction", "call type", "incoming"),
    status=("status", "hs task status", "task status"),
    closed=("is closed", "completed", "done"),
    due=("due", "due date", "task due date", "hs timestamp", "activity date", "timestamp"),
    done_at=("done at", "completed date time", "hs task completion date", "completed at", "completion date"),
    account_id=_ACCOUNT_ID, account=_ACCOUNT, deal=_DEAL, contact=_CONTACT, about=("what id", "related to", "related to id"),
    owner=(*_OWNER, "created by"),
    attendees=("attendees", "hs attendee names", "participants", "to address", "from address", "cc address", "hs email to email", "hs email from email"), url=("url", "link", "external url", "hs meeting external url"),
)

KINDS: tuple[Kind, ...] = (
    Kind("team", ("team", "teams", "user role", "user roles"), _columns(
        id=("team id", *_ID), name=("name", "team", "team name"), parent=("parent", "parent team", "parent id", "parent role id"),
        manager=("manager", "manager email", "manager id"))),
    Kind("user", ("user", "users", "owner", "owners", "people", "person", "persons"), _columns(
        id=("owner id", "user id", *_ID), name=("name", "full name", "owner name"), first=("first name", "firstname"),
        last=("last name", "lastname"), email=("email", "email address", "user email"), title=("title", "job title"),
        team=("team", "team name", "primary team id", "team id", "user role id"), manager=("manager", "manager id", "manager email"), timezone=("time zone", "timezone", "time zone sid key"),
        active=("active", "is active"), user_id=("active user id", "user id"), role=("role",)),
        shows=(("email", "user_id"), ("email", "active"))),
    Kind("owner team", ("owner team",), _columns(
        id=("owner id",), other=("team id",), primary=("is team primary",)), shows=(("id", "other", "primary"),)),
    Kind("user team", ("team user",), _columns(
        id=("user id",), other=("team id",), secondary=("is secondary user",)), shows=(("id", "other", "secondary"),)),
    Kind("pipeline", ("deal pipeline", "pipeline", "pipelines"), _columns(
        id=("pipeline id", *_ID), name=("name", "label", "pipeline"), position=("position", "display order"))),
    Kind("stage", ("deal pipeline stage", "stage", "stages", "opportunity stage", "deal stages"), _columns(
        id=("stage id", *_ID), name=("name", "stage", "label", "master label", "api name"),
        pipeline=("pipeline", "pipeline id"), position=("position", "display order", "sort order"),
        status=("status",), won=("is won", "closed won"), closed=("is closed",),
        probability=("probability", "default probability")),
        shows=(("name", "pipeline", "probability"), ("name", "won", "closed", "probability", "position"))),
    Kind("ticket stage", ("ticket pipeline stage",), _columns(
        id=("stage id", *_ID), name=("label", "name"), closed=("is closed",), state=("ticket state",)),
        shows=(("id", "name", "state"),)),
    Kind("product", ("product", "products"), _columns(
        id=("product id", "product2 id", *_ID), name=("name", "product name", "product"), family=("family", "product family", "product type", "hs product type"),
        code=("code", "product code", "sku", "hs sku", "stock keeping unit"), price=("price", "unit price", "list price"), currency=_CURRENCY,
        description=("description", "product description"), active=("active", "is active")),
        shows=(("name", "code"), ("name", "family"))),
    Kind("price", ("pricebook entry", "price book entry", "pricebook entries"), _columns(
        id=("pricebook entry id", *_ID), product=("product2 id", "product 2 id", "product id", "product", "product code"), price=("unit price", "price", "list price"),
        currency=_CURRENCY, active=("is active", "active"), standard=("use standard price", "is standard")),
        shows=(("product", "price", "standard"),)),
    Kind("account", ("account", "accounts", "company", "companies", "organisations", "organizations"), _columns(
        id=("account id", "company id", *_ID), name=("name", "company name", "account name", "account", "company"),
        kind=("kind", "type", "account type"), lifecycle=("lifecycle stage", "lifecyclestage"),
        owner=(*_OWNER, "company owner", "account owner"),
        domain=("domain", "company domain name", "website", "website url"), phone=("phone", "phone number"),
        industry=("industry",), employees=("employees", "number of employees", "numberofemployees"),
        revenue=("annual revenue", "annualrevenue"), currency=_CURRENCY,
        street=("street", "street address", "address", "billing street", "billing address line 1"),
        city=("city", "billing city"), region=("region", "state/region", "state", "billing state", "billing state province"),
        country=("country", "country/region", "billing country"), description=_DESCRIPTION),
        shows=(("name", "domain"), ("name", "industry"), ("name", "employees"))),
    Kind("contact", ("contact", "contacts"), _columns(
        id=("contact id", "vid", *_ID), name=("name", "full name", "contact name", "contact"), first=("first name", "firstname"),
        last=("last name", "lastname"), email=("email", "email address", "work email"),
        phone=("phone", "phone number", "mobile", "mobile phone", "mobile phone number", "mobilephone"), title=("title", "job title", "jobtitle"),
        account_id=_ACCOUNT_ID, account=_ACCOUNT, owner=(*_OWNER, "contact owner"), lifecycle=("lifecycle", "lifecycle stage", "lifecyclestage"),
        opted_out=("email opt out", "has opted out of email", "hs email optout", "unsubscribed from all email"), do_not_call=("do not call",), **_CONSENT,
        source=("source", "lead source", "original source", "hs analytics source"), do_not_contact=("do not contact",), left_on=("left on",), born_on=("born on", "birthdate", "date of birth"),
        description=_DESCRIPTION, merged=("hs merged object ids", "merged object ids", "merged contact ids")),
        shows=(("first", "last", "email"), ("name", "email", "title"), ("last", "email"))),
    Kind("lead", ("lead", "leads"), _columns(
        id=("lead id", *_ID), name=("name", "full name"), first=("first name", "firstname"), last=("last name", "lastname"),
        email=("email", "email address"), phone=("phone", "mobile phone", "mobile"), title=("title", "job title"),
        company=("company", "company account", "account"), account=("company", "company account", "account"), owner=(*_OWNER, "lead owner"), status=("status", "lead status"),
        source=("source", "lead source"), industry=("industry",), converted=("is converted", "converted"),
        contact=("converted contact id", "converted contact", "became"), opportunity=("converted opportunity id", "converted opportunity"),
        converted_at=("converted date", "converted at", "converted on"), account_id=("converted account id",),
        opted_out=("email opt out", "has opted out of email"), do_not_call=("do not call",), **_CONSENT, description=_DESCRIPTION),
        shows=(("status", "company", "last"), ("converted", "company"))),
    Kind("deal", ("deal", "deals", "opportunity", "opportunities"), _columns(
        id=("deal id", "opportunity id", *_ID), name=("name", "deal name", "opportunity name", "deal", "opportunity"),
        account_id=_ACCOUNT_ID, account=_ACCOUNT, stage=("stage", "deal stage", "stage name", "deal pipeline stage id", "stage id"),
        pipeline=("pipeline", "deal pipeline id", "pipeline id", "pipeline name"), owner=(*_OWNER, "deal owner", "opportunity owner"),
        amount=("amount", "deal amount", "value"), currency=_CURRENCY, close_date=("close date", "closedate", "expected close date"),
        closed_at=("closed at",), forecast=("forecast category", "forecast category name", "hs manual forecast category", "hs forecast category", "manual forecast category"),
        next_step=("next step", "hs next step"), next_step_due=("next step due",), competitor=("competitor", "competitors", "main competitor", "main competitors"),
        lost_reason=("lost reason", "closed lost reason", "loss reason", "reason lost", "closed lost reason c"),
        source=("source", "lead source", "original source", "hs analytics source"), kind=("kind", "deal type", "dealtype", "type", "opportunity type"),
        probability=("probability", "deal probability", "hs deal stage probability"), won=("is won", "hs is closed won", "is closed won", "won"),
        closed=("is closed", "hs is closed", "is deal closed", "closed"), stage_entered=("stage entered at", "last stage change date", "date entered current stage"),
        contact=_CONTACT, description=("description", "deal description")),
        shows=(("name", "amount", "close_date"), ("name", "stage", "close_date"), ("name", "stage", "amount"))),
    Kind("deal line", ("opportunity line item", "line item", "line items", "deal line", "deal lines", "opportunity product"), _columns(
        id=("line id", "line item id", *_ID), deal=_DEAL, product=_PRODUCT, product_name=("product name", "name"), quantity=("quantity",),
        amount=("amount", "total price", "net price", "hs total amount"), unit=("unit price", "price", "sales price"), currency=_CURRENCY),
        shows=(("deal", "product", "quantity"),)),
    Kind("deal history", ("deal property history", "opportunity history", "opportunity field history", "deal history"), _columns(
        deal=("deal", "deal id", "opportunity id", "id"), field=("field", "name", "property"), value=("new", "value", "new value"),
        old=("old", "old value"), at=("at", "timestamp", "created date", "fivetran start", "edit date"),
        stage=("stage name", "stage"), amount=("amount",), close_date=("close date",), owner=("owner id",),
        forecast=("forecast category name", "forecast category")), shows=(("deal", "field", "value", "at"),)),
    *(Kind(f"{entity} history", names, _columns(
        **{entity: (entity, f"{entity} id", *also, "parent id", "id")}, field=("field", "name", "property"), value=("new", "value", "new value"),
        old=("old", "old value"), at=("at", "timestamp", "timestamp instant", "created date", "fivetran start", "edit date"), owner=("owner id",),
        kind=("type",), status=("status",)), shows=((entity, "field", "value", "at"),))
      for entity, names, also in (
        ("contact", ("contact history", "contact property history"), ()), ("account", ("account history", "company property history", "company history"), ("company", "company id")),
        ("case", ("case history", "ticket property history", "ticket history"), ("ticket", "ticket id")))),
    Kind("stage history", ("deal stage",), _columns(
        deal=("deal id",), value=("value",), at=("date entered", "fivetran start")), shows=(("deal", "value", "at"),)),
    Kind("interaction", ("interaction", "interactions", "activity", "activities", "engagement detail"), _ACTIVITY,
         shows=(("type", "at", "subject"), ("at", "type", "body"))),
    Kind("call", ("engagement call", "call", "calls"), _ACTIVITY),
    Kind("meeting", ("engagement meeting", "meeting", "meetings", "event", "events"), _ACTIVITY),
    Kind("email", ("engagement email", "email", "emails", "email message"), _ACTIVITY),
    Kind("note", ("engagement note", "note", "notes"), _ACTIVITY),
    Kind("communication", ("engagement communication", "communication", "communications"), _ACTIVITY),
    Kind("task", ("engagement task", "task", "tasks"), _ACTIVITY, shows=(("subject", "due", "status"),)),
    Kind("engagement", ("engagement", "engagements"), _columns(
        id=("engagement id", *_ID), type=("type", "engagement type"), owner=_OWNER, at=("timestamp", "at", "created at"))),
    Kind("order", ("order", "orders"), _columns(
        id=("order id", *_ID), number=("number", "order number", "order name"), ordered_on=("ordered on", "effective date", "order start date", "order date", "order create date"),
        status=("status",), amount=("amount", "total amount", "order amount", "total price", "total"), currency=_CURRENCY, account_id=_ACCOUNT_ID,
        account=_ACCOUNT, deal=_DEAL, contact=_CONTACT, owner=_OWNER), shows=(("number", "ordered_on"), ("number", "amount", "status"))),
    Kind("order line", ("order item", "order line", "order lines", "order product"), _columns(
        id=("line id", "order item id", *_ID), order=("order", "order id", "order number"), product=_PRODUCT, product_name=("product name", "name"),
        quantity=("quantity",), amount=("amount", "total price"), unit=("unit price", "price"), currency=_CURRENCY), shows=(("order", "product", "quantity"),)),
    Kind("subscription", ("subscription", "subscriptions"), _columns(
        id=("subscription id", *_ID), account_id=_ACCOUNT_ID, account=_ACCOUNT, product=_PRODUCT, product_name=("product name",), starts_on=("starts on", "start date"),
        ends_on=("ends on", "end date", "renewal date"), status=("status",), seats=("seats", "quantity"), amount=("amount", "annual amount", "arr"),
        currency=_CURRENCY, owner=_OWNER), shows=(("product", "starts_on", "ends_on"),)),
    Kind("case", ("case", "cases", "ticket", "tickets"), _columns(
        id=("case id", "ticket id", *_ID), number=("number", "case number", "ticket number"), subject=("subject", "ticket name", "title"),
        description=("description", "content", "ticket description"), status=("status", "ticket status", "hs pipeline stage"), closed=("is closed",),
        priority=("priority", "hs ticket priority"), opened_at=("opened at", "date time opened", *_CREATED), closed_at=("closed at", "closed date", "close date", "date time closed"),
        first_response_at=("first response at", "first agent reply date"), satisfaction=("satisfaction", "csat"),
        account_id=_ACCOUNT_ID, account=_ACCOUNT, contact=_CONTACT, owner=(*_OWNER, "ticket owner", "case owner")), shows=(("number", "subject", "status"), ("subject", "priority", "status"))),
    Kind("campaign", ("campaign", "campaigns"), _columns(
        id=("campaign id", *_ID), name=("name", "campaign name"), channel=("channel", "type", "campaign type"), status=("status",), starts_on=("starts on", "start date"),
        ends_on=("ends on", "end date"), budget=("budget", "budgeted cost"), currency=_CURRENCY), shows=(("name", "starts_on", "ends_on", "channel"),)),
    Kind("campaign member", ("campaign member", "campaign members"), _columns(
        id=("member id", *_ID), campaign=("campaign", "campaign id", "campaign name"), contact=(*_CONTACT, "lead id", "lead or contact id"), status=("status",),
        responded=("has responded",), at=("at", "first responded date", *_CREATED)), shows=(("campaign", "contact"),)),
    Kind("quota", ("quota", "quotas"), _columns(
        person=("person", "owner", "email", "user", "user id", "owner id"), starts=("starts", "starts on", "start date", "from"), ends=("ends", "ends on", "end date", "to"),
        amount=("amount", "quota", "quota amount", "target"), currency=_CURRENCY), shows=(("person", "starts", "ends", "amount"),)),
    Kind("exchange rate", ("exchange rate", "exchange rates", "dated conversion rate", "currency type"), _columns(
        currency=("currency", "iso code", "from currency"), base=("base", "base currency", "to currency"), on=("on", "date", "start date", "as of"),
        rate=("rate", "exchange rate"), conversion=("conversion rate",)), shows=(("currency", "base", "on", "rate"),)),
    Kind("consent", ("consent", "consents", "email subscription change"), _columns(
        contact=(*_CONTACT, "email", "recipient"), channel=("channel",), purpose=("purpose",), status=("status", "change", "consent"),
        at=("at", "timestamp", "date", *_CREATED), source=("source", "given by", "note")), shows=(("contact", "channel", "status", "at"),)),
    Kind("survey", ("survey", "surveys", "survey response", "feedback submission"), _columns(
        id=("response id", *_ID), kind=("kind", "type", "survey type"), score=("score", "rating", "response"), comment=("comment", "content", "follow up response"), at=("at", "date", *_CREATED),
        account_id=_ACCOUNT_ID, account=_ACCOUNT, contact=_CONTACT, owner=_OWNER), shows=(("kind", "score"),)),
    *(Kind(f"{one} {other}", tuple(names), _columns(
        id=(f"{one} id", *({"deal": ("opportunity id",), "ticket": ("case id",)}.get(one, ()))), other=(f"{other} id", *({"company": ("account id",)}.get(other, ()))),
        role=("role", "label")), shows=(("id", "other"),))
      for one, other, names in (
        ("deal", "contact", ("deal contact", "opportunity contact role")), ("deal", "company", ("deal company",)), ("contact", "company", ("contact company", "company contact", "account contact relation")),
        ("engagement", "contact", ("engagement contact",)), ("engagement", "company", ("engagement company",)), ("engagement", "deal", ("engagement deal",)),
        ("ticket", "contact", ("ticket contact",)), ("ticket", "company", ("ticket company",)))),
    Kind("merged deal", ("merged deal",), _columns(id=("deal id",), other=("merged deal id",))),
    Kind("merged contact", ("contact merge audit",), _columns(id=("canonical vid", "contact id"), other=("vid to merge",))),
    *(Kind(name, (name,), left_out=why) for name, why in (
        ("role", "what people may do in the other system"), ("quote", "amounts are on deals"), ("quote line item", "amounts are on deals"), ("contract", "agreements have no place in the record"),
        ("contact list", "lists have no place in the record"), ("contact list member", "lists have no place in the record"),
        ("property", "a description of columns"), ("property option", "a description of columns"), ("form", "forms have no place in the record"),
        ("contact form submission", "forms have no place in the record"), ("ticket deal", "cases belong to accounts"),
        ("ticket engagement", "cases belong to accounts"), ("ticket pipeline", "cases are open, waiting or closed"), ("deal pipeline property", "a description of columns"),
        ("email campaign", "marketing e-mails without a date"), ("email subscription", "a description of choices"))),
    Kind("email event", ("email event",), left_out="single deliveries, opens and clicks have no place in the record"),
)
# fmt: on
