"""Who undertakes what: one clause of one sentence at a time.

Only what is said as settled counts. A negation, a condition ("if…"), a wish, something past, a habit, or what
another company does is no action item.
"""

import re
from dataclasses import dataclass, replace
from itertools import pairwise

from bot.meetings.attendees import Cast, Known, Side
from bot.meetings.extraction.statements import Statement
from bot.meetings.extraction.verbs import HABITUAL, PLAIN_ASKS, VERBS, base_form, plain_form
from bot.meetings.vocabulary import words_in

_OPENERS = re.compile(
    r"^(?:(?:and|so|but|then|ok(?:ay)?|yes|yeah|sure|right|good|great|well|also|now|fine|perfect|all right|alright"
    r"|no problem|of course|agreed|"
    r"understood|to sum up|in short|next steps?|first(?:ly)?|second(?:ly)?|third(?:ly)?|finally|meanwhile|in that case"
    r"|in the meantime|from my side|"
    r"on my side|on our side|from our side|next|otherwise|ah|oh|hmm|um|uh|er|awesome|cool|yep|fair enough|great|exactly"
    r"|until then|tomorrow|today|afterwards)(?:[,.:;!–-]\s*|\s+))+",
    re.IGNORECASE,
)
_WHO = r"(?:[Ii]|[Ww]e|my team|our team|my colleagues?|our (?:lawyers?|legal|engineers?|support|people|team|security people))"
_ADVERBS = (
    r"(?:(?:also|then|just|definitely|personally|both|certainly|gladly|happily|try to|make sure to|surely|quickly|now|all"
    r"|in turn|still)\s+)*"
)
_WILL = re.compile(
    rf"^(?P<who>{_WHO})(?:['’]ll| will| shall| am going to|['’]m going to| are going to|['’]re going to| can| promise to"
    rf"| commit to| undertake to"
    rf"| agreed to| promised to| have to| need to|['’]ve got to| must) {_ADVERBS}(?P<verb>[a-z]+)\b(?P<rest>.*)$",
    re.DOTALL,
)
_NAMED_WILL = re.compile(
    rf"^(?P<who>[A-Za-z][\w’'-]*(?: [A-Za-z][\w’'-]*)?)(?:['’]ll| will| shall| is going to| is to| to| promised to| agreed to"
    rf"| offered to| has promised to| needs to"
    rf"| can) {_ADVERBS}(?P<verb>[a-z]+)\b(?P<rest>.*)$",
    re.DOTALL,
)
_PRESENT = re.compile(rf"^(?P<who>{_WHO}) {_ADVERBS}(?P<verb>[a-z]+)\b(?P<rest>.*)$", re.DOTALL)
_NAMED_PRESENT = re.compile(r"^(?P<who>[A-Z][\w’'-]*(?: [A-Z][\w’'-]*)?) (?P<verb>[a-z]+s)\b(?P<rest>.*)$", re.DOTALL)
_DOING = re.compile(
    rf"^(?P<who>{_WHO})(?:['’]m| am|['’]re| are) {_ADVERBS}(?P<verb>[a-z]+ing)\b(?P<rest>.*)$", re.DOTALL
)
_YOU_GET = re.compile(
    r"^[Yy]ou(?:(?:['’]ll| will| shall) (?:get|have|receive|hear from (?:me|us)(?: on| about)?)| (?:get|receive"
    r"|have(?= (?:it|this|that|the|them|everything|all)\b)))"
    r" (?P<rest>(?!to\b).+)$",
    re.DOTALL,
)
_LET_ME = re.compile(rf"^[Ll]et me {_ADVERBS}(?P<verb>[a-z]+)\b(?P<rest>.*)$", re.DOTALL)
_LETS = re.compile(r"^[Ll]et(?:['’]s| us) (?P<verb>[a-z]+)\b(?P<rest>.*)$", re.DOTALL)
_REQUEST = re.compile(
    r"^(?:(?P<name>[A-Z][\w’'-]+), )?(?:[Cc]an|[Cc]ould|[Ww]ould|[Ww]ill) you (?:please |also |perhaps |maybe "
    r"|kindly )*(?P<verb>[a-z]+)\b(?P<rest>.*)$",
    re.DOTALL,
)
_PLEASE = re.compile(
    r"^(?:(?P<name>[A-Z][\w’'-]+), )?(?:[Pp]lease (?:do )?(?P<verb>[a-z]+)\b(?P<rest>.*)|(?P<bare>[A-Za-z]+)\b(?P<more>.*))$",
    re.DOTALL,
)
_YOU_DO = re.compile(r"^[Yy]ou (?P<verb>[a-z]+)\b(?P<rest>.*)$", re.DOTALL)
_MARKED = re.compile(
    r"^(?:\[ ?\] ?)?(?:\*\*)?(?:action(?: item| point)?|ai|to-?do|task"
    r"|follow[- ]?up)(?:\*\*)?\s*(?:\((?P<name>[^)]{2,40})\)\s*)?[:–-](?:\*\*)?\s*(?P<body>.+)$",
    re.IGNORECASE | re.DOTALL,
)
_NEXT = re.compile(r"^next steps?\s*[:–-]\s*(?P<body>.+)$", re.IGNORECASE | re.DOTALL)
_MINE = re.compile(
    r"^(?:my part|mine|my side|our part|ours|my (?:tasks?|job|homework))(?: is| are)?(?P<colon>[:,])?\s+(?:to )?(?P<body>.+)$",
    re.IGNORECASE | re.DOTALL,
)
_OWNED = re.compile(
    r"^(?:\*\*|@)?(?P<name>[A-Z][\w’'.-]*(?: [A-Z][\w’'.-]*)?|[Uu]s|[Ww]e|[Mm]e|I)(?:\*\*)?\s*(?::|–| - )(?:\*\*)?\s*(?P<body>.+)$",
    re.DOTALL,
)
_TAIL_OWNER = re.compile(
    r"\s*(?:\((?P<a>@?[A-Z][\w’'.-]*(?: [A-Z][\w’'.-]*)?)(?:,[^)]*)?\)|[-–—]\s*@?(?P<b>[A-Z][\w’'.-]*(?: [A-Z][\w’'.-]*)?))\s*[.]?$"
)
_NO = re.compile(
    r"\b(?:not|never|won['’]t|can['’]?t|cannot|don['’]t|doesn['’]t|didn['’]t|nobody|no longer|nothing)\b|n['’]t\b|^(?:if"
    r"|unless|suppose|assuming|imagine|in case)\b"
    r"|\b(?:would|could|might|may|should) (?:have|be|like|need|love|want)\b|\bif (?:i|we|you|they|he|she|it|that|the)\b|\bunless\b",
    re.IGNORECASE,
)
_HABIT = re.compile(
    r"\b(?:every|each (?:time|day|week|month|morning|evening)|usually|always|often|sometimes|normally|already|ever|since"
    r"|so far|on average|twice a|once a|these days|last (?:week|month|year))\b",
    re.IGNORECASE,
)
_CLAUSE = re.compile(
    r"(?:[,;:]\s+|\s+[–-]\s+|\.\s+)?\s*\b(?:and|but|then|while)\s+(?:then\s+)?(?:(?:uh|um|er)\s+)?"
    r"(?=(?:[Ii]|we|you|he|she|they|my team|(?:can|could) you|[A-Z][\w’'-]+)(?:['’]ll|['’]re|['’]m)?\s)"
    r"|[;:]\s+(?=\S)|,\s+(?=(?:I|we|you|(?!(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day|Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep"
    r"|Oct|Nov|Dec)[A-Z][\w’'-]+)(?:['’]ll)?\s+[a-z])"
)
_TIME_FIRST = re.compile(
    r"^(?:[Bb]y|[Oo]n|[Bb]efore|[Ii]n|[Nn]ext|[Uu]ntil|[Ff]or|[Ww]ithin|[Tt]his|[Ll]ater|[Aa]t)\b[^,.]{2,40}?,?\s+(?=(?:I|we"
    r"|you|let)(?:['’]ll)?\s)"
)
_BY_THE_WAY = words_in("put tell ask start show take try talk read look call check walk explain")
_WHETHER = re.compile(
    r"\b(check|see|find out|ask|confirm|know|clarify|verify|test|look up|tell \w+) if\b", re.IGNORECASE
)
_IF = re.compile(r"^(?:(?:and|but|so|well|then)[, ]+)?(?:if|unless|suppose|assuming|in case)\b", re.IGNORECASE)
_THEY = re.compile(
    r"^(?:[Tt]hey|[Hh]e|[Ss]he|[Tt]he (?:customer|client)|[Cc]ustomer|[Cc]lient)(?:['’]ll| will| is going to| are going to"
    r"| to| promised to| agreed to| offered to| have to| has to) "
    r"(?P<verb>[a-z]+)\b(?P<rest>.*)$",
    re.DOTALL,
)
_NOTED = re.compile(r"^(?:[Pp]romised|[Aa]greed|[Oo]ffered) to (?P<verb>[a-z]+)\b(?P<rest>.*)$", re.DOTALL)
_HAVE_DONE = re.compile(
    r"\b(?:put|done|made|sent|signed|ready|fixed|changed|tested|checked|prepared|written|approved|reviewed|shipped|installed)\b"
)
_RECAP_FROM = 0.7
"""In the last part of a meeting people say in the present tense who does what."""


