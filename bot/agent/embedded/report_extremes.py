"""Which groups a question wants: those that stand out, those beyond the mean, the best among those with enough."""

import re
from dataclasses import dataclass

_NUMBER = {"a": 1, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "ten": 10, "twice": 2.0,
           "double": 2.0, "half": 0.5, "triple": 3.0, "thrice": 3.0}  # fmt: skip
_OUTLIERS = re.compile(
    r"\b(?:stands? out|standing out|outliers?|unusual(?:ly)?|abnormal(?:ly)?|anomal\w+|out of (?:the )?(?:ordinary|line)|spikes?|unexpectedly)\b"
)
_OVER_MEAN = re.compile(
    r"\b(?:more|over|above|higher|greater|better|larger|bigger) than(?: (twice|double|triple|thrice|half|[\d.]+ times|\w+ times))? (?:the |our |its |of the )*(?:[a-z]+ )?(?:mean|average)\b"
    r"|\b(?:above|over)[- ](?:the )?(?:average|mean)\b|\b(twice|double|triple|[\d.]+ times|\w+ times) (?:the |our )?(?:[a-z]+ )?(?:mean|average)\b"
)
_UNDER_MEAN = re.compile(
    r"\b(?:less|lower|fewer|worse|smaller) than(?: (half|[\d.]+ times))? (?:the |our |its |of the )*(?:[a-z]+ )?(?:mean|average)\b"
    r"|\b(?:below|under)[- ](?:the )?(?:average|mean)\b"
)
_LEAST = re.compile(
    r"\b(?:at least|with|minimum(?: of)?|min|no (?:fewer|less) than) (\d+|two|three|four|five|six|ten)\b(?:\+| or more)?(?= (?:\w+ )?(?:deals?|orders?|cases?|calls?|answers?|leads?|members?|responses?|opportunit\w+|tickets?|rows?|interactions?|closed|won|lost)\b)"
    r"|\b(?:more than|over) (\d+|two|three|four|five|six|ten) (?:(?:won|lost|open|closed|new) )?(?:deals?|orders?|cases?|answers?|leads?|calls?|meetings?|emails?|tickets?|tasks?|wins)\b"
    r"|\b(?:ordered|bought|purchased|won|lost|called|met)(?: from us)? (?:at least|no less than|more than) (\d+|two|three|four|five|six|ten) times\b|\b(?:at least|with) (\d+|two|three|four|five|six|ten) (?:a|per|each) (?:month|week|quarter|year)\b"
)
_RULES: tuple[tuple[str, str], ...] = (
    ("worst", r"\b(?:worst|slowest|weakest|poorest|least (?:successful|effective))\b"),
    ("highest", r"\bbusiest\b"),
    ("best", r"\b(?:best|fastest|quickest|strongest|most (?:successful|effective))\b"),
    ("lowest", r"\b(?:lowest|smallest|shortest|fewest|least)\b"),
    ("highest", r"\b(?:highest|largest|biggest|longest|most|top)\b"),
)


_BEST_TIME = re.compile(
    r"\b(?:best|worst|strongest|weakest|busiest|slowest|biggest|lowest|highest) (?:ever )?(?:day|week|month|quarter|half|year)\b"
)
_HOW_MANY = re.compile(
    r"\b(?:top|best|worst|bottom|fastest|slowest|highest|lowest) (\d{1,3}|two|three|five|ten)\b"
    r"|\b(\d{1,3}|two|three|five|ten) (?:best|worst|top|fastest|slowest|highest|lowest)\b"
)


@dataclass(frozen=True)
class Wanted:
    """``rule`` and ``value`` as the report language's ``keep`` has them; an empty rule keeps every group."""

    rule: str = ""
    value: float | None = None
    at_least: int = 0
    number: int = 1


def wanted(text: str, *, of_groups: bool) -> Wanted:
    """``of_groups``: the measure is a rate or a duration, of which the best is one of the groups."""
    match = _LEAST.search(text)
    said = next((part for part in match.groups() if part), "0") if match else "0"
    least = int(_NUMBER.get(said, 0) or said) + (1 if match is not None and re.match(r"(?:more than|over)|.* more than", match.group()) else 0)
    if _OUTLIERS.search(text):
        return Wanted("outliers", None, least)
    for rule, pattern in (("over_mean", _OVER_MEAN), ("under_mean", _UNDER_MEAN)):
        found = pattern.search(text)
        if found is not None:
            times = next((part for part in found.groups() if part), "")
            return Wanted(rule, _times(times), least)
    if of_groups or least or _BEST_TIME.search(text):
        rule = next((name for name, words in _RULES if re.search(words, _without_least(text))), "")
        many = _HOW_MANY.search(text)
        count = (many.group(1) or many.group(2)) if many else "1"
        return Wanted(rule, None, least, int(_NUMBER.get(count, 0) or count))
    return Wanted("", None, least)


def of_times(text: str) -> bool:
    """Whether the best or worst week, month or year is asked for, whatever it is of."""
    return bool(_BEST_TIME.search(text))


def _without_least(text: str) -> str:
    return re.sub(r"\bat least\b", " ", text)


def _times(words: str) -> float:
    head = words.split(" ")[0]
    if head in _NUMBER:
        return float(_NUMBER[head])
    return float(head) if re.fullmatch(r"\d+(?:\.\d+)?", head) else 1.0


__all__ = ["Wanted", "of_times", "wanted"]
