"""Rows of the consent ledger: what contacts agreed to, and what they took back."""

from collections.abc import Iterator
from datetime import date as Date
from datetime import timedelta
from random import Random

from crm_store.models import Consent
from crm_store.sample.accounts import ACCOUNTS
from crm_store.sample.company import PEOPLE_BY_KEY
from crm_store.sample.customers import contact_id, person_id
from crm_store.sample.days import moment, workday
from crm_store.sample.forms import AccountEntry, ContactEntry
from crm_store.sample.identity import sample_id


def consents(today: Date) -> Iterator[Consent]:
    for account in ACCOUNTS:
        for contact in account.contacts:
            yield from consents_of(account, contact, today)


def consents_of(account: AccountEntry, contact: ContactEntry, today: Date) -> Iterator[Consent]:
    for position, word in enumerate(consent_words(account, contact)):
        granted = "+" in word
        word, _, told = word.partition("@")
        channel, purpose = word.split("+" if granted else "-")
        random = Random(f"consent:{account.key}:{contact.key}:{position}")
        ago = -int(told) if told else max(430 - 130 * position + random.randrange(90), 30)
        day = workday(today - timedelta(days=ago), forward=False)
        yield Consent(
            id=sample_id("consent", f"{account.key}/{contact.key}/{position}"),
            contact_id=contact_id(account.key, contact.key),
            channel=channel,
            purpose=purpose,
            status="granted" if granted else "withdrawn",
            at=moment(day, PEOPLE_BY_KEY[account.owner].timezone, today, random),
            source=random.choice(("Web form", "Trade fair badge", "E-mail reply")) if granted else "E-mail reply",
            account_id=sample_id("account", account.key),
            owner_id=person_id(account.owner),
        )


def consent_words(account: AccountEntry, contact: ContactEntry) -> list[str]:
    if contact.consent:
        return contact.consent.split()
    draw = Random(f"consents:{account.key}:{contact.key}").random()
    words = ["email+service", "phone+service"] if account.kind == "customer" and draw < 0.8 else []
    if draw < 0.42:
        words.append("email+marketing")
    elif draw < 0.52:
        words += ["email+marketing", "email-marketing"]
    return words
