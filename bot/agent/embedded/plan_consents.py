"""What a contact allows us or no longer does, told as a fact or as an order: lines of the consent ledger.

Which requests are of this kind is learned (:mod:`.intents`); here is read what they say. A message is cut where it turns ("fine with
e-mail, but no calls"); each piece says yes or no, and of which ways. What is about one call or one day says neither.
"""

import re
from datetime import date

from bot.agent.embedded.grammar import Mood
from bot.agent.embedded.linking import Linker, Ref
from bot.agent.embedded.plans import Call, Plan
from bot.agent.embedded.sentence import Sentence
from bot.agent.embedded.slots import day_of
from bot.cards import Asked
from crm_store.people import Caller

UNSURE = re.compile(r"\b(?:probably|might|maybe|perhaps|possibly|i (?:think|guess|believe|suppose)|not sure|whether|rumou?rs?|or not|could be)\b")
"""What is only supposed is asked about."""
_CHANNELS = (
    ("email", r"e-?mail(?:s|ed|ing|ings)?|mails?|newsletters?|mailing(?:s| lists?)?|mailshots?|inbox|(?:un|re-?)?subscri\w+|blasts?|drip"),
    ("phone", r"(?:cold[- ]?)?call(?:s|ed|ing)?|(?:tele)?phon(?:e|es|ed|ing)|ring(?:ing|s)?|rung|rang|dial\w*|telemarketing|telesales|voicemails?"),
    ("sms", r"sms(?:es)?|text(?:s|ed|ing)?(?: messages?)?|whatsapps?"),
    ("social", r"linkedin|social(?: media)?|instagram|facebook|xing|inmails?"),
    ("post", r"post|postal|letters?|brochures?|catalogu?e?s?|leaflets?|flyers?|(?:paper|snail|direct) mail|print(?:ed)?"),
)  # fmt: skip
_BARE = (
    r"(?!-)(?=\W*$|\s*[,.;:!?()\"/&+-]| (?:e-?mail(?:s|ed|ing)?|mail(?:s|ings?)?|calls?|texts?|sms|messages?|letters?|lists?|marketing|stuff|materials?|communications?|outreach|offers?|news|campaigns|newsletters|purposes?|updates?|consent|opt|opt-?ins?"
    r"|opt-?outs?|permissions?|subscriptions?|post|adverts?|advertising|promo\w*|brochures?|by|via|through|over|from|in|on|at|to|of|about|with|without|and|or|but|if|any|anymore|again|now|please|either|since|because|as|so|for|after|back|altogether|completely|entirely|until|going|her|him|them|us|me"
    r"|she|he|they|it|i|we|you|who|which|that|though|only|too|also|is|are|was|were|will|would|can|may|should|have|has|got|ever|more|yet|then|though|yes|no|not|ok|okay|fine|withdrawn|granted|blocked|off|out|anyway|instead|except|except|while|than|every|each|these|those|our|DATE|LENGTH|CONTACT|ACCOUNT|PERSON|STRANGER|PRODUCT)\b)"
)
"""A way of contacting stands for itself: a newsletter's design, a campaign manager and somebody's e-mail address are none."""
_CHANNEL = re.compile("|".join(rf"\b(?P<{name}>{words})\b{_BARE}" for name, words in reversed(_CHANNELS)))
_EVERY_WAY = re.compile(r"\b(?:every ?thing|every channel|all channels|any ?thing|(?:all|any)(?: of)?(?: our| the| further)? (?:marketing|contact|communications?|outreach|messages|lists))\b")
_FAMILIAR = re.compile(r"\bmarketing|\bnewsletters?\b|\bcampaigns?\b|\bpromo\w*|\boffers?\b|\badvert\w*|\bmailing lists?\b|\bmailshots?\b|\bcold\b|\bsales\b")
_SERVICE = re.compile(r"\b(?:service|support|transactional|operational|maintenance|(?:account|project|order|delivery|contract|status|system) (?:updates?|notices?|notifications?|emails?|mails?|messages?|calls?)|invoices?|(?:about )?(?:her|his|their) own (?:\w+ )?(?:business|orders?|projects?|cases?|tickets?|contracts?|accounts?))\b")
_HOW_SAID = re.compile(
    r"\b(?:(?:told|tells|telling|said|says|saying|asked|confirmed|mentioned|informed|wrote|replied|let|agreed|signed up|opted (?:in|out|back in)|unsubscribed|subscribed|registered|consented|rang|called|phoned)(?: (?:me|us|so|this|that|know))*) (?:just now |today |earlier )?(?:by|on|over|via|in|through|during) (?:(?:the|an|a|our|their|his|her|my|today's|this morning's) )?(?:\w+ )??(?:phone|call|telephone|email|mail|text|sms|letter|chat|linkedin|meeting|person|visit)\b"
    r"|\b(?:on|in|during|after) (?:the|an|our|today's|yesterday's|this morning's|my) (?:\w+ )??(?:phone|call|meeting|visit)\b|\b(?:via|through|using|with|on|in) (?:the|our|an?|her|his|their) (?:\w+ )?(?:link|form|footer|page|portal|website|site|survey|booth|stand|fair|show|event|reply|email|letter)\b"
    r"|^(?:CONTACT|she|he|they) (?:just |has just |also )?(?:emailed|mailed|texted|called|phoned|rang|messaged)\b(?: (?:me|us|in|back|today|just now|DATE))*(?= (?:to|and|saying|asking|that)\b|[:,])|\b(?:got|had|received|just got|just had) (?:an? |the )?(?:\w+ )?(?:email|mail|call|text|letter|reply|message) (?:from|by) "
    r"|\b(?:spoke|talked|chatted) (?:to|with) CONTACT (?:by|on|over) (?:the )?(?:phone|email)\b"
)
"""How we heard of it is not what it is about: "told me on the phone that she wants no e-mail"."""
_TURNS = re.compile(r"[;:.]\s+|,\s+|\s+(?:but|though|however|yet|whereas|while|only)\s+|\s+and\s+(?=(?:no|not|never|she|he|they|does|is|can|may|wants?|stop|please|definitely|also)\b)")
_EXCEPT = re.compile(r"\b(?:except(?: for)?|apart from|other than|besides|save for|with the exception of|excluding|bar)\b")
_NOT_AGAINST = re.compile(
    r"\b(?:no|not|without|never had) (?:\w+ )?(?:objections?|problems?|issues?|concerns?|complaints?)(?: (?:to|with|about|against))?\b|\b(?:not|would not|does not|do not) (?:\w+ )?(?:mind|object(?: to)?)\b|\bno longer (?:objects?|minds?|opted out|unsubscribed|blocked)\b"
    r"|\b(?:off|from|out of) (?:the |our )?(?:do[- ]not[- ]\w+|no[- ]?\w+|suppression|opt-?out|block(?:ed)?|black)[- ]?lists?\b|\b(?:lift|lifted|drop|dropped|undo|remove|removed|cancel|cancelled|reverse|reversed|withdrew|took back|taken back|revoked) (?:the |her |his |their |that |my )?(?:\w+ )?(?:opt-?outs?|block|objections?|withdrawal|unsubscribe|ban)\b"
    r"|\b(?:do not|not|never) (?:\w+ )?(?:forget|hesitate)\b|\bnot only\b|\bno longer against\b|\bwhy not\b"
)
"""Words of refusal that refuse nothing."""
_NO = re.compile(
    r"\bopt(?:s|ed|ing)?(?: \w+){0,2}?[- ]?outs?\b|\bun-?subscri\w+|\bwithdr[ae]w\w*|\brevo[ck]\w*|\brescind\w*|\bretract\w*|\b(?:took|takes|taken|taking) back\b|\bcancel\w*|\boff\b|\bout of\b|\bremov\w+|\bdelist\w*|\bdrop(?:ped)?\b|\bexclud\w+|\bstrike\b|\bstruck\b|\bscrub\w*|\bstop(?:s|ped|ping)?\b|\bquit\b|\bceas\w+|\bend(?:s|ed)?\b|\bhalt\w*|\bno\b|\bnot\b|\bnever\b|\bnone\b|\bcannot\b|\bneither\b|\bnor\b"
    r"|\bobject\w*|\brefus\w+|\bdeclin\w+|\breject\w*|\bden(?:y|ied|ies)\b|\bblock(?:s|ed|ing)?\b|\bsuppress\w*|\bban(?:ned|s)?\b|\benough of\b|\bdone with\b|\bleave (?:\w+ ){1,3}alone\b|\bsick of\b|\btired of\b|\bfed up\b|\bannoy\w*|\bagainst\b|\bcease\b|\bhands off\b|\bdelet\w+|\bspam\w*|\bharass\w*|\bpester\w*|\bbother\w*|\bprohibit\w*|\bforb[aiy]d\w*|\bwithout\b|\bscratch\b|\bspare\b"
)
_YES = re.compile(
    r"\bopt(?:s|ed|ing)?(?: \w+){0,2}?[- ]?(?:back )?ins?\b|\b(?:re-?)?subscrib\w+|\bsign(?:s|ed|ing)? (?:\w+ )?(?:back )?up\b|\bok(?:ay|s|ayed|'d|ed)?\b|\bfine\b|\bhappy\b|\bcool\b|\bcomfortable\b|\bgood\b|\bopen to\b|\bglad\b|\bal(?:l )?right\b|\byes\b|\bagre\w+|\ballow\w*|\bconsent\w*|\bpermi(?:t|ts|tted|ssion)\b|\bgrant\w*|\bauthori[sz]\w+|\bapprov\w+|\baccept\w*"
    r"|\bwelcom\w+|\bwants?\b|\bwanted\b|\bwould (?:like|love|appreciate)\b|\blikes?\b|\bkeen\b|\binterested\b|\bask(?:s|ed)?\b|\brequest\w*|\bcan\b|\bmay\b|\bcould\b|\badd(?:ed)?\b|\bput\b|\binclud\w+|\bback (?:on|in|to)\b|\bagain\b|\bgo-?ahead\b|\bgreen light\b|\bthumbs up\b|\bregister(?:ed)?\b|\bconfirm\w*|\brenew\w*|\bprefers?\b|\bready to\b|\ballowed\b|\blegit\b|\btick(?:ed|s)?\b|\bcheck(?:ed)? the box\b"
)
_ONE = re.compile(
    r"\b(?:an?|another|one|my|that|this|last|first|next|quick|short|follow[- ]?up) (?:(?!marketing|sales|cold|promo)\w+ )?(?:call|email|mail|text|message|letter|ring|visit|catch-?up)\b(?! lists?\b)|\b(?:call|email|phone|ring|text) (?:\w+ )?back\b"
)
"""A single call or e-mail is an appointment and no way of contacting."""
_LIMITED = re.compile(r"\b(?:before|until|till|til|while|during (?:the |her |his |their )?(?:holidays?|vacation|leave)|(?:after|at|past|around) \d|this week|this month|right now|for now|at the moment|yet)\b")
_FORBIDS = re.compile(rf"{_CHANNEL.pattern}|\bcontact(?:ing)?\b|\bmarket(?:ing)?\b|\b(?:send|sending) ")
_LASTING = re.compile(r"\b(?:any ?more|any longer|no longer|no more|again|ever|never|at all|from now on|going forward|in future|in the future|marketing|newsletters?|lists?|consent|promo\w*|cold|advert\w*|opt|for good|sales)\b")


