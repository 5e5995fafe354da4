"""The words around a log entry that are no content: that it is to be logged, by which means, with whom, when and for how long."""

import re

from bot.agent.embedded import slots
from bot.agent.embedded.log_channels import entry_channel, stated_channel

_LOGS = r"(?:log|logged|record|note|jot|chuck|pop|put|file|write|stick|whack|add|save|capture|track|enter|document|register|keep|get|drop|make|take|leave|shove|type|memo|fyi)"
_POINTS = r"(?:it|that|this|these|those|the following|one)"
ASKS_TO_LOG = re.compile(
    rf"\b(?:want|need|like) to (?:keep|log|note|record|add|save)\b|\b{_LOGS}\s+(?:(?:down|in|up|please|also|as|me|us|for me|just|only|to|on|away|the following)\s+)*(?:{_POINTS}|an?|the|my|our|your|LENGTH|call|meeting|email|note|as is|down|in|notes|CONTACT|ACCOUNT)\b|^(?:\W*(?:please|kindly|just|and|so|to|can you|could you)\s+)*(?:log|record|note|fyi|memo|put in|jot|document|capture)(?: as is)?\W*$"
    r"|(?:^|,\s*)(?:(?:please|kindly|just|and|so|to|can you|could you|also) )*(?:log|record|note|fyi|memo|put in|jot|document|capture)\b(?=\s*(?:,|$|for\b|on\b|to\b|as\b|w\b|with\b|down\b))"
    r"|\b(?:for|on|to|in|into) (?:the |my |our |your )?(?:record|records|file|files|books|crm|system)\b|\b(?:ACCOUNT|CONTACT|DEAL)(?:'s)? (?:note|file|notes|memo)\b|\bfor the (?:ACCOUNT|CONTACT|DEAL)(?:'s)? file\b|\bto (?:log|record)\b|\b(?:written|noted|put|logged) down\b"
)
"""That something is to be logged, in the words of a frame."""
_TALK_NOUN = (
    r"(?:call|calls|phone|telephone|phonecall|blower|line|ring|zoom|teams|meet|meeting|meetings|visit|demo|lunch|dinner|coffee|breakfast|drinks?|beers?|workshop|sync|catch-up|catchup|email|e-mail|mail|message|messages|note|notes|chat|conversation|dm|whatsapp|sms|text|voicemail|vm|event|webinar|"
    r"discussion|intro|check-in|checkin|qbr|kick-off|kickoff|stand-up|standup|appointment|session|huddle|facetime|hangout|skype|linkedin|slack|letter|fair|conference|person|face|onsite|on-site|site|office|offices|hq|interview|walkthrough|review|training|memo|1:1|one-on-one|sitdown|sit-down)"
)
_TALK_VERB = (
    r"(?:called|telephoned|facetimed|phoned|rang|reached|hung|saw|seen|ran|bumped|met|meet|spoke|spoken|talked|talking|speaking|chatted|emailed|mailed|messaged|texted|visited|visiting|pinged|whatsapped|caught|had|got|sat|tried|heard|received|wrote|written|came|dropped|popped|swung|stopped|sent|back|finished|wrapped|walked|went|been|done|did|"
    r"calling|having|getting|coming|leaving|left)"
)
TALK = re.compile(
    r"\b(?:(?:tele)?phone|blower|call|calls|ring|zoom|teams|meeting|visit|demo|lunch|dinner|coffee|breakfast|drinks?|workshop|sync|catch-?up|email|mail|message|chat|conversation|dm|whatsapp|sms|text|voicemail|webinar|discussion|intro|check-?in|qbr|kick-?off|session|huddle|facetime|skype|linkedin|face to face|in person|on-?site|letter|"
    r"called|phoned|rang|reached|hung up|saw|ran into|bumped into|met|spoke|spoken|talked|talking|speaking|chatted|emailed|mailed|messaged|texted|visited|visiting|pinged|caught up|sat down|sit-?down|dropped by|popped (?:by|in)|swung by|stopped by|tried)\b"
)
_FUNCTION = (
    r"(?:a|an|the|my|our|this|that|it|its|is|was|are|were|am|be|one|two|me|us|i|we|you|please|pls|thanks|thank|cheers|down|in|on|to|of|for|with|from|at|by|as|and|also|so|just|quick|quickly|short|brief|long|up|off|over|out|into|w|re|finally|again|today|now|earlier|only|have|has|her|him|them|she|he|they|"
    r"inbound|outbound|incoming|outgoing|first|second|third|nice|good|great|big|little|small|another|new|more|around|about|roughly|approx|some|time|well|ok|okay|right|there|here|then|after|before|between|during|their|his|can|could|would|will|kindly|via|through|together|both|who|whom|all|customer|client|prospect|account|deal|team|"
    r"record|records|file|files|crm|system|history|timeline|entry|somewhere|written|update|recap|debrief|comment|logged|write-up|left|log|books|rapport|bot|words|quote|verbatim|changes|change|nothing|else|no|any|minutes|mins|hour|hours|long|lasted|took|yes|hey|hi|hello|too|sorry|oh|ooh|ah|sure|came|come|what|happened|result|outcome|summary|upshot|takeaway|takeaways|gist|key|main|bottom|forget|like|want|need|better|let|should|twice|times|busy|colleague|boss|stuff|things|thing|info|information|thats|says|say|reads|before|total|whole|half|almost|nearly|i'm|i've|sec|minute|second|mate|love|bless|folks|guys|landed|arrived|held|connect|those|with|words|luck|pls)"
)
_WORD = re.compile(rf"{_LOGS}|{_TALK_NOUN}s?|{_TALK_VERB}|{_FUNCTION}|CONTACT|ACCOUNT|DEAL|PERSON|DATE|LENGTH|ADDRESS|\d{{1,2}}(?::\d\d)?(?:am|pm)?|'s|s")
_TOKEN = re.compile(r"[a-z]+(?:-[a-z]+)+|[a-z]+|[A-Z]+|\d+(?::\d+)?(?:am|pm)?|'s")
_NOT_FRAME = re.compile(
    r"\b(?:they|she|he|it|we|i|CONTACT|ACCOUNT) (?:is|are|was|were|will|would|can|could|want|need|like|should|have|has|had|got|came|went|sent)\b(?! (?:a|an|the|my|our|just|only|me|us|on|in|to|by|with|off|over|what|out|called|phoned|talked|spoken|met|visited|emailed|mailed|written|texted|seen|had|been|CONTACT|ACCOUNT)\b)|\b(?:no|nothing|not) (?!changes\b|change\b|else\b|more\b)\w+|\bno (?:call|meeting|email|time)\b|\b(?:want|need|like|should) (?!to (?:keep|log|note|record|add|save)\b)"
)
_GREETING = re.compile(r"(?:(?:hi|hey|hello|so|ok|okay|oh|ooh|ah|well|right|morning|lovely|mate|great|good|sorry|folks|guys|phew|finally)\b\s*)+")
_WHERE_I_AM = re.compile(
    r"(?:(?:i am|we are|am|i|just|still|now|so|ok|currently|back|hey|hi) )*(?:in (?:the|my|a) (?:car|taxi|cab|train|lift|lobby|uber|parking lot|car park|airport)|on (?:the|my) (?:road|train|plane|bus|way(?: (?:home|back|to [a-z ]+))?)|driving(?: home| back)?|parked(?: up)?|walking (?:back|out|home|to [a-z ]+)|at (?:the|my) (?:airport|station|hotel|desk|gate)|about to (?:board|drive off|get in the car)|between (?:calls|meetings)|heading (?:home|back|out)|in a (?:rush|hurry)|quick before i (?:drive|board|leave|go))(?: (?:now|again|home|back))?"
)
"""Where somebody is while telling it."""
_KIND_OF_TALK = re.compile(rf"^(?:(?!(?:they|she|he|we|i|it|no|not|next|new|cancel|move|book|schedule)\b)[a-z-]+ ){{1,2}}(?={_TALK_NOUN}s?\b(?: (?:held|connect|meeting|call))? (?:with|w|from|at|to|DATE|CONTACT)\b)")
""" "Discovery meeting with": of which kind it was."""
_OF_RECORDS = re.compile(r"\b(?:a|an|another|new|the)(?: new)? (?:deal|account|contact|task|reminder|person|customer|prospect)\b(?!'s)(?! (?:team|note|call|meeting))|\bdeal in\b|\b(?:CONTACT|ACCOUNT)'s (?:phone|number|email|title|mobile)\b|\bnew (?:email|phone|number|mobile|title) (?:for|of)\b")
"""About a row of the record itself: what is to be added to it, or changed, is no entry."""
_MODEST = re.compile(r"(?:(?:please|and|but|just) )*(?:nothing (?:else |more )?(?:to (?:change|do|update|move)|changes|needed)|(?:change|touch|move|update|alter|do) nothing(?: else)?|no (?:updates?|action)(?: (?:needed|required|to the deal))?|that is (?:all|it)|(?:do not|never) (?:change|touch|move|update|alter) (?:anything|a thing|the deal|the record|the stage|it|any of it)(?: else)?|leave (?:the (?:deal|stage|record|rest|amount|dates?)|it|everything(?: else)?|all|DEAL|ACCOUNT)(?: else)? (?:alone|as (?:it |they )?(?:is|are)|untouched|be)|no (?:other )?changes? (?:to|on|in) (?:the deal|anything|it|the record)|for (?:info|information|the record) only|(?:just|only) note (?:it|this|that)|note (?:it|that|this) only)|(?:please )?(?:(?:as|only|just) (?:an? )?(?:note|call|meeting|email|chat|visit|demo)|(?:only|just) a note|nothing (?:else|more)|no (?:other )?changes|(?:(?:oh|ooh|ah) )?before i forget|word for word|verbatim|as is)(?: please)?")
"""That nothing but the entry is wanted, or what kind it is."""
_NOTE_ON = re.compile(r"(?:(?:a|an|one|my|another|quick|short|new|little|final|last|file|small|the|just|only|only a|some) )*(?:notes?|memo|comment|remark|entry|update|info|news) (?:for|on|about|re|to|regarding|concerning|from|of|at) (?:the |our |my )?(?:ACCOUNT|CONTACT|DEAL)(?:'s)?(?: (?:file|record|account|deal))?")
_WORTH = re.compile(
    r"(?:(?:(?:it|this|that) is |might be |may be |also |probably )*(?:worth|good|useful|handy|important|nice|interesting) (?:to (?:know|note|keep|remember|have|record)|noting|jotting|a note|keeping|remembering|recording|writing|knowing|mentioning)(?: (?:down|this|that|in mind|on file))*"
    r"|(?:something|one|another one|this one|a (?:quick )?(?:thing|bit|detail|fact)|information|an? (?:fyi|heads-up)) (?:more )?)\s*(?:for|on|about|re|of|at|regarding) (?:the |our |my )?(?:ACCOUNT|CONTACT|DEAL)(?:'s)?(?: (?:file|notes|record|account|deal|people|team))?"
)
""" "Worth jotting down for Quanta"."""
_RECAP = re.compile(rf"(?:(?:a|an|the|my|quick|short|brief|little) )*(?:update|recap|debrief|notes?|news|summary|write-?up|feedback) (?:after|from|of|on) (?:(?:the|my|our|today's|this morning's|yesterday's|DATE's|DATE|a) )*(?:(?:ACCOUNT|CONTACT|DEAL)(?:'s)? (?:[a-z-]+ )?{_TALK_NOUN}|(?:[a-z-]+ )?{_TALK_NOUN} (?:with|at) (?:ACCOUNT|CONTACT|her|him|them))\b")
_OURS_TO_DO = re.compile(r"(?:and |so |but )*(?:i|we) (?:still |also )*(?:need|have|want|must|should|got|will|would like|promised|said) (?:to )?(?:i |we )?(?:will |would )?(?:get|take|make|leave|drop|send|call|ring|phone|email|text|message|meet|visit)\b")
FROM_THERE = re.compile(r"(?:(?:i|we|just|have|am|are|so|and|now|right) )*(?:left|leaving|out of|back from|coming from|came from|fresh from|driving back from|on (?:my|the) way (?:back )?from) (?:the |our |my )?(?:ACCOUNT|CONTACT)(?:'s)?(?: (?:office|site|plant|hq|place|people|folks))?(?: DATE)?$")
""" "Just left Quanta": a visit."""
CONTENT_LEAD = re.compile(
    r"[\s,:;-]*(?:(?:the )?(?:topics?|subject|agenda|theme|outcome|summary|result|upshot|gist|message|takeaway) (?:was|is|were|being)\s*:?\s*|(?:it|the (?:email|mail|message|text|note)|which) (?:says?|said|reads?)\s*(?:that\b)?\s*:?\s*|quote\s*:?\s*|(?:saying|that|namely)\b\s*:?\s*|(?:and )?(?:it was |was |all )?(?:about|regarding|re|concerning)\b\s*:?\s+)"
)
"""Words between the frame and what happened that belong to neither."""