@dataclass(frozen=True, slots=True)
class Undertaking:
    """``side`` and ``who`` do ``verb rest``; ``clause`` is the verbatim part of the sentence that says so. ``asked`` means that one side
    asked and the other has not answered yet; ``handed`` that it is something for the other side to get; ``sure`` that the
    form alone settles it; in the present tense a day or a summing-up must speak for it too. ``before`` is what stood just
    before it in the same sentence."""

    side: Side
    who: Known | None
    verb: str
    rest: str
    clause: str
    asked: bool = False
    handed: bool = False
    sure: bool = True
    before: str = ""


def undertakings(said: Statement, cast: Cast) -> list[Undertaking]:
    """Everything that one sentence undertakes or asks for, in order."""
    text = said.text.strip()
    marked = _MARKED.match(text) or (_NEXT.match(text) if said.speaker is None else None)
    if marked or said.section == "actions":
        found = _listed(
            marked["body"] if marked else text, marked.groupdict().get("name") if marked else None, said, cast
        )
        return [found] if found else []
    if said.section == "ignored":
        return []
    mine = _MINE.match(_OPENERS.sub("", text))
    if (
        mine
        and said.side
        and (mine["colon"] or re.match(r"[Mm]ine (?:is|are)\b", _OPENERS.sub("", text)))
        and not text.endswith("?")
    ):
        return [
            Undertaking(said.side, cast.find(said.speaker), "", piece, piece)
            for piece in _pieces(mine["body"])
            if not _NO.search(piece)
        ]
    found_all: list[Undertaking] = []
    before = ""
    for clause in _clauses(text):
        one = None if _IF.match(before) else _clause(clause, said, cast, text.endswith("?"))
        if one:
            found_all.append(replace(one, before=before))
        before = clause
    return found_all


