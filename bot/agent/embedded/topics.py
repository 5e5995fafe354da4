"""What a question about words that were said is about: "did we ever go over the SLA with Anna, what came out of it" -> "SLA".

Three readings, surest first: the words in quotes; what stands behind words that lead to a topic ("about", "brought up", "their
take on", "search the notes for"); and what is left when everything is taken away with which people ask, tell and look for.
"""

import functools
import re
from dataclasses import dataclass
from pathlib import Path

from bot.agent.embedded.sentence import MarkKind, Sentence
from bot.agent.embedded.vocabulary import is_word

_OF_TOPIC: tuple[MarkKind, ...] = ("RIVAL", "PRODUCT", "MONEY")
"""Marks that are words to look for, and not who or when."""
_ON = r"(?:about|on|regarding|re:?|concerning|around|towards?|with (?:respect|regards?) to|in terms of|when it comes to|as (?:to|for)|over)"
_SAYING = (
    r"(?:view|take|opinion|stance|position|thoughts?|thinking|feelings?|feedback|reaction|response|statements?|words?|comments?|remarks?|input|attitude|perspective|"
    r"concerns?|worr(?:y|ies)|questions?|objections?|complaints?|requirements?|wish(?:es)?|anything|something|nothing|everything|whatever|stuff|info(?:rmation)?|details?|"
    r"notes?|conversations?|discussions?|talks?|chats?|calls?|meetings?|emails?|exchange|messages?|records?|passages?|mentions?|references?|evidence|points?|"
    r"said|say|says|told (?:us|me)|tell (?:us|me)|heard|hear|wrote|written|spoke|spoken|stands?|stood|land(?:ed|s)?|felt|feels?|thinks?|thought|commented|asked|quoted?|talked|chatted|spoken)"
)
_SUREST = re.compile(
    rf"\b{_SAYING}(?: (?:ACCOUNT|CONTACT|DEAL|PERSON|they|she|he|we|i|ever|anything|something|with|from|by|to|had|have|has|is|made|was|were|been|us|me|them|so far|back|at|in|the|notes))* {_ON}\s+(?=\S)"
    r"|\b(?:about|regarding|concerning|mentioning|covering|w\.?r\.?t\.?|(?:with|in) regards? to|with respect to|in terms of|when it comes to|as regards|relat(?:ing|ed) to)\s+(?=\S)"
    r"|\b(?:(?:the|on the) (?:topic|subject|question|issue|matter|theme|word|words|phrase|term|keywords?)(?: of)?|talk of|keywords?)(?! (?:on|about|from|ever|was|is|raised)\b)\s+(?=\S)"
    r"|\b(?:ask(?:s|ed|ing)? (?:for|about)|inquired? about|evidence (?:of|for)|push(?:ed|es|ing)? back (?:on|about|against)|object(?:ed|s|ing)? to|(?:complain|moan|gripe|grumble|rant)(?:ed|s|ing)? (?:about|over|at|that)"
    r"|(?:worried|concerned|nervous|anxious) (?:about|over)|unhappy (?:with|about)|(?:refer(?:red|s)?|allude[ds]?|point(?:ed|s)?) to|hint(?:ed|s)? at|(?:react|respond|repl(?:y|ie))(?:ed|s|d)? to|think(?:s)? (?:of|about)|feel(?:s)? about|touch(?:ed)? (?:up)?on|(?:beef|quarrel|gripe|grievance|trouble) (?:with|about|over))\s+(?=\S)"
)
_VERBS = re.compile(
    r"\b(?:mention(?:s|ed|ing)?(?: of)?|bring(?:s|ing)? up|brought up|rais(?:e|es|ed|ing)|discuss(?:ed|ing)?|debated?|negotiated?|cover(?:ed)?|address(?:ed)?|flag(?:ged)?|reference[ds]?"
    r"|(?:go|gone|went|going|walk(?:ed)?|been|ran|run) (?:over|through)|(?:talk(?:ed|ing)?|spoken?|speak|chat(?:ted)?)(?! (?:to|with|about|of)\b))\s+(?=\S)"
)
_PASSIVE = re.compile(r"\b(?:been|being|gets?|got|getting|was|were|is|are|be)(?: (?!(?:it|that|who|they|she|he|we|i|you|anyone|anybody|someone|somebody|whether|if|PERSON|CONTACT|ACCOUNT)\b)\S+){0,3} $")
_LOOKED_FOR = re.compile(
    r"\b(?:search(?:ed|ing)?|scan|grep|look(?:ed|ing)?|check|comb|sift|hunt(?:ing)?|dig(?:ging)?|trawl|browse|query|filter|through|notes?|emails?|calls?|records?|meetings?|conversations?|mails?)\b[^,;?!]{0,60}? for\s+(?=\S)"
    r"|\b(?:search(?: the notes| notes| emails| calls)?|find|show|look up|dig (?:up|out))(?: me)?(?: the| any| every| all)?(?: notes?| passages?| calls?| emails?| meetings?| conversations?| places?)?(?: where| that| with)?\s+(?=\S)"
    r"|\b(?:on|re)\s+(?!(?:(?:the|our|their|your|my) )?(?:agenda|table|cards|menu|radar)\b)(?=\S)"
)
_ASIDE = (
    r"(?:what|which|who|whom|when|where|how|why|can|could|would|will|please|pls|dig|look|find|search|show|tell|give|get|pull|i|we|did|do|does|was|were|is|are|has|have|had|any|so|but|it|that|they|she|he|"
    r"need|want|just|only|not|no|dunno|forgot|cannot|or|thanks|thank|check|remind|let|on|in|from|at|also|if|for|then|because|before|after|with)"
)
_END = re.compile(
    rf"[?!;]|\s[-–—]+\s|,\s*(?:and )?{_ASIDE}\b|:\s|\.\s"
    r"|\s(?:(?:and )?(?:can|could|would|will) (?:you|u)|(?:and )?(?:what|when|where|how) (?:was|were|is|did|exactly)|please|pls|in case|so that|because)\b"
)
_LEADING = re.compile(
    r"^(?:the (?:topic|subject|question|issue|word|term|phrase|idea|matter)s?(?: of)?|anything (?:about|on|like)|something (?:about|on|like)|the|any|our|their|his|her|its|your|my|a|an|that|whether|if|some|all|to|of|this|these|those|and|with|being|us|me|possible|having) ",
    re.IGNORECASE,
)
_TRAILING = re.compile(
    r"(?:^|[\s,]+)(?:(?:in|on|during|at|from|across|through(?:out)?|over|by) (?:the |our |any |my |their |his |her |a |an |one of (?:the|our) |all (?:the |our )?|that |those |these |last |some |his |what )*(?:notes?|calls?|emails?|mails?|meetings?|records?|phone|chats?|messages?|talks?|conversations?|discussions?|history|crm|system|past|file|moment|point|stage|time|timeline)"
    r"|at (?:all|some (?:point|stage|time)|any (?:point|stage|time))|in (?:there|here|any way|writing|detail)|so far|up to now|on (?:the|our|their) (?:agenda|table|cards|radar)|(?:once )?or not|or nah|or so|by now|out of it|as well|(?:ever |been |was |were |is |got |gets |get |has |have |had |did |does |do )*(?:come|came|comes|brought|bring) up|an issue|a (?:topic|theme|subject|thing|problem|concern)"
    r"|anywhere|somewhere|recently|lately|yet|before|ever|again|exactly|precisely|already|now|too|either|please|pls|thanks|then|really|actually|though|today|quickly|specifically|anymore|lol|mate|sir|also|in|on|at|with|from|by|for|of|to|and|or|as|about|since|during|between|against|after|is|are|was|were|be|been|being|has|have|had|did|do|does"
    r"|we|they|she|he|i|you|us|me|them|him|her|it|that|there|here|ours|theirs|said|say|says|told|mentioned|discussed|raised|covered|addressed|flagged|asked|talked|spoke|spoken|wrote|gave|made|'s)$",
    re.IGNORECASE,
)
_SOFT = frozenset({"concerns", "concern", "objections", "objection", "worries", "worry", "feedback", "complaints", "complaint", "questions", "requirements", "competitors", "competitor", "reservations", "doubts"})
"""What people ask for by name, and lead to a topic with: a topic where there is no other."""
_HALF = frozenset({"term", "terms", "time", "times", "state", "name", "names", "point", "points", "issue", "issues", "position", "system", "team", "use"})
"""Words that belong to a topic behind another word of it ("delivery times") and to its frame elsewhere ("at what time")."""
_JOINS = frozenset({"of", "in", "for", "to", "the", "a", "an", "on", "and", "or", "with", "per", "vs", "from", "by", "into", "as", "at", "our", "their"})
_ENDS_IN_TALK = re.compile(
    r"^(?:(?:has|have|had|was|were|is|are|ever|been|already|being|did|get|gets|got|also|really|even|actually|once|again|a|an|the|it|not|never|ever) )*(?:discussed|raised|mentioned|covered|addressed|flagged|debated|negotiated|come|came|comes|coming|brought|talked|spoken|topic|theme|subject|thing|on (?:(?:the|our|their|your|my) )?(?:agenda|table|cards|menu|radar)|on (?:the|our|their|your|my) (?:agenda|table|cards|menu|radar)|(?:which|what|any|whose|where) )\b"
)
_WORD = re.compile(r"[A-Za-z0-9][\w&'/%+.#-]*[\w%+#]|[A-Za-z0-9]")


