"""Accounts and contacts that are in the record twice: suggested with the reasons, never merged by themselves."""

from crm_store.duplicates.finding import Duplicate, Twin, duplicate_accounts, duplicate_contacts

__all__ = ["Duplicate", "Twin", "duplicate_accounts", "duplicate_contacts"]