def _clauses(text: str) -> list[str]:
    cuts = [0, *(match.end() for match in _CLAUSE.finditer(text)), len(text)]
    pieces = [text[start:end].strip() for start, end in pairwise(cuts)]
    return [
        re.sub(r"[,;:]?\s*\b(?:and|but|then|while)(?:\s+(?:then|uh|um|er))?$|[,;:–-]$", "", piece).strip()
        for piece in pieces
        if piece
    ]


def _pieces(body: str) -> list[str]:
    return [
        piece.strip(" .")
        for piece in re.split(r",\s+(?:and\s+)?|\s+and\s+(?=the\b|a\b)|;\s+", body)
        if len(piece.split()) > 1
    ]


def _clause(clause: str, said: Statement, cast: Cast, question: bool) -> Undertaking | None:
    body = _TIME_FIRST.sub("", _OPENERS.sub("", clause).strip())
    if not body or _NO.search(_WHETHER.sub(r"\1 whether", body)):
        return None
    other: Side | None = None if said.side is None else "them" if said.side == "us" else "us"
    speaker = cast.find(said.speaker)
    if match := _REQUEST.match(body):
        if match["verb"] in VERBS and other and match["verb"] not in ("see", "hear"):
            return _for_other(match["name"], match["verb"], match["rest"], body, other, cast)
        return None
    if question or _HABIT.search(body):
        return None
    if (match := _WILL.match(body)) and (
        match["verb"] in VERBS or (match["verb"] == "have" and _HAVE_DONE.search(match["rest"]))
    ):
        return Undertaking(said.side, speaker, match["verb"], match["rest"], clause) if said.side else None
    if (match := _NAMED_WILL.match(body)) and match["verb"] in VERBS:
        who = cast.find(match["who"])
        if who:
            return Undertaking(who.side, who, match["verb"], match["rest"], clause)
    if said.speaker is None and (match := _THEY.match(body)) and match["verb"] in VERBS:
        return Undertaking("them", None, match["verb"], match["rest"], clause)
    if said.speaker is None and said.side and (match := _NOTED.match(body)) and match["verb"] in VERBS:
        return Undertaking(said.side, None, match["verb"], match["rest"], clause)
    if (match := _LET_ME.match(body)) and match["verb"] in VERBS and said.side and "screen" not in match["rest"]:
        sure = match["verb"] not in _BY_THE_WAY
        return Undertaking(said.side, speaker, match["verb"], match["rest"], clause, sure=sure)
    if (match := _DOING.match(body)) and said.side and (verb := plain_form(match["verb"])) and verb not in HABITUAL:
        return Undertaking(said.side, speaker, verb, match["rest"], clause, sure=False)
    if (match := _YOU_GET.match(body)) and said.side:
        return Undertaking(said.side, speaker, "send", " " + match["rest"], clause, handed=True, sure=False)
    if (match := _PRESENT.match(body)) and match["verb"] in VERBS and said.side and _told(match["verb"], said):
        return Undertaking(said.side, speaker, match["verb"], match["rest"], clause, sure=False)
    if (match := _NAMED_PRESENT.match(body)) and (verb := base_form(match["verb"])):
        who = cast.find(match["who"])
        if who:
            return Undertaking(who.side, who, verb, match["rest"], clause, sure=False)
    if (match := _LETS.match(body)) and match["verb"] in (
        "meet",
        "schedule",
        "book",
        "speak",
        "talk",
        "set",
        "arrange",
        "plan",
        "take",
        "start",
        "review",
        "run",
        "organise",
        "organize",
    ):
        return Undertaking("us", None, match["verb"], match["rest"], clause, sure=False)
    if (match := _YOU_DO.match(body)) and match["verb"] in VERBS and other and _told(match["verb"], said):
        return Undertaking(other, None, match["verb"], match["rest"], clause, sure=False)
    if match := _PLEASE.match(body):
        verb = (match["verb"] or match["bare"] or "").lower()
        if (
            other
            and verb in (VERBS if match["verb"] else PLAIN_ASKS)
            and not (match["bare"] and match["bare"].islower() and body == clause)
        ):
            return _for_other(match["name"], verb, match["rest"] or match["more"] or "", body, other, cast)
    return None