@functools.cache
def _frame() -> frozenset[str]:
    """Read once; the file never changes while the program runs."""
    lines = (Path(__file__).parent / "talk_words.txt").read_text(encoding="utf-8").splitlines()
    return _HALF | {word for line in lines if not line.startswith("#") for word in line.split()}


@dataclass(frozen=True)
class Topic:
    """``words`` are the person's own; they stand within ``start`` to ``end`` of the masked text."""

    words: str
    start: int
    end: int


def topic_of(sentence: Sentence) -> Topic:
    """What the words ask for; everything but courtesies where nothing stands out."""
    text = sentence.masked.rstrip(" ?!.")
    quoted = re.search(r"[\"“]([^\"”]{2,80})[\"”]", text)
    if quoted is not None:
        return Topic(sentence.verbatim(*quoted.span(1)), *quoted.span(1))
    verbs = [match for match in _VERBS.finditer(text) if not (match.group().strip().endswith("ed") or "brought" in match.group()) or not _PASSIVE.search(text[: match.start()])]
    for leads in (sorted([*_SUREST.finditer(text), *verbs], key=lambda one: one.end()), list(_LOOKED_FOR.finditer(text))):
        for lead in reversed(leads):
            found = _behind(sentence, text, lead.end())
            if found is not None:
                return found
    return _left(sentence, text, _frame() | _SOFT) or _left(sentence, text, _frame()) or Topic(sentence.text.strip(" ?!."), 0, len(text))


