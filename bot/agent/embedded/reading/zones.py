"""The names people give to time zones, as zones of the time zone database."""

from collections.abc import Mapping
from types import MappingProxyType

# People write "CET" or "EST" all the year round and mean the clock on the wall there.
ZONES: Mapping[str, str] = MappingProxyType(
    {
        "utc": "UTC",
        "gmt": "UTC",
        "zulu": "UTC",
        "cet": "Europe/Paris",
        "cest": "Europe/Paris",
        "bst": "Europe/London",
        "wet": "Europe/Lisbon",
        "eet": "Europe/Helsinki",
        "et": "America/New_York",
        "est": "America/New_York",
        "edt": "America/New_York",
        "eastern": "America/New_York",
        "ct": "America/Chicago",
        "cst": "America/Chicago",
        "cdt": "America/Chicago",
        "mt": "America/Denver",
        "mst": "America/Denver",
        "mdt": "America/Denver",
        "pt": "America/Los_Angeles",
        "pst": "America/Los_Angeles",
        "pdt": "America/Los_Angeles",
        "pacific": "America/Los_Angeles",
        "ist": "Asia/Kolkata",
        "jst": "Asia/Tokyo",
        "sgt": "Asia/Singapore",
        "aest": "Australia/Sydney",
        "aedt": "Australia/Sydney",
    }
)