def _told(verb: str, said: Statement) -> bool:
    return verb not in HABITUAL or is_recap(said)


def _for_other(name: str | None, verb: str, rest: str, clause: str, side: Side, cast: Cast) -> Undertaking | None:
    who = cast.find(name)
    return Undertaking(who.side if who else side, who, verb, rest.rstrip("?"), clause, asked=True)


def _listed(text: str, name: str | None, said: Statement, cast: Cast) -> Undertaking | None:
    """A line of a list of action items: whatever it says is one."""
    text = text.strip(" *-")
    if len(text) < 4 or re.match(r"^(?:none|n/?a|tbd|-)\b", text, re.IGNORECASE):
        return None
    owned = _OWNED.match(text)
    if name is None and owned and (cast.find(owned["name"]) or owned["name"].lower() in ("us", "we", "me", "i")):
        name, text = owned["name"], owned["body"]
    tail = _TAIL_OWNER.search(text)
    if name is None and tail and cast.find((tail["a"] or tail["b"]).lstrip("@")):
        name, text = (tail["a"] or tail["b"]).lstrip("@"), text[: tail.start()]
    for pattern in (_WILL, _NAMED_WILL, _PRESENT):
        match = pattern.match(text)
        if match and match["verb"] in VERBS:
            who = None if pattern in (_WILL, _PRESENT) else cast.find(match["who"])
            if who or pattern in (_WILL, _PRESENT):
                return Undertaking(who.side if who else "us", who, match["verb"], match["rest"], said.text)
            return Undertaking("them", None, "", text, said.text)
    who = cast.find(name) if name else None
    side: Side = who.side if who else "us"
    match_named = re.match(r"^(?P<who>[Tt]hey|[Cc]ustomer|[Cc]lient)\s+(?:to|will)\s+(?P<body>.+)$", text)
    if match_named:
        side, text = "them", match_named["body"]
    verb = text.split()[0].lower()
    if verb in VERBS:
        return Undertaking(side, who, verb, text[len(verb) :], said.text)
    return Undertaking(side, who, "", text, said.text)


def is_recap(said: Statement) -> bool:
    return (
        said.place >= _RECAP_FROM
        or re.search(r"\b(?:next steps?|sum up|to recap|in short|summary)\b|^so:", said.text, re.IGNORECASE) is not None
    )