_OUTRIGHT = re.compile(r"\bopt(?:s|ed|ing)?\b|\bun-?subscri\w+|\bconsent\w*|\bgdpr\b|\bcontact(?:ed|ing|s)?\b|\bhear(?:ing)? from us\b|\b(?:our|the|any|all|every|your) lists?\b|\bdo[- ]not[- ]\w+\b|\beverything\b|\boutreach\b|\bmessages\b|\bcommunications?\b")
"""Words that are of being contacted at all, with no way of it named."""
_MAILINGS = r"(?:newsletters?|marketing|promo(?:s|tions?|tional)?|(?:sales|cold|promo) (?:calls?|e?mails?|texts?)|mailing lists?|mailings|brochures?|catalogu?es?|adverts?|advertising|product news|campaigns?|special offers)" + _BARE
_REFUSED = re.compile(
    rf"\b(?:no (?:more|further)|none of (?:our|the|these)|no(?= {_MAILINGS})|stop(?:ped)?(?: the| with| sending| all| our)*|(?:not|no longer) (?:want|wants|wish|like|need|agree|consent|receive|get)\b|enough of|un-?subscrib\w+|opt(?:s|ed|ing)?[- ]?outs?|(?:take|taken|remove|removed|strike|drop) .{{0,25}}?(?:off|from))\b.{{0,40}}?\b{_MAILINGS}|\bopt(?:ed|s) out of\b"
)
_AGREED = re.compile(
    rf"\b(?:agree[sd]?|consent(?:s|ed)?|happy|ok|okay|fine|alright|allowed|permission|opt(?:s|ed)? (?:back )?in|signed up|subscribed|said yes|yes)\b.{{0,50}}?\b{_MAILINGS}|\b(?:have|got|gave|given|received) (?:us |me |now )*(?:(?:the|her|his|their|CONTACT's|written|explicit) )*(?:consent|opt-?in)\b"
)
_TOLD_AT_LENGTH = re.compile(r"^(?:log|note|record)\b.{0,20}\b(?:call|meeting|visit|lunch|demo|chat)\b")

