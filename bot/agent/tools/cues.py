"""Words by which a sentence shows what it is about: money, dates, decisions, risks, rivals, objections, promises.

General English of selling; no name of any record is in here.
"""

import re

_SHORT_MONTHS = "jan|feb|mar|apr|jun|jul|aug|sept?|oct|nov|dec"
_MONTHS = "january|february|march|april|may|june|july|august|september|october|november|december"
_MONTH = f"(?:{_MONTHS}|{_SHORT_MONTHS})"
_ORDINAL = "(?:st|nd|rd|th)?"

DATE = re.compile(
    rf"\b(?:\d{{1,2}}{_ORDINAL}(?: of)? {_MONTH}|{_MONTH} \d{{1,2}}{_ORDINAL}|\d{{4}}-\d{{2}}-\d{{2}}"
    r"|\d{1,2}[./]\d{1,2}[./]\d{2,4}|q[1-4](?: 20\d\d)?"
    rf"|(?:end|start|beginning|middle|mid)[ -](?:of )?(?:{_MONTH}|the (?:year|quarter|month))"
    rf"|(?:by|in|until|before|early|late|for|to|from|not) (?!may\b){_MONTH})\b",
    re.IGNORECASE,
)
"""A day, month or quarter as people write it."""


def _cue(weight: float, *alternatives: str) -> tuple[float, re.Pattern[str]]:
    return weight, re.compile(rf"\b(?:{'|'.join(alternatives)})\b", re.IGNORECASE)


MONEY = re.compile(
    r"[€$£]\s?\d|\b(?:eur|usd|gbp|chf)\s?\d"
    r"|\b\d[\d.,]*\s?(?:k\b|m\b|%|(?:percent|per cent|eur|usd|gbp|euros?|dollars?|pounds?)\b"
    r"|(?:seats?|users?|licen[cs]es)\b)",
    re.IGNORECASE,
)
_DECISION = _cue(
    2.5, "decided", "decision", r"approv\w+", "sign", "signed", "signing", "signature", r"go(?:ing)? ahead",
    "green light", "dropped",
    r"confirm\w*", r"agreed?", "chose", "selected", "rejected", "declined", r"cancel\w*", r"terminat\w+",
    r"(?:won't|will not) (?:renew|sign|move)",
)  # fmt: skip
_RISK = _cue(
    2.5, r"risk\w*", r"concern\w*", r"worr(?:y|ied|ies)", r"block\w*", r"delay\w*", r"postpon\w+", "on hold",
    r"freez\w*", "frozen", r"slip(?:ped|ping|s)?", "unhappy", r"disappoint\w*", r"frustrat\w+", r"escalat\w+",
    r"outages?", "down for",
    r"churn\w*", r"leav(?:e|es|ing) (?:the company|us|in)", "left the company", "budget cut", "complained?",
)  # fmt: skip
_RIVAL = _cue(
    2.5, r"competit\w+", r"other vendors?", r"alternatives?", r"compar(?:e|ed|ing|ison)", r"instead of (?:you|us)",
    r"switch(?:ing)?", r"shortlist\w*", "tender", "rfp", "incumbent",
)  # fmt: skip
_OBJECTION = _cue(
    2.0, r"too (?:expensive|high|much|long|slow|late)", r"pric(?:e|es|ing)", r"discounts?", "cheaper", "over budget",
    "no budget", "budget", r"before (?:we |they )?sign\w*", "not convinced", r"objections?", r"push(?:ed)? back",
    "contract terms?", "legal", "procurement", "security review", "questionnaire",
)  # fmt: skip
_PROMISE = _cue(1.5, r"promis\w+", r"commit\w*", "i'll", "we'll", "i will", "we will", "you'll have", "owe")
_WISH = _cue(
    1.5, r"needs?", r"wants?", "asked", "asks", r"requires?", "must", "deadline", r"expects?", "waiting for",
    r"still (?:no|waiting|open)", "depends on",
)  # fmt: skip
_MATTER = _cue(
    1.5, r"go[ -]?live", r"kick[ -]?off", "rollout", "launch", r"renew\w*", "pilot", "trial", "proposal", "offer",
    "quote",
    "contract",
)  # fmt: skip
_PRAISE = _cue(1.0, "great", "happy", "pleased", "love", r"impressed", r"recommend\w*", "reference", "referral")
_SOON = _cue(
    1.0, r"(?:mon|tues|wednes|thurs|fri)day", "tomorrow", r"next (?:week|month|quarter|year)",
    r"this (?:week|month|quarter)",
)  # fmt: skip

CUES = ((2.0, MONEY), (2.0, DATE), _DECISION, _RISK, _RIVAL, _OBJECTION, _PROMISE, _WISH, _MATTER, _PRAISE, _SOON)
"""(weight, pattern): what each kind of cue adds to a sentence's worth."""

DECISION, RISK, RIVAL, OBJECTION = (cue for _, cue in (_DECISION, _RISK, _RIVAL, _OBJECTION))
"""What each of these kinds of matter is known by."""

CARES = re.compile("|".join(cue.pattern for _, cue in (_RISK, _RIVAL, _OBJECTION, _WISH)), re.IGNORECASE)
"""What the other side wants, fears or objects to."""

PLEASANTRY = re.compile(
    r"^(?:hi|hello|hey|dear|thanks?|thank you|best|kind|warm|regards|cheers|sincerely|good (?:morning|afternoon)"
    r"|hope (?:you|this)|looking forward|talk soon|speak soon|see you|let me know|have a (?:good|nice|great)"
    r"|sorry for|no worries|sounds good)\b",
    re.IGNORECASE,
)
QUOTED_MAIL = re.compile(r"^(?:>|-{2,} ?original message|on .{6,80} wrote:$|from: .+@)", re.IGNORECASE | re.MULTILINE)
"""Where an earlier mail begins that is quoted below a reply."""