def is_frame(masked: str, *, leading: bool) -> bool:
    """Whether a masked clause holds only words around an entry. ``leading``: nothing of what happened was told before it; a name
    or a time alone is frame only there."""
    text = masked.strip(" .!")
    if (leading and (_GREETING.fullmatch(text) or _WHERE_I_AM.fullmatch(text))) or _MODEST.fullmatch(text):
        return True
    if _OF_RECORDS.search(text) or _OURS_TO_DO.match(text):
        return False
    if leading and (_NOTE_ON.fullmatch(text) or _WORTH.fullmatch(text)):
        return True
    text = _KIND_OF_TALK.sub("", text)
    tokens = _TOKEN.findall(text)
    if not tokens or not all(_WORD.fullmatch(token) for token in tokens) or (_NOT_FRAME.search(text) and not ASKS_TO_LOG.search(text)):
        return False
    if ASKS_TO_LOG.search(text):
        return True
    if leading and FROM_THERE.match(text):
        return True
    strong = (TALK.search(text) is not None or re.match(r"(?:(?:i|we|just|have) )*(?:did|had|spent) LENGTH with\b", text) is not None) and bool(re.search(r"CONTACT|ACCOUNT|DEAL|her\b|him\b|them\b|DATE|LENGTH|\b(?:call|meeting|note|email|chat)\b", text))
    strong = strong or (leading and re.search(r"\bon the (?:phone|line|zoom|teams)\b", text) is not None)
    what_came = re.match(r"what (?:came (?:out )?of it|happened)", text) is not None
    bare = re.fullmatch(r"(?:(?:for|about|around|on|at|took|lasted|it was|roughly|with|and|the|today|we|it|long|of|whole|almost|nearly|a|in|total)\s+)*(?:LENGTH|DATE)(?:\s+(?:LENGTH|DATE|long|of|or so|today|in total|total))*|(?:with |and |at |the |from |for |on |re |about |(?:that|this|it) (?:was|is) )*(?:CONTACT|ACCOUNT|DEAL)(?:'s)?(?: (?:at|from|of|and|&) (?:CONTACT|ACCOUNT))*", text) is not None
    return strong or what_came or (leading and bare) or (bare and bool(re.search(r"LENGTH|DATE", text)))