_MOST_WORDS = 25
"""What is longer tells more than that, and is a note."""


def claimed(sentence: Sentence, mood: Mood) -> bool:
    """Whether the words are plainly of consent, whatever else a sentence of them may be; a call that is logged keeps what was said."""
    text = sentence.masked.strip(" .!")
    if mood not in ("command", "negated") or text.endswith("?") or not sentence.of("CONTACT", "STRANGER") or _TOLD_AT_LENGTH.match(text) or len(text.split()) > _MOST_WORDS or UNSURE.search(text):
        return False
    return bool(_REFUSED.search(text) or _AGREED.search(text)) and (mood == "command" or ordered_not(text))


def record_consent(sentence: Sentence, linker: Linker, caller: Caller, today: date) -> Plan | None:
    """None where the words say neither yes nor no to being contacted."""
    text = sentence.masked.strip(" .!?")
    said = _said(text)
    if not said or _passing(sentence, text, today):
        return None
    if not (_CHANNEL.search(text) or re.search(_MAILINGS, text) or _OUTRIGHT.search(text)):
        return None
    contacts = _contacts(sentence, linker)
    purpose = "service" if _SERVICE.search(text) and not _FAMILIAR.search(text) else "marketing"
    lines = [{"channel": channel, "purpose": purpose, "status": status} for channel, status in said]
    if not contacts:
        return Plan(question=Asked(text="Whose consent is it? Name the contact."), waiting=Call("record_consent", lines[0]), missing="contact", reason="record_consent")
    calls = tuple(Call("record_consent", {"contact": one.value, **line}) for one in contacts for line in lines)
    return Plan(calls=calls, confidence=0.9, reason="record_consent")


