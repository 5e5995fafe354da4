"""Proper names in a sentence, told by their capitals."""

import re
from collections.abc import Iterator

from bot.agent.embedded.reading.currencies import CODES
from bot.agent.embedded.reading.vocabulary import MONTHS, WEEKDAYS, listed

_CAPITAL = re.compile(r"[^\W\d_]*[A-ZÀ-ÖØ-ÞĀ-Ž][\w&.'’-]*")
_TOKEN = re.compile(r"[^\s,;:()\[\]\"“”/]+")
# Capitalised without being anybody's name, or said by everyone.
_COMMON = listed(
    "i i'm i've i'd i'll ok fyi asap tbd n/a crm arr mrr acv tcv nrr kpi roi sla nps csat poc rfp nda msa dpa sow faq pdf csv "
    "api sso q1 q2 q3 q4 h1 h2 fy ytd qtd mtd eod eom eoq eoy am pm utc gmt cet cest est pst ceo cfo cto coo cio ciso cmo vp "
    "svp hr it us uk eu dach emea apac bant meddic meddpicc slack rapport english note"
)
# Words that begin sentences and are nobody's name; a name there is otherwise told by what follows it.
_OPENERS = listed(
    "a about according across after all also although always among an and another any anything are as at based be because "
    "before below besides both but by call check closed closing compared confirm contact contacts currently customer deal "
    "deals did do does draft due during each either else every everything few finally first five follow following for four "
    "from given here his her how however if in instead is it its just last lastly later least let likely list log lost make "
    "many meanwhile most much my need neither new next nine no nobody none nor not nothing note nothing now of on once one only "
    "open or other others otherwise our out over overall overdue owner pending per perhaps pipeline please prepare previously "
    "proposed recent recently remember reminder reply review risk risks same send seven several she shall should similarly since "
    "six so some something sorry source sources stage status still such sure task tasks team ten than thanks that the their "
    "them then there therefore these they this those though three thus to today together tomorrow top total two under unless "
    "until update upcoming use usually was we well were what when where whether which while who whoever why will win with within "
    "without won would yes yesterday yet you your"
)
_NAME_GOES_ON = re.compile(
    r"(?:'s|’s)$|^(?:is|was|has|had|will|wants|wanted|said|says|asked|asks|needs|signed|agreed|confirmed|replied|wrote|called|"
    r"works|owns|leads|left|joined|moved|closed|renewed|bought|pays|paid|and|&|at|from|of|with|did|does|would|may|might)$",
    re.IGNORECASE,
)


def names_in(text: str) -> Iterator[str]:
    """Every run of capitalised words that may be a name, in order; the first word of a sentence only when what follows
    makes it one. Never raises."""
    run: list[str] = []
    tokens = list(_TOKEN.finditer(text))
    for at, token in enumerate(tokens):
        word = token[0].strip(".!?…-'’*")
        broken = bool(run) and text[tokens[at - 1].end() : token.start()].strip() != ""
        if broken:
            yield from _told(run)
            run = []
        if word and _CAPITAL.fullmatch(word) and not (not run and _opens(tokens, at, word)):
            run.append(word)
            continue
        yield from _told(run)
        run = []
    yield from _told(run)


def _opens(tokens: list[re.Match[str]], at: int, word: str) -> bool:
    """Whether a capitalised word is one only because a sentence begins with it."""
    before = tokens[at - 1] if at else None
    begins = (
        before is None
        or before[0][-1] in ".!?…:"
        or before.string[before.end() : tokens[at].start()].strip(" ") in (":", '"')
    )
    if not begins or not word[1:].islower():
        return False
    if word.lower() in _OPENERS:
        return True
    following = tokens[at + 1][0].strip(".,!?…") if at + 1 < len(tokens) else ""
    return not (_NAME_GOES_ON.search(following) or _CAPITAL.fullmatch(following) or word.endswith(("'s", "’s")))


def _told(run: list[str]) -> Iterator[str]:
    """The words of a run that make a name, the common ones left out."""
    kept = [word for word in run if not _is_common(word)]
    if kept:
        yield " ".join(kept)


def _is_common(word: str) -> bool:
    bare = re.sub(r"['’]s$", "", word)
    low = bare.lower().rstrip(".")
    return (
        low in _COMMON
        or low in MONTHS
        or low in WEEKDAYS
        or bare in CODES
        or low in ("monday's", "today's")
        or len(low) == 1
    )
