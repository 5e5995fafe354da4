"""Where the words around a log entry end and what was said begins: "log a call with Anna on Tuesday: …"."""

import re
from dataclasses import dataclass

from bot.agent.embedded.grammar import CHANNEL, PAST_TALK
from bot.agent.embedded.sentence import Mark, Sentence

VERB = r"(?:log(?:ged)?|record(?:ed)?|capture|save|file|enter|track|document|note(?: down)?|jot down|write down|put in|register|add|make|take|leave|put|new)"
_BEFORE = (
    r"(?:(?:a |quick |short )*(?:note|memo) (?:to|for) (?:the |my )?(?:file|self)|file note|put (?:it |this |that )?on (?:file|record)|for (?:the|our|your) (?:records?|files?|info|information)|(?:jot|write|note|put|take|get) (?:this|that|it|the following) down)\b\s*[,:-]?\s*|"
    r"(?:(?:i|we|just|am|are|came|got|coming|stepped|walked|getting|right|straight) )*(?:out of|back from|fresh (?:off|from|out of)|finished(?: up)?|wrapped up|done with|off|leaving)\s+(?=(?:a|an|the|my|our|another|LENGTH)\b)"
)
"""What is said before an entry without being part of it."""
_HEAD = re.compile(
    rf"^(?:{_BEFORE})?(?:{VERB}\s*[:,-]?\s+)?(?:{_BEFORE})?(?:(?:me|one|telephone|customer|weekly|in|down|a|an|the|my|this|that(?= (?:{CHANNEL}))|our|another|new|quick|short|brief|outbound|inbound|incoming|good|great|phone|intro|first|long|tough|discovery|follow up|following|LENGTH|DATE(?:'s)?|i|we|have|just|had|got|received|off|me|in-person|(?:ran|gave|did|held|hosted|led|attended|joined|wrote|placed|made|sent)(?= (?:a|an|the|our|my|another)\b))\s+)*"
    rf"(?:(?!(?:with|from|to|at|for|on|about|{VERB})\b)[a-z][a-z-]+ (?=(?:{CHANNEL})\b (?:with|w|at|from|to)\b))?"
    rf"(?:{CHANNEL}s?(?:(?: (?:log|notes?|summary|recap|report|minutes|write-?up|debrief|entry|memo))+(?=\s*(?:[,:;-]|with\b|w\b|for\b|from\b|on\b|CONTACT|ACCOUNT))| (?:has |have |just )*(?:came|come|arrived|landed|received|is|was)(?: in| back| through)?(?= from\b))?|{PAST_TALK}|comment|memo|fyi)?\b"
)
_WITH = re.compile(
    r"^\s*[,:-]?\s*(?:(?:with|from|to|at|for|on|about|by|and|in|under|against|of|regarding|re|lasted|lasting|took|it took|it lasted|ran for|dated|sent|received|a call|a meeting|call|meeting|phone|lunch|coffee|dinner|the phone|up|again|today|email|message|who is|plus|our|the)\s+|&\s*|,\s*)*(ACCOUNT|CONTACT|DEAL|PERSON|DATE|LENGTH|ADDRESS|\b(?:her|him|them|it|that deal|this deal|the deal|me|us)\b)(?:'s)?(?:\s+(?:deal|account|renewal|team|folks|people|guys|side|email|mail|message|file|record|account record))?"
)
_PLACE = re.compile(
    r"^\s*,?\s*(?:(?:at|in|on) (?:their|his|her|our|my|the|its|a|an) (?:[a-z-]+ ){0,2}?(?:offices?|sites?|place|plant|factory|headquarters|hq|building|booth|stand|caf[eé]|restaurant|hotel|lobby|premises|warehouse|lab|showroom|conference|trade show|fair|event)(?: in [a-z]+)?|"
    r"(?:on|over|by|via) (?:the )?(?:tele)?(?:phone|zoom|teams|video|chat|line)|at length|in (?:more |some )?detail|briefly|for a (?:bit|while)|again|twice|three times|shortly|in person|face to face|on ?site|over (?:a )?(?:lunch|coffee|dinner|breakfast|drinks?|beers?|zoom|teams|video)|for (?:a )?(?:lunch|coffee|dinner|breakfast|drinks?|beers?|quick chat|chat))(?=\s*(?:[,:;.-]|DATE|LENGTH|and\b|on\b|for\b|$))"
)
"""Where they met, which an entry has no field for."""
_TOWN = re.compile(r"^\s*,?\s*(?:in|at|near) ([a-z]+(?: [a-z]+)?)(?=\s*(?:[,:;-]|DATE|LENGTH|$))")
_GLUE = re.compile(
    r"^[\s,:;.-]*(?:(?:(?:and |with |the |this |its )*(?:text|content|contents|body|message|wording|subject|topic|outcome|summary|gist|note|entry)s?|it|that|which) (?:is|was|are|reads?|says?|(?:should|shall|must|has to) (?:be|read|say))(?: as follows)?\s*:\s*|with (?:the |this |these )?(?:text|content|words|wording|note)s?\s*:\s*|as follows\s*:\s*|(?:please )?(?:put|note|log|write|jot|record|take|add|get) (?:this|that|it|the following)(?: down| in| up)?(?: for me| please)?\s*:\s*|(?:for the record|in short|long story short|key points?|takeaways?|key takeaways?|main points?|tl;?dr|bottom line|upshot)\s*[:,-]\s*|(?:(?:the|a|this|following) )+(?:note|notes|comment|remark|memo|entry|info)\b[\s:,-]*|(?:and|that|saying|re|regarding|about|but|(?:on|over|by) (?:the )?(?:phone|zoom|teams|video|email|chat|mail)|who|where|to say(?: that)?|she said|he said|they said(?: that)?|said(?: that)?|note|notes|outcome|summary|result|today|just now)\b(?=[\s:,])[\s,:]*)?"
)
_KEPT_GLUE = ("who", "where", "she said", "he said", "they said", "said")
_TYPED = re.compile(
    r"\s*(?:with|from|to)\s+([a-z][\w'-]+(?: [a-z][\w'-]+)?)(?=\s*(?:[:,.;-]|about\b|re\b|regarding\b|on\b|at\b|$))(?:\s+(?:about|re|regarding))?"
)