def stands_for_topic(sentence: Sentence, start: int, end: int) -> bool:
    """Whether what was taken for an account is a plain word of a topic: "about logistics" beside Halden Logistics, "warranty"."""
    mark = next((one for one in sentence.of("ACCOUNT", "STRANGER") if one.start == start and one.end == end), None)
    if mark is None or not (mark.text.islower() or sentence.text.isupper()):
        return False
    if mark.mention is None:
        return True
    return is_word(mark.text.lower()) and not any(match.name.text.lower().startswith(mark.text.lower()) for match in mark.mention.matches)


def _behind(sentence: Sentence, text: str, start: int) -> Topic | None:
    """The topic that begins where words that lead to one end; None where there is nothing but pronouns and talk."""
    end = len(text)
    for match in _END.finditer(text, start):
        if _has_content(sentence, start, match.start()):
            end = match.start()
            break
    pieces: list[tuple[int, int]] = []
    at = start
    for mark in sentence.marks:
        if not start <= mark.start < end or mark.kind in _OF_TOPIC or stands_for_topic(sentence, mark.start, mark.end):
            continue
        pieces.append((at, mark.start))
        at = mark.end + (2 if text.startswith("'s", mark.end) else 0)
        if _has_content(sentence, start, mark.start) and not text.startswith("'s", mark.end):
            at = end
            break
    pieces.append((at, end))
    words = _trimmed(re.sub(r"\s+", " ", " ".join(sentence.verbatim(*piece) for piece in pieces if piece[0] < piece[1])))
    if not words or all(word.lower() in _frame() for word in _WORD.findall(words)):
        return None
    return Topic(words, start, end)


def _has_content(sentence: Sentence, start: int, end: int) -> bool:
    return any(_is_content(sentence, word, _frame()) for word in _WORD.finditer(sentence.masked, start, end))


def _is_content(sentence: Sentence, word: re.Match[str], frame: frozenset[str]) -> bool:
    mark = next((one for one in sentence.marks if one.start <= word.start() < one.end), None)
    if mark is not None:
        return mark.kind in _OF_TOPIC or stands_for_topic(sentence, mark.start, mark.end)
    return word.group().removesuffix("'s") not in frame


def _trimmed(words: str) -> str:
    words = words.strip(" ?!.,'\"-:")
    while True:
        less = _TRAILING.sub("", _LEADING.sub("", words)).strip(" ?!.,'\"-:")
        if less == words or not less:
            return less
        words = less


def _left(sentence: Sentence, text: str, frame: frozenset[str]) -> Topic | None:
    """What remains of a request without its frame: the stretch before words of talking, else all that is left."""
    runs: list[tuple[int, int]] = []
    for word in _WORD.finditer(text):
        behind = word.group() in _HALF and runs and text[runs[-1][1] : word.start()] == " "
        if not behind and not _is_content(sentence, word, frame):
            continue
        between = text[runs[-1][1] : word.start()] if runs else ""
        if runs and not re.search(r"[^\sa-z/&]", between) and all(part in _JOINS or not part.isalpha() for part in between.split()):
            runs[-1] = (runs[-1][0], word.end())
        else:
            runs.append((word.start(), word.end()))
    if not runs:
        return None
    talked = [run for run in runs if _ENDS_IN_TALK.match(text[run[1] :].lstrip(" ,-:'s"))]
    chosen = talked[-1:] or runs
    words = " ".join(sentence.verbatim(*run) for run in chosen)
    return Topic(_trimmed(words) or words, chosen[0][0], chosen[-1][1])
