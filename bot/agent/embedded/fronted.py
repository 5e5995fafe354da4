"""What stands before a question and belongs behind it: "for Tom, how many deals did we win", "by rep: win rate last quarter".

English puts whose, where, when and how it is split in front as freely as behind; readers look for them behind. A stretch that only
narrows or splits is moved there before anything is weighed. A stretch that could be a request of its own is never moved.
"""

import re

from bot.agent.embedded.sentence import Sentence

_NARROWS = r"(?:for|in|from|of|since|during|over|within|across|among(?:st)?|between|throughout|until|up to|with|without|at|on|as of|through|outside|excluding|except)"
_SPLITS = r"(?:by|per|for (?:each|every)|each|every|(?:broken|split|sliced|grouped|divided|cut|segmented|break) (?:down |up |out )?(?:by|per|into|along))"
_WORDS = r"(?:(?:the|all|our|my|their|each|every|last|this|past|previous|first|second|deals?|customers?|accounts?|clients?|open|won|lost|new|whole|entire|and|or|to|on|of|in|only|over|under|above|below|more|less|than|at least|as)|[A-Z]{4,}(?:'s)?|[a-z-]+)"
_FRONT = re.compile(
    rf"^(?:(?:and|so|then|now|ok|just|only)[, ]+)*"
    rf"(?P<front>(?:(?:{_NARROWS}|{_SPLITS}) (?:{_WORDS}\b ?){{1,6}}?|(?:DATE|PERSON)(?: (?:only|alone|so far))?)(?:,? (?:(?:{_NARROWS}|{_SPLITS}) (?:{_WORDS}\b ?){{1,5}}?|DATE))*?)"
    r"(?:\s*[,:;]\s*|\s+[-–]+\s+|\s+)(?=(?:please |can you |could you |would you |i |just )*(?P<asks>what|who|whose|which|how|show|list|give|tell|get|pull|bring up|see|need|want|compare|count|sum|total|number of|average|median|win rate|revenue|run me|i would like|(?:the )?(?:values?|amounts?|won|lost|open|meetings|calls|emails|orders?|cases|tickets|sales|pipeline|deals?)(?! (?:is|are|was|were|has|have|DEAL|ACCOUNT)\b))\b)"
)
_ASKS_SOMETHING = re.compile(r"\b(?:what|who|whom|whose|when|where|why|how|which|is|are|was|were|am|do|does|did|has|have|had|show|list|give|tell|get|can|could|would|should|will|if|unless|not|never|remind|log|note|i|we|you|they|he|she|it|that|them|call|email|meet)\b")
_NO_RESTRICTION = re.compile(
    r"\b(?:car|cab|taxi|train|bus|plane|rush|hurry|calls?|meetings?|minute|min|sec|second|moment|office|general|fact|short|addition|summary|detail|words|case|view|once|total|lobby|road|way|first|last|least|most|all|slides?|deck|board|boss|review|qbr|forecast)$"
)
"""Ends what tells where somebody is or what it is for, and narrows nothing."""
_REST_WRITES = re.compile(r"^(?:please |can you |could you |would you |i |just )*(?:(?:need|want|would like) to|(?:set|give|get) (?:it|him|her|them|ACCOUNT|CONTACT|DEAL|PERSON)\b|give (?!me\b|us\b).* to\b|who(?:ever)? )")
_POINTS_BACK = re.compile(r"\b(?:they|them|their|he|she|his|her|it|its|there|that|this (?:one|deal|account))\b")


_DESCRIBED = re.compile(
    r"^(?:(?:and|so|then|now|ok|just|only|everything|anything|all|with)[, ]+)*(?P<front>(?P<none>no|zero|nothing|without)?\b[^,;:!?\n]{2,60}?)(?:\s*[,;:]\s*|\s+[-–]+\s+)"
    r"(?=(?:please |can you |could you |i |just )*(?:what|who|which|how many|show|list|give|tell|get|need|want)\b[^,;:\n]*\b(?:those|these|such|they|them|that)\b(?: (?:deals?|accounts?|customers?|clients|prospects|tasks?|cases?|tickets?|contacts?|ones|opps|opportunities|renewals?|are|there))?)"
)
_CONDITION = re.compile(r"^(?:no|zero|nothing|without|not|untouched|silent|quiet|stale|stuck|overdue|closing|due|over|under|above|below|worth|more than|less than|at least|bigger|smaller|older|newer|open|won|lost|created|opened|MONEY|LENGTH)\b")
_THOSE = re.compile(r"\b(?:those|these|such) (?=[a-z])")


