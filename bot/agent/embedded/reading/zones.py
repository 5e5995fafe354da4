"""Rules for time zones: their letters, offsets ("UTC+2") and the cities whose time is meant ("10am London time")."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from types import MappingProxyType
from zoneinfo import ZoneInfo

from bot.agent.embedded.reading.grammar import Rule, whole
from bot.agent.embedded.reading.values import Clock, ClockRange, Context, Number, Value, When

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
        "central": "America/Chicago",
        "mountain": "America/Denver",
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
_PLACES: Mapping[str, str] = MappingProxyType(
    {
        "london|uk": "Europe/London",
        "dublin|irish": "Europe/Dublin",
        "lisbon": "Europe/Lisbon",
        "berlin|german|munich|hamburg|frankfurt": "Europe/Berlin",
        "paris|french": "Europe/Paris",
        "amsterdam|dutch": "Europe/Amsterdam",
        "brussels": "Europe/Brussels",
        "madrid|barcelona|spanish": "Europe/Madrid",
        "rome|milan|italian": "Europe/Rome",
        "zurich|geneva|swiss": "Europe/Zurich",
        "vienna|austrian": "Europe/Vienna",
        "stockholm|swedish": "Europe/Stockholm",
        "oslo": "Europe/Oslo",
        "copenhagen|danish": "Europe/Copenhagen",
        "helsinki|finnish": "Europe/Helsinki",
        "warsaw|polish": "Europe/Warsaw",
        "prague": "Europe/Prague",
        "athens": "Europe/Athens",
        "istanbul": "Europe/Istanbul",
        "moscow": "Europe/Moscow",
        "dubai": "Asia/Dubai",
        "tel aviv": "Asia/Jerusalem",
        "mumbai|delhi|bangalore|indian|india": "Asia/Kolkata",
        "singapore": "Asia/Singapore",
        "hong kong": "Asia/Hong_Kong",
        "beijing|shanghai|china": "Asia/Shanghai",
        "tokyo|japan": "Asia/Tokyo",
        "seoul": "Asia/Seoul",
        "sydney|melbourne": "Australia/Sydney",
        "auckland": "Pacific/Auckland",
        "new york|nyc|boston": "America/New_York",
        "toronto": "America/Toronto",
        "chicago|dallas|austin|houston": "America/Chicago",
        "denver": "America/Denver",
        "phoenix": "America/Phoenix",
        "los angeles": "America/Los_Angeles",
        "san francisco": "America/Los_Angeles",
        "la|sf|seattle": "America/Los_Angeles",
        "vancouver": "America/Vancouver",
        "mexico city": "America/Mexico_City",
        "sao paulo": "America/Sao_Paulo",
    }
)
# The widest offsets that are in use.
_FARTHEST = 14


def _on_clock(said: Clock | ClockRange | When, zone: str) -> Value | None:
    """The same time on the wall, there; None when a zone was already said."""
    match said:
        case Clock():
            return replace(said, zone=zone) if said.zone is None else None
        case ClockRange(start, end):
            return (
                ClockRange(replace(start, zone=zone), replace(end, zone=zone))
                if start.zone is end.zone is None
                else None
            )
        case When():
            if not isinstance(said.start, datetime) or said.others:
                return None
            there = said.start.replace(tzinfo=ZoneInfo(zone))
            return replace(said, start=there.astimezone(said.start.tzinfo))


def _offset(sign: int, said: Clock | ClockRange | When, hours: Number) -> Value | None:
    # The names of these zones carry the sign of what is added to reach UTC.
    return _on_clock(said, f"Etc/GMT{-sign * whole(hours):+d}") if 0 < whole(hours) <= _FARTHEST - 2 else None


def _rules(names: str, zone: str) -> list[Rule]:
    def build(_context: Context, said: Clock | ClockRange | When) -> Value | None:
        return _on_clock(said, zone)

    return [Rule(f"{kind} {names}", build) for kind in ("<clock>", "<clocks>", "<instant>")]


RULES: list[Rule] = [
    *(rule for name, zone in ZONES.items() for rule in _rules(f"{name} standard|daylight|summer? time?", zone)),
    *(rule for names, zone in _PLACES.items() for rule in _rules(f"{names} time", zone)),
    *(
        Rule(f"{kind} utc|gmt {sign} <small>", lambda _, said, hours, w=way: _offset(w, said, hours))
        for kind in ("<clock>", "<clocks>", "<instant>")
        for sign, way in (("+", 1), ("-", -1))
    ),
]
