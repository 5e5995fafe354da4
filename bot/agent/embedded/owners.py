"""Whose records a request is about: mine, a colleague's, several colleagues', a team's, everyone's."""

import re
from collections.abc import Sequence

from bot.agent.embedded.linking import Linker, Ref
from bot.agent.embedded.sentence import Sentence
from crm_store.people import Caller

_MINE = re.compile(r"\b(?:my|mine|i|me|am i|do i|i am)\b")
_OWN = re.compile(r"\b(?:my|mine|my own|i have|i)\b")
_ADDRESSED = re.compile(
    r"\b(?:show|give|tell|get|send|bring|pull|find|list|fetch|read|walk|run|catch|fill|hand|let|remind)(?: (?:up|out|through))? (?:me|us)\b(?!')|^(?:so |and |ok |hi |hey |please )*i (?:(?:just|also|really|urgently|quickly) )*(?:need|want|require|wonder|would like|am (?:looking for|after|curious|interested in))\b(?! to (?:do|call|finish|work|close)\b)"
)
"""Says to whom something is shown, and not whose it is."""
_THE_TEAM = re.compile(r"\b(?:(?:my|the|our) (?:\w+ )?team|team's|teamwide|team-wide|reps|(?:by|per|each|every) (?:rep|seller|salesperson)|my (?:people|guys|folks|crew|direct reports))\b|^(?:and )?team\b")
_ALL = re.compile(
    r"\b(?:everyone|everybody|anyone|all (?:the )?(?:reps|sellers|colleagues|teams|of us)|(?:do(?:es)?n(?:'t|o?t)|does not|no) matter whose|whoever(?:'s)?|(?:whole|entire) (?:company|business|organi[sz]ation|firm|house)|company(?:[- ]wide)?|everyone's)\b"
)
_ALL_TOO = re.compile(r"\b(?:across (?:the|all)|overall|entire)\b")
"""Words of all of it, which may be all of mine or all of the team's."""


def owner(sentence: Sentence, linker: Linker, caller: Caller, default: str = "me") -> str:
    """Whose: a named person, the team, everyone, or the caller."""
    text = _ADDRESSED.sub(" ", sentence.masked)
    named = linker.people(sentence)
    if named:
        return _of_people(named, text)
    if _ALL.search(text):
        return "everyone"
    team = re.search(r"\bteam ([a-z]+(?: [a-z]+)?)\b|\b([a-z]+(?: business)?) team\b", text)
    if team is not None:
        for words in (
            team.group(1),
            team.group(1) and team.group(1).split()[0],
            team.group(2),
            team.group(2) and team.group(2).split()[-1],
        ):
            if words:
                found = linker.names.find("team", words)
                if len(found) >= 1 and found[0].how in ("exact", "id"):
                    return found[0].name.text
    if _THE_TEAM.search(text):
        return "team"
    if _OWN.search(text):
        return "me"
    if _ALL_TOO.search(text):
        return "everyone"
    if _MINE.search(text):
        return "me"
    if re.search(r"\b(?:we|our|us)\b", text):
        return "team" if caller.manages else default
    return default


_TEAM_OF = re.compile(
    r"\bPERSON(?:'s)? (?:\w+ )?(?:team|reps|people|guys|folks|crew|(?:direct )?reports)\b|\b(?:team|reps|people) (?:of|under|around) PERSON\b|\bPERSON and (?:his|her|their) (?:team|reps|people)\b"
)
_BESIDE = r"(?:,|/|&|\band|\bor|\bvs\.?|\bversus|\bv\.?|\bagainst|\bcompared (?:to|with)|\bcompare (?:to|with)|\bthan|\bnext to|\bbeside|\balongside|\bin comparison (?:to|with))"
_SEVERAL = re.compile(rf"\bPERSON(?:'s)?(?: (?!and\b|or\b)\w+){{0,4}}?,? ?{_BESIDE} (?:and |those of |that of |with )?PERSON")
_WITH_MINE = re.compile(rf"\b(?:i|me|my|mine|my own)\b(?: (?!and\b)\w+){{0,4}}? ?{_BESIDE} (?:those of |that of )?PERSON|\bPERSON(?:'s)?(?: (?!and\b)\w+){{0,4}}? ?{_BESIDE} (?:me|mine|my|i)\b")


def _of_people(named: Sequence[Ref], text: str) -> str:
    """One of us, several of us, or the team that one of us leads, as the tools take owners."""
    if _TEAM_OF.search(text):
        return f"{named[0].value}'s team"
    if _SEVERAL.search(text):
        return ",".join(dict.fromkeys(one.value for one in named))
    return f"me,{named[0].value}" if _WITH_MINE.search(text) else named[0].value


def several(owner: object) -> bool:
    """Whether an owner as the tools take it is more than one of us, each named."""
    return isinstance(owner, str) and "," in owner
