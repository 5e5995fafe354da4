"""Names in a person's own words -> rows of the record, among what that person may see."""

from crm_store.names.forms import Kind, Match, Mention, Name, Trait, winners
from crm_store.names.index import Names
from crm_store.names.loading import NameCache, names_for

__all__ = ["Kind", "Match", "Mention", "Name", "NameCache", "Names", "Trait", "names_for", "winners"]