def _described(sentence: Sentence) -> Sentence | None:
    """ "No activity for 45 days, show me those deals of mine": the description that is pointed back to, behind what it describes."""
    found = _DESCRIBED.match(sentence.masked)
    if found is None or _CONDITION.match(found.group("front")) is None or _ASKS_SOMETHING.search(found.group("front")):
        return None
    front, rest = sentence.cut(*found.span("front")), sentence.cut(found.end())
    those = _THOSE.search(rest.masked)
    if those is None or front.of("ACCOUNT", "CONTACT", "DEAL"):
        return None
    asked = rest.cut(0, len(rest.masked.rstrip(" .!?")))
    return asked.followed_by(front.preceded_by("with") if found.group("none") in ("no", "zero", "nothing") else front)


_PULLED = re.compile(
    r"^(?:(?:and|so|now|please|can you|could you|would you|will you|just|quickly|i need you to|let us|let me)[, ]+)*pull(?: up| out| together)?(?: me| us)?(?= (?:the |my |our |a |an |all |some |PERSON's |total |open |won |lost |average |DATE(?:'s)? )*(?:numbers?|count|totals?|sums?|values?|amounts?|average|median|win rate|win|list|reports?|figures?|stats|revenue|bookings|pipeline|orders?|meetings?|calls?|emails?|sales|history|timeline|notes|activit\w+|forecast|quota|breakdown|deals?\b(?! (?:in|forward|back|to|out|closer))))"
)
_MOVES = re.compile(r"\b(?:forward|ahead|closer|(?:in|back|out|up|over|into|from \w+) (?:to|into)|to (?:DATE|MONEY|PERSON|[a-z]+ stage))\b|\bDEAL\b")


def _shown(sentence: Sentence) -> Sentence:
    """ "Can you pull the number of won deals": asks to be shown them, and moves nothing."""
    found = _PULLED.match(sentence.masked)
    if found is None or _MOVES.search(sentence.masked, found.end()):
        return sentence
    return sentence.cut(found.end()).preceded_by("show me")


def behind(sentence: Sentence) -> Sentence:
    """The message with what only narrows or splits what is asked for behind it."""
    sentence = _shown(sentence)
    described = _described(sentence)
    if described is not None:
        return described
    found = _FRONT.match(sentence.masked)
    if found is None or _ASKS_SOMETHING.search(found.group("front")) or _NO_RESTRICTION.search(found.group("front").strip()):
        return sentence
    front, rest = sentence.cut(*found.span("front")), _shown(sentence.cut(found.end()))
    bare = not re.search(r"[,:;–-]\s*$", found.group())
    if _REST_WRITES.match(rest.masked) or front.of("ACCOUNT", "CONTACT", "DEAL", "ADDRESS", "STRANGER", "LENGTH") or (bare and not front.masked.endswith("DATE")):
        return sentence
    if front.of("PERSON") and _POINTS_BACK.search(rest.masked):
        return sentence
    asked = rest.masked.rstrip(" .!?")
    whose = front.preceded_by("for") if front.masked.startswith("PERSON") else front
    split = re.search(r"(?:,? (?:compar\w+|vs\.?|versus|against)\b.*| (?:year|quarter|month|week) (?:over|on) (?:year|quarter|month|week)\b.*)$", asked)
    at = split.start() if split is not None else len(asked)
    moved = rest.cut(0, at).followed_by(whose)
    return moved.followed_by(rest.cut(at, len(asked))) if split is not None else moved


__all__ = ["behind"]
