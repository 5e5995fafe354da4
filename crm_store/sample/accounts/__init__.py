"""Every account of the sample with its people and deals."""

from dataclasses import replace

from crm_store.sample.accounts.additions import CONTACTS, DEALS
from crm_store.sample.accounts.new_business import NEW_BUSINESS
from crm_store.sample.accounts.north import NORTH
from crm_store.sample.accounts.south import SOUTH

ACCOUNTS = tuple(
    replace(
        account,
        contacts=(*account.contacts, *CONTACTS.get(account.key, ())),
        deals=(*account.deals, *DEALS.get(account.key, ())),
    )
    for account in (*NORTH, *SOUTH, *NEW_BUSINESS)
)