_WROTE_ON = re.compile(
    r"^(?:CONTACT|ACCOUNT|she|he|they) (?:has |have |just |also )*(?:messaged|pinged|texted|wrote|written|called|rang|phoned|emailed|reached out|contacted|replied|answered|got in touch|got back|dm'?ed|responded|hit)(?: (?:to )?(?:me|us))?(?: back| up)?(?: DATE)? "
    r"(?:on|via|over|by|through|in) (?:the |our |a )?(?:chat|linkedin|xing|twitter|facebook|instagram|whatsapp|slack|teams|email|phone|text|sms|dm|zoom|live chat|website chat)(?: chat| message)?(?: DATE)?(?=\s*(?:[,:;.-]|about\b|asking\b|saying\b|that\b|to\b|$))"
)
"""How they wrote is said in so many words, so that what they wrote stands behind it."""


def by_channel(text: str) -> bool:
    """Whether a masked entry begins with who got in touch and by which means."""
    return _WROTE_ON.match(text) is not None


@dataclass
class Head:
    """Where the head of the sentence ends, and the names and times it holds."""

    body: int
    marks: list[Mark]


def head_of(sentence: Sentence) -> Head:
    """Skip "log a call with CONTACT at ACCOUNT on DATE" up to what was said."""
    text = sentence.masked
    wrote = _WROTE_ON.match(text)
    if wrote is not None:
        glue = re.match(r"[\s,:;-]*(?:(?:that|saying|about)\s+)?", text[wrote.end() :])
        return Head(wrote.end() + (glue.end() if glue is not None else 0), [mark for mark in sentence.marks if mark.end <= wrote.end()])
    match = _HEAD.match(text)
    at = match.end() if match else 0
    marks: list[Mark] = [mark for mark in sentence.marks if mark.end <= at]
    if re.match(r"\s*(?:that|saying|:)", text[at:]) is None:
        while True:
            place = _PLACE.match(text[at:]) if marks else None
            at += place.end() if place is not None else 0
            town = _TOWN.match(text[at:]) if marks and place is None else None
            if town is not None and sentence.verbatim(at + town.start(1), at + town.end(1)).istitle():
                at += town.end()
            found = _WITH.match(text[at:])
            if found is None:
                break
            stop = at + found.end()
            inner = [mark for mark in sentence.marks if at <= mark.start < stop]
            begun = text[at : at + found.start(1)]
            if marks and re.search(r":|\s-\s", begun):  # who said it is part of what was said
                break
            if marks and inner and inner[0].kind == "DEAL" and re.fullmatch(r"\s*(?:the|our)\s+", begun) and re.match(r"\s+[a-z]+", text[stop:]):
                break  # "emailed Ingrid the LIMS roadmap": what was sent
            if inner and inner[0].kind in ("DATE", "LENGTH") and marks and _of_the_note(text, inner[0]):
                break
            if (
                marks
                and "," in begun
                and not re.match(r"\s*(?:,|and\b|&|:|at\b|from\b|on\b|about\b|DATE|$)", text[stop:])
            ):
                break
            marks.extend(inner)
            at = stop
    if not marks:
        typed = _TYPED.match(text[at:])
        if typed is not None and sentence.verbatim(at + typed.start(1), at + typed.end(1)).istitle():
            at += typed.end()
    glue = _GLUE.match(text[at:])
    if glue is not None:
        kept = glue.group().strip(" ,:;.-")
        at += len(glue.group()) - (len(glue.group().lstrip(" ,:;.-")) if kept in _KEPT_GLUE else 0)
    return Head(at, marks)


def _of_the_note(text: str, mark: Mark) -> bool:
    """Whether a time right after the names already belongs to what was said ("needs it by DATE")."""
    return (
        mark.time is not None
        and mark.time.bound not in ("", "end")
        and not re.match(r"\s*(?:[:,.-]|$)", text[mark.end :])
    )


