"""The times that a message names, read without the idioms and the names in it that only look like one."""

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from bot.agent.embedded.reading.spans import Span
from bot.agent.embedded.reading.times import TimeReading, read_times
from bot.settings import Settings

_ASKS_BACK = re.compile(
    r"^\W*(?:and |so )?(?:did|was|were|had(?= (?:we|i|they|he|she|you|it|any\w+|some\w+)\b))\b|^\W*(?:and |so )?(?:what|which|how|who|when|show|did|list|any|have|has|total|compare)\b.*"
    r"\b(?:did|won|lost|happened|was|were|closed|sold|bought|ordered|logged|made|had|against)\b"
    r"|.*\b(?:compared?|comparison|growth|vs\.?|versus|beat|outsold|outperformed|round-?up|recap|wrap-?up|digest)\b",
    re.IGNORECASE | re.DOTALL,
)
_MOVES_DUE = re.compile(
    r"(?:.{1,80}(?:[,;:.]|\s-)\s+)?\W*(?:\w+ ){0,3}?(?:move|push|shift|pull|bring|postpone|delay|reschedule|bump|re-?date|set|change)\b.*\b(?:closing|closes?|due|dated|close dates?|tasks?|to-?dos?|reminders?|everything|my list|my agenda|my plate)\b.* to ",
    re.IGNORECASE | re.DOTALL,
)
_VERSUS = r"(?:vs\.?|versus|against|than|compared (?:to|with)|beat)"
_YEARS_BESIDE = re.compile(rf"\b((?:19|20)\d\d)(?=(?: \w+){{0,3}}? {_VERSUS} )|(?<=\s){_VERSUS} (?:in )?((?:19|20)\d\d)\b(?![-/:.,]\d)", re.IGNORECASE)
_SAID_UP_TO = re.compile(r"(?<=\b(?:what|much)\b)([^,.;!?]*\b(?:been|got|gotten|getting|get|is|are|was|were)\b[^,.;!?\d]{0,30}?)\bup to\b", re.IGNORECASE)
""" "What is the team up to this week": an idiom, and no end of a stretch."""
_PART_OF_A_NOUN = re.compile(r"\b((?:follow|catch|check|wrap|set|sign|write|sync|start|warm|line|mock)[- ])up\b(?= (?:to|until|till)\b)", re.IGNORECASE)
""" "Push my follow-up to next week": no "up to" either."""
_FROM_WITHIN = re.compile(
    r"\bfrom(?= (?:the )?(?:last|previous|past|this|current) (?:week|month|quarter|year)\b(?!\s*(?:on\b|onwards?|to\b|until|till|through|-)))", re.IGNORECASE
)
""" "The mails from last month" are of that month alone, not of all time since."""
_THE_ONE = re.compile(r"\b(?<=\bthe )one(?= (?:from|of|in|for|before)\b)|(?<=\bthat )one(?= (?:from|of|in|for)\b)", re.IGNORECASE)
""" "The one from last quarter": no count of quarters."""
_COMES_AGAIN = re.compile(r"\b(?:every|each|daily|weekly|biweekly|fortnightly|monthly|quarterly|yearly|annually|(?:once|twice) a)\b", re.IGNORECASE)
_FROM_DAY = re.compile(r"\b(?:start(?:ing|s)?|begin(?:ning|s)?|commencing|first|from(?!.{0,24}\b(?:to|until|till)\b))\b(?=(?: (?:on|from|with|in))? (?:the |next |this |coming )*(?:\d|mon|tue|wed|thu|fri|sat|sun|jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec|today|tomorrow|first of|week|month))", re.IGNORECASE)
_COMPARES = re.compile(
    r"\b(?:compar\w+(?!(?: it| that| this)? (?:to|with|against) (?:the |those of |that of )?(?:previous|prior|preceding|same|one before|period|year before|last year))|growth|grew|difference)\b", re.IGNORECASE
)
"""Sets two periods of the message beside each other; what is compared with the period before has one."""
_FROM_ONE = re.compile(r"\bfrom(?= [^,.;!?]{2,30} to )", re.IGNORECASE)
_MEASURED_BY = re.compile(r"\bstack(?:s|ed|ing)?(?: \w+){0,3} up to\b|(?<=\bare )we (?:\w+ )?ahead of\b|(?<=\bwere )we (?:\w+ )?ahead of\b|(?<=\bam )i (?:\w+ )?ahead of\b|\b(?:subscriptions?|contracts?|licen[cs]es?|seats|agreements?) (?:that )?ends?\b", re.IGNORECASE)
""" "Stacks up to September", "ahead of last year", "contracts end next month": what a period is set beside or holds, and no end of one."""


def times_said(text: str, named: Sequence[tuple[int, int]], now: datetime, settings: Settings) -> list[TimeReading]:
    """The times in ``text``; what stands at ``named`` is a name. ``now`` is aware."""
    unnamed = _without_names(text, named)
    if _COMPARES.search(text):  # two periods beside each other, not one from the first to the second
        unnamed = _FROM_ONE.sub("    ", unnamed).replace(" to ", " vs ").replace(" and ", " vs. ")
    unnamed = _THE_ONE.sub("xxx", unnamed)
    unnamed = _PART_OF_A_NOUN.sub(lambda match: f"{match.group(1)}  ", unnamed)
    unnamed = _MEASURED_BY.sub(lambda match: " " * len(match.group()), unnamed)
    unnamed = _FROM_WITHIN.sub("    ", _SAID_UP_TO.sub(lambda match: f"{match.group(1)}     ", unnamed))
    if _MOVES_DUE.match(text):  # from what they are due to when they are moved to, not one stretch
        unnamed = unnamed.replace(" to ", " -> ")
    if _COMES_AGAIN.search(text):  # how often something comes and from which day on are two things
        unnamed = _FROM_DAY.sub(lambda match: "x" * len(match.group()), unnamed)
    times = read_times(
        unnamed,
        now,
        week_start=settings.week_start,
        fiscal_year_start_month=settings.fiscal_year_start,
        prefer="past" if _ASKS_BACK.match(text) else "future",
    )
    return [*times, *_years_beside(unnamed, times, now, settings)]


def _years_beside(text: str, times: list[TimeReading], now: datetime, settings: Settings) -> list[TimeReading]:
    """Years that stand alone in a comparison ("2026 vs 2025"), which elsewhere are only figures."""
    found: list[TimeReading] = []
    for match in _YEARS_BESIDE.finditer(text):
        start, end = match.span(1 if match.group(1) else 2)
        if not any(time.span.start < end and start < time.span.end for time in times):
            read = read_times(f"in {text[start:end]}", now, week_start=settings.week_start, fiscal_year_start_month=settings.fiscal_year_start)
            found += [replace(one, span=Span.of(text, start, end)) for one in read[:1]]
    return found


def _without_names(text: str, spans: Sequence[tuple[int, int]]) -> str:
    """The text with letters in place of people and of what is pointed at, so that nobody is read as a month, "one to friday" is no
    stretch of time, and every place stays where it was."""
    letters = list(text)
    for start, end in spans:
        letters[start:end] = "X" * (end - start)
    return "".join(letters)
