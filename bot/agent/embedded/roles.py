"""The parts that people play in a deal, by the words for them: who signs, who pays, who is for us, who stands in the way."""

import re

_ROLES = (
    ("economic_buyer", r"\beconomic buyers?\b|\bpurse[- ]?strings\b|\bpays? (?:the|for|their) \w+|\b(?:sign|writ|cut)(?:s|es|e|ing|ting)? (?:the |their |our )?(?:che(?:que|ck)s?|bills?)\b|\b(?:holds?|has|have|owns?|controls?|holding|owning|controlling|got|sits? on) (?:the |their )?(?:budget|money|wallet|purse)\b|\bbudget (?:holder|owner|authority)s?\b|\bebs?\b|\b(?:executive |exec )?sponsors?\b|\bapproves? (?:the )?(?:budget|spend(?:ing)?|money)\b|\bmoney (?:man|person|guy)\b"),
    ("decision_maker", r"\bdecision[- ]?makers?\b|\b(?:makes?|making|takes?|taking) (?:the )?(?:final |last |buying )?(?:decisions?|calls?)\b|\bdecid(?:es?|ing)\b(?! (?:about|on|when|what|how)\b)|\bsign(?:s|ing)?(?: (?:it |this |that )?off)?\b(?! (?:of|up|in)\b)|\b(?:will|would|has to|needs to|going to|gets to) (?:sign|decide|approve)\b|\bcall(?:s|ing)? the shots\b|\b(?:final|last) (?:say|word|decision)\b|\bin charge\b|\bthe (?:big )?boss\b|\bhas the power\b|\bsignator(?:y|ies)\b|\bapprov(?:es|ing)\b|\b(?:runs?|running) the show\b|\bgreen[- ]?lights?\b|\bpull(?:s|ing)? the trigger\b|\btop (?:dog|man|person)\b"),
    ("technical_evaluator", r"\b(?:technical(?:ly)? |tech )?evaluat(?:ors?|ing|es)\b|\btech(?:nical)? buyers?\b|\btech(?:nical)? (?:gatekeepers?|checks?|reviewers?)\b"),
    ("champion", r"\bchamp(?:ion)?s?\b|\b(?:in|on) our (?:corner|side|team)\b|\bat our side\b|\b(?:fight(?:s|ing)?|push(?:es|ing)?|speak(?:s|ing)?|argu(?:es|ing)|root(?:s|ing)?|lobby(?:ing)?|lobbies|vouch(?:es|ing)?|sell(?:s|ing)?) for us\b|\b(?:backs|supports|backing|supporting|likes|loves) us\b|\b(?:our (?:biggest )?)?(?:supporters?|fans?|all(?:y|ies))\b|\bour (?:advocates?|friends?|sponsors? inside)\b"),
    ("influencer", r"\binfluenc(?:ers?|es|ing)\b|\bhas (?:the )?(?:ear|influence)\b"),
    ("procurement", r"\bprocurement\b|\bpurchasing\b"), ("legal", r"\blegal\b|\blawyers?\b|\bcounsel\b"),
    ("blocker", r"\bblock(?:ers?|ing|s)?\b|\bhold(?:s|ing) (?:it |us |things |this |that |everything )?(?:up|back)\b|\b(?:stand(?:s|ing)? )?in (?:the|our) way\b|\bdetractors?\b|\bopponents?\b|\boppos(?:es|ing|ed)\b|\b(?:works?|working|is|are|being) against (?:us|it|this)\b|\bs[ck]eptic(?:s|al)?\b|\bnay-?sayers?\b|\bobstructing\b|\bslow(?:s|ing) (?:us|it|this|things) down\b|\bkill(?:s|ing)? (?:it|this|the deal)\b"),
    ("user", r"\b(?:end[- ])?users?\b"),
)  # fmt: skip


def role_said(text: str) -> str | None:
    """The part that is named first and, of those that begin together, by the most words; or None."""
    found = [(match.start(), -match.end(), name) for name, pattern in _ROLES if (match := re.search(pattern, text))]
    return min(found)[2] if found else None