def ordered_not(text: str) -> bool:
    """Whether "do not …", "never …" or "stop …" forbids contact for good, and not for this once."""
    return _FORBIDS.search(text) is not None and (_LASTING.search(text) is not None or text.startswith("stop "))


def _said(text: str) -> list[tuple[str, str]]:
    """(channel, status) in the order they are said; "all" where no way is named."""
    text = re.sub(r"\b(?:postal|paper|snail|direct|physical|printed) (?:mail(?:ing)?s?|mailshots?|mailing lists?)\b", "post", text)
    heard = re.sub(r"\b(everything|all|anything) but\b", r"\1 except", _HOW_SAID.sub(" ", text))
    if not _CHANNEL.search(heard):
        heard = text
    found: dict[str, str] = {}
    status, waiting = "", list[str]()
    for piece in _TURNS.split(heard):
        piece, _, spared = _parted(piece)
        says = _polarity(piece)
        ways = [match.lastgroup or "" for match in _CHANNEL.finditer(piece) if match.lastgroup]
        if says and not ways and found and not _EVERY_WAY.search(piece):
            continue  # how it was said once more: "no more calls, she refused"
        status = says or status
        every = _EVERY_WAY.search(piece)
        if every is not None and status and not _CHANNEL.search(piece, every.end()):
            ways = ["all"]
        waiting += ways
        if status:
            found |= {way: status for way in waiting if way not in found}
            waiting = []
        if spared and "all" in found:
            found |= {way: found["all"] for way, _ in _CHANNELS}
            del found["all"]
        found = {way: of for way, of in found.items() if way not in spared}
    if not found and status:
        found = {"all": status}
    return list(found.items())


def _parted(piece: str) -> tuple[str, str, set[str]]:
    match = _EXCEPT.search(piece)
    if match is None:
        return piece, "", set()
    return piece[: match.start()], match.group(), {way.lastgroup or "" for way in _CHANNEL.finditer(piece[match.end() :])}


def _polarity(piece: str) -> str:
    plain = _NOT_AGAINST.sub(" fine ", piece)
    if _NO.search(plain):
        return "withdrawn"
    return "granted" if _YES.search(plain) else ""


def _passing(sentence: Sentence, text: str, today: date) -> bool:
    """Whether it is about one call, or about some days only."""
    if sentence.of("LENGTH", "MONEY", "EVERY") or _ONE.search(_HOW_SAID.sub(" ", text)):
        return not _FAMILIAR.search(text)
    coming = any(mark.time is not None and mark.time.start is not None and day_of(mark.time.start) > today for mark in sentence.of("DATE"))
    return coming or (_LIMITED.search(text) is not None and not re.search(r"\b(?:opt\w*[- ]?(?:in|out)|un-?subscri\w+|consent\w*)\b", text))


def _contacts(sentence: Sentence, linker: Linker) -> list[Ref]:
    named = {ref.value: ref for ref in linker.contacts(sentence)}
    if named:
        return list(named.values())
    one = linker.contact(sentence)
    if one is None and (typed := linker.typed_name(sentence)) is not None and typed[0].isupper():
        one = Ref(typed)
    one = one or linker.talked_about("contact")
    return [] if one is None else [one]