def is_note(masked: str, *, announced: bool) -> bool:
    """Whether a clause says that what follows is a note on somebody. ``announced``: a colon ends it, so an update is one too."""
    text = masked.strip(" .!")
    if _RECAP.match(text) or _WORTH.fullmatch(text):
        return True
    return _NOTE_ON.fullmatch(text) is not None and (announced or re.search(r"\b(?:notes?|memo|comment|remark)\b", text) is not None)


_WITH_TEXT = re.compile(r"\bwith (?:the |this |these |my )?(?:following )?(?:text|words|wording|message|content)\b")


def means_of(told: str) -> str:
    """The channel that the words of a frame say, else "" (a note is one too)."""
    if re.search(r"\b(?:face to face|in person|on-?site|(?:at|in) (?:their|his|her|our) (?:office|site|hq)|visited|visiting)\b", told):
        return "meeting"
    if re.search(r"\b(?:on the (?:phone|blower|line)|hung up|by phone|voicemail|rang|phoned)\b", told):
        return "call"
    if re.search(r"\b(?:as a|only a|just a) note\b", told):
        return "note"
    if any(FROM_THERE.match(part) for part in told.split(" , ")):
        return "meeting"
    said = re.search(r"(?:CONTACT|ACCOUNT) (?:just |has )*(?:called|emailed|mailed|messaged|texted|wrote|pinged)\b.*", told)
    if said is not None:
        return stated_channel(re.sub(r"^ACCOUNT|^CONTACT", "CONTACT", said.group()))
    for part in _WITH_TEXT.sub(" ", told).split(" , "):
        without = re.sub(rf"^\W*(?:\w+\s+)*?{_LOGS}\b(?! (?:with|from|on|for)\b)", "", part) if ASKS_TO_LOG.search(part) else part
        found = slots.channel(re.sub(r"\bnotes?\b", " ", without))
        if found is not None and found != "note":
            return found
    return "note" if re.search(r"\bnotes?\b", told) else entry_channel(told, told) if TALK.search(told) else ""
TO_WRITE = re.compile(r"^(?:please |just )?(?:email|mail|write(?: to)?|message) (?:CONTACT|ACCOUNT|PERSON|her|him|them)(?: (?:about|re|regarding|concerning)\b[^:;]*)?$")
"""What is to be written has not happened."""
TO_CALL = re.compile(
    r"^(?:please |just )?(?:call|ring|phone|ping|text)(?: back| up)? (?:CONTACT|ACCOUNT|PERSON|her|him|them)(?: (?:back|up|again))?(?: (?:at|from) (?:the )?(?:ACCOUNT))?(?: (?:(?:about|re|regarding|concerning|on|for|to(?! say)|because|and (?=ask|tell|get|find|see|check|arrange|book|confirm|offer|discuss|talk))(?! LENGTH)\b[^:;,.-]*|asap|as soon as possible|urgently|soon|later(?: today)?|tonight|first thing|right away|immediately|before (?:lunch|noon|the weekend)|DATE))?$"
)
"""What is to be done, and no call that was made: nothing is said of what came of it."""
